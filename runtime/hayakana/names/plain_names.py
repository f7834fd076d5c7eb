"""What the plain names of a list are parsed to: their units in one column, and what stands behind each unit.

Plain names need no judgement: see ``plain_parsing``. Any other name becomes a ``ParsedName``.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, count

import numpy as np
from numpy.typing import NDArray

from hayakana.names.parts import HYPHEN, SPACE, join
from hayakana.names.rules import may_go_by_others, ruled_words

BEFORE_SPACE, BEFORE_HYPHEN, AT_END = range(3, 6)
"""What stands behind a unit. In ``plain_parsing`` these are kinds of characters, after the kinds inside a unit."""


@dataclass(frozen=True)
class PlainNames:
    """The units of the plain names of a list, in order.

    ``endings`` says what stands behind each unit: ``BEFORE_SPACE``, ``BEFORE_HYPHEN`` or ``AT_END``. It is None where
    every name is one unit. ``places`` are the places of the plain names in the list, ``other_places`` the places of all
    other names.
    """

    units: list[str]
    endings: NDArray[np.uint8] | None
    places: list[int]
    other_places: list[int]

    def owners(self) -> list[int]:
        """Return the place in the list of the name that each unit is of."""
        if self.endings is None:
            return self.places
        ends = self.endings == AT_END
        owners: list[int] = np.repeat(self.places, np.diff(np.flatnonzero(ends), prepend=-1)).tolist()
        return owners

    def written(self, texts: Sequence[str | None], *, space: str, hyphen: str) -> list[str | None]:
        """Return the names with ``texts``, one a unit, for their units; None for a name with a unit that has none."""
        if self.endings is None:
            return list(texts)
        end, missing = _signs(space + hyphen)
        texts_and_endings: list[str] = [missing] * (2 * len(texts))
        texts_and_endings[::2] = [missing if text is None else text for text in texts]
        written_for = {BEFORE_SPACE: space, BEFORE_HYPHEN: hyphen, AT_END: end}
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
                between = [
                    HYPHEN if ending == BEFORE_HYPHEN else SPACE for ending in self.endings[first : next_first - 1]
                ]
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
        return np.flatnonzero(np.append(True, self.endings[:-1] == AT_END))


def none_plain(count: int) -> PlainNames:
    """Return the result for ``count`` names that leaves all of them to ``parsing.NameParser``."""
    return PlainNames([], None, [], list(range(count)))


@lru_cache(1 << 4)
def _signs(used: str) -> tuple[str, str]:
    """Return two characters of the private use area, which Katakana has none of, that are not in ``used``."""
    free = (sign for sign in map(chr, range(0xE000, 0xF8FF)) if sign not in used)
    return next(free), next(free)
