"""Runs cases in another process and watches it: what hangs is killed, what dies is noticed."""

import contextlib
import json
import os
import resource
import select
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.fuzz.child import case_random
from tests.fuzz.doors import DOORS

MOST_SECONDS = 10
"""Of processor time, or of waiting without any, that a case may take; on a busy machine waiting says little."""

MOST_WAITING = 60
_A_CHILD = 2_000
"""Cases of one process; its coverage is then written, and the next one begins with fresh memory."""

_SAVED_OF_A_KIND = 3


@dataclass
class Figures:
    """What became of the cases of a door."""

    door: str
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    """Of processor time, that of starting processes too."""
    most_memory: int = 0
    saved: list[Path] = field(default_factory=list)

    @property
    def inputs(self) -> int:
        """How many cases there were."""
        return self.outcomes.total() + self.failures.total()


class Watch:
    """Runs the cases of one door, numbered from 0 on, and counts what becomes of them.

    ``crashes`` is where cases that fail are saved; ``coverage`` a folder for what was run of hayakana, or None.
    """

    def __init__(
        self, door: str, *, seed: str, crashes: Path, coverage: Path | None, most_waiting: int = MOST_WAITING
    ) -> None:
        self.figures = Figures(door)
        self._seed, self._crashes, self._coverage = seed, crashes, coverage
        self._most_waiting = most_waiting
        self._next = 0
        self._child: subprocess.Popen[str] | None = None
        self._log: IO[bytes] | None = None

    def run(self, *, cases: int | None = None, seconds: float | None = None) -> None:
        """Check ``cases`` more, or as many as go into ``seconds``."""
        end = time.monotonic() + (seconds or 0)
        done = 0
        while (cases is None or done < cases) and (seconds is None or time.monotonic() < end):
            if self._child is None or self._next % _A_CHILD == 0:
                self.close()
                self._start()
            self._check(self._next)
            self._next += 1
            done += 1

    def close(self) -> None:
        """End the process in its own time, so that it writes its coverage."""
        if self._child is not None:
            with contextlib.suppress(BrokenPipeError):
                self._child.stdin.close()
            self._reap(wait=60)

    def _start(self) -> None:
        data = "" if self._coverage is None else str(self._coverage / f".coverage.{self.figures.door}.{self._next}")
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the process)
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.child", self.figures.door, self._seed, data],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            bufsize=1,
        )

    def _reap(self, *, wait: float = 0) -> tuple[int, str]:
        """Return the exit code of the process and what it said last; it is killed if it does not end in ``wait`` s."""
        child, self._child = self._child, None
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        try:
            code = child.wait(wait)
        except subprocess.TimeoutExpired:
            child.kill()
            code = child.wait(60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.figures.seconds += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        child.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
        with self._log as log:
            log.seek(0)
            return code, log.read().decode(errors="replace")[-3_000:]

    def _check(self, number: int) -> None:
        answer = self._ask(number)
        self.figures.most_memory = max(self.figures.most_memory, answer.get("memory", 0))
        if "outcome" in answer:
            self.figures.outcomes[answer["outcome"]] += 1
            return
        kind = answer["kind"]
        self.figures.failures[kind] += 1
        if self.figures.failures[kind] <= _SAVED_OF_A_KIND:
            case = DOORS[self.figures.door].make(case_random(self._seed, self.figures.door, number))
            place = case.save(self._crashes)
            text = f"number {number}, seed {self._seed}\n{answer['failure']}\n"
            (place / "failure.txt").write_text(text, encoding="utf-8", errors="backslashreplace")
            self.figures.saved.append(place)

    def _ask(self, number: int) -> dict:
        """Have case ``number`` checked; where there is no answer in time, or no process any more, that is one."""
        child = self._child
        try:
            child.stdin.write(f"{number}\n")
        except BrokenPipeError:
            return self._dead()
        started, used = time.monotonic(), _seconds_of(child.pid)
        while not select.select([child.stdout], [], [], 0.5)[0]:
            if _seconds_of(child.pid) - used > MOST_SECONDS or time.monotonic() - started > self._most_waiting:
                self._reap()
                return {"kind": "hang", "failure": f"no answer after {time.monotonic() - started:.0f} s"}
        line = child.stdout.readline()
        return json.loads(line) if line else self._dead()

    def _dead(self) -> dict:
        code, said = self._reap(wait=60)
        return {"kind": f"process ended with {code}", "failure": said}


def _seconds_of(process: int) -> float:
    """Return the processor time that a process has used."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
