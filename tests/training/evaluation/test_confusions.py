from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from hayakana_training.evaluation.confusions import NOTHING, Confusion, confusions, edits

KANA = st.text("アイウエー", max_size=6)


def test_confusions_are_counted_with_the_first_example() -> None:
    found = confusions(
        ["peter", "anna", "ann", "mori", "kato"],
        ["ピタ", "アナ", "エン", "モリ", ""],
        [["ピーター"], ["アンナ"], ["アン"], ["ムリ", "モリ"], ["カト"]],
    )
    assert found == [
        Confusion("ー", NOTHING, 2, "peter", "ピーター", "ピタ"),
        Confusion("ン", NOTHING, 1, "anna", "アンナ", "アナ"),
        Confusion("ア", "エ", 1, "ann", "アン", "エン"),
    ]


def test_a_wrong_prediction_is_aligned_with_the_nearest_reference() -> None:
    (found,) = confusions(["luc"], ["ルク"], [["リュック", "ルック"]])
    assert (found.reference, found.predicted, found.example_reference) == ("ッ", NOTHING, "ルック")


@given(KANA, KANA)
def test_edits_explain_the_difference(reference: str, prediction: str) -> None:
    found = list(edits(reference, prediction))
    assert (not found) == (reference == prediction)
    assert all(source != target for source, target in found)
    removed, added = ("".join(side).replace(NOTHING, "") for side in zip(*found, strict=True)) if found else ("", "")
    assert Counter(reference) - Counter(removed) + Counter(added) == Counter(prediction)
    assert sum(max(len(source), len(target)) for source, target in found) == Levenshtein.distance(reference, prediction)


def test_neighbouring_edits_are_one() -> None:
    assert list(edits("ゴルデーワ", "ゴルデーヴァ")) == [("ワ", "ヴァ")]
    assert list(edits("シャンピー", "サンピ")) == [("シャ", "サ"), ("ー", NOTHING)]
