"""What becomes of names: one by one for users, as columns where there are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, cast

from hayakana.errors import (
    EmptyNameError,
    NameTooLongError,
    UnfinishedNameError,
    UnreadableNameError,
    UntransliterableNameError,
)

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


@dataclass(frozen=True, slots=True)
class Transliteration:
    """One name and what became of it. ``text`` is None, and ``error`` says why, unless it is ok, kept or lexicon."""

    name: str
    text: str | None
    status: Status
    error: UntransliterableNameError | None = None


_STATUSES: dict[type[UntransliterableNameError], Status] = {
    EmptyNameError: Status.EMPTY,
    UnreadableNameError: Status.UNREADABLE,
    NameTooLongError: Status.TOO_LONG,
    UnfinishedNameError: Status.UNFINISHED,
}


@dataclass(frozen=True, slots=True)
class Column:
    """What became of a list of names: most are fine, so only the others cost more than their text.

    ``texts`` has one entry a name, None where ``errors``, by place in the list, says why there is none. ``kept`` are
    the places of names that were Katakana already, ``listed`` those of names that are from the lexicon.
    """

    texts: list[str | None]
    errors: dict[int, UntransliterableNameError]
    kept: frozenset[int]
    listed: frozenset[int] = frozenset()

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
        results = [Transliteration(name, text, Status.OK) for name, text in zip(names, self.texts, strict=True)]
        for places, status in ((self.kept, Status.KEPT), (self.listed, Status.LEXICON)):
            for place in places:
                results[place] = Transliteration(names[place], self.texts[place], status)
        for place, error in self.errors.items():
            results[place] = Transliteration(names[place], None, _STATUSES[type(error)], error)
        return results
