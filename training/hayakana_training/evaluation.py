"""Measure a model, as its users run it, on a file of pairs."""

from collections.abc import Sequence
from pathlib import Path

from hayakana import Transliterator
from hayakana_training.data import Pair, exclude, read_hashes, read_pairs, readings_by_name
from hayakana_training.errors import TrainingError
from hayakana_training.metrics import Scores, score
from hayakana_training.problems import Problem


def evaluate(
    transliterator: Transliterator, path: Path, *, exclude_hashes: Path | None = None
) -> tuple[Scores, list[Problem]]:
    """Transliterate the distinct names of ``path`` and score them; every reading of a name is a reference.

    A name that cannot be transliterated counts as wrong. Malformed lines are returned.
    """
    pairs, problems = read_pairs(path)
    if exclude_hashes:
        pairs = exclude(pairs, read_hashes(exclude_hashes))
    if not pairs:
        raise TrainingError(f"{path} has no pairs: give name, katakana and count a line, separated by tabs")
    return score_pairs(transliterator, pairs), problems


def score_pairs(transliterator: Transliterator, pairs: Sequence[Pair]) -> Scores:
    """Score ``transliterator`` on ``pairs``."""
    references = readings_by_name(pairs)
    predictions = transliterator.transliterate(references, on_error="empty")
    return score(predictions, list(references.values()))
