"""Bytes in and out: compression, encodings, and pipes that become files."""

import bz2
import codecs
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Protocol, cast

import numpy as np
import pyarrow as pa

from hayakana.batch.formats.options import codec_of, writes_mark
from hayakana.errors import TableError, brief


@contextmanager
def saying(what: str) -> Iterator[None]:
    """Say ``what`` is wrong with a file that Arrow cannot read; the system's errors, as of a disk, stay as they are."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise TableError(f"{what}: {brief(error)}") from error


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
        self._stream: IO[bytes] | pa.CompressedInputStream = self._file
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
        with saying(f"damaged, cut off, or not {self._compression}"):
            data = self._stream.read(size)
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


class Unclosed:
    """``file`` for Arrow, whose streams close what is below them."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, ``size`` at most."""
        return self._file.read(size)

    def write(self, data: bytes | memoryview, /) -> int:
        """Append ``data``."""
        return self._file.write(data)

    def flush(self) -> None:
        """Leave that to whoever opened it."""

    def close(self) -> None:
        """Leave that to whoever opened it."""


class EncodedFile:
    """Writes strings to ``file`` in their order, in ``encoding``.

    A text that begins with U+FEFF gets another one before it, unless the encoding writes its own. Readers take the
    first for a byte order mark, and the second is text (the Unicode Standard, 23.8).

    Raises:
        TableError: there is no such encoding.
    """

    def __init__(self, file: Sink, encoding: str) -> None:
        codec = codec_of(encoding)
        self._file, self._encoding = file, encoding
        self._encoder = None if codec.name == "utf-8" else codec.incrementalencoder()
        self._may_need_mark = not writes_mark(codec)

    def write(self, texts: pa.StringArray) -> None:
        """Write all of ``texts``, which has no nulls.

        Raises:
            TableError: a character is not in the encoding.
        """
        data = text_bytes(texts)
        if self._may_need_mark and data:
            self._may_need_mark = False
            if bytes(data[: len(codecs.BOM_UTF8)]) == codecs.BOM_UTF8:
                self._write(codecs.BOM_UTF8)
        self._write(data)

    def _write(self, data: bytes | memoryview) -> None:
        if self._encoder is None:
            self._file.write(data)
            return
        text = bytes(data).decode("utf-8")
        try:
            encoded = self._encoder.encode(text)
        except UnicodeEncodeError as error:
            raise TableError(
                f"{text[error.start]!r} (U+{ord(text[error.start]):04X}) is not in {self._encoding}:"
                " choose another encoding, such as utf-8"
            ) from error
        self._file.write(encoded)


def text_bytes(texts: pa.StringArray) -> memoryview:
    """Return the bytes of all strings in their order, as they are in memory."""
    _, offsets, data = texts.buffers()
    if not len(texts) or data is None:
        return memoryview(b"")
    ends = np.frombuffer(offsets, np.int32)
    return memoryview(data)[ends[texts.offset] : ends[texts.offset + len(texts)]]


def seekable(path_or_file: Path | IO[bytes]) -> tuple[IO[bytes], bool]:
    """Return a file that can be read from any place, and whether it was opened here; a pipe goes to a temporary file.

    Raises:
        OSError: the file cannot be opened, or the temporary file not be written.
    """
    file = path_or_file.open("rb") if isinstance(path_or_file, Path) else path_or_file
    if file.seekable():
        return file, file is not path_or_file
    spooled = tempfile.TemporaryFile()  # noqa: SIM115  (whoever asks closes it)
    with file if file is not path_or_file else nullcontext():
        shutil.copyfileobj(file, spooled)
    spooled.seek(0)
    return spooled, True
