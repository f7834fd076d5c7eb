"""Measure a model, as its users run it, on a file of pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hayakana import Transliteration, Transliterator
from hayakana_training.data.held_out import exclude, read_hashes
from hayakana_training.data.pairs import Pair, Problem, read_pairs, references_by_name, without_hints
from hayakana_training.errors import TrainingError
from hayakana_training.evaluation.confusions import Confusion, confusions
from hayakana_training.evaluation.metrics import RankedScores, Scores, exact_match_by_count, fold_variants, rank, score
from hayakana_training.evaluation.name_groups import groups

CANDIDATES = 3
"""How many candidates of a name are asked for, and at most ranked."""


@dataclass(frozen=True)
class GroupScores:
    """Scores of the names in one group, as they are written and with free variants folded."""

    scores: Scores
    folded: Scores


@dataclass(frozen=True)
class Evaluation:
    """What a model's answers to a file of pairs are worth.

    Args:
        scores: of the greedy text alone, 1-best.
        ranked: of the greedy text and then the best candidates other than it, three in all.
        by_count: exact match of the greedy text, each name counted as often as people bear it.
        folded, folded_ranked, folded_by_count: the same after ``fold_variants`` of candidates and references.
        groups: heading → group → its scores; see ``name_groups``.
        confusions: all edits between predictions and references, the most frequent first.
    """

    scores: Scores
    ranked: RankedScores
    by_count: float
    folded: Scores
    folded_ranked: RankedScores
    folded_by_count: float
    groups: Mapping[str, Mapping[str, GroupScores]]
    confusions: Sequence[Confusion]


def evaluate(
    transliterator: Transliterator, path: Path, *, exclude_hashes: Path | None = None
) -> tuple[Evaluation, list[Problem]]:
    """Transliterate the distinct names of ``path`` and score them; a name may have several references.

    A name that cannot be transliterated counts as wrong. Malformed lines are returned.
    """
    pairs, problems = read_development(path, exclude_hashes=exclude_hashes)
    pairs = without_hints(pairs)
    references = references_by_name(pairs)
    counts = dict.fromkeys(references, 0.0)
    for pair in pairs:
        counts[pair.name] += pair.count
    answers = transliterator.transliterate_detailed(list(references), candidates=CANDIDATES)
    candidates = [ranked_texts(answer) for answer in answers]
    return assess(list(references), candidates, list(references.values()), list(counts.values())), problems


def read_references(path: Path, *, exclude_hashes: Path | None = None) -> tuple[dict[str, list[str]], list[Problem]]:
    """Read the distinct names of ``path`` with their references, and the malformed lines. Hints are ignored.

    Raises:
        TrainingError: there is no name.
    """
    pairs, problems = read_development(path, exclude_hashes=exclude_hashes)
    return references_by_name(without_hints(pairs)), problems


def read_development(path: Path, *, exclude_hashes: Path | None = None) -> tuple[list[Pair], list[Problem]]:
    """Read the pairs of ``path`` without the excluded names, and the malformed lines.

    Raises:
        TrainingError: there is no pair.
    """
    pairs, problems = read_pairs(path)
    if exclude_hashes:
        pairs = exclude(pairs, read_hashes(exclude_hashes))
    if not pairs:
        raise TrainingError(f"{path} has no pairs: give name, katakana and count a line, separated by tabs")
    return pairs, problems


def ranked_texts(answer: Transliteration) -> list[str]:
    """Return the greedy text and then the candidates other than it, ``CANDIDATES`` in all; none if there is no text.

    What a user gets unasked stays first, though beam search may know a better one.
    """
    if answer.text is None:
        return []
    second_best = [candidate.text for candidate in answer.candidates if candidate.text != answer.text]
    return [answer.text, *second_best][:CANDIDATES]


def assess(
    names: Sequence[str],
    candidates: Sequence[Sequence[str]],
    references: Sequence[Sequence[str]],
    counts: Sequence[float] | None = None,
) -> Evaluation:
    """Score the candidates of each name, best first, against its references; no candidate counts as wrong.

    ``counts`` says how many people bear each name, 1 for each if it is missing; only ``Evaluation.by_count`` uses it.
    """
    if counts is None:
        counts = [1] * len(names)
    predictions = [ranked[0] if ranked else "" for ranked in candidates]
    folded_references = [list(dict.fromkeys(map(fold_variants, accepted))) for accepted in references]
    folded_candidates = [list(dict.fromkeys(map(fold_variants, ranked))) for ranked in candidates]
    folded_predictions = [fold_variants(prediction) for prediction in predictions]

    def of_group(places: Sequence[int]) -> GroupScores:
        return GroupScores(
            score([predictions[place] for place in places], [references[place] for place in places]),
            score([folded_predictions[place] for place in places], [folded_references[place] for place in places]),
        )

    return Evaluation(
        scores=score(predictions, references),
        ranked=rank(candidates, references),
        by_count=exact_match_by_count(predictions, references, counts),
        folded=score(folded_predictions, folded_references),
        folded_ranked=rank(folded_candidates, folded_references),
        folded_by_count=exact_match_by_count(folded_predictions, folded_references, counts),
        groups={
            heading: {label: of_group(places) for label, places in members.items()}
            for heading, members in groups(names, references).items()
        },
        confusions=confusions(names, predictions, references),
    )
