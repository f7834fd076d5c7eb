"""Which least probability sends how much to a person: by hand-made probabilities, and with the tiny model."""

from pathlib import Path

import numpy as np
import pytest
from benchmarks.studies.doubt import BORNE, RARE, SHARES, WHOLE, at, least_for, measure, render, whole_names
from hypothesis import given
from hypothesis import strategies as st

from hayakana_training.data.pairs import Pair, read_pairs

PROBABILITIES = np.array([0.9, 0.1, 0.5, 0.3])
RIGHT = np.array([True, False, True, False])


def test_a_least_probability_tells_what_is_right_on_both_sides() -> None:
    weights = np.array([6.0, 1.0, 2.0, 1.0])
    found = at(0.4, PROBABILITIES, RIGHT, weights)
    assert found == {
        "least_probability": 0.4,
        "share_unsure": pytest.approx(0.2),
        "share_right_of_unsure": 0,
        "share_right_of_others": 1,
        "share_of_errors_among_unsure": 1,
    }
    assert at(0.6, PROBABILITIES, RIGHT, weights)["share_right_of_unsure"] == pytest.approx(0.5)
    assert at(0.0, PROBABILITIES, RIGHT, weights)["share_unsure"] == 0


@given(st.lists(st.tuples(st.floats(0, 0.999), st.integers(1, 9)), min_size=1), st.sampled_from(SHARES))
def test_the_least_probability_of_a_share_sends_that_share_or_more(
    names: list[tuple[float, int]], share: float
) -> None:
    probabilities, weights = np.array(names, np.float64).T
    least = least_for(share, probabilities, weights)
    assert weights[probabilities < least].sum() >= share * weights.sum() * (1 - 1e-9)
    fewer = np.unique(probabilities)[:-1]
    # No step of 0.001 less would do.
    assert weights[probabilities < least - 0.001].sum() < share * weights.sum() or not len(fewer)


def test_whole_names_are_drawn_by_their_bearers() -> None:
    names = whole_names([Pair("mori", "モリ", 9), Pair("kato", "カト", 1), Pair("none", "ノン", 0)], count=400)
    assert names == whole_names([Pair("mori", "モリ", 9), Pair("kato", "カト", 1), Pair("none", "ノン", 0)], count=400)
    assert {pair.name: pair.katakana for pair in names}["mori kato"] == "モリ・カト"
    assert 280 < sum(pair.name == "mori mori" for pair in names) < 370
    assert not any("none" in pair.name for pair in names)


def test_a_model_has_a_row_in_each_table(tiny_folder: Path, read_pairs_file: Path) -> None:
    pairs, _ = read_pairs(read_pairs_file)
    found = measure(tiny_folder, pairs[:60], pairs[60:90])
    assert (found[BORNE]["names"], found[RARE]["names"]) == (60, 30)
    assert 0.5 < found[RARE]["share_right"] <= 1
    for shares in (found[label]["at"] for label in (BORNE, WHOLE, RARE)):
        unsure = [of_share["share_unsure"] for of_share in shares.values()]
        assert unsure == sorted(unsure)
        assert all(share <= of_share for share, of_share in zip(SHARES, unsure, strict=True))
    data = {BORNE: {"file": "train.tsv"}, RARE: {"file": "dev.tsv"}}
    text = render({"head": {"models": {}}, "data": data, "models": {"tiny": found}})
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 9
    assert {row.count("|") for row in rows} == {9}
    assert "60 names of `train.tsv`, which count" in text
