"""Lines of a file, a window at a time."""

import itertools
from collections.abc import Iterator
from typing import IO

import pyarrow as pa

from hayakana.errors import TableError

WINDOW = 65_536
"""Rows of a record batch, at most."""


def numbered_windows(file: IO[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """Yield (number of the first line, lines without their line feed)."""
    first = 1
    while lines := [line.removesuffix(b"\n") for line in itertools.islice(file, WINDOW)]:
        yield first, lines
        first += len(lines)


def decoded(line: bytes, number: int) -> str:
    """Return ``line`` as text; a byte order mark before the first one is no part of it.

    Raises:
        TableError: it is not UTF-8.
    """
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise TableError(f"line {number} is not UTF-8 (byte {error.start + 1}): convert the file to UTF-8") from error


def write_lines(file: IO[bytes], texts: pa.Array) -> None:
    """Write each of ``texts`` and a line feed."""
    file.write("".join(f"{text}\n" for text in texts.to_pylist()).encode("utf-8"))
