import json
from pathlib import Path

import pytest

from hayakana_training.errors import TrainingError
from hayakana_training.evaluation.confusions import Confusion
from hayakana_training.evaluation.evaluate import evaluate
from hayakana_training.evaluation.metrics import RankedScores
from hayakana_training.evaluation.report import LONGEST, as_json, as_text

PAIRS = """\
peter\tピーター\t14
ivanova\tイヴァノヴァ
mary\tメアリー
mary\tメアリ\t2
josé\tホセ
xyzzy\tジジー
bad
"""
ANSWERS = {
    "peter": ("ピーター", 0.9, "ピーター", "ピタ", "ペーター"),
    # The greedy text stays first, though beam search found a better one.
    "ivanova": ("イバノバ", 0.4, "イヴァノヴァ", "イバノバ", "イワノワ"),
    "mary": ("マリー", 0.5, "マリー", "マリ", "メアリ"),
    "josé": ("ジョゼ", 0.5, "ジョゼ", "ジョセ", "ホゼ"),
}


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.tsv"
    path.write_text(PAIRS, encoding="utf-8")
    return path


def test_the_greedy_text_comes_first_and_a_name_without_one_is_wrong(scripted, pairs: Path) -> None:
    evaluation, problems = evaluate(scripted(ANSWERS), pairs)
    assert len(problems) == 1
    assert (evaluation.scores.names, evaluation.scores.exact_match) == (5, 1 / 5)
    assert evaluation.ranked == RankedScores(2 / 5, 3 / 5, pytest.approx((1 + 1 / 2 + 1 / 3) / 5))


def test_names_count_as_often_as_people_bear_them(scripted, pairs: Path) -> None:
    evaluation, _ = evaluate(scripted(ANSWERS), pairs)
    assert evaluation.by_count == 14 / 20
    assert evaluation.folded_by_count == 15 / 20


def test_folded_variants_are_no_mistakes(scripted, pairs: Path) -> None:
    evaluation, _ = evaluate(scripted(ANSWERS), pairs)
    assert evaluation.folded.exact_match == 2 / 5
    # イヴァノヴァ and イバノバ are one candidate when folded, マリー and マリ too.
    assert evaluation.folded_ranked == RankedScores(3 / 5, 3 / 5, pytest.approx((1 + 1 + 1 / 2) / 5))
    assert evaluation.groups["reference written with"]["ヴ"].scores.exact_match == 0
    assert evaluation.groups["reference written with"]["ヴ"].folded.exact_match == 1


def test_names_are_grouped_and_edits_counted(scripted, pairs: Path) -> None:
    evaluation, _ = evaluate(scripted(ANSWERS), pairs)
    assert evaluation.groups["letters"]["diacritics or other letters"].scores.names == 1
    assert sum(group.scores.names for group in evaluation.groups["name length"].values()) == 5
    assert evaluation.confusions[0] == Confusion("ヴァ", "バ", 2, "ivanova", "イヴァノヴァ", "イバノバ")
    assert all(confusion.example_name != "xyzzy" for confusion in evaluation.confusions)


def test_the_report_has_every_number_in_both_forms(scripted, pairs: Path) -> None:
    evaluation, _ = evaluate(scripted(ANSWERS), pairs)
    text, values = as_text(evaluation), json.loads(json.dumps(as_json(evaluation), ensure_ascii=False))
    lines = text.splitlines()
    assert lines[0] == "5 names"
    assert "exact match                     0.2000            0.4000" in lines
    assert "exact match, by count           0.7000            0.7500" in lines
    assert "exact match, 3-best             0.6000            0.6000" in lines
    assert any(line.split()[:3] == ["ヴ", "1", "0.0000"] for line in lines)
    assert any(
        line.split()[:4] == ["ヴァ", "→", "バ", "2"] and "ivanova: イヴァノヴァ → イバノバ" in line for line in lines
    )
    assert (values["exact_match"], values["variants_folded"]["exact_match"]) == (0.2, 0.4)
    assert (values["exact_match_by_count"], values["variants_folded"]["exact_match_by_count"]) == (0.7, 0.75)
    assert values["groups"]["letters"]["a–z alone"]["scores"]["names"] == 4
    assert values["confusions"][0]["example_name"] == "ivanova"
    assert len(evaluation.confusions) <= LONGEST


def test_a_perfect_model_has_no_confusions(scripted, pairs: Path) -> None:
    right = {"peter": "ピーター", "ivanova": "イヴァノヴァ", "mary": "メアリ", "josé": "ホセ", "xyzzy": "ジジー"}
    evaluation, _ = evaluate(scripted({name: (text, 1.0) for name, text in right.items()}), pairs)
    assert evaluation.scores.exact_match == evaluation.ranked.mean_reciprocal_rank == 1
    assert "most frequent of 0 edits" in as_text(evaluation)


def test_excluded_names_are_left_out_and_nothing_left_is_an_error(scripted, pairs: Path, tmp_path: Path) -> None:
    from hayakana_training.data.held_out import name_hash

    hashes = tmp_path / "hashes"
    hashes.write_text("\n".join(map(name_hash, ("peter", "ivanova", "mary"))), encoding="utf-8")
    evaluation, _ = evaluate(scripted(ANSWERS), pairs, exclude_hashes=hashes)
    assert evaluation.scores.names == 2
    (tmp_path / "empty.tsv").write_text("bad\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="has no pairs"):
        evaluate(scripted({}), tmp_path / "empty.tsv")
