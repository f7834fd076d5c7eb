"""Pairs with tags: what the classifiers are sure enough of, and what the sources say; languages below the floor go."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hayakana.names.languages import language_tag, tag_in, untagged
from hayakana_training.data.hints import KINDS, kind_in
from hayakana_training.data.pairs import DICTIONARY_COUNT, Pair
from hayakana_training.origin.classifiers import SURE_OF_LETTERS, LetterClassifier, PairClassifier
from hayakana_training.origin.gathering import Gathered
from hayakana_training.origin.languages import COUNTRIES_OF_PLACES, LEAST_PAIRS, READ_BY_RULE, WITHOUT_TAG, LanguageTags
from hayakana_training.origin.places import Entry

SURE = 0.5
"""The probability of its language from which a pair is tagged."""
LEAST_COUNT = 1
"""What a tagged pair counts at least, a dictionary's entry too: it is what a tag is learned from."""
TELLING = 4
"""How many times as much a pair counts whose name is written otherwise in another language. It tells a model that the
tag matters; names that all languages write alike do not. English ones do not count more: without a hint, a model
already writes such a name as in English."""

DICTIONARY_EVERY, WORD_EVERY = 3, 2
"""The last stage gets one pair of dictionaries in so many, and one word in so many."""
MOST_BY_LANGUAGE, MOST_BY_KIND = 22_000, 26_000
"""Tagged pairs in the last stage beside those of people, at most."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A pair behind its tags, and the language (group) or kind that it is counted for."""

    pair: Pair
    kind: str
    language: str


def told_apart(gathered: Gathered, letters: LetterClassifier, *, log: Callable[[str], None]) -> list[tuple[Pair, str]]:
    """Return the pairs of people and dictionaries whose language is sure enough, with the language."""
    pairs = gathered.people + gathered.listed
    by_letters = letters.best([pair.name for pair in pairs])
    known: list[tuple[tuple[str, str], str]] = []
    for pair in pairs:
        language, probability = by_letters[pair.name]
        if probability > SURE_OF_LETTERS and language not in READ_BY_RULE:
            known.append(((pair.name, pair.katakana), language))
    known += [
        ((entry.name, entry.katakana), COUNTRIES_OF_PLACES[entry.country])
        for entry in gathered.entries
        if entry.country in COUNTRIES_OF_PLACES
    ]
    log(f"learning languages from {len(known):,} pairs of name and Katakana, which takes minutes")
    classifier = PairClassifier([pair for pair, _ in known], [language for _, language in known])
    found = classifier.best([(pair.name, pair.katakana) for pair in pairs])
    return [(pair, language) for pair, (language, probability) in zip(pairs, found, strict=True) if probability > SURE]


def tagged(
    told: Sequence[tuple[Pair, str]], gathered: Gathered, *, seed: int, least_pairs: int = LEAST_PAIRS
) -> tuple[list[Tagged], Counter[str]]:
    """Return all tagged pairs, and how many a language has that was left out: below the floor, or without a tag."""
    everything = list(_all_tagged(told, gathered, LanguageTags(seed=seed)))
    counts = Counter(entry.language for entry in everything if not entry.kind)
    left_out = Counter({language: count for language, count in counts.items() if count < least_pairs})
    kept = _weighted([entry for entry in everything if entry.language not in left_out])
    for _, language in told:
        if language in WITHOUT_TAG:
            left_out[language] += 1
    return kept, left_out


def _all_tagged(told: Sequence[tuple[Pair, str]], gathered: Gathered, tags: LanguageTags) -> Iterator[Tagged]:
    for pair, language in told:
        if language not in WITHOUT_TAG:
            yield _with_tags(pair, tags.next(language), "", language)
    for entry in gathered.entries:
        bare = Pair(entry.name, entry.katakana, LEAST_COUNT)
        yield _with_tags(bare, KINDS[entry.kind], entry.kind, "")
        language = COUNTRIES_OF_PLACES.get(entry.country, "")
        if language and language not in WITHOUT_TAG:
            tag = tags.next(language)
            yield _with_tags(bare, KINDS[entry.kind] + tag, entry.kind, language)
            yield _with_tags(bare, tag, "", language)
    for pair in gathered.words:
        yield _with_tags(pair, KINDS["word"], "word", "")


def _with_tags(pair: Pair, tags: str, kind: str, language: str) -> Tagged:
    return Tagged(Pair(tags + pair.name, pair.katakana, max(pair.count, LEAST_COUNT)), kind, language)


def _weighted(entries: Sequence[Tagged]) -> list[Tagged]:
    """Return ``entries`` with larger counts where a name is written otherwise in another language."""
    languages: dict[str, set[str]] = {}
    references: dict[str, set[str]] = {}
    for entry in entries:
        if not entry.kind:
            name = untagged(entry.pair.name)
            languages.setdefault(name, set()).add(entry.language)
            references.setdefault(name, set()).add(entry.pair.katakana)
    telling = {name for name in languages if len(languages[name]) > 1 and len(references[name]) > 1}
    return [
        replace(entry, pair=replace(entry.pair, count=entry.pair.count * TELLING))
        if not entry.kind and entry.language != "en" and untagged(entry.pair.name) in telling
        else entry
        for entry in entries
    ]


def apart(entries: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Return places that have their country, and what a dictionary of words has, among it names of places."""
    everything = list(entries)
    return [entry for entry in everything if entry.country], [entry for entry in everything if not entry.country]


def untagged_entries(entries: Sequence[Entry]) -> list[Pair]:
    """Return places and words as pairs without tags."""
    return [Pair(entry.name, entry.katakana, DICTIONARY_COUNT) for entry in entries]


def last_stage(
    gathered: Gathered,
    pairs: Sequence[Pair],
    *,
    seed: int,
    most_by_language: int = MOST_BY_LANGUAGE,
    most_by_kind: int = MOST_BY_KIND,
) -> list[Pair]:
    """Return what the last stage of training is to see: people, some of everything else, and some of ``pairs``, tagged.

    All kinds of names have to be there, since the last stage forgets what it does not see.
    """
    people = {(pair.name, pair.katakana) for pair in gathered.people}
    by_kind = [pair for pair in pairs if kind_in(pair.name)]
    by_language = [pair for pair in pairs if not kind_in(pair.name)]
    of_people = [pair for pair in by_language if (untagged(pair.name), pair.katakana) in people]
    # Japanese names in romaji are there without a tag.
    others = [
        pair
        for pair in by_language
        if (untagged(pair.name), pair.katakana) not in people and tag_in(pair.name) != language_tag("ja")
    ]
    source = random.Random(seed)  # noqa: S311 (nothing is secret here)
    source.shuffle(others)
    source.shuffle(by_kind)
    places, words = apart(gathered.entries)
    return [
        *gathered.people,
        *gathered.romaji,
        *gathered.listed[::DICTIONARY_EVERY],
        *untagged_entries(places),
        *untagged_entries(words[::WORD_EVERY]),
        *of_people,
        *others[:most_by_language],
        *by_kind[:most_by_kind],
    ]
