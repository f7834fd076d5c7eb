import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana_training.metrics import f_score, score

KANA = st.text("アイウエ", max_size=6)


def test_a_worked_example() -> None:
    scores = score(["アイウ", "アイ", ""], [["アイウ"], ["アイエエ", "アウ"], ["ア"]])
    assert scores.names == 3
    assert scores.exact_match == pytest.approx(1 / 3)
    # F of アイ against アイエエ: LCS 2, precision 1, recall 1/2; against アウ: 1/2. The better one counts.
    assert scores.mean_f_score == pytest.approx((1 + 2 / 3 + 0) / 3)
    # Edits 0, 1 (アウ is nearest), 1 over lengths 3, 2, 1.
    assert scores.character_error_rate == pytest.approx(2 / 6)


@given(KANA, KANA)
def test_f_score_is_symmetric_and_one_for_equals(left: str, right: str) -> None:
    assert f_score(left, right) == f_score(right, left)
    assert 0 <= f_score(left, right) <= 1
    assert (f_score(left, right) == 1) == (left == right != "")


@given(st.lists(KANA.filter(bool), min_size=1))
def test_a_perfect_system(references: list[str]) -> None:
    scores = score(references, [[reference] for reference in references])
    assert (scores.exact_match, scores.mean_f_score, scores.character_error_rate) == (1, 1, 0)


@pytest.mark.parametrize(("predictions", "references"), [([], []), (["ア"], []), (["ア"], [[]])])
def test_nothing_to_score(predictions: list[str], references: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="predictions"):
        score(predictions, references)
