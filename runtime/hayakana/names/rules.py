"""The rules that read a part by what it is in its name: by case, by what stands beside it, by its form. Pure.

Each rule is a function of a name that gives the Katakana of the parts it reads. ``readings`` has their order.
``stands_alone`` says of a part whether all of them read it alike in every name.
"""

from hayakana.names.choices import Choices
from hayakana.names.numerals import OF, Numeral
from hayakana.names.particles import GO_BY_OTHERS, GO_BY_PLACE, PARTICLES, particle_at
from hayakana.names.parts import HYPHEN, JOINED, SPACE, CanonicalName, is_japanese
from hayakana.names.spelling import by_case, may_go_by_case

BESIDE_OTHERS = frozenset([OF]) | GO_BY_OTHERS
"""Canonical words, of two letters at least, whose reading depends on what is beside them, or that of a neighbour."""

SMALL_WORDS = GO_BY_PLACE
"""Canonical words that are read by their place, if they are in small letters."""

_AND = ("'n'", "'n", "n'")
_ARTICLES = {"'t": "ト", "'s": "ス"}
"""Words that an apostrophe cuts short to a letter (rule 12): Rock 'n' Roll, Gerard 't Hooft."""


def readings(name: CanonicalName, choices: Choices) -> tuple[list[str | None], list[str]]:
    """Return the Katakana of the parts that go by place, case or form, None for all other parts; and the separators."""
    found, separators = by_case(name), list(name.separators)
    last = len(found) - 1
    texts: list[str | None] = []
    for index, (reading, quoted, written) in enumerate(zip(found, name.quoted, name.written, strict=True)):
        if isinstance(reading, Numeral):
            has_figures = choices.numerals == "figures" and reading.is_ordinal
            if has_figures:
                separators[index - 1] = JOINED
            texts.append(f"{reading.number}世" if has_figures else reading.words)
        elif quoted in _AND and 0 < index < last:
            texts.append("ン")
        elif quoted in _ARTICLES and index < last and written.islower():
            texts.append(_ARTICLES[quoted])
        elif reading is None and name.parts[index] in PARTICLES:
            texts.append(particle_at(name, index))
        else:
            texts.append(reading)
    return texts, separators


def stands_alone(name: CanonicalName) -> bool:
    """Whether nothing beside the parts of ``name`` in a longer name has a say in how they are read."""
    return all(map(_stands_alone, name.written, name.parts, name.quoted))


def goes_by_others(word: str) -> bool:
    """Whether ``word`` is one that is read by what stands beside it."""
    return word in SMALL_WORDS or word.lower() in BESIDE_OTHERS


def _stands_alone(part: str, canonical: str, quoted: str) -> bool:
    if is_japanese(part) or SPACE in canonical or HYPHEN in canonical:
        return False
    if quoted in _AND or quoted in _ARTICLES or goes_by_others(part):
        return False
    if all(map(str.isupper, part)):
        return not may_go_by_case(canonical)
    return len(canonical) > 1  # A small letter may be the word between two names.
