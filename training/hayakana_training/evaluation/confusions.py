"""What a model writes in place of what: the edits that turn references into its predictions. Pure."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from hayakana_training.evaluation.metrics import nearest_by_edits

NOTHING = "∅"


@dataclass(frozen=True)
class Confusion:
    """``reference`` was written as ``predicted``, ``count`` times; ∅ on one side: something left out or added.

    The example is the first name that it happened in.
    """

    reference: str
    predicted: str
    count: int
    example_name: str
    example_reference: str
    example_prediction: str


def confusions(
    names: Sequence[str], predictions: Sequence[str], references: Sequence[Sequence[str]]
) -> list[Confusion]:
    """Return the edits between each wrong prediction and the reference nearest to it, the most frequent first.

    Edits come from a Levenshtein alignment. Edits side by side count as a single edit: ワ → ヴァ is not ワ → ァ and
    ∅ → ヴ. A name without a prediction ("") has none: all of its reference would count as left out.
    """
    counts: dict[tuple[str, str], int] = {}
    examples: dict[tuple[str, str], tuple[str, str, str]] = {}
    for name, prediction, accepted in zip(names, predictions, references, strict=True):
        if not prediction or prediction in accepted:
            continue
        reference = nearest_by_edits(prediction, accepted)
        for edit in edits(reference, prediction):
            counts[edit] = counts.get(edit, 0) + 1
            examples.setdefault(edit, (name, reference, prediction))
    # Of equals the one that was met first, as dict and sort keep it.
    ordered = sorted(counts, key=lambda edit: -counts[edit])
    return [Confusion(*edit, counts[edit], *examples[edit]) for edit in ordered]


def edits(reference: str, prediction: str) -> Iterator[tuple[str, str]]:
    """Yield the edits that turn ``reference`` into ``prediction``: what stood there, and what was written."""
    operations = Levenshtein.opcodes(reference, prediction)
    for changes, run in itertools.groupby(operations, key=lambda operation: operation.tag != "equal"):
        if changes:
            first, *_, last = (*run,) * 2
            before = reference[first.src_start : last.src_end]
            after = prediction[first.dest_start : last.dest_end]
            yield before or NOTHING, after or NOTHING
