"""What became of a window of names, as columns: most names are ok, so only the others cost more than their text."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import cast

import numpy as np
from numpy.typing import NDArray

from hayakana.errors import (
    EmptyNameError,
    NameTooLongError,
    UnfinishedNameError,
    UnreadableNameError,
    UntransliterableNameError,
)
from hayakana.results import Candidate, OnError, Origin, Status, Transliteration

_STATUSES: dict[type[UntransliterableNameError], Status] = {
    EmptyNameError: Status.EMPTY,
    UnreadableNameError: Status.UNREADABLE,
    NameTooLongError: Status.TOO_LONG,
    UnfinishedNameError: Status.UNFINISHED,
}


ORIGINS = {
    Origin.LEXICON: "l",
    Origin.KEPT: "j",
    Origin.KNOWN: "k",
    Origin.RULE: "r",
    Origin.MODEL: "m",
}
"""Origin → the letter that stands for it in columns, and travels."""

_ORIGIN_OF = {letter: origin for origin, letter in ORIGINS.items()}


@functools.lru_cache(1 << 10)
def _origins_of(letters: str) -> tuple[Origin, ...]:
    return tuple(map(_ORIGIN_OF.__getitem__, letters))


@dataclass(frozen=True, slots=True)
class Details:
    """What is asked for beside texts: probabilities, origins, how many candidates at most, and which texts are unsure.

    A text is unsure if its probability is below ``least_probability``, so that 0 asks for nothing.
    """

    probabilities: bool = False
    candidates: int = 0
    least_probability: float = 0.0
    origins: bool = False

    @property
    def are_scored(self) -> bool:
        """Whether texts need their probability."""
        return self.probabilities or self.least_probability > 0


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class KatakanaColumn:
    """What became of a list of names: most are fine, so only the others cost more than their text.

    ``texts`` has one entry a name, None where ``errors``, by place in the list, says why there is none. ``kept`` are
    the places of names that were Katakana already, ``from_lexicon`` those of names that are from the lexicon,
    ``unsure`` those of names whose probability is too low, ``turned`` those of names that were turned round.
    ``probabilities``, ``(names,)`` float64, ``candidates`` and ``origins``, an entry a name, are there where they were
    asked for; where there is no text they say nothing. ``origins`` has a letter for each part, as ``ORIGINS`` does.
    """

    texts: list[str | None]
    errors: dict[int, UntransliterableNameError]
    kept: frozenset[int]
    from_lexicon: frozenset[int] = frozenset()
    probabilities: NDArray[np.float64] | None = None
    candidates: list[tuple[Candidate, ...]] | None = None
    unsure: frozenset[int] = frozenset()
    turned: frozenset[int] = frozenset()
    origins: list[str] | None = None

    def resolved(self, names: Sequence[str], *, on_error: OnError) -> list[str]:
        """Return one text a name; ``on_error`` as in ``Transliterator.transliterate``.

        Raises:
            UntransliterableNameError: that of the first name that has one, where ``on_error`` is ``"raise"``.
        """
        if self.errors and on_error == "raise":
            raise self.errors[min(self.errors)]
        texts = self.texts.copy()
        for place in self.errors:
            texts[place] = names[place] if on_error == "keep" else ""
        return cast(list[str], texts)

    def detailed(self, names: Sequence[str]) -> list[Transliteration]:
        """Return one ``Transliteration`` a name."""
        results = self._as_if_ok(names)
        # A name that is several of these has the last.
        statuses = {
            Status.KEPT: self.kept,
            Status.LEXICON: self.from_lexicon,
            Status.TURNED: self.turned,
            Status.UNSURE: self.unsure,
        }
        for status, places in statuses.items():
            for place in places:
                results[place] = replace(results[place], status=status)
        for place, error in self.errors.items():
            results[place] = Transliteration(names[place], None, _STATUSES[type(error)], error)
        return results

    def _as_if_ok(self, names: Sequence[str]) -> list[Transliteration]:
        """Return the results as if all were ok."""
        count = len(names)
        probabilities = repeat(None, count) if self.probabilities is None else self.probabilities.tolist()
        candidates = repeat((), count) if self.candidates is None else self.candidates
        origins = repeat((), count) if self.origins is None else map(_origins_of, self.origins)
        columns = zip(names, self.texts, probabilities, candidates, origins, strict=True)
        return [
            Transliteration(name, text, Status.OK, None, *details_of_name) for name, text, *details_of_name in columns
        ]


def spread(texts: Sequence[str | None], places: Sequence[int], *, count: int) -> list[str | None]:
    """Return ``count`` texts, those of ``texts`` at ``places`` and None elsewhere."""
    column: list[str | None] = [None] * count
    for place, text in zip(places, texts, strict=True):
        column[place] = text
    return column
