"""The bytes of a file or pipe, uncompressed, and how far it has been read."""

import os
from pathlib import Path
from typing import IO, Protocol

import pyarrow as pa

from hayakana.batch.formats.unclosed import Unclosed
from hayakana.errors import TableError


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class InputBytes:
    """A file by its path, or one that is open, which stays open; through ``compression``, if it has one.

    Raises:
        OSError: the file cannot be opened.
    """

    def __init__(self, path_or_file: Path | IO[bytes], compression: str | None) -> None:
        self._is_ours = isinstance(path_or_file, Path)
        self._file = path_or_file.open("rb") if isinstance(path_or_file, Path) else path_or_file
        self._size = _size(self._file) if self._file.seekable() else 0
        self._compression = compression
        self._stream: _Readable = self._file
        if compression is not None:
            # Reads what consists of several members or frames to its end, and refuses what is cut off.
            self._stream = pa.CompressedInputStream(pa.PythonFile(Unclosed(self._file), "r"), compression)
        self._fraction = 0.0

    def read(self, size: int) -> bytes:
        """Return the next bytes, ``size`` at most, and none at the end.

        Raises:
            TableError: what is compressed is damaged or cut off.
            OSError: the system cannot read.
        """
        try:
            data = self._stream.read(size)
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise TableError(f"damaged, cut off, or not {self._compression}: {error}") from error
        if self._size:
            self._fraction = min(1.0, self._file.tell() / self._size)
        return data

    def fraction_read(self) -> float:
        """Return the part of the (compressed) file that has been read, from 0 to 1; 0 for a pipe."""
        return self._fraction

    def close(self) -> None:
        """Let go of the file, and close it if it was opened here."""
        if self._stream is not self._file:
            self._stream.close()
        if self._is_ours:
            self._file.close()


def _size(file: IO[bytes]) -> int:
    position = file.tell()
    size = file.seek(0, os.SEEK_END)
    file.seek(position)
    return size
