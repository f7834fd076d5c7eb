from pathlib import Path

import pytest
from benchmarks.reports.plots import write_plot
from benchmarks.studies.attention_by_length import (
    STARTS,
    WITH,
    WITHOUT,
    draw,
    measure,
    parts_right,
    render,
    sample,
    wilson,
)
from hypothesis import given
from hypothesis import strategies as st

from hayakana_training.data.pairs import read_pairs


def test_the_same_model_twice_is_as_good_on_the_same_names(
    tiny_folder: Path, read_pairs_file: Path, tmp_path: Path
) -> None:
    pairs, _ = read_pairs(read_pairs_file)
    values = measure({WITHOUT: tiny_folder, WITH: tiny_folder}, pairs, names_a_band=40)
    assert list(values["bands"])[:2] == ["1–4", "5–8"]
    for found in values["bands"].values():
        assert found[WITHOUT] == found[WITH]
        assert 0 < found["names"] <= 40
        low, high = found[WITH]["exact_match_95"]
        assert low <= found[WITH]["exact_match"] <= high
    assert values["bands"]["5–8"][WITH]["exact_match"] > 0.8
    assert values["bands"]["13–16"]["whole_names"] == values["bands"]["13–16"]["names"]
    values = {"head": {"models": {WITHOUT: {}, WITH: {}}}, "data": {"file": "dev.tsv"}, **values}
    text = render(values)
    assert {line.count("|") for line in text.splitlines() if line.startswith("|")} == {10}
    paths = write_plot(draw, values, tmp_path / "by_length", panels=3)
    assert [path.name for path in paths] == ["by_length.png", "by_length.svg"]
    assert all(path.stat().st_size > 1_000 for path in paths)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ジャン＝リュック・ピカール", (3, 3)),
        ("ジャン・ルック・ピカール", (2, 3)),
        ("ジャン・ピカール", (1, 3)),
        ("", (0, 3)),
    ],
)
def test_parts_are_compared_at_their_place(text: str, expected: tuple[int, int]) -> None:
    assert parts_right(text, ["ジャン＝リュック・ピカール"]) == expected
    assert parts_right("カトー", ["カト", "カトー"]) == (1, 1)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=200), st.integers(1, 10))
def test_bands_hold_names_of_their_length_and_no_more_than_asked(lengths: list[int], most: int) -> None:
    references = {f"{index:03}{'x' * 60}"[:length] or "x": ["ア"] for index, length in enumerate(lengths)}
    found = sample(references, names_a_band=most, seed=1)
    for label, members in found.items():
        first, last = map(int, label.split("–"))
        assert all(first <= len(name) <= last for name in members)
        assert len(members) == min(most, sum(first <= len(name) <= last for name in references))
    assert found == sample(references, names_a_band=most, seed=1)
    assert all(len(name) < STARTS[-1] for members in found.values() for name in members)


@pytest.mark.parametrize(
    ("right", "names", "low", "high"), [(5, 10, 0.237, 0.763), (0, 10, 0, 0.278), (10, 10, 0.722, 1)]
)
def test_intervals(right: int, names: int, low: float, high: float) -> None:
    assert wilson(right, names) == pytest.approx((low, high), abs=1e-3)
