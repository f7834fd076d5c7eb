"""Lines that are added to a file one by one, each under a seal that holds it to all lines before it.

To write the whole manifest after each file of a job would take time that grows with the square of their number.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from hayakana.system.files import UnfitFileError, read_regular_file, sync_folder

JOB_JOURNAL = "_hayakana.journal"
"""Engines leave out files whose names begin with an underscore when they read a folder."""

SEAL_LENGTH = 64
"""Hexadecimal digits of a sha256."""


def seal_of(line: bytes, *, after: str) -> str:
    """Return the seal of ``line``: the sha256, in hexadecimal, of the seal before it and the line."""
    return hashlib.sha256(after.encode("ascii") + line).hexdigest()


class Journal:
    """Writes a new journal at ``path``, whose first line follows ``seal``. Each line is on disk when it was added.

    Raises:
        FileExistsError: a file is there.
        OSError: it cannot be written.
    """

    def __init__(self, path: Path, *, seal: str) -> None:
        # Without a buffer, a line that could not be written is not tried again when the file is closed.
        self._file = path.open("xb", buffering=0)
        self._seal = seal
        sync_folder(path.parent)

    def add(self, line: bytes) -> None:
        """Add ``line``, which has no line feed.

        Raises:
            OSError: it cannot be written; ``filename`` is its path.
        """
        self._seal = seal_of(line, after=self._seal)
        unwritten = b"%b %b\n" % (self._seal.encode("ascii"), line)
        try:
            while unwritten:
                unwritten = unwritten[self._file.write(unwritten) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            raise type(error)(error.errno, error.strerror, str(self._file.name)) from error

    def close(self) -> None:
        """Close the file. Closing twice is fine."""
        self._file.close()


def read_journal(path: Path, *, seal: str, most_bytes: int) -> Iterator[bytes]:
    """Yield the lines of the journal at ``path`` that follow ``seal``; none where there is no such journal.

    It ends before the first line that is not what was written: one that a killed process left in part, or that was
    changed. A journal of another seal has no line.

    Raises:
        OSError: it cannot be opened.
    """
    try:
        content = read_regular_file(path, most_bytes=most_bytes)
    except (FileNotFoundError, UnfitFileError):
        return
    *whole_lines, _ = content.split(b"\n")
    for sealed in whole_lines:
        line = sealed[SEAL_LENGTH + 1 :]
        seal = seal_of(line, after=seal)
        if sealed != b"%b %b" % (seal.encode("ascii"), line):
            return
        yield line
