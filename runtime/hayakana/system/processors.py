"""How many processors this process may use: by its affinity, within the quotas of its control groups."""

import math
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_V1_CONTROLLERS = ("cpu", "cpu,cpuacct")
"""Folders of the controller, as distributions mount it."""

_V2_MOUNTS = ("", "unified")
"""Folders of version 2, alone or beside version 1."""

_QUOTA = re.compile(r"\s*(\d{1,18})\s+(\d{1,18})\s*", re.ASCII)


def usable_processors(*, root: Path = Path("/")) -> int:
    """Return how many processors this process may use, 1 at least.

    These are the processors of its affinity, as ``taskset`` and ``docker --cpuset-cpus`` set it. On Linux, quotas of
    control groups bound them, as ``docker --cpus`` and limits of Kubernetes set these; parts of a processor count as
    one. ``root`` is where ``/proc`` and ``/sys`` are.
    """
    return max(1, min([_processors_of_affinity(), *(math.ceil(quota) for quota in _quotas(root))]))


def _processors_of_affinity() -> int:
    if hasattr(os, "process_cpu_count"):  # Since Python 3.13; it heeds PYTHON_CPU_COUNT too.
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quotas(root: Path) -> Iterator[float]:
    """Yield the quotas of this process, in processors: of its control groups and of the groups around them."""
    mount = root / "sys/fs/cgroup"
    for line in _text(root / "proc/self/cgroup").splitlines():
        number, controllers, group = (*line.split(":", 2), "", "")[:3]
        if number == "0":
            for folder in _V2_MOUNTS:
                yield from _within(mount / folder, group, "cpu.max")
        elif "cpu" in controllers.split(","):
            for folder in _V1_CONTROLLERS:
                yield from _within(mount / folder, group, "cpu.cfs_quota_us", "cpu.cfs_period_us")


def _within(mount: Path, group: str, *files: str) -> Iterator[float]:
    """Yield the quotas that ``files`` hold for ``group`` and the groups around it, up to the whole of ``mount``.

    In a container, ``group`` can be a path of the host, and the container's own group is the whole of ``mount``.
    """
    inner = PurePosixPath(*(part for part in PurePosixPath(group).parts if part not in ("/", "..")))
    for folder in (mount / inner, *(mount / outer for outer in inner.parents)):
        match = _QUOTA.fullmatch(" ".join(_text(folder / file) for file in files))  # None of "max", and of -1.
        if match and int(match[1]) and int(match[2]):
            yield int(match[1]) / int(match[2])


def _text(file: Path) -> str:
    """Return the text of a small file, nothing where there is none."""
    try:
        with file.open(encoding="ascii", errors="replace") as opened:
            return opened.read(1 << 16)
    except (OSError, ValueError):
        return ""
