"""Calibrate a model folder: fit its probabilities to a development set, and write what came of it beside the model."""

import contextlib
import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hayakana import Transliteration, Transliterator
from hayakana.model.folder import load_model
from hayakana.model.manifest import MANIFEST, MODEL_CARD
from hayakana.system.files import atomic_file
from hayakana_training.errors import TrainingError
from hayakana_training.evaluation.calibration_fit import (
    BINS,
    Bin,
    Bools,
    Fit,
    Floats,
    LeastSure,
    cross_fit,
    expected_calibration_error,
    fit_platt,
    least_sure,
    reliability,
)
from hayakana_training.evaluation.evaluate import CANDIDATES
from hayakana_training.evaluation.plots import draw_reliability
from hayakana_training.export.model_card import with_calibration

KEY = "calibration"
"""Of the manifest; a model without it gives the probabilities of its own characters."""
PLOT = Path("training") / "calibration.png"
LEAST_SURE = (0.05, 0.1, 0.2)
MINIMUM_NAMES = 100
"""Fewer say nothing of shares in fifteen bins."""


@dataclass(frozen=True)
class Observed:
    """Answers of a model: an entry a name that it answered, and whether what it said is one of the name's readings.

    ``candidates`` has a row a name and a column a rank, NaN and False where there are fewer candidates.
    """

    probabilities: Floats
    right: Bools
    candidates: Floats
    candidates_right: Bools


@dataclass(frozen=True)
class Measured:
    """A fit and what it is worth. All but ``before`` and ``fit`` is of names that the fit at work did not see.

    Args:
        fit: through all names.
        names: how many names the model answered; the others have no probability, or are read by rule or kept.
        before, after: reliability of the model's own probabilities, and of the calibrated ones.
        error_before, error_after: expected calibration error of the two.
        candidate_errors: expected calibration error of the first, second and third candidate, calibrated alike.
        least_sure: what the least sure names hold, for each of ``LEAST_SURE``.
    """

    fit: Fit
    names: int
    exact_match: float
    before: Sequence[Bin]
    after: Sequence[Bin]
    error_before: float
    error_after: float
    candidate_errors: Sequence[float]
    least_sure: Sequence[LeastSure]


def calibrate(
    folder: Path,
    references: dict[str, list[str]],
    *,
    data: str,
    open_transliterator: Callable[[Path], contextlib.AbstractContextManager[Transliterator]],
) -> Measured:
    """Fit the probabilities of the model in ``folder`` to ``references`` and write the result into the folder.

    The manifest gets the key ``calibration``, the card a section, ``training/`` a plot; again, they are replaced.

    Args:
        folder: of the model, which is opened without the calibration that it may have.
        references: readings by name; development names, none of which was trained on.
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
    found = measure(observed)
    if found.fit.slope <= 0:
        raise TrainingError(
            f"what the model is sure of is no more often right (slope {found.fit.slope:.3f}): nothing was written; are"
            " the pairs those of this model's task?"
        )
    _write(folder, found, data=data)
    return found


def describe(found: Measured) -> str:
    """Return the result in some lines."""
    lines = [
        f"{found.names} names, exact match {found.exact_match:.4f}: slope {found.fit.slope:.4f}, intercept"
        f" {found.fit.intercept:.4f}",
        f"expected calibration error {found.error_before:.4f} before, {found.error_after:.4f} after; of candidates, by"
        f" rank: {_listed(found.candidate_errors)}",
    ]
    lines += [
        f"the least sure {one.share:.0%}: {one.exact_match:.1%} right, {one.share_of_errors:.1%} of all errors;"
        f" {one.exact_match_of_others:.1%} of the others right"
        for one in found.least_sure
    ]
    return "\n".join(lines)


def observe(transliterator: Transliterator, references: dict[str, list[str]]) -> Observed:
    """Run the model on the names of ``references``; those without an answer, or that no model wrote, are left out."""
    answers = transliterator.transliterate_detailed(list(references), probabilities=True, candidates=CANDIDATES)
    rows = [
        (answer, readings)
        for answer, readings in zip(answers, references.values(), strict=True)
        if answer.text is not None and answer.probability is not None and not _is_certain(answer)
    ]
    candidates = np.full((len(rows), CANDIDATES), np.nan)
    candidates_right = np.zeros((len(rows), CANDIDATES), np.bool_)
    for row, (answer, readings) in enumerate(rows):
        for rank, candidate in enumerate(answer.candidates[:CANDIDATES]):
            candidates[row, rank] = candidate.probability
            candidates_right[row, rank] = candidate.text in readings
    return Observed(
        np.array([answer.probability for answer, _ in rows], np.float64),
        np.array([answer.text in readings for answer, readings in rows], np.bool_),
        candidates,
        candidates_right,
    )


def _is_certain(answer: Transliteration) -> bool:
    """Whether no model wrote it: what is read by rule or kept has one candidate, of probability 1."""
    return answer.probability == 1 and len(answer.candidates) == 1


def measure(observed: Observed) -> Measured:
    """Fit, and measure on names that the fit did not see."""
    probabilities, right = observed.probabilities, observed.right
    halves = cross_fit(probabilities, right)
    before, after = reliability(probabilities, right), reliability(halves.apply(probabilities), right)
    return Measured(
        fit=fit_platt(probabilities, right),
        names=len(right),
        exact_match=float(right.mean()),
        before=before,
        after=after,
        error_before=expected_calibration_error(before),
        error_after=expected_calibration_error(after),
        candidate_errors=[
            _error_of_known(halves.apply(of_rank), right_of_rank)
            for of_rank, right_of_rank in zip(observed.candidates.T, observed.candidates_right.T, strict=True)
            if not np.isnan(of_rank).all()
        ],
        least_sure=[least_sure(probabilities, right, share=share) for share in LEAST_SURE],
    )


def _error_of_known(probabilities: Floats, right: Bools) -> float:
    known = ~np.isnan(probabilities)
    return expected_calibration_error(reliability(probabilities[known], right[known]))


def _listed(errors: Sequence[float]) -> str:
    return ", ".join(f"{error:.4f}" for error in errors) or "none"


@contextlib.contextmanager
def without_calibration(folder: Path) -> Iterator[Path]:
    """Give a copy of the model in ``folder`` whose manifest has no calibration, as it was exported."""
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    values.pop(KEY, None)
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for file in values["files"]:
            shutil.copyfile(folder / file, copy / file)
        (copy / MANIFEST).write_bytes(_json_bytes(values))
        yield copy


def _write(folder: Path, found: Measured, *, data: str) -> None:
    """Write plot, card and manifest, and see that the model loads with them."""
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    card = with_calibration(
        (folder / MODEL_CARD).read_text(encoding="utf-8"), render_section(found, data=data)
    ).encode()
    values[KEY] = _entry(found, data=data)
    values["files"][MODEL_CARD] = {"sha256": hashlib.sha256(card).hexdigest(), "bytes": len(card)}
    plot = io.BytesIO()
    draw_reliability(found.before, found.after, plot)
    (folder / PLOT).parent.mkdir(exist_ok=True)
    with atomic_file(folder / PLOT) as file:
        file.write(plot.getvalue())
    # Both are on the disk before either takes its place: a card that the manifest does not know does not load.
    with atomic_file(folder / MODEL_CARD) as card_file, atomic_file(folder / MANIFEST) as manifest_file:
        card_file.write(card)
        card_file.flush()
        os.fsync(card_file.fileno())
        manifest_file.write(_json_bytes(values))
    load_model(folder)


def _entry(found: Measured, *, data: str) -> dict[str, Any]:
    return {
        "slope": round(found.fit.slope, 6),
        "intercept": round(found.fit.intercept, 6),
        "expected_calibration_error": round(found.error_after, 5),
        "names": found.names,
        "data": data,
    }


def _json_bytes(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode()


_SECTION = """\
## How sure it is

The probability of a unit is calibrated on {names:,} names of `{data}`, {right:.1%} of which it gets right:
{formula}, where p is the product of the probabilities of its characters.
Expected calibration error, {bins} bins of as many names: {before:.4f} before, {after:.4f} after, on names that
the fit had not seen, each half by the fit of the other (`{plot}`).
The same curve is applied to candidates; their error after it, by rank: {candidates}.

| least sure names, sent to a person | right among them | share of all errors | right among the others |
|--:|--:|--:|--:|
{rows}
"""


def render_section(found: Measured, *, data: str) -> str:
    """Return the card's section."""
    rows = "\n".join(
        f"| {one.share:.0%} | {one.exact_match:.1%} | {one.share_of_errors:.1%} | {one.exact_match_of_others:.1%} |"
        for one in found.least_sure
    )
    return _SECTION.format(
        names=found.names,
        data=data,
        right=found.exact_match,
        formula=f"sigmoid({found.fit.slope:.3f} · logit(p) {found.fit.intercept:+.3f})",
        bins=BINS,
        before=found.error_before,
        after=found.error_after,
        candidates=_listed(found.candidate_errors),
        plot=PLOT.as_posix(),
        rows=rows,
    )
