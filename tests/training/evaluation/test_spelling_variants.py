import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana_training.evaluation.spelling_variants import fold_variants

KATAKANA = st.text("アバビブベボヴァィェォュャヷーン・＝", max_size=8)


@pytest.mark.parametrize(
    ("katakana", "folded"),
    [
        ("ヴァン", "バン"),
        ("ヴィヴィアン", "ビビアン"),
        ("ヴェーヴ", "ベーブ"),
        ("ヴォイノヴァ", "ボイノバ"),
        ("レヴュー", "レビュ"),
        ("ヷイオリン", "バイオリン"),
        ("メアリー", "メアリ"),
        ("ピーター", "ピータ"),
        ("ピーター・パーカー", "ピータパーカ"),
        ("ジャン＝リュック", "ジャンリュック"),
        ("バナナ", "バナナ"),
        ("ー", "ー"),
        ("ー・ー", "ー・ー"),
        ("", ""),
    ],
)
def test_examples(katakana: str, folded: str) -> None:
    assert fold_variants(katakana) == folded


@given(KATAKANA)
def test_folding_twice_is_folding_once(katakana: str) -> None:
    folded = fold_variants(katakana)
    assert fold_variants(folded) == folded
    assert "ヴ" not in folded
    assert len(folded) <= len(katakana)


@given(KATAKANA)
def test_only_nothing_folds_to_nothing(katakana: str) -> None:
    assert (fold_variants(katakana) == "") == (katakana == "")
