"""Sides run in turns, so that a slow minute of the machine meets them all, and ratios are taken within a turn."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Side:
    """One side of a comparison: ``measure`` does ``amount`` (names, as a rule) once and returns the seconds it took."""

    amount: float
    measure: Callable[[], float]


def interleave(sides: Mapping[str, Side], *, rounds: int) -> dict[str, list[float]]:
    """Run every side once a round and return amounts per second, one a round.

    Every round has an order of its own, drawn with its number as the seed, so that no side always follows the same one.
    """
    rates: dict[str, list[float]] = {name: [] for name in sides}
    names = list(sides)
    for number in range(rounds):
        for index in np.random.default_rng(number).permutation(len(names)):
            name = names[index]
            rates[name].append(sides[name].amount / sides[name].measure())
    return rates


def ratios(of: Sequence[float], to: Sequence[float]) -> list[float]:
    """Divide what was measured in the same round.

    Raises:
        ValueError: the two were not measured in as many rounds.
    """
    return [one / other for one, other in zip(of, to, strict=True)]


def summary(values: Sequence[float]) -> dict[str, object]:
    """Return ``median``, ``min``, ``max`` and ``all`` repetitions in order, rounded to five significant digits."""
    return {
        "median": _rounded(statistics.median(values)),
        "min": _rounded(min(values)),
        "max": _rounded(max(values)),
        "all": [_rounded(value) for value in values],
    }


def summaries(values: Mapping[str, Sequence[float]]) -> dict[str, dict[str, object]]:
    """Return the ``summary`` of each list."""
    return {name: summary(repetitions) for name, repetitions in values.items()}


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")
