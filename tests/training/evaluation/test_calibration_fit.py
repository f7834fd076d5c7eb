import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hayakana.model.calibration import Calibration
from hayakana_training.evaluation.calibration_fit import (
    Fit,
    cross_fit,
    expected_calibration_error,
    fit_platt,
    least_sure,
    logit,
    reliability,
    sigmoid,
)

PROBABILITIES = arrays.arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1))


def drawn(fit: Fit, *, names: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities, and answers that are right as often as ``fit`` of them says."""
    random = np.random.default_rng(seed)
    probabilities = random.beta(2, 1, size=names)
    return probabilities, random.random(names) < fit.apply(probabilities)


@pytest.mark.parametrize("fit", [Fit(1, 0), Fit(0.6, -0.8), Fit(2, 1), Fit(-1, 0)])
def test_the_line_that_answers_were_drawn_with_is_found(fit: Fit) -> None:
    found = fit_platt(*drawn(fit, names=40_000))
    assert found.slope == pytest.approx(fit.slope, abs=0.06)
    assert found.intercept == pytest.approx(fit.intercept, abs=0.06)


@given(PROBABILITIES, st.randoms())
def test_the_fit_is_finite_and_has_the_mean_of_its_targets(probabilities: np.ndarray, random: object) -> None:
    """What a logistic line with an intercept has at its maximum likelihood."""
    right = np.array([random.random() < 0.5 for _ in probabilities])
    fit = fit_platt(probabilities, right)
    assert np.isfinite([fit.slope, fit.intercept]).all()
    count, names = right.sum(), len(right)
    targets = np.where(right, (count + 1) / (count + 2), 1 / (names - count + 2))
    assert fit.apply(probabilities).mean() == pytest.approx(targets.mean(), abs=1e-4)


def test_answers_that_a_probability_separates_have_a_finite_line() -> None:
    fit = fit_platt(np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True]))
    assert 0 < fit.slope < 10


@given(PROBABILITIES)
def test_logits_are_finite_and_turn_back(probabilities: np.ndarray) -> None:
    assert np.isfinite(logit(probabilities)).all()
    assert sigmoid(logit(probabilities)) == pytest.approx(probabilities, abs=1e-8)
    assert (sigmoid(np.array([-1e4, 1e4])) == [0, 1]).all()


@given(PROBABILITIES, st.floats(0.1, 5), st.floats(-5, 5))
def test_training_and_runtime_calibrate_alike(probabilities: np.ndarray, slope: float, intercept: float) -> None:
    runtime = Calibration(slope, intercept, expected_calibration_error=0.0, names=1, data="")
    with np.errstate(divide="ignore"):
        applied = runtime.apply(np.log(probabilities))
    assert Fit(slope, intercept).apply(probabilities) == pytest.approx(applied, abs=1e-9)


@given(PROBABILITIES, st.integers(1, 20))
def test_bins_hold_every_name_once_and_as_many_each(probabilities: np.ndarray, bins: int) -> None:
    found = reliability(probabilities, probabilities > 0.5, bins=bins)
    sizes = [one.names for one in found]
    assert sum(sizes) == len(probabilities)
    assert max(sizes) - min(sizes) <= 1
    assert len(found) == min(bins, len(probabilities))
    means = [one.mean_probability for one in found]
    assert means == pytest.approx(sorted(means))
    assert 0 <= expected_calibration_error(found) <= 1


def test_the_error_of_a_worked_example() -> None:
    probabilities = np.array([0.2, 0.4, 0.8, 1.0])
    right = np.array([False, True, True, True])
    # Two bins: 0.3 against 0.5, 0.9 against 1.
    assert expected_calibration_error(reliability(probabilities, right, bins=2)) == pytest.approx((0.2 + 0.1) / 2)


def test_calibration_mends_what_is_too_sure() -> None:
    probabilities, right = drawn(Fit(0.5, -1), names=6_000)
    before = expected_calibration_error(reliability(probabilities, right))
    after = expected_calibration_error(reliability(cross_fit(probabilities, right).apply(probabilities), right))
    assert after < 0.03 < 0.2 < before


def test_a_half_is_not_calibrated_by_itself() -> None:
    """Answers of no relation to their probabilities: a fit that had seen them would find one."""
    probabilities, right = np.array([0.3, 0.7]), np.array([True, False])
    calibrated = cross_fit(probabilities, right).apply(probabilities)
    assert calibrated[0] < 0.5 < calibrated[1]


@given(PROBABILITIES, st.floats(0.01, 1))
def test_the_least_sure_and_the_others_are_all(probabilities: np.ndarray, share: float) -> None:
    right = np.arange(len(probabilities)) % 3 == 0
    found = least_sure(probabilities, right, share=share)
    count = max(1, round(share * len(right)))
    assert found.exact_match * count + found.exact_match_of_surer * (len(right) - count) == pytest.approx(
        right.sum(), abs=1e-6
    )
    errors = (~right).sum()
    assert found.share_of_errors * errors == pytest.approx(count - found.exact_match * count, abs=1e-6)


def test_nothing_to_fit() -> None:
    with pytest.raises(ValueError, match="probabilities for"):
        fit_platt(np.array([]), np.array([], bool))
