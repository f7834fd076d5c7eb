"""The process that checks cases, watched by another: it says what became of each, a line of JSON for a number."""

import gc
import json
import os
import resource
import shutil
import sys
import tempfile
import traceback
from pathlib import Path
from random import Random

MOST_MEMORY = 4 << 30
"""Bytes of address space: what asks for more than this has a MemoryError, which is a failure."""

_SAVED_EACH = 200
"""Cases after which coverage is written."""


def main() -> None:
    """Check the cases whose numbers come on standard input; arguments: door, seed, file of coverage or nothing."""
    door_name, seed, coverage_file = sys.argv[1:4]
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    numbers, said = os.fdopen(os.dup(0), "r"), os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # Whatever prints, prints to the log.
    covered = _coverage(coverage_file)
    from tests.fuzz.doors import DOORS

    door = DOORS[door_name]
    for checked, line in enumerate(numbers, start=1):
        case = door.make(case_random(seed, door_name, int(line)))
        folder = Path(tempfile.mkdtemp(prefix="hayakana-fuzz-"))
        answer: dict[str, object] = {}
        try:
            answer["outcome"] = door.check(case, folder)
        except BaseException as error:  # noqa: BLE001  (whatever it is, it is told)
            answer["failure"] = "".join(traceback.format_exception(error))[-6_000:]
            answer["kind"] = _kind(error)
        shutil.rmtree(folder, ignore_errors=True)
        answer["memory"] = _resident()
        said.write(json.dumps(answer) + "\n")
        if covered is not None and checked % _SAVED_EACH == 0:  # A process that has to be killed saves nothing.
            covered.save()
    gc.collect()
    if covered is not None:
        covered.stop()
        covered.save()


def case_random(seed: str, door: str, number: int) -> Random:
    """Return the randomness of a case: the same for the same arguments, in any process."""
    return Random(f"{seed}:{door}:{number}")


def _kind(error: BaseException) -> str:
    """Return what failures of one cause have in common: the class, and the last place in hayakana or in its fuzzer."""
    places = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    path, line = [place for place in places if {"hayakana", "fuzz"} & set(place[0].parts)][-1]
    return f"{type(error).__name__} at {path.name}:{line}"


def _coverage(file: str) -> "object":
    if not file:
        return None
    import coverage

    covered = coverage.Coverage(data_file=file, source_pkgs=["hayakana"], messages=False)
    covered.start()
    return covered


def _resident() -> int:
    """Return the bytes of memory that this process has."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
