"""The tables of known names as bytes: names sorted by length and bytes, which can be searched as they are. Pure."""

import codecs
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from hayakana.syntax import Json, JsonError, parse

CERTAIN = 100
"""Hundredths: what is read by rule, kept, or from the lexicon."""

LARGEST_TABLE = 1 << 25
"""Bytes of all tables, at most: of some two million names."""

_MAGIC = b"hayakana known names 1\n"
_LONGEST_KEY = 255
_MOST_KANA = 255
_FEW = 8
"""Fewer names than this are sooner found one by one."""

PARTS, WHOLE_NAMES, PLACES, WORDS = TABLES = ("parts", "whole_names", "places", "words")


class KnownName(NamedTuple):
    """The Katakana of a known name, and the probability that it is right, in hundredths."""

    katakana: str
    percent: int


@dataclass(frozen=True)
class NameTable:
    """Names and their Katakana. ``keys`` has, by length in UTF-8, names sorted by their bytes, ``(names,)`` bytes.

    ``starts`` is the number of the first name of each length. ``ends``, one more than there are names and the first 0,
    says where the Katakana of each name ends in ``katakana``. That has a byte a Kana, its place in ``alphabet``.
    """

    keys: Mapping[int, NDArray[np.bytes_]]
    starts: Mapping[int, int]
    ends: NDArray[np.int64]
    percents: NDArray[np.uint8]
    katakana: bytes
    alphabet: str

    def __len__(self) -> int:
        return len(self.percents)

    def look_up(self, names: Sequence[bytes]) -> list[KnownName | None]:
        """Return the Katakana of each of ``names`` (UTF-8); None for a name that is not there."""
        numbers = map(self._number, names) if len(names) < _FEW else self._numbers(names)
        return [None if number < 0 else self._entry(number) for number in numbers]

    def _number(self, name: bytes) -> int:
        """Return the number of a name (UTF-8); -1 if it is not there."""
        length = len(name)
        if (keys := self.keys.get(length)) is None:
            return -1
        number = int(keys.searchsorted(name))
        return self.starts[length] + number if number < len(keys) and keys[number] == name else -1

    def _numbers(self, names: Sequence[bytes]) -> list[int]:
        """Return the number of each of ``names`` (UTF-8); -1 for a name that is not there."""
        found = np.full(len(names), -1)
        lengths = np.fromiter(map(len, names), np.int64, len(names))
        texts = np.array(names)
        for length in np.flatnonzero(np.bincount(np.minimum(lengths, _LONGEST_KEY + 1))).tolist():
            if (keys := self.keys.get(length)) is None:
                continue
            places = np.flatnonzero(lengths == length)
            wanted = texts[places].astype(keys.dtype)
            numbers, are_there = sought(keys, wanted)
            found[places[are_there]] = self.starts[length] + numbers[are_there]
        return cast(list[int], found.tolist())

    def _entry(self, number: int) -> KnownName:
        katakana = self.katakana[self.ends[number] : self.ends[number + 1]]
        text, _ = codecs.charmap_decode(katakana, "strict", self.alphabet)
        return KnownName(text, int(self.percents[number]))

    def names(self) -> list[str]:
        """Return all names, in their order."""
        return [name.decode("utf-8", "replace") for length in sorted(self.keys) for name in self.keys[length].tolist()]


def sought(ascending: NDArray[Any], values: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return where in ``ascending`` each of ``values`` stands or would stand, and whether it is there, ``(values,)``.

    ``np.isin`` says whether, too, but sorts all of both first.
    """
    places = np.searchsorted(ascending, values)
    if not len(ascending):
        return places, np.zeros(len(values), np.bool_)
    return places, ascending.take(places, mode="clip") == values


def write_known_names(
    parts: Mapping[str, KnownName],
    whole_names: Mapping[str, KnownName],
    *,
    places: Mapping[str, KnownName],
    words: Mapping[str, KnownName],
) -> bytes:
    """Return the table of canonical ``parts`` of names and of ``whole_names``, as ``read_tables`` reads it.

    ``places`` and ``words`` are the parts that are written otherwise as a place or a word. Names sorted by length and
    bytes stand without a gap, after a line of JSON; then come lengths and percents, a byte each, and Katakana.

    Raises:
        ValueError: a name, or its Katakana, has more than 255 bytes or Kana, or there are more than 256 different Kana.
    """
    tables = dict(zip(TABLES, (parts, whole_names, places, words), strict=True))
    alphabet = "".join(
        sorted({kana for table in tables.values() for known in table.values() for kana in known.katakana})
    )
    if len(alphabet) > 1 << 8:
        raise ValueError(f"{len(alphabet)} different Kana, and a byte tells 256 apart")
    lengths: dict[str, list[int]] = {}
    sections = []
    for name, table in tables.items():
        keys = sorted(
            ((key.encode("utf-8"), known) for key, known in table.items()), key=lambda item: (len(item[0]), item[0])
        )
        if any(not 0 < len(key) <= _LONGEST_KEY or not 0 < len(known.katakana) <= _MOST_KANA for key, known in keys):
            raise ValueError("a name or its Katakana is empty or too long")
        lengths[name] = np.bincount([len(key) for key, _ in keys], minlength=1)[1:].tolist()
        sections += [
            b"".join(key for key, _ in keys),
            bytes(len(known.katakana) for _, known in keys),
            bytes(known.percent for _, known in keys),
            bytes(alphabet.index(kana) for _, known in keys for kana in known.katakana),
        ]
    header = json.dumps({"alphabet": alphabet, "lengths": lengths}, separators=(",", ":")).encode("ascii")
    return _MAGIC + header + b"\n" + b"".join(sections)


def read_tables(content: bytes) -> dict[str, NameTable]:
    """Return the tables in ``content``, without a copy, by the names of ``TABLES``.

    Raises:
        ValueError: ``content`` is no such table; the message says why.
    """
    if not content.startswith(_MAGIC):
        raise ValueError("it does not begin as a table of known names does")
    end = content.find(b"\n", len(_MAGIC))
    try:
        header = parse(content[len(_MAGIC) : end])
        alphabet = header.member("alphabet").text()
        lengths = header.member("lengths")
        place, tables = end + 1, {}
        for name in TABLES:
            tables[name], place = _read_table(content, place, lengths.member(name), alphabet)
    except JsonError as error:
        raise ValueError(f"its first line is damaged: {error}") from error
    if place != len(content):
        raise ValueError(f"it has {len(content) - place} bytes too many")
    return tables


def _read_table(content: bytes, place: int, lengths: Json, alphabet: str) -> tuple[NameTable, int]:
    """Return the table at ``place``, and where the next one begins."""
    counts = [count.count(most=LARGEST_TABLE) for count in lengths.elements()]
    keys, starts, number = {}, {}, 0
    for length, count in enumerate(counts, start=1):
        if length > _LONGEST_KEY:
            raise ValueError(f"it has names of more than {_LONGEST_KEY} bytes")
        if count:
            keys[length] = _array(content, place, count, f"S{length}")
            starts[length] = number
            place, number = place + length * count, number + count
    kana, percents = _array(content, place, number, "u1"), _array(content, place + number, number, "u1")
    place += 2 * number
    ends = np.concatenate([[0], np.cumsum(kana, dtype=np.int64)])
    katakana = content[place : place + int(ends[-1])]
    if len(katakana) != ends[-1]:
        raise ValueError("it was cut off")
    if len(katakana) and np.frombuffer(katakana, np.uint8).max() >= len(alphabet):
        raise ValueError("it has Kana that are not in its alphabet")
    if number and (int(percents.max()) > CERTAIN or int(percents.min()) < 1 or int(kana.min()) < 1):
        raise ValueError("it has a probability out of range, or a name without Katakana")
    return NameTable(keys, starts, ends, percents, katakana, alphabet), place + len(katakana)


def _array(content: bytes, place: int, count: int, dtype: str) -> NDArray[Any]:
    if place + count * np.dtype(dtype).itemsize > len(content):
        raise ValueError("it was cut off")
    array: NDArray[Any] = np.frombuffer(content, dtype, count, place)
    return array
