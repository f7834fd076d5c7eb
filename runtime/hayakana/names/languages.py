"""The hint of language: codes as people have them, and the tags that tell a model what a name is said to be. Pure.

A tag is one character of Unicode's private use area, in front of a unit. A model that was trained with it has it in its
source vocabulary. So whatever goes by units (caches, distinct units, distinct prefixes) goes by tags and units without
knowing of tags. No letter of a name is such a character: a name that has one is unreadable.
"""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from hayakana.errors import shorten
from hayakana.names.choices import Choices, Kind
from hayakana.names.language_codes import COUNTRIES, LANGUAGES

_FIRST_TAG, _LAST_TAG = "\ue000", "\uf8ff"
"""The private use area."""

KIND_TAGS: dict[Kind, str] = {"person": "\uf000", "place": "\uf001", "word": "\uf002"}
"""Kind of a name → its tag."""

_LETTERS = 26
_LANGUAGE = re.compile("([a-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
_COUNTRY = re.compile("([A-Z]{2,3})(?:-[A-Z0-9]{1,3})?")
_LONGEST_CODE = 35
"""Characters of a tag of BCP 47 for which there must be room (RFC 5646, 4.4.1)."""


def language_of(code: str | None) -> str | None:
    """Return the language, ISO 639-1, that ``code`` hints at; None where it hints at none.

    Small letters are a language: ISO 639-1 or 639-2 (``fr``, ``fra``, ``fre``) or a tag of BCP 47 that begins so
    (``fr-CA``, also ``fr_CA``). Capitals are a country: ISO 3166-1 (``FR``, ``FRA``) or a subdivision of ISO 3166-2
    (``US-CA``). A country whose names are of several languages, and a code that is unknown, hint at none.

    Raises:
        ValueError: ``code`` is no code at all, as the name of a language is not.
        TypeError: ``code`` is neither a string nor None.
    """
    if code is None:
        return None
    if not isinstance(code, str):
        raise TypeError(f"a code of a language must be a str or None, not {type(code).__name__}")
    text = code.strip()
    if not text:
        return None
    if len(text) <= _LONGEST_CODE:
        if found := _LANGUAGE.fullmatch(text):
            return LANGUAGES.get(found[1])
        if found := _COUNTRY.fullmatch(text):
            return COUNTRIES.get(found[1])
    raise ValueError(
        f"{shorten(code)} is not a code of a language or country: give small letters for a language, such as fr or"
        " pt-BR, or capitals for a country, such as FR or BRA"
    )


def languages_of(codes: Sequence[str | None], *, otherwise: str, known: Set[str]) -> list[str]:
    """Return the language that each of ``codes`` hints at, if it is among ``known`` ones; empty where it is none.

    None stands for a code that was not given: that name has the language ``otherwise``.

    Raises:
        ValueError: there is something else than a code.
        TypeError: there is something else than a string or None.
    """
    for kind in set(map(type, codes)):
        if not issubclass(kind, str | None):
            raise TypeError(f"a code of a language must be a str or None, not {kind.__name__}")
    languages = {code: otherwise if code is None else language_of(code) or "" for code in set(codes)}
    followed = {code: language if language in known else "" for code, language in languages.items()}
    return list(map(followed.__getitem__, codes))


def language_tag(language: str) -> str:
    """Return the tag of a language, ISO 639-1: two small letters."""
    first, second = (ord(letter) - ord("a") for letter in language)
    return chr(ord(_FIRST_TAG) + _LETTERS * first + second)


_LANGUAGES_OF_TAGS = {language_tag(language): language for language in set(LANGUAGES.values())}


def languages_among(characters: Iterable[str]) -> frozenset[str]:
    """Return the languages whose tags are among the characters of a vocabulary."""
    return frozenset(_LANGUAGES_OF_TAGS[tag] for tag in characters if tag in _LANGUAGES_OF_TAGS)


def letters_among(characters: Iterable[str]) -> frozenset[str]:
    """Return the characters of a vocabulary that names may have: no tags."""
    return frozenset(character for character in characters if not _FIRST_TAG <= character <= _LAST_TAG)


@dataclass(frozen=True)
class Tags:
    """The tags that a model knows: of ``languages`` (ISO 639-1), and that of the kind of all names if it is there."""

    languages: frozenset[str]
    of_kind: str

    @staticmethod
    def of(characters: Set[str], *, kind: Kind) -> "Tags":
        """Return the tags of a model whose vocabulary has ``characters``, for names of ``kind``.

        People have no tag: without a tag, a model reads a person's name.
        """
        has_kind = kind != Choices.kind and KIND_TAGS[kind] in characters
        return Tags(languages_among(characters), KIND_TAGS[kind] if has_kind else "")

    def of_hint(self, language: str) -> str:
        """Return what a hint of ``language``, or of none where that is empty, puts in front of units."""
        return self.of_kind + (language_tag(language) if language in self.languages else "")

    def before(self, units: list[str], language: str) -> list[str]:
        """Return ``units`` as the model gets them under such a hint."""
        tags = self.of_hint(language)
        return [tags + unit for unit in units] if tags else units


def bare_units(units: Sequence[str]) -> Sequence[str]:
    """Return ``units`` without the tags in front of them; themselves where none has any."""
    return list(map(untagged, units)) if any(map(_FIRST_TAG.__le__, units)) else units


def untagged(unit: str) -> str:
    """Return ``unit`` without the tags in front of it."""
    if unit < _FIRST_TAG:
        return unit
    place = 0
    while place < len(unit) and _FIRST_TAG <= unit[place] <= _LAST_TAG:
        place += 1
    return unit[place:]


def tags_before(unit: str) -> str:
    """Return the tags that stand in front of ``unit``; empty where there is none."""
    return unit[: len(unit) - len(untagged(unit))]


def tag_in(unit: str) -> str:
    """Return the tag of a language that stands in front of ``unit``; empty where there is none."""
    return next((tag for tag in tags_before(unit) if tag in _LANGUAGES_OF_TAGS), "")


def language_in(unit: str) -> str:
    """Return the language whose tag stands in front of ``unit``; empty where there is none."""
    return _LANGUAGES_OF_TAGS.get(tag_in(unit), "")
