"""Sides take turns, so that a slow minute of the machine meets them all; ratios are taken within a turn.

``Settings`` say how large a run is. What a result holds of it are figures, each a ``summary`` in its tree, and
``differences`` between strings.
"""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np

T = TypeVar("T")

WORKERS = (1, 2)
"""Numbers of workers with which models are compared side by side."""
PERCENTILES = (50, 95, 99)
SUMMARY = frozenset({"median", "min", "max", "all"})
"""Keys of a ``summary``."""


@dataclass(frozen=True)
class Settings:
    """One run.

    Args:
        folder: where a section may put temporary files; it exists.
        quick: small sizes and two rounds: shows that everything runs, gives no figure worth quoting.
        device: ``"cuda"`` also runs the section that compares devices.
        pairs: names with their Katakana, a pair a line separated by a tab, on which quality is measured beside speed.
        exclude_hashes: names that are left out of ``pairs``, as ``data.held_out.read_hashes`` of training reads them.
    """

    folder: Path
    quick: bool = False
    device: Literal["cpu", "cuda"] = "cpu"
    pairs: Path | None = None
    exclude_hashes: Path | None = None

    @property
    def rounds(self) -> int:
        """How often every side of a comparison runs."""
        return self.pick(full=5, quick=2)

    def pick(self, *, full: T, quick: T) -> T:
        """Return the value for this kind of run."""
        return quick if self.quick else full


@dataclass(frozen=True)
class Side:
    """One side of a comparison: ``measure`` does ``amount`` (names, as a rule) once and returns the seconds it took."""

    amount: float
    measure: Callable[[], float]


def in_turns(sides: Mapping[str, Callable[[], T]], *, rounds: int) -> dict[str, list[T]]:
    """Call every side once a round and return its answers, one a round.

    Every round has an order of its own, drawn with its number as the seed, so that no side always follows the same one.
    """
    answers: dict[str, list[T]] = {name: [] for name in sides}
    names = list(sides)
    for number in range(rounds):
        for index in np.random.default_rng(number).permutation(len(names)):
            answers[names[index]].append(sides[names[index]]())
    return answers


def interleave(sides: Mapping[str, Side], *, rounds: int) -> dict[str, list[float]]:
    """Run every side once a round, ``in_turns``, and return amounts per second, one a round."""
    seconds = in_turns({name: side.measure for name, side in sides.items()}, rounds=rounds)
    return {name: [side.amount / taken for taken in seconds[name]] for name, side in sides.items()}


def ratios(of: Sequence[float], to: Sequence[float]) -> list[float]:
    """Divide what was measured in the same round.

    Raises:
        ValueError: the two were not measured in as many rounds.
    """
    return [dividend / divisor for dividend, divisor in zip(of, to, strict=True)]


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


def percentiles(rounds: Sequence[Sequence[float]]) -> dict[str, dict[str, object]]:
    """Return the ``summary`` of each of ``PERCENTILES``, which is taken within a round."""
    return {f"p{share}": summary([float(np.percentile(taken, share)) for taken in rounds]) for share in PERCENTILES}


def figures(tree: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Yield each ``summary`` in ``tree`` after the path that leads to it, in order."""
    if tree.keys() >= SUMMARY:
        yield path, tree
        return
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from figures(value, (*path, key))


def number(value: float) -> str:
    """Return ``value`` for people: thousands with commas, else three significant digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def differences(names: Sequence[str], *, expected: Sequence[str | None], found: Sequence[str | None]) -> dict[str, Any]:
    """Compare the texts ``found`` for ``names`` with ``expected``: how many differ, and the first of them.

    ``expected`` may go on after the last of ``names``, with texts of further names.

    Raises:
        ValueError: there are not as many texts as names, or fewer expected texts.
    """
    rows = zip(names, expected[: len(names)], found, strict=True)
    differing = [row for row in rows if row[1] != row[2]]
    return {
        "compared": len(names),
        "differing": len(differing),
        "examples": [{"name": name, "hayakana": expected, "found": found} for name, expected, found in differing[:5]],
    }


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")
