"""The folder that ``hayakana-train tag`` writes: pairs with tags and without, what is set aside, and a report."""

import json
import platform
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hayakana.names.languages import language_in, language_of, language_tag
from hayakana.system.files import atomic_file
from hayakana_training.data.hints import KINDS, kind_in
from hayakana_training.data.pairs import Pair, Problem, write_pairs
from hayakana_training.origin.classifiers import SURE_OF_LETTERS, LetterClassifier, accuracy_of_letters
from hayakana_training.origin.examples import MOST_ROMAJI, examples
from hayakana_training.origin.gathering import ONE_IN, Gathered, Sources, gather
from hayakana_training.origin.languages import LEAST_PAIRS, LOCALES, SHARED, WITHOUT_TAG
from hayakana_training.origin.places import Entry
from hayakana_training.origin.tagging import SURE, apart, last_stage, tagged, told_apart, untagged_entries

TAGGED, LAST_STAGE = "tagged.tsv", "last_stage.tsv"
PLACES, WORDS = "places.tsv", "words.tsv"
PLACES_DEVELOPMENT, WORDS_DEVELOPMENT = "places_development.tsv", "words_development.tsv"
DATA = "data.json"


@dataclass(frozen=True)
class TagSettings:
    """From how much of what is there languages are learned.

    Args:
        locales: Faker's locales of each language, whose names are its examples.
        most_romaji: names in romaji that are examples of Japanese, at most.
        least_pairs: a language with fewer pairs gets no tag.
        one_in: one new place or word in so many is set aside to develop on.
    """

    locales: Mapping[str, Sequence[str]] = field(default_factory=lambda: LOCALES)
    most_romaji: int = MOST_ROMAJI
    least_pairs: int = LEAST_PAIRS
    one_in: int = ONE_IN


_SETTINGS = TagSettings()
_TOOLS = ("faker", "scikit-learn", "maxminddb")
_SHARED_SEED, _LAST_STAGE_SEED = 5, 9
"""What is added to the seed, so that no two choices are made by the same one."""


def tag(
    sources: Sources,
    folder: Path,
    *,
    seed: int,
    log: Callable[[str], None],
    report: Callable[[Sequence[Problem]], None],
    settings: TagSettings = _SETTINGS,
) -> dict[str, Any]:
    """Write pairs with hints, places and words without, what is set aside of them, and ``data.json``, into ``folder``.

    The same sources, tools and ``seed`` give the same files. Malformed lines go to ``report`` before work begins.

    Returns:
        what ``data.json`` holds.

    Raises:
        TrainingError: a source is not what it should be.
    """
    gathered = gather(sources, log=log, one_in=settings.one_in)
    report(gathered.problems)
    romaji = [pair.name for pair in gathered.romaji]
    known = examples(
        gathered.cities,
        romaji,
        held_out=gathered.held_out,
        seed=seed,
        locales=settings.locales,
        most_romaji=settings.most_romaji,
    )
    log(f"learning languages from the letters of {len(known.names):,} names, which takes minutes")
    accuracy = accuracy_of_letters(known, seed=seed)
    log(f"{accuracy.right:.1%} of {accuracy.names:,} names right that were kept out; now from all names")
    told = told_apart(gathered, LetterClassifier(known), log=log)
    kept, left_out = tagged(told, gathered, seed=seed + _SHARED_SEED, least_pairs=settings.least_pairs)
    pairs = [entry.pair for entry in kept]
    stage = last_stage(gathered, pairs, seed=seed + _LAST_STAGE_SEED)
    values = {
        "sources": _names_of(sources),
        "files": _write(folder, gathered, pairs, stage),
        "languages": dict(Counter(entry.language for entry in kept if entry.language and not entry.kind).most_common()),
        "hints": dict(Counter(map(_sort_of_hints, pairs)).most_common()),
        "left_out": _reasons(left_out, settings.least_pairs),
        "languages_that_share_tags": SHARED,
        "classifier_of_letters": {"examples": dict(Counter(known.languages).most_common()), **asdict(accuracy)},
        "least_probabilities": {"of_letters": SURE_OF_LETTERS, "of_pairs": SURE},
        "seed": seed,
        "tools": {"python": platform.python_version()} | {name: version(name) for name in _TOOLS},
    }
    with atomic_file(folder / DATA) as file:
        file.write((json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode())
    log(f"{len(pairs):,} pairs with hints, {len(stage):,} pairs for the last stage, in {folder}")
    return values


def _write(folder: Path, gathered: Gathered, pairs: Sequence[Pair], stage: Sequence[Pair]) -> dict[str, int]:
    """Write all files of pairs, each whole or not at all, but no empty one; return how many pairs each has."""
    folder.mkdir(parents=True, exist_ok=True)
    places, words = apart(gathered.entries)
    places_aside, words_aside = apart(gathered.development)
    files = {
        TAGGED: pairs,
        PLACES: untagged_entries(places),
        WORDS: untagged_entries(words),
        LAST_STAGE: stage,
        PLACES_DEVELOPMENT: _as_users_ask(places_aside),
        WORDS_DEVELOPMENT: _as_users_ask(words_aside),
    }
    for name, content in files.items():
        if content:
            with atomic_file(folder / name) as file:
                write_pairs(content, file)
        else:
            (folder / name).unlink(missing_ok=True)
    return {name: len(content) for name, content in files.items()}


def _as_users_ask(entries: Iterable[Entry]) -> list[Pair]:
    """Return entries as pairs with the hints that users would give: the kind, and the language of the country."""
    found: dict[Pair, None] = {}
    for entry in entries:
        language = language_of(entry.country)
        tags = KINDS[entry.kind] + (language_tag(language) if language else "")
        found[Pair(tags + entry.name, entry.katakana)] = None
    return list(found)


def _sort_of_hints(pair: Pair) -> str:
    """Return which hints a pair has: its kind, a language, or both."""
    return " ".join(filter(None, (kind_in(pair.name), "language" if language_in(pair.name) else "")))


def _reasons(left_out: Counter[str], least_pairs: int) -> dict[str, Any]:
    return {
        language: {"pairs": count, "reason": WITHOUT_TAG.get(language, f"fewer than {least_pairs} pairs")}
        for language, count in left_out.most_common()
    }


def _names_of(sources: Sources) -> dict[str, Any]:
    """Return the names of the files, without where they lie."""
    names = {item.name: path.name for item in fields(sources) if isinstance(path := getattr(sources, item.name), Path)}
    return {"train": [path.name for path in sources.train], **names}
