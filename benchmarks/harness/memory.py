"""The most memory that a process ever held.

A module of its own, since processes whose start is measured import it: it loads next to nothing.
"""

import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_resident_mib() -> float:
    """Return the peak of this process, in MiB, since it began to run its own program.

    On Linux that is VmHWM. ``getrusage``, which stands in for it elsewhere, begins there with the peak of the process
    that started this one.
    """
    if _STATUS.is_file():
        lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 1024)
