"""The figures in a result: every ``summary`` in its tree, by the path that leads to it."""

from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str, ...]
SUMMARY = frozenset({"median", "min", "max", "all"})
"""Keys of a ``benchmarks.rounds.summary``."""


def figures(tree: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the path and the summary (``median``, ``min``, ``max``, ``all``) of each figure, in order."""
    if tree.keys() >= SUMMARY:
        yield path, tree
        return
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from figures(value, (*path, key))


def number(value: float) -> str:
    """Return ``value`` for people: thousands with commas, else three significant digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
