"""The best Katakana of a name from the best of its parts: the products of their probabilities, ranked."""

import heapq
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hayakana.results import Candidate


class Scored(NamedTuple):
    """A text and the logarithm of its probability, which lasts where a product of many parts would be zero."""

    text: str
    log_probability: float


def best_products(parts: Iterable[Sequence[Scored]], separators: Iterable[str], *, count: int) -> Sequence[Scored]:
    """Return the ``count`` most probable texts of a name, different ones, the most probable first.

    ``parts`` has the texts of each part, different ones, the most probable first; ``separators``, one fewer, stand
    between them. Exact, though no more than ``count`` texts are kept from part to part: what is not among the best so
    far is beaten by all of them, whatever follows. Of equals, that with the better text of its first parts comes first.
    """
    following = iter(parts)
    best = next(following)[:count]
    for separator, part in zip(separators, following, strict=True):
        best = _extended(best, separator, part, count)
    return best


def as_candidates(scored: Iterable[Scored]) -> tuple[Candidate, ...]:
    """Return texts with their probability."""
    return tuple(Candidate(text, math.exp(log_probability)) for text, log_probability in scored)


def _extended(best: Sequence[Scored], separator: str, part: Sequence[Scored], count: int) -> list[Scored]:
    """Return the ``count`` best of all ``best`` followed by all of ``part``; only as many as that are looked at.

    A heap holds the next pair of each text, and gives the pairs of two ranked lists in order (Huang and Chiang, "Better
    k-best Parsing", 2005).
    """

    def entry(row: int, column: int) -> tuple[float, int, int]:
        return -(best[row].log_probability + part[column].log_probability), row, column

    best_texts: dict[str, float] = {}
    heap = [entry(0, 0)] if best and part else []
    while heap and len(best_texts) < count:
        negated, row, column = heapq.heappop(heap)
        # The same text may come of two pairs, as カト + サ and カ + トサ where nothing stands between.
        best_texts.setdefault(f"{best[row].text}{separator}{part[column].text}", -negated)
        if column + 1 < len(part):
            heapq.heappush(heap, entry(row, column + 1))
        if column == 0 and row + 1 < len(best):
            heapq.heappush(heap, entry(row + 1, 0))
    return [Scored(text, log_probability) for text, log_probability in best_texts.items()]
