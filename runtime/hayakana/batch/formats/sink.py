"""Files that are compressed while they are written, so that the same bytes always give the same file."""

import bz2
import zlib
from typing import IO, Protocol, cast

import pyarrow as pa

from hayakana.batch.formats.unclosed import Unclosed
from hayakana.errors import TableError

_GZIP_LEVEL = 4
"""Three times as fast as zlib's usual 6, for a file an eighth larger; Python's and Arrow's 9 is twice as slow again."""

_GZIP = 16 + zlib.MAX_WBITS
"""Has zlib write gzip's header, without a time or name."""


class Sink(Protocol):
    """Takes bytes, and has to be closed."""

    def write(self, data: bytes | memoryview, /) -> object:
        """Append ``data``."""

    def close(self) -> object:
        """Write what is still to be written."""


def sink(file: IO[bytes], compression: str | None) -> Sink:
    """Return what writes to ``file`` through ``compression``, if there is one; the file stays open when it is closed.

    Raises:
        TableError: there is no such compression.
    """
    if compression is None:
        return Unclosed(file)
    if compression == "gzip":
        return _Compressed(file, zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP))
    if compression == "bz2":
        return _Compressed(file, bz2.BZ2Compressor())
    if compression == "zstd":
        return cast(Sink, pa.CompressedOutputStream(pa.PythonFile(Unclosed(file), "w"), compression))
    raise TableError(f"no compression {compression!r} of files: choose gzip, zstd or bz2")


class _Compressor(Protocol):
    def compress(self, data: bytes | memoryview, /) -> bytes: ...

    def flush(self) -> bytes: ...


class _Compressed:
    def __init__(self, file: IO[bytes], compressor: _Compressor) -> None:
        self._file, self._compressor = file, compressor

    def write(self, data: bytes | memoryview, /) -> object:
        return self._file.write(self._compressor.compress(data))

    def close(self) -> None:
        self._file.write(self._compressor.flush())
