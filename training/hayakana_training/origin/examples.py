"""Names by language, for a classifier to learn from: names of people by Faker (MIT), names of cities by GeoNames."""

import importlib
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from hayakana.names.normalization import normalize
from hayakana_training.data.held_out import name_hash
from hayakana_training.errors import TrainingError
from hayakana_training.origin.languages import COUNTRIES_OF_EXAMPLES, LOCALES

MOST_CITIES = 2_500
"""Names of cities that are examples of one language, at most."""
MOST_ROMAJI = 1_500
"""Composed names in romaji that are examples of Japanese."""
CITY_WEIGHT = 0.4
"""What a city counts beside a person: cities are named in languages that are no longer spoken there."""
_TYPICAL = 2_000
"""Names of a language that has the weight 1; the weight of a larger one falls with the square root."""

_LISTS = re.compile("(first|last)_(names?(_.*)?|romanized.*)")
_JAPANESE_LISTS = re.compile("(first|last)_(romanized_names|name_pairs)|first_name_(fe)?male_pairs")
_PARTS = re.compile("[ -]")
_CYRILLIC = {
    **{"а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k"},
    **{"л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh"},
    **{"ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya"},
    **{"ё": "yo", "і": "i", "ї": "yi", "є": "ye", "ґ": "g"},
}
_GREEK = {
    **{"α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l"},
    **{"μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f"},
    **{"χ": "ch", "ψ": "ps", "ω": "o", "ά": "a", "έ": "e", "ή": "i", "ί": "i", "ό": "o", "ύ": "y", "ώ": "o"},
    **{"ϊ": "i", "ϋ": "y", "ΐ": "i"},
}


@dataclass(frozen=True)
class Examples:
    """Names, canonical, the language of each, and how much each counts."""

    names: Sequence[str]
    languages: Sequence[str]
    weights: Sequence[float]

    def at(self, places: Iterable[int]) -> "Examples":
        """Return those at some places."""
        chosen = list(places)
        return Examples(
            [self.names[place] for place in chosen],
            [self.languages[place] for place in chosen],
            [self.weights[place] for place in chosen],
        )


def examples(
    cities: Iterable[tuple[str, str]],
    romaji: Iterable[str],
    *,
    held_out: Set[str],
    seed: int,
    locales: Mapping[str, Sequence[str]] = LOCALES,
    most_romaji: int = MOST_ROMAJI,
) -> Examples:
    """Return the examples of all languages: Faker's names, ``cities`` (name, country), and of ``romaji`` some.

    Names whose hash is ``held_out`` are left out. ``locales`` are Faker's of each language beside Japanese.
    """
    people = {language: set(_people(named, held_out)) for language, named in locales.items() if language != "ja"}
    people["ja"] = {*_japanese(held_out), *_drawn(romaji, most_romaji, seed=seed + 1)}
    places: dict[str, set[str]] = {}
    for name, country in cities:
        if language := COUNTRIES_OF_EXAMPLES.get(country):
            places.setdefault(language, set()).update(_readable(name, held_out, shortest=3))
    source = random.Random(seed)  # noqa: S311 (nothing is secret here)
    rows: list[tuple[str, str, float]] = []
    for language in sorted(people | places):
        names = sorted(people.get(language, ()))
        others = sorted(places.get(language, set()).difference(names))
        source.shuffle(others)
        del others[MOST_CITIES:]
        weight = (_TYPICAL / (len(names) + CITY_WEIGHT * len(others))) ** 0.5
        rows += [(name, language, weight) for name in names]
        rows += [(name, language, CITY_WEIGHT * weight) for name in others]
    return Examples(*map(list, zip(*rows, strict=True)))


def _people(locales: Iterable[str], held_out: Set[str]) -> Iterator[str]:
    """Yield the given names and surnames of some of Faker's locales, in Latin letters."""
    for locale in locales:
        for name in _listed(locale, _LISTS):
            yield from _readable(_latin(name), held_out, shortest=2)


def _japanese(held_out: Set[str]) -> Iterator[str]:
    """Yield Faker's Japanese names, romanised; they are listed beside their Kanji and Kana."""
    for name in map(normalize, _listed("ja_JP", _JAPANESE_LISTS)):
        if name.isascii() and name.isalpha() and name_hash(name) not in held_out:
            yield name


def _listed(locale: str, lists: re.Pattern[str]) -> Iterator[str]:
    """Yield the names in the lists of a locale; where spellings are listed side by side, the last one, in Latin."""
    try:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("faker.providers"):
            raise TrainingError(f"this version of Faker has no names of {locale}: pip install 'faker>=40'") from error
        raise
    for attribute in dir(provider):
        entries = getattr(provider, attribute)
        if lists.fullmatch(attribute) and isinstance(entries, tuple | list | dict):
            yield from (entry if isinstance(entry, str) else entry[-1] for entry in entries)


def _readable(name: str, held_out: Set[str], *, shortest: int) -> Iterator[str]:
    """Yield the parts of ``name``, canonical, that are letters and not held out."""
    for part in map(normalize, _PARTS.split(name)):
        if len(part) >= shortest and part.replace("'", "").isalpha() and name_hash(part) not in held_out:
            yield part


def _latin(name: str) -> str:
    """Return a name in Cyrillic or Greek letters romanised roughly, as it is met in lists; any other as it is."""
    name = name.lower()
    for letters in (_CYRILLIC, _GREEK):
        if not letters.keys().isdisjoint(name):
            return "".join(letters.get(letter, letter) for letter in name)
    return name


def _drawn(names: Iterable[str], count: int, *, seed: int) -> list[str]:
    shuffled = list(names)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 (nothing is secret here)
    return shuffled[:count]
