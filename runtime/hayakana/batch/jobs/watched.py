"""Inputs whose bytes are checked as they are read: they must be the bytes of the first look, whatever a clock says.

A digest is kept of each block of a file. A block that is read again, be it in a later pass, has to be what it was.
Nothing is mapped into memory, so that a file that is cut off meanwhile is an error like any other.
"""

import hashlib
import io
import os
from pathlib import Path
from typing import IO, cast

from hayakana.batch.jobs.inputs import Input
from hayakana.errors import TableError

BLOCK = 1 << 16
"""Bytes that have one digest."""

_DIGEST = 16
_NOT_READ = bytes(_DIGEST)
_CHANGED = "was written to while it was read: run this again when it is whole"


class WatchedInput:
    """An input and what is known of its content. A pipe is read once, so that there is nothing to compare.

    Raises:
        OSError: the file cannot be looked at.
    """

    def __init__(self, file: Input) -> None:
        self.input = file
        self._path = None if file.is_stream else file.path
        self._status = None if self._path is None else self._path.stat()
        self._digests = _Digests(self.size)

    @property
    def size(self) -> int:
        """Bytes of the file when it was first looked at; 0 of a pipe."""
        return 0 if self._status is None else self._status.st_size

    def read_through(self) -> str | None:
        """Return the sha256 of the file, hexadecimal, and know all of its blocks from now on; None of a pipe.

        Raises:
            TableError: it is written to meanwhile.
            OSError: it cannot be read.
        """
        if self._path is None:
            return None
        whole = hashlib.sha256()
        with self._opened(self._path) as file:
            while chunk := file.read(1 << 20):
                whole.update(chunk)
        return whole.hexdigest()

    def open(self) -> IO[bytes]:
        """Open it; what is read is checked against what was read before.

        Raises:
            TableError: it was written to.
            OSError: it cannot be opened.
        """
        if self._path is not None:
            return cast(IO[bytes], self._opened(self._path))
        # A file of its own: Python's standard input cannot be left while a thread waits for it.
        return self.input.path.open("rb") if self.input.path else open(0, "rb", buffering=0, closefd=False)

    def check_unchanged(self) -> None:
        """Check that the file at the path holds what was read. Its blocks are read again where its times have changed.

        Raises:
            TableError: it was written to, or replaced, meanwhile.
            OSError: it is no longer there.
        """
        if self._path is None or self._status is None:
            return
        status = self._path.stat()
        if _version(status) == _version(self._status):
            return
        if status.st_size != self._status.st_size or not self._digests.agree_with(self._path):
            raise TableError(f"{self.input} {_CHANGED}")
        self._status = status

    def _opened(self, path: Path) -> "_CheckedFile":
        return _CheckedFile(path, self.size, self._digests)


def _version(status: os.stat_result) -> tuple[int, ...]:
    """Return what changes when a file is written to; programs can set the time of change, but not ``st_ctime_ns``."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


class _Digests:
    """Digests of the blocks of a file of ``size`` bytes, as far as they were read: 16 bytes for 64 KiB."""

    def __init__(self, size: int) -> None:
        self._by_block = bytearray(-(-size // BLOCK) * _DIGEST)

    def agrees(self, number: int, block: memoryview | bytes) -> bool:
        """Return whether ``block`` is what was read in its place before; what is read first is remembered."""
        place = slice(number * _DIGEST, (number + 1) * _DIGEST)
        digest, earlier = hashlib.sha256(block).digest()[:_DIGEST], self._by_block[place]
        if earlier == _NOT_READ:
            self._by_block[place] = digest
        return earlier in (digest, _NOT_READ)

    def agree_with(self, path: Path) -> bool:
        """Return whether each block that was read is still the same in the file at ``path``."""
        with path.open("rb", buffering=0) as file:
            for number in range(len(self._by_block) // _DIGEST):
                if self._by_block[number * _DIGEST : (number + 1) * _DIGEST] == _NOT_READ:
                    continue
                if not self.agrees(number, _read_at(file, number * BLOCK, BLOCK)):
                    return False
        return True


class _CheckedFile(io.RawIOBase):
    """A file of ``size`` bytes, opened for reading; each block that is read has to be what ``digests`` knows of it."""

    def __init__(self, path: Path, size: int, digests: _Digests) -> None:
        self._file = path.open("rb", buffering=0)
        self._size, self._digests = size, digests
        self._position = 0
        self._last: tuple[int, bytes] = (0, b"")
        """Where the blocks begin that were read last, and what is in them."""
        if os.fstat(self._file.fileno()).st_size != size:
            self.close()
            raise TableError(f"the file {_CHANGED}")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes: as many as are asked for, but for the end of the file.

        Raises:
            TableError: they are not what they were.
        """
        start = self._position
        end = self._size if size < 0 else min(start + size, self._size)
        if start >= end:
            if size and _read_at(self._file, self._size, 1):
                raise TableError(f"the file {_CHANGED}")
            return b""
        self._position = end
        first, blocks = self._last
        if not first <= start < end <= first + len(blocks):
            first, blocks = self._last = self._checked(start, end)
        return blocks[start - first : end - first]

    def _checked(self, start: int, end: int) -> tuple[int, bytes]:
        """Return the whole blocks that hold the bytes from ``start`` to ``end``, and where they begin."""
        first = start - start % BLOCK
        wanted = min(end + -end % BLOCK, self._size) - first
        blocks = _read_at(self._file, first, wanted)
        view = memoryview(blocks)
        if len(blocks) != wanted or not all(
            self._digests.agrees((first + place) // BLOCK, view[place : place + BLOCK])
            for place in range(0, wanted, BLOCK)
        ):
            raise TableError(f"the file {_CHANGED}")
        return first, blocks

    def close(self) -> None:
        self._file.close()
        super().close()


def _read_at(file: io.FileIO, start: int, size: int) -> bytes:
    """Return ``size`` bytes from ``start`` on, or those up to the end of the file."""
    file.seek(start)
    data = file.read(size) or b""
    while len(data) < size and (more := file.read(size - len(data))):
        data += more
    return data
