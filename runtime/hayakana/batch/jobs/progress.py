"""How far a job is, on standard error where that is a terminal."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from tqdm import tqdm

from hayakana.batch.jobs.inputs import Input


class Progress:
    """Shows rows, their rate, and when all will be done, judged by the bytes of the inputs that have been read.

    Args:
        inputs: what is read.
        shown: whether to show it where standard error is a terminal.
    """

    def __init__(self, inputs: Sequence[Input], *, shown: bool = True) -> None:
        self._sizes = [file.size for file in inputs]
        has_sizes = all(self._sizes)
        left = "{desc}: {percentage:3.0f}%|{bar}|{postfix} [{elapsed}<{remaining}]"
        self._bar = tqdm(
            desc=inputs[0].name if len(inputs) == 1 else f"{len(inputs)} files",
            total=sum(self._sizes) if has_sizes else None,
            bar_format=left if has_sizes else "{desc}:{postfix} [{elapsed}]",
            disable=None if shown else True,
        )
        self._has_sizes = has_sizes
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.close()

    def done(self, rows: int, *, inputs: int, fraction: float) -> None:
        """Show that ``rows`` more are written: all of the first ``inputs``, and ``fraction`` of the next one."""
        if self._bar.disable:
            return
        self._rows += rows
        seconds = self._bar.format_dict["elapsed"]
        rate = f" {self._rows / seconds:,.0f} rows/s" if seconds else ""
        self._bar.set_postfix_str(f" {self._rows:,} rows{rate}", refresh=False)
        self._bar.update(max(0.0, self._work(inputs, fraction) - self._bar.n) if self._has_sizes else 0)

    def skip(self, *, inputs: int, fraction: float = 0.0) -> None:
        """Show as much as done before this run: it took no time of this run, by which the remaining time is judged."""
        if self._has_sizes and not self._bar.disable:
            self._bar.initial += max(0.0, self._work(inputs, fraction) - self._bar.n)
            self._bar.n = max(self._bar.n, self._work(inputs, fraction))
            self._bar.refresh()

    def _work(self, inputs: int, fraction: float) -> float:
        return sum(self._sizes[:inputs]) + fraction * sum(self._sizes[inputs : inputs + 1])
