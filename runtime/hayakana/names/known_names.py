"""Names that everybody knows, with their Katakana: looked up before the model is asked, a whole list at once. Pure.

A network writes what a spelling suggests. What is written for Beethoven or Vienna is a fact, and facts are looked up:
the practice of grapheme-to-phoneme conversion (a dictionary first, a network for what it lacks). Names are in
canonical form. ``hayakana-train known-names`` makes the table and says where each name is from.

The bytes of a table can be searched as they are, so that opening a model decodes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from hayakana.names.choices import Kind
from hayakana.names.known_tables import PARTS, PLACES, WHOLE_NAMES, WORDS, KnownName, NameTable, read_tables, sought
from hayakana.names.languages import bare_units, tag_in
from hayakana.names.normalization import fold
from hayakana.names.parts import HYPHEN, SPACE

_PREFERRED: dict[Kind, tuple[str, ...]] = {"person": (), "place": (PLACES,), "word": (WORDS,)}


@dataclass(frozen=True)
class KnownNames:
    """Parts of names, and names of several parts, with their Katakana.

    ``kind`` says of what kind a name is taken to be where it is of several.
    """

    tables: Mapping[str, NameTable]
    kind: Kind = "person"

    def __len__(self) -> int:
        return len(self.tables[PARTS]) + len(self.tables[WHOLE_NAMES])

    def of_kind(self, kind: Kind) -> "KnownNames":
        """Return these names, taken to be of ``kind``."""
        return replace(self, kind=kind)

    def parts(self, units: Sequence[str]) -> list[KnownName | None]:
        """Return what is known of ``units``, an entry each: of a unit as it is, else of its plain form (rule 5).

        Of a unit under a hint of language, what is known of it in names of that language goes first: the key of that
        has the tag of the language in front.
        """
        bare = bare_units(units)
        tags = [] if bare is units else list(map(tag_in, units))
        known = self._of(bare, tags)
        marked = [place for place, unit in enumerate(bare) if known[place] is None and not unit.isascii()]
        if marked:
            plain = [plain_form(bare[place]) for place in marked]
            tags_of_marked = [tags[place] for place in marked] if tags else []
            for place, found in zip(marked, self._of(plain, tags_of_marked), strict=True):
                known[place] = found
        return known

    def _of(self, units: Sequence[str], tags: Sequence[str]) -> list[KnownName | None]:
        tagged = [list(map("".join, zip(tags, units, strict=True)))] if tags else []
        encoded = [[unit.encode("utf-8", "surrogatepass") for unit in some] for some in (units, *tagged)]
        known: list[KnownName | None] = [None] * len(units)
        for name in (PARTS, *_PREFERRED[self.kind]):  # What is preferred comes last, and so stays.
            table = self.tables[name]
            for names in encoded:
                for place, entry in enumerate(table.look_up(names)):
                    known[place] = entry or known[place]
        return known

    def whole_names(self, names: Sequence[str]) -> list[KnownName | None]:
        """Return what is known of canonical names of several parts, a space or a hyphen between these."""
        return self.tables[WHOLE_NAMES].look_up([plain_form(name).encode("utf-8", "surrogatepass") for name in names])

    def may_be_whole(self, edges: Sequence[NDArray[np.uint32]], lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether plain names with these edges and lengths may be known whole, ``(names,)``.

        ``edges`` are the code points at ``EDGES``. A few names that are not known pass, and need a closer look.
        """
        signatures = _signature(edges, lengths)
        may_be: NDArray[np.bool_] = self._beginnings.take(signatures >> _BEHIND_BEGINNING, mode="clip")
        places = np.flatnonzero(may_be)
        _, may_be[places] = sought(self._signatures, signatures[places])
        return may_be

    @cached_property
    def _signatures(self) -> NDArray[np.uint32]:
        by_length = []
        for length, keys in self.tables[WHOLE_NAMES].keys.items():
            characters = keys.view(np.uint8).reshape(len(keys), length)
            places = (min(place, length - 1) if place >= 0 else max(length + place, 0) for place in EDGES)
            edges = [characters[:, place].astype(np.uint32) for place in places]
            by_length.append(_signature(edges, np.full(len(keys), length)))
        return np.unique(np.concatenate([np.array([], np.uint32), *by_length]))

    @cached_property
    def _beginnings(self) -> NDArray[np.bool_]:
        return _beginnings(self._signatures)

    def ids_of_first(self, parts: Sequence[str]) -> NDArray[np.int64]:
        """Return a number for each of ``parts`` that a known whole name begins with, -1 for all others."""
        return _numbers(self._ends.firsts, parts)

    def ids_of_last(self, parts: Sequence[str]) -> NDArray[np.int64]:
        """Return a number for each of ``parts`` that a known whole name ends with, -1 for all others."""
        return _numbers(self._ends.lasts, parts)

    def are_pairs(
        self, ends: NDArray[np.int64], firsts: NDArray[np.integer], lasts: NDArray[np.integer]
    ) -> NDArray[np.bool_]:
        """Return whether a known whole name begins as the words at ``firsts`` do and ends as those at ``lasts``.

        ``ends``, ``(2, words)``, are the numbers of words' parts as above.
        """
        of_first, of_last = _mixed(ends[0], _OF_FIRST), _mixed(ends[1], _OF_LAST)
        mixed = of_first.take(firsts, mode="clip") + of_last.take(lasts, mode="clip")
        is_pair = self._ends.beginnings.take(mixed >> _BEHIND_BEGINNING, mode="clip")
        places = np.flatnonzero(is_pair)  # Few, of which some only look like a pair.
        pairs = _pairs(ends[0][firsts[places]], ends[1][lasts[places]])
        _, is_pair[places] = sought(self._ends.pairs, pairs)
        return is_pair

    @cached_property
    def _ends(self) -> "_Ends":
        names = self.tables[WHOLE_NAMES].names()
        firsts, lasts = list(map(first_part, names)), list(map(last_part, names))
        first_ids = {part: number for number, part in enumerate(dict.fromkeys(firsts))}
        last_ids = {part: number for number, part in enumerate(dict.fromkeys(lasts))}
        numbers = (map(first_ids.__getitem__, firsts), map(last_ids.__getitem__, lasts))
        first, last = (np.fromiter(some, np.int64, len(names)) for some in numbers)
        mixed = _mixed(first, _OF_FIRST) + _mixed(last, _OF_LAST)
        return _Ends(first_ids, last_ids, np.unique(_pairs(first, last)), _beginnings(mixed))


@dataclass(frozen=True)
class _Ends:
    """The first and the last parts of whole names, each with its number, and the pairs that there are of them.

    ``beginnings`` are of the signatures of pairs, mixed.
    """

    firsts: Mapping[str, int]
    lasts: Mapping[str, int]
    pairs: NDArray[np.uint64]
    beginnings: NDArray[np.bool_]


def _pairs(first_ids: NDArray[np.int64], last_ids: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return a number of each pair. That of a part without a number, -1, is in no pair of known names."""
    return (first_ids << 32 | last_ids).view(np.uint64)


_OF_FIRST, _OF_LAST = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


def _mixed(numbers: NDArray[np.int64], factor: np.uint64) -> NDArray[np.uint32]:
    """Return 32 bits of ``numbers`` that look drawn (Knuth, 6.4)."""
    return (numbers.view(np.uint64) * factor >> np.uint64(32)).astype(np.uint32)


def _beginnings(numbers: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return a table that says of the first bits of a number whether one of ``numbers`` begins with them.

    It fits into a core's cache, and leaves few numbers to be sought among the sorted.
    """
    are_there = np.zeros(1 << (32 - _BEHIND_BEGINNING), np.bool_)
    are_there[numbers >> _BEHIND_BEGINNING] = True
    return are_there


def _numbers(numbers: Mapping[str, int], parts: Sequence[str]) -> NDArray[np.int64]:
    if not "".join(parts).isascii():
        parts = list(map(plain_form, parts))
    return np.fromiter(map(numbers.get, parts, repeat(-1)), np.int64, len(parts))


_BEHIND_BEGINNING = 12
"""The last bits of a signature, of 32."""

EDGES = (0, 1, 2, -4, -3, -2, -1)
"""Places of characters in a name that tell it from most other names. A place outside a short name is the nearest."""


def _signature(edges: Sequence[NDArray[np.uint32]], lengths: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return a number of 32 bits for names by their edges and lengths. Other names may have the same."""
    signature = lengths.astype(np.uint32)
    for edge in edges:
        signature = signature * np.uint32(0x9E3779B1) + edge  # Fibonacci hashing (Knuth, 6.4); it wraps.
    return signature * np.uint32(0x9E3779B1)


_ASCII = frozenset(map(chr, range(0x80)))


def plain_form(name: str) -> str:
    """Return a canonical name without the marks of its letters, as known names of several parts are written."""
    return name if name.isascii() else fold(name, _ASCII)


def first_part(name: str) -> str:
    """Return the first part of a canonical name."""
    return name.replace(HYPHEN, SPACE).partition(SPACE)[0]


def last_part(name: str) -> str:
    """Return the last part of a canonical name."""
    return name.replace(HYPHEN, SPACE).rpartition(SPACE)[2]


def read_known_names(content: bytes) -> KnownNames:
    """Return the known names in ``content``, without a copy.

    Raises:
        ValueError: ``content`` is no table; the message says why.
    """
    return KnownNames(read_tables(content))
