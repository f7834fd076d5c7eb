"""The rules that read a part by what it is in its name: by case, by what stands beside it, by its form. Pure.

Each rule is a function of a name that gives the Katakana of the parts it reads. ``readings`` has their order: what
goes by syllables (rule 23) comes last, and reads what no other rule does.
``stands_alone`` says of a part whether all of them read it alike in every name.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from hayakana.names import particles, saints, titles
from hayakana.names.choices import Choices
from hayakana.names.known_tables import CERTAIN
from hayakana.names.languages import languages_among
from hayakana.names.numerals import IN_ANY_CASE, OF, Numeral, numeral_at
from hayakana.names.parts import AMPERSANDS, HYPHEN, JOINED, PLUSES, SPACE, CanonicalName, is_japanese
from hayakana.names.spelling import by_case, may_go_by_case
from hayakana.names.syllabaries.signs import anchors, may_be_unmistakable, signs
from hayakana.names.syllabaries.whole_names import LANGUAGES, known_wins, read_as, unmistakable

BESIDE_OTHERS = frozenset([OF]) | IN_ANY_CASE | saints.SAINTS | titles.GO_BY_OTHERS
"""Canonical words, of two letters at least, whose reading depends on what is beside them, or that of a neighbour."""

SMALL_WORDS = particles.BY_PLACE
"""Canonical words that are read by their place, if they are in small letters."""

RULED_WORDS = BESIDE_OTHERS | SMALL_WORDS | particles.BY_SIGNS
"""All of these, and particles that another part is a sign for."""


@cache
def ruled_words() -> frozenset[str]:
    """Return canonical words: every name of several parts that the rules here read otherwise has one of them."""
    return RULED_WORDS | anchors()


_SIGNS_OF_AND = frozenset(AMPERSANDS + PLUSES)

_AND = ("'n'", "'n", "n'")
_ARTICLES = {"'t": "ト", "'s": "ス"}
"""Words that an apostrophe cuts short to a letter (rule 12): Rock 'n' Roll, Gerard 't Hooft."""


_SIGNS = _SIGNS_OF_AND.union(_AND, _ARTICLES, ["co"])
_RULED = _SIGNS.union(particles.PARTICLES, saints.SAINTS, titles.GO_BY_OTHERS, titles.WITH_FULL_STOP)
"""Canonical words, with the apostrophes at their edges, that any of the rules may read."""


BY_SYLLABLES = 95
"""Probability of a part that is read by syllables, in hundredths: see docs/probabilities.md."""

LANGUAGES_BY_RULE = LANGUAGES
"""Languages (ISO 639-1) whose names ``readings`` reads by rule where a hint says so, whatever the model knows.

Names under such a hint go to the rule book, all of them: no other reader knows these rules.
"""


def languages_followed(characters: Iterable[str], *, whole_names: bool) -> frozenset[str]:
    """Return the languages whose hints have a say in names, for a model with these characters in its vocabulary."""
    return languages_among(characters) | (frozenset() if whole_names else LANGUAGES_BY_RULE)


@dataclass(frozen=True, slots=True)
class Readings:
    """The Katakana of the parts that go by rule, None for all other parts; and the separators between the parts.

    ``percents`` are the probabilities of the Katakana, in hundredths.
    """

    texts: list[str | None]
    percents: list[int]
    separators: list[str]


def readings(name: CanonicalName, choices: Choices, language: str, known: Callable[[str], str | None]) -> Readings:
    """Return the readings of the parts that go by place, case, form or syllables.

    ``language`` is that of a hint, ISO 639-1; empty where there is none. ``known`` says what is known of a part.
    """
    separators = list(name.separators)
    texts: list[str | None] = []
    for index, reading in enumerate(by_case(name)):
        if reading is None and name.parts[index] in IN_ANY_CASE:
            # In small letters, where a name ends.
            numeral = numeral_at(name, index, only_capitals=False)
            reading = numeral if numeral is not None and numeral.is_ordinal else None
        if isinstance(reading, Numeral):
            has_figures = choices.numerals == "figures" and reading.is_ordinal
            if has_figures:
                separators[index - 1] = JOINED
            texts.append(f"{reading.number}世" if has_figures else reading.words)
        else:
            is_plain = reading is None and name.quoted[index] not in _RULED and name.parts[index] not in _RULED
            texts.append(reading if is_plain or reading else _by_rules(name, index, language))
    for degree in titles.dotted_degrees(name) if "ph" in name.parts or any("." in run for run in name.runs) else ():
        for index, text in degree.items():
            texts[index] = text
            if index - 1 in degree:
                separators[index - 1] = JOINED
    percents = [CERTAIN] * len(texts)
    if language in LANGUAGES or (not language and len(texts) > 1 and not anchors().isdisjoint(name.parts)):
        for index, text in _by_syllables(name, texts, language, known, separators):
            texts[index], percents[index] = text, BY_SYLLABLES
    return Readings(texts, percents, separators)


def separators_by_syllables(name: CanonicalName) -> tuple[str, ...]:
    """Return the separators of a name, those between the syllables of a given name (rule 23) joined."""
    language = unmistakable(name)
    return name.separators if language is None else read_as(name, language).separators


def _by_syllables(
    name: CanonicalName,
    texts: Sequence[str | None],
    language: str,
    known: Callable[[str], str | None],
    separators: list[str],
) -> list[tuple[int, str]]:
    """Return the places and Katakana of parts that are read by syllables (rule 23), and join parts of a given name.

    Titles, and parts that another rule reads, are no part of the name for it: Dr. Park Geun-hye, PhD.
    """
    places = [index for index, part in enumerate(name.parts) if texts[index] is None and part not in titles.TITLES]
    if not places or places[-1] - places[0] >= len(places):
        return []
    bare = name.between(places[0], places[-1] + 1)
    if not (language or (language := unmistakable(bare) or "")):
        return []
    found = read_as(bare, language)
    separators[places[0] : places[-1]] = found.separators
    return [
        (index, part.katakana)
        for index, part in zip(places, found.parts, strict=True)
        if part is not None and not ((text := known(name.parts[index])) and known_wins(part, text, found.language))
    ]


def _and(name: CanonicalName, index: int) -> str | None:
    """Return the Katakana of ``&`` and ``+`` between two parts (rule 16), and of ``Co`` behind them."""
    last = len(name.parts) - 1
    if name.parts[index] in _SIGNS_OF_AND:
        return "アンド" if 0 < index < last else None
    is_company = name.parts[index] == "co" and index == last > 1 and name.parts[index - 1] in _SIGNS_OF_AND
    return "カンパニー" if is_company else None


def _cut_short(name: CanonicalName, index: int) -> str | None:
    """Return the Katakana of a word that an apostrophe cuts short (rule 12)."""
    quoted, last = name.quoted[index], len(name.parts) - 1
    if quoted in _AND:
        return "ン" if 0 < index < last else None
    return _ARTICLES.get(quoted) if index < last and name.written[index].islower() else None


def _by_rules(name: CanonicalName, index: int, language: str) -> str | None:
    """Return the Katakana of the first rule that reads a part."""
    return (
        _and(name, index)
        or _cut_short(name, index)
        or saints.saint_at(name, index, language)
        or titles.title_at(name, index)
        or particles.particle_at(name, index, language)
    )


def stands_alone(name: CanonicalName) -> bool:
    """Whether nothing beside the parts of ``name`` in a longer name has a say in how they are read."""
    return (
        all(map(_stands_alone, name.written, name.parts, name.quoted))
        and particles.BY_SIGNS.isdisjoint(name.parts)
        and not titles.may_be_dotted(name)
        and not (SPACE in name.separators and any(map(signs, name.parts)))
    )


def may_go_by_others(parts: Sequence[str]) -> bool:
    """Whether a canonical part is read by what is beside it; ``de`` and ``van`` are where another part is a sign."""
    return (
        may_be_unmistakable(parts)
        or particles.may_be_read(parts)
        or not (BESIDE_OTHERS.isdisjoint(parts) and SMALL_WORDS.isdisjoint(parts))
    )


def goes_by_others(word: str) -> bool:
    """Whether ``word`` is read by what stands beside it, but for words of ``particles.BY_SIGNS``."""
    return word in SMALL_WORDS or word.lower() in BESIDE_OTHERS


def _stands_alone(part: str, canonical: str, quoted: str) -> bool:
    if canonical in _SIGNS_OF_AND or is_japanese(part) or SPACE in canonical or HYPHEN in canonical:
        return False
    if quoted in _AND or quoted in _ARTICLES or canonical in BESIDE_OTHERS or canonical in SMALL_WORDS:
        return False
    if all(map(str.isupper, part)):
        return not may_go_by_case(canonical)
    return len(canonical) > 1  # A small letter may be the word between two names.
