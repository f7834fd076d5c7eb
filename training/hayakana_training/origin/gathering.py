"""What is tagged: pairs of people and dictionaries, places and words, without the names that are held out."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hayakana_training.data.dictionaries import is_dictionary, is_dictionary_of_words, read_dictionary
from hayakana_training.data.held_out import exclude, name_hash, read_hashes
from hayakana_training.data.hints import has_hints
from hayakana_training.data.pairs import DICTIONARY_COUNT, Pair, Problem, merged, read_pairs
from hayakana_training.data.romaji import japanese_name_pairs
from hayakana_training.errors import TrainingError
from hayakana_training.known_names.sources import read_cities
from hayakana_training.origin import places
from hayakana_training.origin.places import Entry

ONE_IN = 8
"""One new place or word in so many is set aside to develop on."""


@dataclass(frozen=True)
class Sources:
    """The files that names come from; what is None is done without."""

    train: Sequence[Path]
    """Pairs of people, and enamdict and edict as they come."""
    development: Path
    exclude_hashes: Path | None = None
    dropped: Path | None = None
    """What ``clean`` has dropped of the same pairs."""
    geonames: Path | None = None
    geolite: Path | None = None
    unidic: Path | None = None


@dataclass(frozen=True)
class Gathered:
    """All names, none of them held out.

    Args:
        people: pairs of ``Sources.train`` that are no dictionary's.
        listed: pairs of dictionaries that ``people`` has not.
        words: pairs of dictionaries of words, with or without ``people`` having them.
        romaji: names in romaji, composed by rule.
        entries: places and words to train on; those that are set aside are in ``development``.
        development: places and words whose names are in no pair.
        cities: name and country of every city, with or without Katakana.
        held_out: ``name_hash`` of the names that are excluded.
        problems: malformed lines.
    """

    people: list[Pair]
    listed: list[Pair]
    words: list[Pair]
    romaji: list[Pair]
    entries: list[Entry]
    development: list[Entry]
    cities: list[tuple[str, str]]
    held_out: frozenset[str]
    problems: list[Problem]


def gather(sources: Sources, *, log: Callable[[str], None], one_in: int = ONE_IN) -> Gathered:
    """Read all ``sources``. One new place or word in ``one_in`` is set aside.

    Raises:
        TrainingError: a file is not what it should be, there are no pairs of people, or pairs have hints.
    """
    excluded = read_hashes(sources.exclude_hashes) if sources.exclude_hashes else frozenset()
    development, problems = read_pairs(sources.development)
    kept_back = excluded | {name_hash(pair.name) for pair in development}
    people, listed, words, malformed = _read_train(sources, kept_back, log=log)
    cities = read_cities(sources.geonames) if sources.geonames else []
    digests = ((name_hash(entry.name), entry) for entry in _entries(sources, cities, log=log))
    entries = [(digest, entry) for digest, entry in digests if digest not in kept_back]
    known = {name_hash(pair.name) for pair in people + listed}
    aside = {digest for digest, _ in entries if int(digest[:8], 16) % one_in == 0 and digest not in known}
    return Gathered(
        people,
        listed,
        exclude(words, aside),
        exclude(japanese_name_pairs(), kept_back),
        [entry for digest, entry in entries if digest not in aside],
        [entry for digest, entry in entries if digest in aside],
        [(city["name"], city["countrycode"]) for city in cities],
        excluded,
        problems + malformed,
    )


def _read_train(
    sources: Sources, kept_back: Set[str], *, log: Callable[[str], None]
) -> tuple[list[Pair], list[Pair], list[Pair], list[Problem]]:
    """Return people, what is listed in dictionaries alone, words, and malformed lines: none of ``kept_back``."""
    wrong = _read_dropped(sources.dropped) if sources.dropped else set()
    people: list[Pair] = []
    listed: list[Pair] = []
    words: list[Pair] = []
    problems: list[Problem] = []
    for path in sources.train:
        log(f"reading {path.name}")
        if is_dictionary(path):
            pairs = exclude(read_dictionary(path).pairs, kept_back)
            listed += pairs
            words += pairs if is_dictionary_of_words(path) else []
        else:
            pairs, malformed = read_pairs(path)
            problems += malformed
            people += exclude(pairs, kept_back)
    if has_hints(pair.name for pair in people):
        raise TrainingError("pairs that have hints are not tagged again: give pairs without the fourth column")
    people = [pair for pair in people if (pair.name, pair.katakana) not in wrong]
    if not people:
        raise TrainingError("there are no pairs of people: give --train a file with name, katakana and count a line")
    left_out = wrong | {(pair.name, pair.katakana) for pair in people}
    listed = [
        Pair(pair.name, pair.katakana, DICTIONARY_COUNT)
        for pair in merged(listed)
        if (pair.name, pair.katakana) not in left_out
    ]
    return people, listed, words, problems


def _entries(sources: Sources, cities: Sequence[dict[str, Any]], *, log: Callable[[str], None]) -> list[Entry]:
    """Return all places, each once a country, and all words."""
    found = places.places_of_cities(cities)
    if sources.geolite:
        log(f"reading {sources.geolite.name}, which takes a minute")
        found += places.geolite(sources.geolite)
    found = list(dict.fromkeys(found))
    return found + (places.words(sources.unidic) if sources.unidic else [])


def _read_dropped(path: Path) -> set[tuple[str, str]]:
    """Read the names and Katakana of what ``clean`` has dropped."""
    header, *lines = path.read_text(encoding="utf-8").split("\n")
    if not header.startswith("name\tkatakana\t"):
        raise TrainingError(f"{path} is not a list of what was dropped: hayakana-train clean writes one")
    columns = [line.split("\t") for line in lines if line]
    return {(name, katakana) for name, katakana, *_ in columns}
