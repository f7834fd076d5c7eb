"""Text that Arrow holds as UTF-8, written in any encoding."""

import numpy as np
import pyarrow as pa

from hayakana.batch.formats.options import codec_of
from hayakana.batch.formats.sink import Sink
from hayakana.errors import TableError


class EncodedFile:
    """Writes strings one after the other to ``file``, in ``encoding``.

    Raises:
        TableError: there is no such encoding.
    """

    def __init__(self, file: Sink, encoding: str) -> None:
        codec = codec_of(encoding)
        self._file, self._encoding = file, encoding
        self._encoder = None if codec.name == "utf-8" else codec.incrementalencoder()

    def write(self, texts: pa.StringArray) -> None:
        """Write all of ``texts``, which has no nulls.

        Raises:
            TableError: a character is not in the encoding.
        """
        data = text_bytes(texts)
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
    """Return the bytes of all strings, one after the other, as they are in memory."""
    _, offsets, data = texts.buffers()
    if not len(texts) or data is None:
        return memoryview(b"")
    ends = np.frombuffer(offsets, np.int32)
    return memoryview(data)[ends[texts.offset] : ends[texts.offset + len(texts)]]
