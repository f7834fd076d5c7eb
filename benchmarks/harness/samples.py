"""The names that are measured, all from the US census lists of 1990 in PyPI's ``names``, all drawn with a seed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.harness.trigrams import draw, third_letters, unpack
from hayakana_training.data.unlabelled_names import census_parts

SOURCE = "US census lists of 1990, PyPI names"
SEED = 1
"""What samples are drawn with, unless a program says otherwise."""
_NAMES_UNPACKED = 100_000
"""Synthetic names that are text at the same time."""


def distinct_parts(count: int, *, seed: int = SEED, longest: int = 20) -> list[str]:
    """Return ``count`` different given names and surnames of at most ``longest`` letters, every one as likely.

    Raises:
        ValueError: the lists hold fewer.
    """
    parts = [part for part in census_parts() if len(part) <= longest]
    chosen = np.random.default_rng(seed).choice(len(parts), size=count, replace=False)
    return [parts[index] for index in chosen]


def full_names(count: int, *, seed: int = SEED) -> list[str]:
    """Return ``count`` names "given family" as often as people bear them, so that parts come again and again.

    Drawn as ``names.get_full_name`` draws them, by the cumulative column: surnames whose frequency the list rounds to
    zero do not come up. Half the given names are women's.
    """
    random = np.random.default_rng(seed)
    women = random.random(count) < 0.5
    given = np.where(women, _by_frequency("first:female", random, count), _by_frequency("first:male", random, count))
    family = _by_frequency("last", random, count)
    return [f"{first} {last}" for first, last in zip(given.tolist(), family.tolist(), strict=True)]


def synthetic_parts(count: int, *, seed: int = SEED) -> Iterator[str]:
    """Yield ``count`` distinct synthetic parts; see ``trigrams``."""
    packed = draw(third_letters(census_parts()), count, seed=seed)
    for start in range(0, count, _NAMES_UNPACKED):
        yield from unpack(packed[start : start + _NAMES_UNPACKED])


def shuffled(names: Sequence[str], *, seed: int = SEED) -> list[str]:
    """Return ``names`` in random order, the same for a seed."""
    return [names[index] for index in np.random.default_rng(seed).permutation(len(names))]


def length_histogram(names: Iterable[str]) -> dict[str, int]:
    """Return how many names have how many characters; keys are text, as in JSON."""
    return {str(length): number for length, number in sorted(Counter(map(len, names)).items())}


def _by_frequency(key: str, random: np.random.Generator, count: int) -> np.ndarray:
    import names

    rows = [line.split() for line in Path(names.FILES[key]).read_text(encoding="ascii").splitlines() if line.strip()]
    cumulative = np.array([float(row[2]) for row in rows])
    listed = np.array([row[0].capitalize() for row in rows])
    return listed[np.searchsorted(cumulative, random.random(count) * cumulative[-1], side="right")]
