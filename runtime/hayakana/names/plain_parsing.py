"""Names that need no judgement: many parsed at once, by tables over code points and without a loop over names.

A plain name is made of letters that the model knows, single spaces and hyphens between them, and apostrophes inside a
part. It is not very long. The lexicon does not have it, and no part of it is read by its case. Such names are most of
any list. All other names are left to ``parsing.NameParser``, the rule book; here stands what it would say of these.

Where names are few, tables cost more than they save: there, the simplest of plain names are parsed by a pattern.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hayakana.names.damage import TELLING_LETTERS
from hayakana.names.known_names import EDGES, plain_form
from hayakana.names.letters import LETTERS
from hayakana.names.normalization import code_points, fold, normalize
from hayakana.names.parsing import NameParser
from hayakana.names.parts import HYPHEN, SPACE
from hayakana.names.pieces import humps
from hayakana.names.plain_names import AT_END, BEFORE_HYPHEN, BEFORE_SPACE, PlainNames, none_plain
from hayakana.names.rules import ruled_words
from hayakana.names.spelling import LONGEST_ACRONYM, LONGEST_BY_CASE, may_go_by_case
from hayakana.names.symbols import symbols_of_letters

_END = "\n"
"""Stands between names. A name that holds one is not plain."""

_LATIN = 0x250
"""Code points below it can be letters of plain names: Basic Latin, Latin-1, Latin Extended-A and -B."""

_LONGEST = 1_000
"""Longer names are parsed one by one, so that memory is bounded by the number of names in a window."""

_BETWEEN = re.compile(f"[{SPACE}{HYPHEN}]")

_ROMAN = np.isin(np.arange(_LATIN + 1), [ord(letter) for letter in "IVX"])
_VOWEL = np.isin(np.arange(_LATIN + 1), [ord(letter) for letter in "AEIOUY"])
"""Whether a code point is a Roman numeral, of those that count up to 39, and whether it is a vowel, in capitals."""

_OTHER, _LETTER, _APOSTROPHE = range(3)


@dataclass(frozen=True)
class _Tables:
    """What each code point is, ``(_LATIN + 1,)``; the last entry stands for all that are not below ``_LATIN``.

    ``kinds`` are kinds of characters, ``letters`` what a unit has for them, ``capitals`` whether they are capitals,
    and ``plain_letters`` what known names have for them.
    """

    kinds: NDArray[np.uint8]
    letters: NDArray[np.uint32]
    capitals: NDArray[np.bool_]
    plain_letters: NDArray[np.uint32]


class PlainNameParser:
    """Parses the plain names of a list as ``parser`` does."""

    def __init__(self, parser: NameParser) -> None:
        self._characters, self._limit, self._whole_names = parser.characters, parser.limit, parser.whole_names
        self._known = parser.known
        # Other names are in the lexicon if their units are.
        self._lexicon_by_first_part = {} if parser.whole_names else _by_first_part(parser.lexicon)
        self._has_lexicon = bool(parser.lexicon)
        self._ordinary = _ordinary(parser.characters, whole_names=parser.whole_names)

    @cached_property
    def _tables(self) -> _Tables:
        kinds, letters = np.full(_LATIN + 1, _OTHER, np.uint8), np.zeros(_LATIN + 1, np.uint32)
        capitals, plain_letters = np.zeros(_LATIN + 1, np.bool_), np.zeros(_LATIN + 1, np.uint32)
        for point in range(_LATIN):
            letter = fold(canonical := normalize(chr(point)), self._characters)
            # A lexicon may have a letter that is folded, and tell it from the plain one.
            is_letter = (
                chr(point).isalpha() and chr(point) not in TELLING_LETTERS and not symbols_of_letters(chr(point))
            )
            if self._known is not None:
                plain = plain_form(canonical)
                is_letter &= len(plain) == 1  # Else a name is not as long as the plain form that is looked up.
                plain_letters[point] = ord(plain[:1] or "\0")
            if is_letter and letter in self._characters and (letter == canonical or not self._has_lexicon):
                kinds[point], letters[point] = _LETTER, ord(letter)
                capitals[point] = chr(point).isupper()
        marks = {"'": _APOSTROPHE, SPACE: BEFORE_SPACE, HYPHEN: BEFORE_HYPHEN, _END: AT_END}
        for mark, kind in marks.items():
            ends_unit = kind == AT_END or (kind != _APOSTROPHE and not self._whole_names)
            if ends_unit or mark in self._characters:
                kinds[ord(mark)], letters[ord(mark)] = kind, ord(_END if ends_unit else mark)
        return _Tables(kinds, letters, capitals, plain_letters)

    def parse(self, names: Sequence[str]) -> PlainNames:
        """Return the units of the plain names among ``names``.

        Raises:
            TypeError: ``names`` holds something else than strings.
        """
        if not names:
            return none_plain(0)
        if max(map(len, names)) > _LONGEST:
            names = ["" if len(name) > _LONGEST else name for name in names]
        plain = self._parsed(names)
        if not self._whole_names:
            plain = plain.without_ruled()
        return plain.without(self._lexicon_by_first_part) if self._lexicon_by_first_part else plain

    def parse_few(self, names: Sequence[str]) -> PlainNames:
        """Return the units of the ordinary names among ``names``, sooner than ``parse`` where there are few of them.

        An ordinary name is a plain name of words in ASCII. For a model of parts, a word has two letters or more, and no
        capital but its first letter. There, no rule reads any of several words by what stands beside it.
        """
        units: list[str] = []
        endings: list[int] = []
        places: list[int] = []
        other_places: list[int] = []
        for place, name in enumerate(names):
            units_of_name = self._ordinary_units(name)
            if not units_of_name:
                other_places.append(place)
                continue
            places.append(place)
            units += units_of_name
            endings += [BEFORE_HYPHEN if sign == HYPHEN else BEFORE_SPACE for sign in _BETWEEN.findall(name)]
            endings.append(AT_END)
        has_names_of_parts = len(units) > len(places)
        return PlainNames(units, np.array(endings, np.uint8) if has_names_of_parts else None, places, other_places)

    def _ordinary_units(self, name: str) -> list[str]:
        """Return the units of an ordinary name; none of any other."""
        if self._ordinary is None or len(name) > _LONGEST or not self._ordinary.fullmatch(name):
            return []
        canonical = name.lower()
        words = canonical.replace(HYPHEN, SPACE).split(SPACE)
        if len(words) > 1 and self._go_together(words, canonical):
            return []
        units = [canonical] if self._whole_names else words
        return units if max(map(len, units)) <= self._limit else []

    def _go_together(self, words: Sequence[str], canonical: str) -> bool:
        """Whether words may be read otherwise together than alone: by rules 1 and 22, and the rules of ``readings``."""
        return (
            words[0] in self._lexicon_by_first_part
            or (not self._whole_names and not ruled_words().isdisjoint(words))
            or (self._known is not None and self._known.whole_names([canonical]) != [None])
        )

    def _parsed(self, names: Sequence[str]) -> PlainNames:
        text = _END.join(names) + _END
        if text.count(_END) != len(names):
            text = "".join(_END if _END in name else name + _END for name in names)
        points = np.minimum(code_points(text), _LATIN)
        kinds = self._tables.kinds[points]
        (name_ends,) = np.nonzero(kinds == AT_END)
        is_plain = self._plain(kinds, name_ends)
        if not self._whole_names:
            is_plain[self._going_by_case(text, points, kinds)] = False
        if self._known is not None and ((kinds == BEFORE_SPACE) | (kinds == BEFORE_HYPHEN)).any():
            is_plain[self._known_whole(names, points, name_ends)] = False
        letters = self._tables.letters[points]
        if not is_plain.all():
            wanted = np.repeat(is_plain, np.diff(name_ends, prepend=-1))
            letters, kinds = letters[wanted], kinds[wanted]
        places = np.flatnonzero(is_plain)
        units = letters.tobytes().decode("utf-32-le").split(_END)[:-1]
        has_names_of_parts = len(units) > len(places)
        endings = kinds[kinds >= BEFORE_SPACE] if has_names_of_parts else None
        return PlainNames(units, endings, places.tolist(), np.flatnonzero(~is_plain).tolist())

    def _known_whole(self, names: Sequence[str], points: NDArray[np.uint32], name_ends: NDArray[np.int64]) -> list[int]:
        """Return the names, plain otherwise, that are known whole (rule 22)."""
        assert self._known is not None
        starts = np.concatenate([[0], name_ends[:-1] + 1])
        # A name of several parts has three characters or more. For a shorter name it does not matter what is taken.
        places = [starts + place if place >= 0 else np.maximum(name_ends + place, starts) for place in EDGES]
        edges = [self._tables.plain_letters.take(points.take(some, mode="clip"), mode="clip") for some in places]
        may_be = np.flatnonzero(self._known.may_be_whole(edges, name_ends - starts)).tolist()
        found = self._known.whole_names([normalize(names[place]) for place in may_be])
        return [place for place, whole in zip(may_be, found, strict=True) if whole is not None]

    def _plain(self, kinds: NDArray[np.uint8], name_ends: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which names are plain, ``(names,)``: where rules 2, 4, 5 and 6 leave nothing to decide."""
        is_letter = kinds == _LETTER
        # Every space, hyphen and apostrophe has a letter on both sides, and every name a letter at both ends.
        between = np.zeros(len(kinds), np.bool_)
        between[1:-1] = is_letter[:-2] & is_letter[2:]
        wrong = np.flatnonzero(~is_letter & (kinds != AT_END) & ~((kinds != _OTHER) & between))
        starts = np.concatenate([[0], name_ends[:-1] + 1])
        is_plain: NDArray[np.bool_] = is_letter[starts] & is_letter[name_ends - 1] & (name_ends > starts)
        is_plain[np.searchsorted(name_ends, wrong)] = False
        unit_ends = name_ends if self._whole_names else np.flatnonzero(kinds >= BEFORE_SPACE)
        too_long = np.diff(unit_ends, prepend=-1) - 1 > self._limit
        is_plain[np.searchsorted(name_ends, unit_ends[too_long])] = False
        return is_plain

    def _going_by_case(self, text: str, points: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Return the names, plain otherwise, that go by their case: rules 8, 9, 11 and 15, and 17 of pieces.

        They have a short part in capitals, where capitals mean something, a small letter on its own, or a capital
        inside a word.
        """
        is_capital = self._tables.capitals[points]
        ends = np.flatnonzero(kinds >= BEFORE_SPACE)
        lengths = np.diff(ends, prepend=-1) - 1
        starts = ends - lengths
        small_letters = (lengths == 1) & ~is_capital[starts]
        is_hump = is_capital[1:] & (kinds[:-1] == _LETTER)
        if not is_hump.any() and not small_letters.any():
            return np.array([], np.int64)
        capitals = np.diff(np.cumsum(is_capital, dtype=np.int32)[ends], prepend=0)
        is_last = kinds[ends] == AT_END
        names = np.cumsum(is_last) - is_last
        is_first = np.append(True, is_last[:-1])
        firsts = np.flatnonzero(is_first)
        has_capital = np.logical_or.reduceat(capitals > 0, firsts)
        # Apostrophes count as small letters: to ask once more does no harm.
        only_capitals = np.logical_and.reduceat(capitals == lengths, firsts)
        is_alone = is_last & is_first
        may_be_numeral = ~is_first & (lengths <= LONGEST_BY_CASE) & _ROMAN[points[starts]]
        may_be_acronym = (lengths == 2) | ((is_alone | ~only_capitals[names]) & (lengths <= LONGEST_ACRONYM))
        asked = np.flatnonzero((capitals == lengths) & (lengths > 1) & (may_be_numeral | may_be_acronym))
        # Longer acronyms have no vowel, so that most need not be looked at more closely.
        begins_as_names_do = _VOWEL[points[starts[asked]]] | _VOWEL[points[starts[asked] + 1]]
        asked = asked[(lengths[asked] < 4) | may_be_numeral[asked] | ~begins_as_names_do]
        spans = zip(starts[asked].tolist(), ends[asked].tolist(), strict=True)
        by_case = asked[[may_go_by_case(text[start:end]) for start, end in spans]]
        humped = np.unique(np.searchsorted(ends, np.flatnonzero(is_hump & ~is_capital[:-1])))
        spans = zip(starts[humped].tolist(), ends[humped].tolist(), strict=True)
        in_pieces = humped[[len(humps(text[start:end])) > 1 for start, end in spans]]
        return np.concatenate([names[by_case], names[in_pieces], names[small_letters & has_capital[names]]])


def _ordinary(characters: frozenset[str], *, whole_names: bool) -> re.Pattern[str] | None:
    """Return what an ordinary name looks like; None where a model knows no letter of ASCII."""
    letters = "".join(letter for letter in LETTERS if letter in characters)
    if not letters:
        return None
    either = f"[{letters}{letters.upper()}]"
    word = f"{either}+" if whole_names else f"{either}[{letters}]+"
    between = "|".join(sign for sign in SPACE + HYPHEN if sign in characters or not whole_names)
    return re.compile(f"{word}(?:(?:{between}){word})*" if between else word)


def _by_first_part(names: Collection[str]) -> dict[str, set[str]]:
    """Return the canonical ``names`` that have several parts, by their first part."""
    by_first_part: dict[str, set[str]] = {}
    for name in names:
        first, *following = _BETWEEN.split(name, maxsplit=1)
        if following:
            by_first_part.setdefault(first, set()).add(name)
    return by_first_part
