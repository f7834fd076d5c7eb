"""Turn a model's probabilities into shares of right answers, and measure how far the two are apart. Pure, numpy alone.

Platt scaling (Platt, "Probabilistic outputs for support vector machines", 1999): sigmoid(slope · logit(p) + intercept),
fitted by maximum likelihood. The expected calibration error is that of Naeini et al. ("Obtaining well calibrated
probabilities using Bayesian binning", AAAI 2015) over bins that hold as many names each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 15
LEAST_SURE = (0.05, 0.1, 0.2)
"""Shares of the names, the least sure ones, that are set apart."""
_LEAST, _MOST = -600.0, -1e-9
"""Bounds of a log probability, as ``hayakana.model.calibration`` has them: within them its logit is a finite number."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Fit:
    """A fitted line through the logits."""

    slope: float
    intercept: float

    def apply(self, probabilities: Floats) -> Floats:
        """Return the calibrated probabilities."""
        return sigmoid(self.slope * logit(probabilities) + self.intercept)


@dataclass(frozen=True)
class Bin:
    """Names of like probability: their mean probability, and the share of them that is right."""

    names: int
    mean_probability: float
    share_right: float


def logit(probabilities: Floats) -> Floats:
    """Return log(p / (1 - p)), finite."""
    logs = np.clip(np.log(np.maximum(probabilities, np.finfo(np.float64).tiny)), _LEAST, _MOST)
    return logs - np.log(-np.expm1(logs))


def sigmoid(values: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)); tanh does not overflow."""
    return 0.5 * (1 + np.tanh(0.5 * values))


def fit_platt(probabilities: Floats, right: Bools) -> Fit:
    """Fit slope and intercept to what was ``right``, by Newton's method with the step halved while it does not help.

    Platt's targets are (n + 1) / (n + 2) in place of 1, and 1 / (n + 2) in place of 0. They keep the line finite where
    a probability separates right from wrong; with thousands of names they change nothing.

    Raises:
        ValueError: there are no names, or their numbers differ.
    """
    if not len(right) or probabilities.shape != right.shape:
        raise ValueError(f"{probabilities.shape} probabilities for {right.shape} answers")
    count = int(right.sum())
    targets = np.where(right, (count + 1) / (count + 2), 1 / (len(right) - count + 2))
    rows = np.stack([logit(probabilities), np.ones(len(right))], axis=1)
    line = np.array([1.0, 0.0])
    for _ in range(100):
        predicted = sigmoid(rows @ line)
        gradient = rows.T @ (predicted - targets)
        # The ridge keeps it solvable where all logits are one.
        curvature = (rows * (predicted * (1 - predicted))[:, np.newaxis]).T @ rows + 1e-9 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        while _loss(rows @ (line - step), targets) > _loss(rows @ line, targets) and np.abs(step).max() > 1e-12:
            step /= 2
        line = line - step
        if np.abs(step).max() < 1e-9:
            break
    return Fit(float(line[0]), float(line[1]))


@dataclass(frozen=True)
class CrossFit:
    """Two fits, each through half of the names; ``unseen_by``, an entry a name, is the fit that did not see it."""

    fits: tuple[Fit, Fit]
    unseen_by: NDArray[np.int64]

    def apply(self, probabilities: Floats) -> Floats:
        """Return probabilities, an entry a name, calibrated by the fit that did not see that name."""
        first, second = (fit.apply(probabilities) for fit in self.fits)
        return np.where(self.unseen_by == 0, first, second)


def cross_fit(probabilities: Floats, right: Bools, *, seed: int = 1) -> CrossFit:
    """Fit each half of the names, split at random, so that a fit can be measured on names that it did not see."""
    unseen_by = np.random.default_rng(seed).permutation(len(right)) % 2
    first, second = (fit_platt(probabilities[unseen_by != half], right[unseen_by != half]) for half in (0, 1))
    return CrossFit((first, second), unseen_by)


def reliability(probabilities: Floats, right: Bools, *, bins: int = BINS) -> list[Bin]:
    """Return bins of as many names each (one more or less), by rising probability; empty ones are left out."""
    order = np.argsort(probabilities, kind="stable")
    return [
        Bin(len(rows), float(probabilities[rows].mean()), float(right[rows].mean()))
        for rows in np.array_split(order, bins)
        if len(rows)
    ]


def expected_calibration_error(bins: list[Bin]) -> float:
    """Return the mean distance between probability and share of right answers, each bin weighted by its names."""
    names = sum(bin_.names for bin_ in bins)
    return sum(bin_.names * abs(bin_.mean_probability - bin_.share_right) for bin_ in bins) / names


@dataclass(frozen=True)
class LeastSure:
    """The names with the lowest probability, ``share`` of all, and how much is gained by sending them to a person.

    Args:
        share: share of all names that they are.
        exact_match: share of them that is right.
        share_of_errors: share of all wrong names that is among them.
        exact_match_of_surer: share of all other names that is right.
    """

    share: float
    exact_match: float
    share_of_errors: float
    exact_match_of_surer: float


def least_sure(probabilities: Floats, right: Bools, *, share: float) -> LeastSure:
    """Set the least sure ``share`` of the names apart, at least one of them; the first of equals come first."""
    order = np.argsort(probabilities, kind="stable")
    count = max(1, round(share * len(order)))
    chosen, surer = right[order[:count]], right[order[count:]]
    errors = int((~right).sum())
    return LeastSure(
        share,
        float(chosen.mean()),
        float((~chosen).sum() / errors) if errors else 0.0,
        float(surer.mean()) if len(surer) else 1.0,
    )


@dataclass(frozen=True)
class Observed:
    """Answers of a model: an entry for each name that it answered, and whether the answer is a reference of the name.

    ``candidates`` has a row for each name and a column for each rank, NaN and False where there are fewer candidates.
    """

    probabilities: Floats
    right: Bools
    candidates: Floats
    candidates_right: Bools


@dataclass(frozen=True)
class Measured:
    """A fit and what it is worth. All but ``before`` and ``fit`` is measured on names that the fit at work did not see.

    Args:
        fit: through all names.
        names: how many names the model answered. Names without a probability, read by rule, or kept do not count.
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
            _error_where_ranked(halves.apply(of_rank), right_of_rank)
            for of_rank, right_of_rank in zip(observed.candidates.T, observed.candidates_right.T, strict=True)
            if not np.isnan(of_rank).all()
        ],
        least_sure=[least_sure(probabilities, right, share=share) for share in LEAST_SURE],
    )


def _error_where_ranked(probabilities: Floats, right: Bools) -> float:
    ranked = ~np.isnan(probabilities)
    return expected_calibration_error(reliability(probabilities[ranked], right[ranked]))


def _loss(logits: Floats, targets: Floats) -> float:
    """Return the negative log likelihood, up to what the targets alone decide."""
    return float((np.logaddexp(0, logits) - targets * logits).sum())
