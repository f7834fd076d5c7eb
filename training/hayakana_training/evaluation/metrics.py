"""Quality of transliterations against references. Pure functions.

Definitions are from the NEWS shared tasks (Duan et al., "Report of NEWS 2016 Machine Transliteration Shared Task",
https://doi.org/10.18653/v1/W16-2709, section 4): word accuracy in top-1, which is exact match; fuzziness in top-1, the
mean F-score; mean reciprocal rank. The character error rate is not among them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel, LCSseq, Levenshtein

_SOUNDS = {
    **{"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ"},
    **{"ヴャ": "ビャ", "ヴュ": "ビュ", "ヴョ": "ビョ"},
    **{"ヷ": "バ", "ヸ": "ビ", "ヹ": "ベ", "ヺ": "ボ"},
    "ヴ": "ブ",
}
"""V by B, as most writers of names have it; ヴ alone comes last, after the pairs that begin with it."""
_SOUND = re.compile("|".join(_SOUNDS))
_FINAL_LENGTH = re.compile("ー+(?=[・＝]|$)")
_SEPARATOR = re.compile("[・＝]")


@dataclass(frozen=True)
class Scores:
    """Means over ``names`` names; all but ``names`` lie between 0 and 1 (the character error rate may exceed 1)."""

    names: int
    exact_match: float
    mean_f_score: float
    character_error_rate: float


@dataclass(frozen=True)
class RankedScores:
    """Means over names of what lists of candidates, best first, are worth.

    Args:
        exact_match_of_2: share of names with a reference among the first two candidates.
        exact_match_of_3: the same of the first three.
        mean_reciprocal_rank: of the first candidate that is a reference; a name without one counts 0.
    """

    exact_match_of_2: float
    exact_match_of_3: float
    mean_reciprocal_rank: float


def score(predictions: Sequence[str], references: Sequence[Sequence[str]]) -> Scores:
    """Score one prediction a name against that name's references.

    The F-score is taken to the reference that ``nearest_by_subsequence`` finds. The character error rate is the sum of
    edit distances (insert, delete, replace) over the summed lengths of the references that are nearest by them.

    Raises:
        ValueError: nothing to score, different numbers of names, or a name without a reference.
    """
    _check(predictions, references)
    exact, f_scores, edits, lengths = 0, 0.0, 0, 0
    for prediction, accepted in zip(predictions, references, strict=True):
        exact += prediction in accepted
        f_scores += f_score(prediction, nearest_by_subsequence(prediction, accepted))
        distance, length = min((Levenshtein.distance(prediction, text), len(text)) for text in accepted)
        edits, lengths = edits + distance, lengths + length
    names = len(predictions)
    return Scores(names, exact / names, f_scores / names, edits / lengths)


def exact_match_by_count(
    predictions: Sequence[str], references: Sequence[Sequence[str]], counts: Sequence[float]
) -> float:
    """Return the share of all bearers whose name's prediction is one of its references; ``counts``: how many bear each.

    Raises:
        ValueError: nothing to score, different numbers of names, or a name without a reference.
    """
    _check(predictions, references)
    matches = zip(predictions, references, counts, strict=True)
    return sum(count for prediction, accepted, count in matches if prediction in accepted) / sum(counts)


def rank(candidates: Sequence[Sequence[str]], references: Sequence[Sequence[str]]) -> RankedScores:
    """Score the candidates of each name, best first and however many, against that name's references.

    NEWS: the reciprocal rank of a name is 1 / j for the first candidate c_j that is one of its references, else 0.

    Raises:
        ValueError: nothing to score, different numbers of names, or a name without a reference.
    """
    _check(candidates, references)
    ranks = [first_match(ranked, accepted) for ranked, accepted in zip(candidates, references, strict=True)]
    names = len(ranks)
    return RankedScores(
        sum(place is not None and place <= 2 for place in ranks) / names,
        sum(place is not None and place <= 3 for place in ranks) / names,
        sum(1 / place for place in ranks if place is not None) / names,
    )


def first_match(candidates: Sequence[str], references: Sequence[str]) -> int | None:
    """Return the rank, from 1, of the first candidate that is one of ``references``; None if there is no such one."""
    return next((place for place, text in enumerate(candidates, start=1) if text in references), None)


def f_score(prediction: str, reference: str) -> float:
    """Return 2PR / (P + R), P and R the longest common subsequence over the length of prediction and reference."""
    common = LCSseq.similarity(prediction, reference)
    return 2 * common / (len(prediction) + len(reference)) if common else 0.0


def nearest_by_subsequence(prediction: str, references: Sequence[str]) -> str:
    """Return the reference that takes fewest insertions and deletions, the first of equals: NEWS's best reference."""
    return min(references, key=lambda reference: Indel.distance(prediction, reference))


def nearest_by_edits(prediction: str, references: Sequence[str]) -> str:
    """Return the reference that takes fewest insertions, deletions and replacements, the first of equals."""
    return min(references, key=lambda reference: Levenshtein.distance(prediction, reference))


def fold_variants(katakana: str) -> str:
    """Return the spelling that stands for all free variants of ``katakana``: spellings that name the same sounds.

    Which variant a reference has is its writer's choice. There are three folds, one after another: ヴ and what follows
    it become the row of バ (ヴァ → バ, ヴィ → ビ, ヴ → ブ, ヴェ → ベ, ヴォ → ボ, ヴュ → ビュ, …); the ー that ends a
    part is dropped (メアリー → メアリ); ・ and ＝ go.
    Prediction and reference are both folded before they are compared. Folding twice is folding once. Text of nothing
    but ー, ・ and ＝ stays, so that only "" folds to "".
    """
    sounded = _SOUND.sub(lambda found: _SOUNDS[found[0]], katakana)
    return _SEPARATOR.sub("", _FINAL_LENGTH.sub("", sounded)) or sounded


def _check(predictions: Sequence[object], references: Sequence[Sequence[str]]) -> None:
    if not predictions or len(predictions) != len(references) or not all(references):
        raise ValueError(f"{len(predictions)} predictions, {len(references)} names with references")
