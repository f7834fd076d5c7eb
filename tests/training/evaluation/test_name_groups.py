import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana_training.evaluation.name_groups import NAME_LENGTHS, band, groups, has_other_letters


@pytest.mark.parametrize(
    ("length", "expected"),
    [(0, "1–3"), (3, "1–3"), (4, "4"), (9, "9"), (10, "10–11"), (29, "20–29"), (30, "30 or more"), (99, "30 or more")],
)
def test_bands(length: int, expected: str) -> None:
    assert band(length, NAME_LENGTHS) == expected


@given(st.integers(0, 60), st.integers(0, 60), st.lists(st.integers(2, 50), min_size=1, unique=True).map(sorted))
def test_bands_keep_order_and_lengths_of_one_band_lie_together(one: int, other: int, starts: list[int]) -> None:
    if band(one, starts) == band(other, starts):
        assert all(band(length, starts) == band(one, starts) for length in range(min(one, other), max(one, other)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("peter", False), ("josé", True), ("łódź", True), ("strauß", True), ("o'brien", False), ("jean-luc", False)],
)
def test_other_letters(name: str, expected: bool) -> None:
    assert has_other_letters(name) == expected


def test_groups_hold_the_places_of_their_names() -> None:
    names = ["peter", "josé", "o'brien", "vi", "jean luc"]
    references = [["ピーター"], ["ホセ"], ["オブライエン"], ["ヴィ", "ビッ"], ["ジャン・リュック"]]
    found = groups(names, references)
    assert found["name length"] == {"1–3": [3], "4": [1], "5": [0], "7": [2], "8": [4]}
    assert found["letters"] == {
        "a–z alone": [0, 3],
        "diacritics or other letters": [1],
        "apostrophe": [2],
        "several parts": [4],
    }
    assert found["reference length"] == {"1–2": [1, 3], "4": [0], "6": [2], "8–9": [4]}
    assert found["reference written with"] == {
        "ー, inside": [0],
        "ー, at the end": [0],
        "no ー": [1, 2, 3, 4],
        "ッ": [4],
        "ヴ": [3],
        "small ァィゥェォ": [3],
        "small ャュョ": [4],
    }


@given(st.lists(st.tuples(st.text("abé' -", min_size=1), st.text("アーヴッ", min_size=1)), min_size=1))
def test_every_name_has_one_length_of_each_kind(rows: list[tuple[str, str]]) -> None:
    found = groups([name for name, _ in rows], [[reference] for _, reference in rows])
    for heading in ("name length", "reference length"):
        assert sorted(place for places in found[heading].values() for place in places) == list(range(len(rows)))
