import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana_training.evaluation.metrics import (
    exact_match_by_count,
    f_score,
    first_match,
    fold_variants,
    nearest_by_subsequence,
    rank,
    score,
)

KATAKANA = st.text("アバビブベボヴァィェォュャヷーン・＝", max_size=8)
KANA = st.text("アイウエ", max_size=6)
REFERENCES = st.lists(KANA.filter(bool), min_size=1, max_size=3)
NAMES = st.lists(st.tuples(st.lists(KANA, max_size=4, unique=True), REFERENCES), min_size=1, max_size=8)


def test_a_worked_example() -> None:
    scores = score(["アイウ", "アイ", ""], [["アイウ"], ["アイエエ", "アウ"], ["ア"]])
    assert scores.names == 3
    assert scores.exact_match == pytest.approx(1 / 3)
    # アイ is two insertions from アイエエ, an insertion and a deletion from アウ: the first counts. LCS 2 of 2 and 4.
    assert scores.mean_f_score == pytest.approx((1 + 2 / 3 + 0) / 3)
    # Edits 0, 1 (アウ is nearest), 1 over lengths 3, 2, 1.
    assert scores.character_error_rate == pytest.approx(2 / 6)


def test_the_f_score_is_that_of_the_nearest_reference_and_not_the_highest() -> None:
    """NEWS: the reference with the smallest edit distance of insertions and deletions, whatever the F-score to it."""
    assert nearest_by_subsequence("ア", ["アイウエ", "イ"]) == "イ"
    assert score(["ア"], [["アイウエ", "イ"]]).mean_f_score == 0
    assert f_score("ア", "アイウエ") == pytest.approx(2 / 5)


def test_ranks_of_a_worked_example() -> None:
    scores = rank(
        [["ア"], ["イ", "ア"], ["イ", "ウ", "ア"], ["イ", "ウ", "エ", "ア"], ["イ"], []], [["ア", "アー"]] * 6
    )
    assert scores.exact_match_of_2 == pytest.approx(2 / 6)
    assert scores.exact_match_of_3 == pytest.approx(3 / 6)
    assert scores.mean_reciprocal_rank == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 4) / 6)


@given(NAMES)
def test_more_candidates_are_never_worse_and_the_reciprocal_rank_lies_between(
    names: list[tuple[list[str], list[str]]],
) -> None:
    candidates, references = [texts for texts, _ in names], [accepted for _, accepted in names]
    first = score([texts[0] if texts else "" for texts in candidates], references).exact_match
    ranked = rank(candidates, references)
    assert first <= ranked.exact_match_of_2 <= ranked.exact_match_of_3 <= 1
    in_any = sum(first_match(texts, accepted) is not None for texts, accepted in names) / len(names)
    assert first - 1e-9 <= ranked.mean_reciprocal_rank <= in_any + 1e-9
    assert ranked.mean_reciprocal_rank <= (first + in_any) / 2 + 1e-9


@given(st.lists(st.tuples(KANA, REFERENCES, st.integers(1, 5)), min_size=1, max_size=8))
def test_a_name_with_a_count_is_worth_as_many_names(names: list[tuple[str, list[str], int]]) -> None:
    predictions, references, counts = map(list, zip(*names, strict=True))
    repeated = [(prediction, accepted) for prediction, accepted, count in names for _ in range(count)]
    scores = score([prediction for prediction, _ in repeated], [accepted for _, accepted in repeated])
    assert exact_match_by_count(predictions, references, counts) == pytest.approx(scores.exact_match)


@given(NAMES, st.randoms())
def test_the_order_of_names_and_of_references_that_are_as_near_changes_nothing(
    names: list[tuple[list[str], list[str]]], random: object
) -> None:
    shuffled = names.copy()
    random.shuffle(shuffled)
    of, to = (rank([texts for texts, _ in rows], [accepted for _, accepted in rows]) for rows in (names, shuffled))
    assert of.mean_reciprocal_rank == pytest.approx(to.mean_reciprocal_rank)
    assert (of.exact_match_of_2, of.exact_match_of_3) == (to.exact_match_of_2, to.exact_match_of_3)


@given(KANA, KANA)
def test_f_score_is_symmetric_and_one_for_equals(left: str, right: str) -> None:
    assert f_score(left, right) == f_score(right, left)
    assert 0 <= f_score(left, right) <= 1
    assert (f_score(left, right) == 1) == (left == right != "")


@given(st.lists(KANA.filter(bool), min_size=1))
def test_a_perfect_system(references: list[str]) -> None:
    scores = score(references, [[reference] for reference in references])
    assert (scores.exact_match, scores.mean_f_score, scores.character_error_rate) == (1, 1, 0)
    assert (
        rank([[reference] for reference in references], [[reference] for reference in references]).mean_reciprocal_rank
        == 1
    )


@pytest.mark.parametrize(("predictions", "references"), [([], []), (["ア"], []), (["ア"], [[]])])
def test_nothing_to_score(predictions: list[str], references: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="predictions"):
        score(predictions, references)
    with pytest.raises(ValueError, match="predictions"):
        rank([[text] for text in predictions], references)


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
