"""What a process and its workers send each other through pipes: pickles, and how windows and columns travel."""

import io
import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace

from hayakana.engine.column import KatakanaColumn

Pipe = io.FileIO | io.BufferedReader
Wait = Callable[[Pipe], None]
"""Returns once its pipe can be read or written without waiting; raises where that will never be."""

MAGIC = b"\0hyk\xff\x01\n\xfe"
"""Begins every message, so that what a library prints is not taken for a message."""
_MOST_NOISE = 1 << 16
"""Bytes that may come before the first message: what a program prints before hayakana is imported."""


def _no_wait(_: Pipe) -> None:
    """Leave the waiting to the pipe itself."""


def send(pipe: io.FileIO, message: object, *, wait: Wait = _no_wait) -> None:
    """Write ``message`` as ``MAGIC``, its size (8 bytes, little-endian) and its pickle.

    Raises:
        OSError: the process at the other end has gone.
        Exception: whatever ``wait`` raises.
    """
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    write(pipe, MAGIC + len(content).to_bytes(8, "little") + content, wait=wait)


def write(pipe: io.FileIO, content: bytes, *, wait: Wait = _no_wait) -> None:
    """Write all of ``content``; raises as ``send``."""
    remaining = memoryview(content)
    while remaining:
        written: int | None = pipe.write(remaining)
        if written is None:  # The pipe is full, and does not wait itself.
            wait(pipe)
        else:
            remaining = remaining[written:]


def receive(pipe: Pipe, *, wait: Wait = _no_wait) -> object:
    """Read what ``send`` wrote.

    Raises:
        EOFError: the process at the other end has gone, or what it wrote is no message.
        Exception: whatever ``wait`` raises.
    """
    head = _exactly(pipe, len(MAGIC) + 8, wait)
    if not head.startswith(MAGIC):
        raise EOFError("not a message")
    return pickle.loads(_exactly(pipe, int.from_bytes(head[len(MAGIC) :], "little"), wait))  # noqa: S301  (from ourselves)


def receive_first(pipe: Pipe, *, wait: Wait = _no_wait) -> tuple[object, bytes]:
    """Read the first message, and the bytes that came before it, such as what a ``sitecustomize`` prints.

    Raises:
        EOFError: the process at the other end has gone, or wrote 64 KiB and no message.
        Exception: whatever ``wait`` raises.
    """
    noise = bytearray()
    while not noise.endswith(MAGIC):
        if len(noise) > _MOST_NOISE:
            raise EOFError("not a message")
        noise += _exactly(pipe, 1, wait)
    size = int.from_bytes(_exactly(pipe, 8, wait), "little")
    return pickle.loads(_exactly(pipe, size, wait)), bytes(noise[: -len(MAGIC)])  # noqa: S301  (from ourselves)


def _exactly(pipe: Pipe, size: int, wait: Wait) -> bytearray:
    content = bytearray(size)
    remaining = memoryview(content)
    while remaining:
        wait(pipe)
        read = pipe.readinto(remaining)
        if not read:
            raise EOFError("the process at the other end has gone")
        remaining = remaining[read:]
    return content


Packed = str | list[str]
PackedColumn = tuple[Packed, Packed | None, KatakanaColumn]
"""The texts and the origins of a column, and the column without them."""


def packed(texts: Sequence[str]) -> Packed:
    """Return ``texts`` as one string, which travels several times as fast as a list, if no text has a line feed."""
    joined = "\n".join(texts)
    return joined if joined.count("\n") == len(texts) - 1 else [str.__str__(text) for text in texts]


def unpacked(texts: Packed) -> list[str]:
    """Return what ``packed`` was given."""
    return texts.split("\n") if isinstance(texts, str) else texts


def packed_column(column: KatakanaColumn) -> PackedColumn:
    """Return ``column`` as it travels."""
    origins = None if column.origins is None else packed(column.origins)
    return packed([text or "" for text in column.texts]), origins, replace(column, texts=[], origins=None)


def unpacked_column(texts: Packed, origins: Packed | None, column: KatakanaColumn) -> KatakanaColumn:
    """Return what ``packed_column`` was given."""
    texts_or_none: list[str | None] = [*unpacked(texts)]
    for place in column.errors:
        texts_or_none[place] = None
    return replace(column, texts=texts_or_none, origins=None if origins is None else unpacked(origins))
