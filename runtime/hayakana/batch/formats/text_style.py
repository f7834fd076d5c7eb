"""What the text files of a job keep of their first input: its line ends, and the mark of UTF-8 that it begins with."""

import codecs
from dataclasses import dataclass

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
