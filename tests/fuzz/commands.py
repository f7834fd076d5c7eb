"""The command line, called in this process, and what it promises whatever comes in."""

import contextlib
import io
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hayakana import HayakanaError
from hayakana.cli.main import main

_LONGEST_MESSAGE = 4_000
"""Characters of standard error for one error, the arguments of the command apart: a message is for people."""


@dataclass(frozen=True)
class Done:
    """How a command ended, what it printed, and the class of the error that it told of."""

    code: int
    out: bytes
    err: str
    error: str | None

    @property
    def outcome(self) -> str:
        """What the figures count it as."""
        if self.code in (0, 3):
            return "right answer"
        return "usage" if self.code == 2 else self.error or f"exit code {self.code}"


class _Telling(io.TextIOWrapper):
    """Standard error that remembers which error was being handled when something was said."""

    error: type[BaseException] | None = None

    def write(self, text: str) -> int:
        self.error = sys.exc_info()[0] or self.error
        return super().write(text)


def run(arguments: Sequence[str], *, standard_input: bytes = b"") -> Done:
    """Run ``hayakana`` with ``arguments``.

    Raises:
        AssertionError: the exit code is none of those promised, or an error is not told in a sentence.
        Exception: whatever escapes it, which nothing should.
    """
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    err = _Telling(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _standard_input(standard_input):
        try:
            code = main(list(arguments))
        except SystemExit as ended:  # argparse
            code = ended.code
    out.flush()
    err.flush()
    done = Done(code, out.buffer.getvalue(), err.buffer.getvalue().decode(), err.error and err.error.__name__)
    _check(done, err.error, sum(map(len, arguments)))
    return done


def _check(done: Done, error: type[BaseException] | None, of_arguments: int) -> None:
    assert done.code in (0, 1, 2, 3), f"exit code {done.code!r}"
    assert "Traceback" not in done.err, done.err
    if done.code == 1:
        assert error is not None, f"exit code 1, and no error told of: {done.err!r}"
        assert issubclass(error, HayakanaError | OSError), f"told of {error.__name__}: {done.err[:500]}"
        assert done.err.startswith("hayakana: "), done.err[:500]
        assert len(done.err) <= _LONGEST_MESSAGE + of_arguments, (
            f"a message of {len(done.err)} characters: {done.err[:500]}"
        )
    if done.code == 2:
        assert "usage:" in done.err, done.err[:500]


@contextlib.contextmanager
def _standard_input(content: bytes) -> Iterator[None]:
    """Have file descriptor 0, which the command reads, be a file of ``content``."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        before = os.dup(0)
        os.dup2(file.fileno(), 0)
        try:
            yield
        finally:
            os.dup2(before, 0)
            os.close(before)


def contents(folder: Path) -> dict[str, bytes]:
    """Return what lies in ``folder`` and below, by path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
