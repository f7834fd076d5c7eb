"""From the model's own probability of a text to how often such a text is right.

A network that was trained on one right answer a name is sure of itself; how sure, and how often right, are two things
(Guo et al., "On Calibration of Modern Neural Networks", ICML 2017). The correction here is Platt's: a logistic curve
of two numbers, fitted on names that the model was not trained on (Platt, "Probabilistic Outputs for Support Vector
Machines", 1999). It keeps the order of any two texts of a unit. numpy only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LEAST, _MOST = -600.0, -1e-9
"""Bounds of a log probability: within them its logit is a finite number."""


@dataclass(frozen=True)
class Calibration:
    """The probability that a text with the model's probability p is right: sigmoid(slope · logit(p) + intercept).

    Platt scaling (Platt 1999) of a unit's text: a part, or a whole name where the model reads whole names.
    ``expected_calibration_error`` (Guo et al. 2017) is the mean distance of stated and observed frequency after it, on
    ``names`` held-out names of ``data``.

    Raises:
        ValueError: a number is not finite, or the slope is not positive, so that the order would change.
    """

    slope: float
    intercept: float
    expected_calibration_error: float
    names: int
    data: str

    def __post_init__(self) -> None:
        if not np.isfinite([self.slope, self.intercept, self.expected_calibration_error]).all() or self.slope <= 0:
            raise ValueError(f"a calibration needs a positive slope and finite numbers, not {self!r}")

    def apply(self, log_probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return calibrated probabilities of the model's log probabilities, of any shape; each is in [0, 1]."""
        return np.exp(self.calibrated(log_probabilities))

    def calibrated(self, log_probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logarithms of ``apply``, finite wherever the log probability is a number."""
        bounded = np.clip(log_probabilities, _LEAST, _MOST)
        logits = bounded - np.log(-np.expm1(bounded))
        return -np.logaddexp(0.0, -(self.slope * logits + self.intercept))
