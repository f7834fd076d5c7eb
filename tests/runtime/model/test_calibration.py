import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import Candidate, Lexicon, ModelFilesError, Transliterator
from hayakana.model.calibration import Calibration
from hayakana.model.manifest import MANIFEST
from hayakana.transliterator import team_of

STATED = {"slope": 0.5, "intercept": -1.0, "expected_calibration_error": 0.01, "names": 100, "data": "development"}


def calibration(slope: float, intercept: float) -> Calibration:
    return Calibration(slope, intercept, 0.0, 1, "none")


SLOPES, INTERCEPTS = st.floats(0.1, 5), st.floats(-5, 5)
LOGARITHMS = st.floats(-60, 0)


@given(LOGARITHMS)
def test_slope_one_and_intercept_zero_change_nothing(log_probability: float) -> None:
    (found,) = calibration(1, 0).calibrated(np.array([log_probability]))
    assert found == pytest.approx(log_probability, abs=2e-9)


@given(st.floats(0.001, 0.999), SLOPES, INTERCEPTS)
def test_it_is_a_logistic_curve_of_the_logit(probability: float, slope: float, intercept: float) -> None:
    expected = 1 / (1 + np.exp(-(slope * np.log(probability / (1 - probability)) + intercept)))
    (found,) = calibration(slope, intercept).apply(np.log([probability]))
    assert found == pytest.approx(expected, rel=1e-9)


@given(st.lists(LOGARITHMS, min_size=2, max_size=9), SLOPES, INTERCEPTS)
def test_the_order_stays(log_probabilities: list[float], slope: float, intercept: float) -> None:
    before = np.sort(log_probabilities)
    assert (np.diff(calibration(slope, intercept).calibrated(before)) >= 0).all()


@given(SLOPES, INTERCEPTS)
def test_nothing_is_infinite(slope: float, intercept: float) -> None:
    extremes = np.array([0.0, -1e-300, -1e9, -np.inf])
    assert np.isfinite(calibration(slope, intercept).calibrated(extremes)).all()
    probabilities = calibration(slope, intercept).apply(extremes)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()


@pytest.mark.parametrize("slope", [0.0, -1.0, np.nan, np.inf])
def test_a_slope_is_positive(slope: float) -> None:
    with pytest.raises(ValueError, match="positive slope"):
        calibration(slope, 0)


@pytest.fixture
def copy(tiny_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_folder, tmp_path / "model"))


def state(folder: Path, values: object) -> None:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**manifest, "calibration": values}), encoding="utf-8")


def test_a_model_without_one_gives_its_own_probabilities(tiny: Transliterator) -> None:
    assert team_of(tiny).manifest.calibration is None


def test_a_model_with_one_gives_calibrated_probabilities_of_the_same_texts(tiny: Transliterator, copy: Path) -> None:
    state(copy, STATED)
    names = ["mori", "tanaka", "kato", "sato", "shin'a"] * 3
    with Transliterator(copy) as calibrated:
        found = team_of(calibrated).manifest.calibration
        assert found == Calibration(**STATED)
        for some in (names, names[:1]):  # side by side, and one by one
            raw = tiny.transliterate_detailed(some, probabilities=True, candidates=4)
            results = calibrated.transliterate_detailed(some, probabilities=True, candidates=4)
            for result, before in zip(results, raw, strict=True):
                assert result.text == before.text
                assert result.probability == pytest.approx(found.apply(np.log(before.probability)), abs=1e-6)
                assert [one.text for one in result.candidates] == [one.text for one in before.candidates]
                assert [one.probability for one in result.candidates] == pytest.approx(
                    [found.apply(np.log(one.probability)) for one in before.candidates], abs=1e-6
                )
        # The product of two parts, each of which is calibrated.
        (name,) = calibrated.transliterate_detailed(["mori kato"], probabilities=True)
        parts = calibrated.transliterate_detailed(["mori", "kato"], probabilities=True)
        assert name.probability == pytest.approx(parts[0].probability * parts[1].probability, abs=1e-6)


def test_what_no_model_writes_stays_certain(copy: Path) -> None:
    state(copy, STATED)
    with Transliterator(copy, lexicon=Lexicon.of({"2Pac": "ツーパック"})) as calibrated:
        for names in (["2Pac", "IBM", "J.", "山田"], ["2Pac", "IBM", "J.", "山田", "2Pac J"] * 3):
            results = calibrated.transliterate_detailed(names, probabilities=True, candidates=3)
            assert {result.probability for result in results} == {1.0}
            assert [result.candidates for result in results] == [(Candidate(one.text, 1.0),) for one in results]
        (beside,) = calibrated.transliterate_detailed(["2Pac Mori"], probabilities=True)
        (mori,) = calibrated.transliterate_detailed(["Mori"], probabilities=True)
        assert beside.probability == pytest.approx(mori.probability, abs=1e-6)


@pytest.mark.parametrize(
    "values",
    [
        *({}, [], 7, "none"),
        *({**STATED, "slope": slope} for slope in (-1, "steep", "2", True, None, 10**400)),
        *({**STATED, "names": 1.5}, {**STATED, "data": 5}),
    ],
    ids=lambda values: str(values)[:40],
)
def test_a_wrong_one_is_refused(copy: Path, values: object) -> None:
    state(copy, values)
    with pytest.raises(ModelFilesError, match="not a model manifest"):
        Transliterator(copy)
