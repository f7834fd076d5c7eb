"""Text as UTF-8, whatever its encoding, in blocks that can be cut where a row ends."""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hayakana.batch.formats.options import codec_of, writes_mark
from hayakana.errors import TableError

BYTE_ORDER_MARK = codecs.BOM_UTF8
"""As UTF-8; Excel takes a CSV file without it for cp932 or the like."""


@dataclass(frozen=True)
class TextStyle:
    """How lines end, and whether a byte order mark stands before the first one."""

    line_end: str = "\n"
    has_mark: bool = False

    @staticmethod
    def of(start: bytes, *, has_mark: bool) -> "TextStyle":
        """Return that of a text in UTF-8 that begins with ``start``: its first line feed decides."""
        end = start.find(b"\n")
        return TextStyle("\r\n" if start[max(0, end - 1) : end + 1] == b"\r\n" else "\n", has_mark)


PLAIN = TextStyle()
"""That of what comes from no text file."""


@dataclass(frozen=True)
class TextSizes:
    """How much text is in memory at a time, in bytes.

    Args:
        block: what is looked at together: of the sizes that fit a processor's cache, large enough for a good batch.
        longest_row: a row has no more, so that a quotation mark that nobody closes does not fill the memory.
    """

    block: int = 1 << 21
    longest_row: int = 1 << 26


TEXT_SIZES = TextSizes()


_UNDECODABLE = "hayakana.undecodable"


def _mark_undecodable(error: UnicodeError) -> tuple[str | bytes, int]:
    """Let each thing that is no text pass as one byte that is not UTF-8, to be found with the row it is in."""
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    if isinstance(error, UnicodeEncodeError):
        return b"\xff" * (error.end - error.start), error.end
    raise error


codecs.register_error(_UNDECODABLE, _mark_undecodable)


def _raw(read: Callable[[int], bytes], size: int) -> Iterator[bytes]:
    while chunk := read(size):
        yield chunk


def _transcoded(chunks: Iterator[bytes], codec: codecs.CodecInfo) -> Iterator[bytes]:
    decoder = codec.incrementaldecoder(errors=_UNDECODABLE)
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", _UNDECODABLE)
    yield decoder.decode(b"", final=True).encode("utf-8", _UNDECODABLE)


class TextBuffer:
    """What of a text is not yet taken: ``pending``, whose first line has the number ``line``.

    Whoever reads takes whole rows from its front, and has it filled up when there is no whole row in it. The last line
    has a line feed, too. A byte order mark at the start is left out, where there may be one: ``may_have_mark``.
    """

    def __init__(self, chunks: Iterator[bytes], sizes: TextSizes, *, may_have_mark: bool = True) -> None:
        self._chunks, self._may_have_mark = chunks, may_have_mark
        self.sizes = sizes
        self.pending = b""
        self.at_end = False
        self.line = 1
        self._style: TextStyle | None = None

    @property
    def style(self) -> TextStyle:
        """That of the text, by its first block.

        Raises:
            OSError: it cannot be read.
        """
        if self._style is None:
            self.fill()
        return self._style or TextStyle()

    @property
    def is_too_long(self) -> bool:
        """Whether there is more than a row may be long."""
        return len(self.pending) > self.sizes.longest_row

    def fill(self) -> bool:
        """Read on, so that there is a block, or twice of what was there; return whether there is anything.

        Raises:
            TableError: there is more than a row may be long.
        """
        if self.is_too_long:
            raise TableError(
                f"line {self.line}: the row that begins here is longer than {self.sizes.longest_row >> 20} MiB:"
                " is the end of a line or of a quotation missing?"
            )
        block = self.sizes.block + len(BYTE_ORDER_MARK)
        wanted = min(max(block, 2 * len(self.pending)), self.sizes.longest_row + 1)
        chunks, size = [self.pending], len(self.pending)
        while size < wanted and not self.at_end:
            chunk = next(self._chunks, None)
            self.at_end = chunk is None
            chunks.append(chunk or b"")
            size += len(chunks[-1])
        self.pending = b"".join(chunks)
        if self._style is None:
            has_mark = self._may_have_mark and self.pending.startswith(BYTE_ORDER_MARK)
            self.pending = self.pending[len(BYTE_ORDER_MARK) :] if has_mark else self.pending
            self._style = TextStyle.of(self.pending, has_mark=has_mark)
        if self.at_end and self.pending and not self.pending.endswith(b"\n"):
            self.pending += b"\n"
        return bool(self.pending)

    def take(self, size: int, lines: int) -> None:
        """Drop the first ``size`` bytes, which hold ``lines`` lines."""
        self.pending = self.pending[size:]
        self.line += lines


def utf8_text(read: Callable[[int], bytes], encoding: str, sizes: TextSizes) -> TextBuffer:
    """Return what ``read`` gives as UTF-8; what is no text in ``encoding`` is not UTF-8.

    Raises:
        TableError: there is no such encoding.
    """
    codec = codec_of(encoding)
    chunks = _raw(read, sizes.block)
    if codec.name in ("utf-8", "utf-8-sig"):
        return TextBuffer(chunks, sizes)
    # The decoder of utf-16 takes the mark off itself: U+FEFF after it is text.
    return TextBuffer(_transcoded(chunks, codec), sizes, may_have_mark=not writes_mark(codec))
