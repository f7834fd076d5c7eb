"""Many names parsed at once: those that need no judgement, by tables over code points and without a loop over names.

A plain name is made of letters that the model knows, single spaces and hyphens between them, and apostrophes inside a
part. It is not very long. The lexicon does not have it, and no part of it is read by its case. Such names are most of
any list. All other names are left to ``parsing.NameParser``, the rule book; here stands what it would say of these.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, count

import numpy as np
from numpy.typing import NDArray

from hayakana.names.damage import TELLING_LETTERS
from hayakana.names.known_names import EDGES, KnownNames, plain_form
from hayakana.names.normalization import code_points, fold, normalize
from hayakana.names.parts import HYPHEN, SPACE, join
from hayakana.names.pieces import humps
from hayakana.names.rules import may_go_by_others, ruled_words
from hayakana.names.spelling import LONGEST_ACRONYM, LONGEST_BY_CASE, may_go_by_case
from hayakana.names.symbols import symbols_of_letters

_END = "\n"
"""Stands between names. A name that holds one is not plain."""

_LATIN = 0x250
"""Code points below it can be letters of plain names: Basic Latin, Latin-1, Latin Extended-A and -B."""

_LONGEST = 1_000
"""Longer names are parsed one by one, so that memory is bounded by the number of names in a window."""

_ROMAN = np.isin(np.arange(_LATIN + 1), [ord(letter) for letter in "IVX"])
_VOWEL = np.isin(np.arange(_LATIN + 1), [ord(letter) for letter in "AEIOUY"])
"""Whether a code point is a Roman numeral, of those that count up to 39, and whether it is a vowel, in capitals."""

_OTHER, _LETTER, _APOSTROPHE, _SPACE, _HYPHEN, _NAME_END = range(6)


@dataclass(frozen=True)
class PlainNames:
    """The units of the plain names of a list, in order.

    ``endings`` says what stands behind each unit: a space, a hyphen or the end of its name, as a kind of this module.
    It is None where every name is one unit. ``places`` are the places of the plain names in the list, ``other_places``
    the places of all other names.
    """

    units: list[str]
    endings: NDArray[np.uint8] | None
    places: list[int]
    other_places: list[int]

    def owners(self) -> list[int]:
        """Return the place in the list of the name that each unit is of."""
        if self.endings is None:
            return self.places
        ends = self.endings == _NAME_END
        owners: list[int] = np.repeat(self.places, np.diff(np.flatnonzero(ends), prepend=-1)).tolist()
        return owners

    def written(self, texts: Sequence[str | None], *, space: str, hyphen: str) -> list[str | None]:
        """Return the names with ``texts``, one a unit, for their units; None for a name with a unit that has none."""
        if self.endings is None:
            return list(texts)
        end, missing = _signs(space + hyphen)
        texts_and_endings: list[str] = [missing] * (2 * len(texts))
        texts_and_endings[::2] = [missing if text is None else text for text in texts]
        written_for = {_SPACE: space, _HYPHEN: hyphen, _NAME_END: end}
        texts_and_endings[1::2] = map(written_for.__getitem__, self.endings.tolist())
        names = "".join(texts_and_endings[:-1]).split(end)
        return [None if missing in name else name for name in names] if None in texts else list(names)

    def of_units(self, units: Collection[str]) -> list[int]:
        """Return the places of the names all of whose units are among ``units``."""
        among = np.fromiter(map(units.__contains__, self.units), np.bool_, len(self.units))
        if self.endings is not None:
            among = np.logical_and.reduceat(among, self._first_units())
        return list(compress(self.places, among.tolist()))

    def without_ruled(self) -> "PlainNames":
        """Return these without the names of several parts that are read by what stands beside a part."""
        if self.endings is None:
            return self
        # As iterators, which is soonest: hardly any unit is one of the words.
        found = list(compress(count(), map(ruled_words().__contains__, self.units)))
        if not found:
            return self
        firsts = self._first_units()
        bounds = np.append(firsts, len(self.units))
        stays = np.ones(len(firsts), np.bool_)
        names = np.unique(np.searchsorted(firsts, found, side="right") - 1)
        for name, start, end in zip(names.tolist(), bounds[names].tolist(), bounds[names + 1].tolist(), strict=True):
            stays[name] = end - start == 1 or not may_go_by_others(self.units[start:end])
        return self._staying(stays)

    def without(self, names: Mapping[str, Collection[str]]) -> "PlainNames":
        """Return these without ``names`` of the lexicon (rule 1): canonical names of several parts, by the first."""
        if self.endings is None:
            return self
        firsts = self._first_units().tolist()
        stays = np.ones(len(self.places), np.bool_)
        for index, (first, next_first) in enumerate(zip(firsts, [*firsts[1:], len(self.units)], strict=True)):
            if alike := names.get(self.units[first]):
                between = [HYPHEN if ending == _HYPHEN else SPACE for ending in self.endings[first : next_first - 1]]
                stays[index] = join(self.units[first:next_first], between, space=SPACE, hyphen=HYPHEN) not in alike
        return self._staying(stays)

    def _staying(self, stays: NDArray[np.bool_]) -> "PlainNames":
        """Return the names that ``stays``, ``(names,)``, says of."""
        if stays.all():
            return self
        assert self.endings is not None
        unit_stays = np.repeat(stays, np.diff(self._first_units(), append=len(self.units)))
        return PlainNames(
            list(compress(self.units, unit_stays.tolist())),
            self.endings[unit_stays] if stays.any() else None,
            list(compress(self.places, stays.tolist())),
            sorted(self.other_places + list(compress(self.places, (~stays).tolist()))),
        )

    def _first_units(self) -> NDArray[np.int64]:
        """Return the index of the first unit of each name."""
        assert self.endings is not None
        return np.flatnonzero(np.append(True, self.endings[:-1] == _NAME_END))


def none_plain(count: int) -> PlainNames:
    """Return the result for ``count`` names that leaves all of them to ``parsing.NameParser``."""
    return PlainNames([], None, [], list(range(count)))


class PlainNameParser:
    """Parses the plain names of a list, for one model; the arguments are as in ``parsing.NameParser``."""

    def __init__(
        self,
        characters: frozenset[str],
        *,
        limit: int,
        whole_names: bool,
        lexicon: Mapping[str, str] | None = None,
        known: KnownNames | None = None,
    ) -> None:
        self._limit, self._whole_names, self._known = limit, whole_names, known
        # Other names are in the lexicon if their units are.
        self._lexicon_by_first_part = {} if whole_names else _by_first_part(lexicon or ())
        self._kinds = np.full(_LATIN + 1, _OTHER, np.uint8)
        self._letters = np.zeros(_LATIN + 1, np.uint32)
        self._capitals = np.zeros(_LATIN + 1, np.bool_)
        self._plain_letters = np.zeros(_LATIN + 1, np.uint32)
        for point in range(_LATIN):
            letter = fold(canonical := normalize(chr(point)), characters)
            # A lexicon may have a letter that is folded, and tell it from the plain one.
            is_letter = (
                chr(point).isalpha() and chr(point) not in TELLING_LETTERS and not symbols_of_letters(chr(point))
            )
            if known is not None:
                plain = plain_form(canonical)
                is_letter &= len(plain) == 1  # Else a name is not as long as the plain form that is looked up.
                self._plain_letters[point] = ord(plain[:1] or "\0")
            if is_letter and letter in characters and (letter == canonical or not lexicon):
                self._kinds[point], self._letters[point] = _LETTER, ord(letter)
                self._capitals[point] = chr(point).isupper()
        marks = {"'": (_APOSTROPHE, "'"), SPACE: (_SPACE, SPACE), HYPHEN: (_HYPHEN, HYPHEN), _END: (_NAME_END, _END)}
        for mark, (kind, written) in marks.items():
            ends_unit = kind == _NAME_END or (kind != _APOSTROPHE and not whole_names)
            if ends_unit or mark in characters:
                self._kinds[ord(mark)], self._letters[ord(mark)] = kind, ord(_END if ends_unit else written)

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

    def _parsed(self, names: Sequence[str]) -> PlainNames:
        text = _END.join(names) + _END
        if text.count(_END) != len(names):
            text = "".join(_END if _END in name else name + _END for name in names)
        points = np.minimum(code_points(text), _LATIN)
        kinds = self._kinds[points]
        (name_ends,) = np.nonzero(kinds == _NAME_END)
        is_plain = self._plain(kinds, name_ends)
        if not self._whole_names:
            is_plain[self._going_by_case(text, points, kinds)] = False
        if self._known is not None and ((kinds == _SPACE) | (kinds == _HYPHEN)).any():
            is_plain[self._known_whole(names, points, name_ends, self._known)] = False
        letters = self._letters[points]
        if not is_plain.all():
            wanted = np.repeat(is_plain, np.diff(name_ends, prepend=-1))
            letters, kinds = letters[wanted], kinds[wanted]
        places = np.flatnonzero(is_plain)
        units = letters.tobytes().decode("utf-32-le").split(_END)[:-1]
        has_names_of_parts = len(units) > len(places)
        endings = kinds[kinds >= _SPACE] if has_names_of_parts else None
        return PlainNames(units, endings, places.tolist(), np.flatnonzero(~is_plain).tolist())

    def _known_whole(
        self,
        names: Sequence[str],
        points: NDArray[np.uint32],
        name_ends: NDArray[np.int64],
        known: KnownNames,
    ) -> list[int]:
        """Return the names, plain otherwise, that are known whole (rule 22)."""
        starts = np.concatenate([[0], name_ends[:-1] + 1])
        # A name of several parts has three characters or more. For a shorter name it does not matter what is taken.
        places = [starts + place if place >= 0 else np.maximum(name_ends + place, starts) for place in EDGES]
        edges = [self._plain_letters.take(points.take(some, mode="clip"), mode="clip") for some in places]
        may_be = np.flatnonzero(known.may_be_whole(edges, name_ends - starts)).tolist()
        found = known.whole_names([normalize(names[place]) for place in may_be])
        return [place for place, whole in zip(may_be, found, strict=True) if whole is not None]

    def _plain(self, kinds: NDArray[np.uint8], name_ends: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which names are plain, ``(names,)``: where rules 2, 4, 5 and 6 leave nothing to decide."""
        is_letter = kinds == _LETTER
        # Every space, hyphen and apostrophe has a letter on both sides, and every name a letter at both ends.
        between = np.zeros(len(kinds), np.bool_)
        between[1:-1] = is_letter[:-2] & is_letter[2:]
        wrong = np.flatnonzero(~is_letter & (kinds != _NAME_END) & ~((kinds != _OTHER) & between))
        starts = np.concatenate([[0], name_ends[:-1] + 1])
        is_plain: NDArray[np.bool_] = is_letter[starts] & is_letter[name_ends - 1] & (name_ends > starts)
        is_plain[np.searchsorted(name_ends, wrong)] = False
        unit_ends = name_ends if self._whole_names else np.flatnonzero(kinds >= _SPACE)
        too_long = np.diff(unit_ends, prepend=-1) - 1 > self._limit
        is_plain[np.searchsorted(name_ends, unit_ends[too_long])] = False
        return is_plain

    def _going_by_case(self, text: str, points: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Return the names, plain otherwise, that go by their case: rules 8, 9, 11 and 15, and 17 of pieces.

        They have a short part in capitals, where capitals mean something, a small letter on its own, or a capital
        inside a word.
        """
        is_capital = self._capitals[points]
        ends = np.flatnonzero(kinds >= _SPACE)
        lengths = np.diff(ends, prepend=-1) - 1
        starts = ends - lengths
        small_letters = (lengths == 1) & ~is_capital[starts]
        is_hump = is_capital[1:] & (kinds[:-1] == _LETTER)
        if not is_hump.any() and not small_letters.any():
            return np.array([], np.int64)
        capitals = np.diff(np.cumsum(is_capital, dtype=np.int32)[ends], prepend=0)
        is_last = kinds[ends] == _NAME_END
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


def _by_first_part(names: Collection[str]) -> dict[str, set[str]]:
    """Return the canonical ``names`` that have several parts, by their first part."""
    by_first_part: dict[str, set[str]] = {}
    for name in names:
        first, *following = re.split(f"[{SPACE}{HYPHEN}]", name, maxsplit=1)
        if following:
            by_first_part.setdefault(first, set()).add(name)
    return by_first_part


def _signs(used: str) -> tuple[str, str]:
    """Return two characters of the private use area, which Katakana has none of, that are not in ``used``."""
    free = (sign for sign in map(chr, range(0xE000, 0xF8FF)) if sign not in used)
    return next(free), next(free)
