"""What users get: a status, candidates and a ``Transliteration`` a name."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from hayakana.errors import UntransliterableNameError

MOST_CANDIDATES = 1_000
"""Of one name: a search takes memory in proportion, and is over in a fraction of a second up to here."""

OnError = Literal["raise", "keep", "empty"]
ON_ERROR: tuple[OnError, ...] = ("raise", "keep", "empty")


class Status(StrEnum):
    """What became of a name."""

    OK = "ok"
    """Transliterated."""
    KEPT = "kept"
    """Written in Kana and Kanji already, and returned as it came, half-width Katakana made full-width."""
    LEXICON = "lexicon"
    """All of it that was not Kana and Kanji already is from the user's own lexicon."""
    TURNED = "turned"
    """Transliterated, and turned round so that the given name comes first, as ``order="given_first"`` asks for."""
    UNSURE = "unsure"
    """Transliterated, with a probability below the least that was asked for: a person should look at it."""
    EMPTY = "empty"
    """Nothing in it but spaces and punctuation."""
    UNREADABLE = "unreadable"
    """It holds characters that the model does not know."""
    TOO_LONG = "too_long"
    """A unit is longer than the model's limit."""
    UNFINISHED = "unfinished"
    """The model wrote nothing, or did not end within its limit."""


class Origin(StrEnum):
    """Where the text of a part of a name comes from."""

    LEXICON = "lexicon"
    """The user's own lexicon."""
    KEPT = "kept"
    """The name: it was Kana or Kanji already."""
    KNOWN = "known"
    """The model's table of known names."""
    RULE = "rule"
    """A rule of docs/names.md: a letter, an acronym, a title, a numeral, a small word."""
    MODEL = "model"
    """The model wrote it."""


WITH_TEXT = (Status.OK, Status.KEPT, Status.LEXICON, Status.TURNED, Status.UNSURE)
"""What a name with a text has; all others are problems."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several Katakana of a name, and the probability that it is right: see ``Transliterator.candidates``."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Transliteration:
    """One name and what became of it. ``text`` is None, and ``error`` says why, unless ``WITH_TEXT`` has its status.

    ``probability``, where it was asked for, is that of ``text``. ``candidates``, where they were asked for, are the
    most probable texts, best first. What is from the lexicon, kept or read by rule has the probability 1, and a known
    name has that of its table. Nothing has either without a text. ``origins`` says where each part of the text comes
    from, in order. A name that is known whole, or whole in the lexicon, may have one for all of its parts. ``language``
    (ISO 639-1) is that of the hint that the name was read by; None where there was no hint, or it did nothing.
    """

    name: str
    text: str | None
    status: Status
    error: UntransliterableNameError | None = None
    probability: float | None = None
    candidates: tuple[Candidate, ...] = ()
    origins: tuple[Origin, ...] = ()
    language: str | None = None
