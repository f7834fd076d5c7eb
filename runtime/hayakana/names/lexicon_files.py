"""The rows of a lexicon file: TSV, CSV or JSON, by suffix."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hayakana.errors import LexiconError
from hayakana.syntax import Csv, Tsv, members
from hayakana.system.files import UnfitFileError, read_regular_file

MOST_BYTES = 1 << 27
"""Of a lexicon: some four million entries, which take a gigabyte when they are read."""

_HEADER = ["name", "katakana"]
_DIALECTS = {".tsv": Tsv, ".csv": Csv}
_WIDTH_HINTS = {
    ".tsv": "put one tab between a name and its Katakana",
    ".csv": "put one comma between a name and its Katakana, and quotation marks around a name that has a comma",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A name and its Katakana as they stand in a file, and where, for messages: ``line 3``."""

    where: str
    name: str
    katakana: str


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of ``path``.

    Raises:
        LexiconError: the suffix is another; it is no regular file, or larger than ``MOST_BYTES``; it is not UTF-8, or
            not what its suffix says. The message does not name the file.
        OSError: it cannot be opened.
    """
    suffix = path.suffix.lower()
    if suffix not in _DIALECTS and suffix != ".json":
        raise LexiconError("the format of a lexicon goes by suffix: .tsv, .csv or .json")
    try:
        content = read_regular_file(path, most_bytes=MOST_BYTES)
    except UnfitFileError as error:
        raise LexiconError(f"a lexicon cannot be read from it, since {error}: name a file of entries") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LexiconError(f"line {line}: not UTF-8: convert the file to UTF-8") from error
    yield from _json_rows(text) if suffix == ".json" else _delimited_rows(text, suffix)


def _delimited_rows(text: str, suffix: str) -> Iterator[Row]:
    # A line feed in the place of a comment, so that lines are counted on.
    lines = ("\n" if line.startswith("#") else line for line in io.StringIO(text, newline=""))
    reader = csv.reader(lines, _DIALECTS[suffix])
    is_first, line = True, 1
    try:
        for row in reader:
            if row and not (is_first and [cell.strip().lower() for cell in row] == _HEADER):
                if len(row) != len(_HEADER):
                    columns = "1 column" if len(row) == 1 else f"{len(row)} columns"
                    raise LexiconError(f"line {line}: {columns} in place of 2: {_WIDTH_HINTS[suffix]}")
                yield Row(f"line {line}", *row)
            is_first, line = is_first and not row, reader.line_num + 1
    except csv.Error as error:
        raise LexiconError(f"line {line}: {error}: {_WIDTH_HINTS[suffix]}") from error


def _json_rows(text: str) -> Iterator[Row]:
    line, counted = 1, 0
    try:
        for name, position, value in members(text):
            line, counted = line + text.count("\n", counted, position), position
            if not value.startswith('"'):
                raise json.JSONDecodeError("a value that is no string", text, position)
            yield Row(f"line {line}", name, json.loads(value))
    except json.JSONDecodeError as error:
        raise LexiconError(
            f"line {error.lineno}: no JSON object of strings: {error.msg} at character {error.colno}:"
            ' write {"name": "katakana", …}'
        ) from error
    except RecursionError as error:
        raise LexiconError('nested too deeply: write {"name": "katakana", …}') from error
