"""How far a job is: a bar on standard error where that is a terminal, and lines of a log where it is not."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Self

from tqdm import tqdm

from hayakana.batch.jobs.inputs import Input
from hayakana.errors import listed

LOG = logging.getLogger("hayakana.batch")

SECONDS_BETWEEN_LINES = 30.0
"""So a job of an hour has 120 lines, and a short one none."""


class Progress:
    """Shows rows, their rate, and the time that is left, judged by the bytes of the inputs that have been read.

    Args:
        inputs: what is read.
        shown: whether to show a bar where standard error is a terminal, and else to log a line now and then.
        clock: seconds since any moment.
    """

    def __init__(
        self, inputs: Sequence[Input], *, shown: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = inputs[0].name if len(inputs) == 1 else f"{len(inputs)} files"
        self._sizes = [file.size for file in inputs]
        self._has_sizes = has_sizes = all(self._sizes)
        left = "{desc}: {percentage:3.0f}%|{bar}|{postfix} [{elapsed}<{remaining}]"
        self._bar = tqdm(
            desc=self._name,
            total=sum(self._sizes) if has_sizes else None,
            bar_format=left if has_sizes else "{desc}:{postfix} [{elapsed}]",
            disable=None if shown else True,
        )
        self._logged = shown and self._bar.disable
        self._rows = 0
        self._clock = clock
        self._begun = self._said = clock()
        self._skipped = 0.0
        """Bytes that were done before this run."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def done(self, rows: int, *, inputs: int, fraction: float) -> None:
        """Show that ``rows`` more are written: all of the first ``inputs``, and ``fraction`` of the next one."""
        self._rows += rows
        if self._logged:
            self._log(self._work(inputs, fraction))
        if self._bar.disable:
            return
        seconds = self._bar.format_dict["elapsed"]
        self._bar.set_postfix_str(" ".join([f" {self._rows:,} rows", *_rate(self._rows, seconds)]), refresh=False)
        self._bar.update(max(0.0, self._work(inputs, fraction) - self._bar.n) if self._has_sizes else 0)

    def skip(self, *, inputs: int, fraction: float = 0.0) -> None:
        """Show as much as done before this run; the time left is judged by this run alone."""
        work = self._work(inputs, fraction)
        self._skipped = max(self._skipped, work)
        if self._has_sizes and not self._bar.disable:
            self._bar.initial += max(0.0, work - self._bar.n)
            self._bar.n = max(self._bar.n, work)
            self._bar.refresh()

    def _log(self, work: float) -> None:
        """Log a line where the last one was long ago; ``work`` are the bytes that are done."""
        now = self._clock()
        if now - self._said < SECONDS_BETWEEN_LINES:
            return
        self._said = now
        said = [f"{self._rows:,} rows", *_rate(self._rows, now - self._begun)]
        if self._has_sizes:
            total, new = sum(self._sizes), work - self._skipped
            said.insert(0, f"{100 * work / total:.0f} %")
            if new > 0:
                said.append(f"{tqdm.format_interval((total - work) * (now - self._begun) / new)} left")
        LOG.info("%s: %s", self._name, listed(said))

    def _work(self, inputs: int, fraction: float) -> float:
        return sum(self._sizes[:inputs]) + fraction * sum(self._sizes[inputs : inputs + 1])


def _rate(rows: int, seconds: float) -> list[str]:
    """Return how many rows a second are done; nothing where no time has passed."""
    return [f"{rows / seconds:,.0f} rows/s"] if seconds else []
