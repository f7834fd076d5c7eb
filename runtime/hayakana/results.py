"""What becomes of names: one by one for users, as columns where there are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from hayakana.errors import (
    EmptyNameError,
    NameTooLongError,
    UnfinishedNameError,
    UnreadableNameError,
    UntransliterableNameError,
)

MOST_CANDIDATES = 1_000
"""Of one name: a search takes memory in proportion, and is over in a fraction of a second up to here."""

OnError = Literal["raise", "keep", "empty"]
ON_ERROR: tuple[OnError, ...] = ("raise", "keep", "empty")


class Status(StrEnum):
    """What became of a name."""

    OK = "ok"
    """Transliterated."""
    KEPT = "kept"
    """Written in Kana and Kanji already, and returned as it came."""
    LEXICON = "lexicon"
    """All of it that was not Kana and Kanji already is from the user's own lexicon."""
    EMPTY = "empty"
    """Nothing in it but spaces and punctuation."""
    UNREADABLE = "unreadable"
    """It holds characters that the model does not know."""
    TOO_LONG = "too_long"
    """A unit is longer than the model's limit."""
    UNFINISHED = "unfinished"
    """The model wrote nothing, or did not end within its limit."""


WITH_TEXT = (Status.OK, Status.KEPT, Status.LEXICON)
"""What a name with a text has; all others are problems."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several Katakana of a name, and the probability that it is right: see ``Transliterator.candidates``."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Transliteration:
    """One name and what became of it. ``text`` is None, and ``error`` says why, unless it is ok, kept or lexicon.

    ``probability``, where it was asked for, is that of ``text``. ``candidates``, where they were asked for, are the
    most probable texts, best first. What no model has written has the probability 1. Nothing has either without a text.
    """

    name: str
    text: str | None
    status: Status
    error: UntransliterableNameError | None = None
    probability: float | None = None
    candidates: tuple[Candidate, ...] = ()


_STATUSES: dict[type[UntransliterableNameError], Status] = {
    EmptyNameError: Status.EMPTY,
    UnreadableNameError: Status.UNREADABLE,
    NameTooLongError: Status.TOO_LONG,
    UnfinishedNameError: Status.UNFINISHED,
}


@dataclass(frozen=True, slots=True)
class Details:
    """What is asked for beside texts: their probabilities, and how many candidates at most."""

    probabilities: bool = False
    candidates: int = 0


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class KatakanaColumn:
    """What became of a list of names: most are fine, so only the others cost more than their text.

    ``texts`` has one entry a name, None where ``errors``, by place in the list, says why there is none. ``kept`` are
    the places of names that were Katakana already, ``from_lexicon`` those of names that are from the lexicon.
    ``probabilities``, ``(names,)`` float64, and ``candidates``, an entry a name, are there where they were asked for;
    where there is no text they say nothing.
    """

    texts: list[str | None]
    errors: dict[int, UntransliterableNameError]
    kept: frozenset[int]
    from_lexicon: frozenset[int] = frozenset()
    probabilities: NDArray[np.float64] | None = None
    candidates: list[tuple[Candidate, ...]] | None = None

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
        for places, status in ((self.kept, Status.KEPT), (self.from_lexicon, Status.LEXICON)):
            for place in places:
                result = results[place]
                results[place] = Transliteration(
                    result.name, result.text, status, None, result.probability, result.candidates
                )
        for place, error in self.errors.items():
            results[place] = Transliteration(names[place], None, _STATUSES[type(error)], error)
        return results

    def _as_if_ok(self, names: Sequence[str]) -> list[Transliteration]:
        """Return the results as if all were ok."""
        if self.probabilities is None and self.candidates is None:
            return [Transliteration(name, text, Status.OK) for name, text in zip(names, self.texts, strict=True)]
        probabilities = [None] * len(names) if self.probabilities is None else self.probabilities.tolist()
        candidates = [()] * len(names) if self.candidates is None else self.candidates
        return [
            Transliteration(name, text, Status.OK, None, probability, candidates_of_name)
            for name, text, probability, candidates_of_name in zip(
                names, self.texts, probabilities, candidates, strict=True
            )
        ]
