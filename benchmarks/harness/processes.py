"""A command run as users run it: how long it takes from start to end, and the most memory that it holds meanwhile."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness.child import AS_INSTALLED, ROOT

_EVERY_S, _AT_LEAST_EVERY_S = 0.02, 1.0
_REST = 100
"""Times as long as a look at the memory takes, which walks all pages of the processes, until the next: what is measured
is not to be slowed by it."""


@dataclass(frozen=True)
class Run:
    """Seconds from start to end, and the peak memory of the process and all that it started, in MiB.

    Memory is the proportional set size, in which what processes share counts once; 0 where there is no Linux to tell.
    """

    seconds: float
    peak_mib: float


def run(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Run:
    """Run ``command`` in the folder of the repository, with the variables of ``environment`` beside the present ones.

    Raises:
        subprocess.CalledProcessError: it fails; what it wrote to standard error is printed.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **AS_INSTALLED, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        peak = _Peak(process.pid)
        peak.start()
        _, errors = process.communicate()
        seconds = time.perf_counter() - started
    peak.stopped.set()
    peak.join()
    if process.returncode:
        print(errors, file=sys.stderr)
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(seconds, peak.mib)


class _Peak(threading.Thread):
    """Looks at the memory of a process and of all below it, again and again."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.stopped = threading.Event()
        self.mib = 0.0

    def run(self) -> None:
        pause = _EVERY_S
        while not self.stopped.wait(pause):
            started = time.perf_counter()
            self.mib = max(self.mib, sum(map(_pss_kib, _tree(self._pid))) / 1024)
            pause = min(max(_EVERY_S, _REST * (time.perf_counter() - started)), _AT_LEAST_EVERY_S)


def _tree(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return [pid]
    return [pid, *(below for child in text.split() for below in _tree(int(child)))]


def _pss_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
