"""An evaluation as text for people and as JSON for programs."""

import dataclasses
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from hayakana_training.evaluation.evaluate import Evaluation, GroupScores
from hayakana_training.evaluation.metrics import RankedScores, Scores

LONGEST = 30
"""Most confusions that are shown to people."""

LEAST_NAMES = 20
"""Fewer names with a hint say nothing of it; JSON has them."""

_NOTES = """\
by count: each name counts as often as the file says that people bear it.
n-best: the greedy text, then the best candidates other than it.
hint: names that have it, asked without hints and with all of theirs; the model follows the hint of language of so many.
variants folded: ヴァ = バ, ヴ = ブ, ー at the end of a part, ・ and ＝ make no difference.
"""


def as_text(evaluation: Evaluation) -> str:
    """Return the tables that ``hayakana-train evaluate`` prints."""
    lines = [
        *_overall(evaluation),
        *_hints(evaluation),
        *(line for heading, members in evaluation.groups.items() for line in _groups(heading, members)),
        *_confusions(evaluation),
    ]
    return "\n".join([*lines, "", _NOTES])


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return the same: 1-best scores and ranked scores at the top, all else under keys of its own."""
    return {
        **overall(evaluation.scores, evaluation.ranked),
        "exact_match_by_count": evaluation.by_count,
        "variants_folded": {
            **overall(evaluation.folded, evaluation.folded_ranked),
            "exact_match_by_count": evaluation.folded_by_count,
        },
        "hints": {hint: dataclasses.asdict(scores) for hint, scores in evaluation.hints.items()},
        "groups": {
            heading: {label: dataclasses.asdict(scores) for label, scores in members.items()}
            for heading, members in evaluation.groups.items()
        },
        "confusions": [dataclasses.asdict(confusion) for confusion in evaluation.confusions],
    }


def overall(scores: Scores, ranked: RankedScores) -> dict[str, Any]:
    """Return the figures of all names, by their names."""
    return {**dataclasses.asdict(scores), **dataclasses.asdict(ranked)}


def _overall(evaluation: Evaluation) -> Iterator[str]:
    strict, folded = evaluation.scores, evaluation.folded
    ranked, folded_ranked = evaluation.ranked, evaluation.folded_ranked
    yield f"{strict.names:,} names"
    yield ""
    yield f"{'':<26}{'as written':>12}{'variants folded':>18}"
    for label, as_written, with_variants in (
        ("exact match", strict.exact_match, folded.exact_match),
        ("exact match, by count", evaluation.by_count, evaluation.folded_by_count),
        ("exact match, 2-best", ranked.exact_match_of_2, folded_ranked.exact_match_of_2),
        ("exact match, 3-best", ranked.exact_match_of_3, folded_ranked.exact_match_of_3),
        ("mean reciprocal rank", ranked.mean_reciprocal_rank, folded_ranked.mean_reciprocal_rank),
        ("mean F-score", strict.mean_f_score, folded.mean_f_score),
        ("character error rate", strict.character_error_rate, folded.character_error_rate),
    ):
        yield f"{label:<26}{as_written:>12.4f}{with_variants:>18.4f}"


def _hints(evaluation: Evaluation) -> Iterator[str]:
    if not evaluation.hints:
        return
    yield ""
    head = f"{'exact match without':>21}{'with':>9}{'errors without':>16}{'with':>9}"
    yield f"{'hint':<16}{'names':>8}{'followed':>10}{head}"
    for hint, both in evaluation.hints.items():
        without, with_hints = both.without.scores, both.with_hints.scores
        if without.names >= LEAST_NAMES:
            yield (
                f"  {hint:<14}{without.names:>8,}{both.followed:>10,}"
                f"{without.exact_match:>21.4f}{with_hints.exact_match:>9.4f}"
                f"{without.character_error_rate:>16.4f}{with_hints.character_error_rate:>9.4f}"
            )
    if few := [hint for hint, both in evaluation.hints.items() if both.without.scores.names < LEAST_NAMES]:
        yield f"  of fewer than {LEAST_NAMES} names: {', '.join(few)}"


def _groups(heading: str, members: Mapping[str, GroupScores]) -> Iterator[str]:
    yield ""
    yield f"{heading:<32}{'names':>8}{'exact':>9}{'folded':>9}{'F-score':>9}{'errors':>9}"
    for label, group in members.items():
        scores = group.scores
        yield (
            f"  {_padded(label, 30)}{scores.names:>8,}{scores.exact_match:>9.4f}{group.folded.exact_match:>9.4f}"
            f"{scores.mean_f_score:>9.4f}{scores.character_error_rate:>9.4f}"
        )


def _confusions(evaluation: Evaluation) -> Iterator[str]:
    total = sum(confusion.count for confusion in evaluation.confusions)
    yield ""
    yield f"most frequent of {total:,} edits: reference → prediction, count, share, an example"
    for confusion in evaluation.confusions[:LONGEST]:
        yield (
            f"  {_padded(f'{confusion.reference} → {confusion.predicted}', 16)}{confusion.count:>8,}"
            f"{confusion.count / total:>8.1%}"
            f"   {confusion.example_name}: {confusion.example_reference} → {confusion.example_prediction}"
        )


def _padded(text: str, width: int) -> str:
    """Return ``text`` with spaces up to ``width`` columns of a terminal, where Kana take two."""
    return text + " " * (width - sum(1 + (unicodedata.east_asian_width(character) == "W") for character in text))
