"""What became of a window of names, as columns: most names are ok, and cost no more than their text."""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import TypeVar, cast

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

Entry = TypeVar("Entry")

_STATUSES: dict[type[UntransliterableNameError], Status] = {
    EmptyNameError: Status.EMPTY,
    UnreadableNameError: Status.UNREADABLE,
    NameTooLongError: Status.TOO_LONG,
    UnfinishedNameError: Status.UNFINISHED,
}


ORIGINS = {Origin.LEXICON: "l", Origin.KEPT: "j", Origin.KNOWN: "k", Origin.RULE: "r", Origin.MODEL: "m"}
"""Origin → the letter that stands for it in columns, and travels."""

_ORIGIN_OF = {letter: origin for origin, letter in ORIGINS.items()}


@functools.lru_cache(1 << 10)
def _origins_of(letters: str) -> tuple[Origin, ...]:
    return tuple(map(_ORIGIN_OF.__getitem__, letters))


@dataclass(frozen=True, slots=True)
class Details:
    """What is asked for beside texts: probabilities, origins, how many candidates at most, and which texts are unsure.

    A text is unsure if its probability is below ``least_probability``, so that 0 asks for nothing. ``language`` (ISO
    639-1) is that of a hint for all names; empty where there is none.
    """

    probabilities: bool = False
    candidates: int = 0
    least_probability: float = 0.0
    origins: bool = False
    language: str = ""

    @property
    def are_scored(self) -> bool:
        """Whether texts need their probability."""
        return self.probabilities or self.least_probability > 0


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class KatakanaColumn:
    """What became of a list of names: most are fine, and cost no more than their text.

    ``texts`` has one entry a name, None where ``errors``, by place in the list, says why there is none. Of names that
    were Katakana already, ``kept`` has the places; of names from the lexicon, ``from_lexicon``; of names whose
    probability is too low, ``unsure``; of names that were turned round, ``turned``. ``probabilities``, ``(names,)``
    float64, ``candidates`` and ``origins``, an entry a name, are there where they were asked for; where there is no
    text they say nothing. ``origins`` has a letter for each part, as ``ORIGINS`` does. ``languages``, an entry a name,
    are the languages of hints that were followed, and empty elsewhere; None is no hint at all.
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
    languages: Sequence[str] | None = None

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
        if self.languages is not None:
            for place in self.kept | self.from_lexicon:  # No hint has a say in these.
                results[place] = replace(results[place], language=None)
        for place, error in self.errors.items():
            results[place] = Transliteration(names[place], None, _STATUSES[type(error)], error)
        return results

    def _as_if_ok(self, names: Sequence[str]) -> list[Transliteration]:
        """Return the results as if all were ok."""
        count = len(names)
        probabilities = repeat(None, count) if self.probabilities is None else self.probabilities.tolist()
        candidates = repeat((), count) if self.candidates is None else self.candidates
        origins = repeat((), count) if self.origins is None else map(_origins_of, self.origins)
        languages = repeat(None, count) if self.languages is None else (language or None for language in self.languages)
        columns = zip(names, self.texts, probabilities, candidates, origins, languages, strict=True)
        return [
            Transliteration(name, text, Status.OK, None, *details_of_name) for name, text, *details_of_name in columns
        ]


def spread(texts: Sequence[str | None], places: Sequence[int], *, count: int) -> list[str | None]:
    """Return ``count`` texts: ``texts`` at ``places``, and None elsewhere."""
    column: list[str | None] = [None] * count
    for place, text in zip(places, texts, strict=True):
        column[place] = text
    return column


def in_order(columns: Sequence[KatakanaColumn], places: Sequence[Sequence[int]], *, count: int) -> KatakanaColumn:
    """Return one column of ``count`` names, with the entries of ``columns`` at ``places``, a list for each.

    All of the columns, one at least, have the same details, languages apart. Whoever asks has these.
    """
    order = [place for of_column in places for place in of_column]

    def there(marked: Callable[[KatakanaColumn], Iterable[int]]) -> frozenset[int]:
        pairs = zip(columns, places, strict=True)
        return frozenset(of_column[place] for column, of_column in pairs for place in marked(column))

    def spread_out(entries: Callable[[KatakanaColumn], Sequence[Entry] | None]) -> list[Entry] | None:
        of_columns = [of_column for column in columns if (of_column := entries(column)) is not None]
        if not of_columns:
            return None
        by_place = dict(zip(order, chain.from_iterable(of_columns), strict=True))
        return [by_place[place] for place in range(count)]

    probabilities = spread_out(lambda column: None if column.probabilities is None else column.probabilities.tolist())
    errors = {
        of_column[place]: error
        for column, of_column in zip(columns, places, strict=True)
        for place, error in column.errors.items()
    }
    return KatakanaColumn(
        spread_out(lambda column: column.texts) or [],
        errors,
        kept=there(lambda column: column.kept),
        from_lexicon=there(lambda column: column.from_lexicon),
        probabilities=None if probabilities is None else np.array(probabilities, np.float64),
        candidates=spread_out(lambda column: column.candidates),
        unsure=there(lambda column: column.unsure),
        turned=there(lambda column: column.turned),
        origins=spread_out(lambda column: column.origins),
    )
