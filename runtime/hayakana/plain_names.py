"""Many names read at once: those that need no judgement, by tables over code points and without a loop over names.

A plain name is made of letters that the model knows, single spaces and hyphens between them, and apostrophes inside a
part, and is not very long. Such names are most of any list. All others are left to ``reading.Reader``, which says how
names are read; what is read here is what it would say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hayakana.normalization import fold, normalize
from hayakana.parts import HYPHEN, SPACE
from hayakana.vocabulary import code_points

_END = "\n"
"""Stands between names. A name that holds one is not plain."""

_LATIN = 0x250
"""Code points below it can be letters of plain names: Basic Latin, Latin-1, Latin Extended-A and -B."""

_LONGEST = 1_000
"""Longer names are read one by one, so that memory is bounded by the number of names in a window."""

_OTHER, _LETTER, _APOSTROPHE, _SPACE, _HYPHEN, _NAME_END = range(6)


@dataclass(frozen=True)
class PlainNames:
    """The units of the plain names of a list, in order.

    ``endings`` says what stands behind each unit: a space, a hyphen or the end of its name, as a kind of this module.
    It is None where every name is one unit. ``places`` are those of the plain names in the list, ``others`` those of
    the rest.
    """

    units: list[str]
    endings: NDArray[np.uint8] | None
    places: list[int]
    others: list[int]

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
        pieces: list[str] = [missing] * (2 * len(texts))
        pieces[::2] = [missing if text is None else text for text in texts]
        written_for = {_SPACE: space, _HYPHEN: hyphen, _NAME_END: end}
        pieces[1::2] = map(written_for.__getitem__, self.endings.tolist())
        names = "".join(pieces[:-1]).split(end)
        return [None if missing in name else name for name in names] if None in texts else list(names)


def none_plain(count: int) -> PlainNames:
    """Return the reading of ``count`` names that leaves all of them to ``reading.Reader``."""
    return PlainNames([], None, [], list(range(count)))


class PlainReader:
    """Reads the plain names of a list, for one model; the arguments are those of ``reading.Reader``."""

    def __init__(self, known: frozenset[str], *, limit: int, whole_names: bool) -> None:
        self._limit, self._whole_names = limit, whole_names
        self._kinds = np.full(_LATIN + 1, _OTHER, np.uint8)
        self._letters = np.zeros(_LATIN + 1, np.uint32)
        for point in range(_LATIN):
            letter = fold(normalize(chr(point)), known)
            if chr(point).isalpha() and letter in known:
                self._kinds[point], self._letters[point] = _LETTER, ord(letter)
        marks = {"'": (_APOSTROPHE, "'"), SPACE: (_SPACE, SPACE), HYPHEN: (_HYPHEN, HYPHEN), _END: (_NAME_END, _END)}
        for mark, (kind, written) in marks.items():
            ends_unit = kind == _NAME_END or (kind != _APOSTROPHE and not whole_names)
            if ends_unit or mark in known:
                self._kinds[ord(mark)], self._letters[ord(mark)] = kind, ord(_END if ends_unit else written)

    def read(self, names: Sequence[str]) -> PlainNames:
        """Return the units of the plain names among ``names``.

        Raises:
            TypeError: ``names`` holds something else than strings.
        """
        if not names:
            return none_plain(0)
        if max(map(len, names)) > _LONGEST:
            names = ["" if len(name) > _LONGEST else name for name in names]
        text = _END.join(names) + _END
        if text.count(_END) != len(names):
            text = "".join(_END if _END in name else name + _END for name in names)
        points = np.minimum(code_points(text), _LATIN)
        kinds = self._kinds[points]
        (name_ends,) = np.nonzero(kinds == _NAME_END)
        is_plain = self._plain(kinds, name_ends)
        letters = self._letters[points]
        if not is_plain.all():
            wanted = np.repeat(is_plain, np.diff(name_ends, prepend=-1))
            letters, kinds = letters[wanted], kinds[wanted]
        places = np.flatnonzero(is_plain)
        units = letters.tobytes().decode("utf-32-le").split(_END)[:-1]
        several = len(units) > len(places)
        endings = kinds[kinds >= _SPACE] if several else None
        return PlainNames(units, endings, places.tolist(), np.flatnonzero(~is_plain).tolist())

    def _plain(self, kinds: NDArray[np.uint8], name_ends: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which names are plain: ``(names,)``."""
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


def _signs(used: str) -> tuple[str, str]:
    """Return two characters of the private use area, which Katakana has none of, that are not in ``used``."""
    free = (sign for sign in map(chr, range(0xE000, 0xF8FF)) if sign not in used)
    return next(free), next(free)
