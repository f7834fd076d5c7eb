"""Calibrate a model folder: fit its probabilities to a development set, and write the result beside the model."""

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from hayakana import Transliteration, Transliterator
from hayakana.errors import shorten
from hayakana_training.data.held_out import hashes_of_parts
from hayakana_training.errors import TrainingError
from hayakana_training.evaluation.calibration_files import in_words, without_calibration, write_calibration
from hayakana_training.evaluation.calibration_fit import Measured, Observed, measure
from hayakana_training.evaluation.evaluate import CANDIDATES
from hayakana_training.model.run_folder import TRAINED_ON, TRAINING, read_trained_on

MINIMUM_NAMES = 100
"""Fewer say nothing of shares in fifteen bins."""


def calibrate(
    folder: Path,
    references: dict[str, list[str]],
    *,
    data: str,
    open_transliterator: Callable[[Path], contextlib.AbstractContextManager[Transliterator]],
) -> Measured:
    """Fit the probabilities of the model in ``folder`` to ``references`` and write the result into the folder.

    The manifest gets the key ``calibration``, the card a section, and ``training/`` a plot; what an earlier calibration
    wrote is replaced.

    Args:
        folder: the model's, which is opened without any calibration that it has.
        references: development names, none of them trained on, each with its references.
        data: what they are called in manifest and card.
        open_transliterator: opens a model folder; ``hayakana.Transliterator``.

    Raises:
        TrainingError: the model answered too few of the names, or is wrong where it is sure. Nothing is written then.
    """
    with without_calibration(folder) as plain, open_transliterator(plain) as transliterator:
        observed = observe(transliterator, references)
    names = len(observed.right)
    if names < MINIMUM_NAMES:
        raise TrainingError(f"the model answered {names} names, calibration needs {MINIMUM_NAMES}: give more")
    measured = measure(observed)
    if measured.fit.slope <= 0:
        raise TrainingError(
            f"what the model is sure of is no more often right (slope {measured.fit.slope:.3f}): nothing was written;"
            " are these pairs for this model's task?"
        )
    write_calibration(folder, measured, data=data)
    return measured


def check_unseen(folder: Path, names: Iterable[str]) -> bool:
    """Check that the model in ``folder`` was trained on no part of ``names``; return False if its folder cannot tell.

    Raises:
        TrainingError: it was trained on some. It is surer of these than it will be of new names.
    """
    trained_on = read_trained_on(folder / TRAINING)
    seen = [name for name in names if not trained_on.isdisjoint(hashes_of_parts([name]))]
    if seen:
        raise TrainingError(
            f"the model was trained on {len(seen)} of the names, such as {shorten(seen[0])}: give pairs that it has not"
            f" seen, or leave these out by --exclude-hashes {folder / TRAINING / TRAINED_ON}"
        )
    return bool(trained_on)


def describe(measured: Measured) -> str:
    """Return the result in some lines."""
    lines = [
        f"{measured.names} names, exact match {measured.exact_match:.4f}: slope {measured.fit.slope:.4f}, intercept"
        f" {measured.fit.intercept:.4f}",
        f"expected calibration error {measured.error_before:.4f} before, {measured.error_after:.4f} after; of"
        f" candidates, by rank: {in_words(measured.candidate_errors)}",
    ]
    lines += [
        f"the least sure {group.share:.0%}: {group.exact_match:.1%} right, {group.share_of_errors:.1%} of all errors;"
        f" {group.exact_match_of_surer:.1%} of the others right"
        for group in measured.least_sure
    ]
    return "\n".join(lines)


def observe(transliterator: Transliterator, references: dict[str, list[str]]) -> Observed:
    """Run the model on the names of ``references``.

    Names without an answer, and names whose answer no model wrote, are left out.
    """
    answers = transliterator.transliterate_detailed(list(references), probabilities=True, candidates=CANDIDATES)
    rows = [
        (answer, accepted)
        for answer, accepted in zip(answers, references.values(), strict=True)
        if answer.text is not None and answer.probability is not None and not _is_certain(answer)
    ]
    candidates = np.full((len(rows), CANDIDATES), np.nan)
    candidates_right = np.zeros((len(rows), CANDIDATES), np.bool_)
    for row, (answer, accepted) in enumerate(rows):
        for rank, candidate in enumerate(answer.candidates[:CANDIDATES]):
            candidates[row, rank] = candidate.probability
            candidates_right[row, rank] = candidate.text in accepted
    return Observed(
        np.array([answer.probability for answer, _ in rows], np.float64),
        np.array([answer.text in accepted for answer, accepted in rows], np.bool_),
        candidates,
        candidates_right,
    )


def _is_certain(answer: Transliteration) -> bool:
    """Whether no model wrote the answer: a name read by rule, or kept, has one candidate, of probability 1."""
    return answer.probability == 1 and len(answer.candidates) == 1
