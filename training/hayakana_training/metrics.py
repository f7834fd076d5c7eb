"""Quality of transliterations against references. Pure functions.

Definitions are those of the NEWS shared tasks on machine transliteration (Duan et al., "Report of NEWS 2016 Machine
Transliteration Shared Task", section 4): word accuracy in top-1, which is exact match, and mean F-score.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq, Levenshtein


@dataclass(frozen=True)
class Scores:
    """Means over ``names`` names; all but ``names`` lie between 0 and 1 (the character error rate may exceed 1)."""

    names: int
    exact_match: float
    mean_f_score: float
    character_error_rate: float


def score(predictions: Sequence[str], references: Sequence[Sequence[str]]) -> Scores:
    """Score one prediction a name against that name's references, the best of which counts.

    The character error rate is the sum of edit distances over the sum of the reference lengths.

    Raises:
        ValueError: nothing to score, different numbers of names, or a name without a reference.
    """
    if not predictions or len(predictions) != len(references) or not all(references):
        raise ValueError(f"{len(predictions)} predictions, {len(references)} names with references")
    exact, f_scores, edits, lengths = 0, 0.0, 0, 0
    for prediction, readings in zip(predictions, references, strict=True):
        exact += prediction in readings
        f_scores += max(f_score(prediction, reading) for reading in readings)
        distance, length = min((Levenshtein.distance(prediction, reading), len(reading)) for reading in readings)
        edits, lengths = edits + distance, lengths + length
    names = len(predictions)
    return Scores(names, exact / names, f_scores / names, edits / lengths)


def f_score(prediction: str, reference: str) -> float:
    """Return 2PR / (P + R), P and R the longest common subsequence over the length of prediction and reference."""
    common = LCSseq.similarity(prediction, reference)
    return 2 * common / (len(prediction) + len(reference)) if common else 0.0
