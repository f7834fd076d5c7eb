import json
from pathlib import Path

import pytest

from hayakana import Transliterator
from hayakana.names.choices import Kind
from hayakana_training.errors import TrainingError
from hayakana_training.evaluation.confusions import Confusion
from hayakana_training.evaluation.evaluate import ALL_HINTS, evaluate
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


def opening(transliterator):
    """Return what opens ``transliterator``, whatever the kind."""
    return lambda kind: transliterator


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.tsv"
    path.write_text(PAIRS, encoding="utf-8")
    return path


def test_the_greedy_text_comes_first_and_a_name_without_one_is_wrong(scripted, pairs: Path) -> None:
    evaluation, problems = evaluate(opening(scripted(ANSWERS)), pairs)
    assert len(problems) == 1
    assert (evaluation.scores.names, evaluation.scores.exact_match) == (5, 1 / 5)
    assert evaluation.ranked == RankedScores(2 / 5, 3 / 5, pytest.approx((1 + 1 / 2 + 1 / 3) / 5))


def test_names_count_as_often_as_people_bear_them(scripted, pairs: Path) -> None:
    evaluation, _ = evaluate(opening(scripted(ANSWERS)), pairs)
    assert evaluation.by_count == 14 / 20
    assert evaluation.folded_by_count == 15 / 20


def test_folded_variants_are_no_mistakes(scripted, pairs: Path) -> None:
    evaluation, _ = evaluate(opening(scripted(ANSWERS)), pairs)
    assert evaluation.folded.exact_match == 2 / 5
    # イヴァノヴァ and イバノバ are one candidate when folded, マリー and マリ too.
    assert evaluation.folded_ranked == RankedScores(3 / 5, 3 / 5, pytest.approx((1 + 1 + 1 / 2) / 5))
    assert evaluation.groups["reference written with"]["ヴ"].scores.exact_match == 0
    assert evaluation.groups["reference written with"]["ヴ"].folded.exact_match == 1


def test_names_are_grouped_and_edits_counted(scripted, pairs: Path) -> None:
    evaluation, _ = evaluate(opening(scripted(ANSWERS)), pairs)
    assert evaluation.groups["letters"]["diacritics or other letters"].scores.names == 1
    assert sum(group.scores.names for group in evaluation.groups["name length"].values()) == 5
    assert evaluation.confusions[0] == Confusion("ヴァ", "バ", 2, "ivanova", "イヴァノヴァ", "イバノバ")
    assert all(confusion.example_name != "xyzzy" for confusion in evaluation.confusions)


def test_the_report_has_every_number_in_both_forms(scripted, pairs: Path) -> None:
    evaluation, _ = evaluate(opening(scripted(ANSWERS)), pairs)
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
    evaluation, _ = evaluate(opening(scripted({name: (text, 1.0) for name, text in right.items()})), pairs)
    assert evaluation.scores.exact_match == evaluation.ranked.mean_reciprocal_rank == 1
    assert "most frequent of 0 edits" in as_text(evaluation)


def test_excluded_names_are_left_out_and_nothing_left_is_an_error(scripted, pairs: Path, tmp_path: Path) -> None:
    from hayakana_training.data.held_out import name_hash

    hashes = tmp_path / "hashes"
    hashes.write_text("\n".join(map(name_hash, ("peter", "ivanova", "mary"))), encoding="utf-8")
    evaluation, _ = evaluate(opening(scripted(ANSWERS)), pairs, exclude_hashes=hashes)
    assert evaluation.scores.names == 2
    (tmp_path / "empty.tsv").write_text("bad\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="has no pairs"):
        evaluate(opening(scripted({})), tmp_path / "empty.tsv")


HINTED = """\
michel\tミシェル\t1\tfr
michel\tミッチェル\t1\ten
nantes\tナント\t1\tplace fr
nantes\tナンテス
tea\tティー\t1\tword
xyzzy\tジジー\t1\tde
"""
OF_PEOPLE = {
    "michel": ("ミッチェル", 0.9),
    "fr:michel": ("ミシェル", 0.9),
    "en:michel": ("ミッチェル", 0.9),
    "nantes": ("ナンテス", 0.9),
    "tea": ("テア", 0.9),
}
OF_KINDS = {
    "person": OF_PEOPLE,
    "place": OF_PEOPLE | {"fr:nantes": ("ナント", 0.9)},
    "word": OF_PEOPLE | {"tea": ("ティー", 0.9)},
}


def test_names_are_asked_with_their_hints_and_without(scripted, tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text(HINTED, encoding="utf-8")
    evaluation, problems = evaluate(lambda kind: scripted(OF_KINDS[kind]), tmp_path / "pairs.tsv")
    assert problems == []
    assert (evaluation.scores.names, evaluation.scores.exact_match) == (6, 5 / 6)
    assert {
        hint: (both.without.scores.names, both.without.scores.exact_match, both.with_hints.scores.exact_match)
        for hint, both in evaluation.hints.items()
    } == {
        ALL_HINTS: (5, 1 / 5, 4 / 5),
        "place": (1, 0, 1),
        "word": (1, 0, 1),
        "de": (1, 0, 0),
        "en": (1, 1, 1),
        "fr": (2, 0, 1),
    }
    assert {hint: both.followed for hint, both in evaluation.hints.items()} == {
        ALL_HINTS: 3,
        "place": 1,
        "word": 0,
        "de": 0,
        "en": 1,
        "fr": 2,
    }
    assert as_json(evaluation)["hints"]["fr"]["with_hints"]["scores"]["exact_match"] == 1
    assert "of fewer than 20 names: any hint, place, word, de, en, fr" in as_text(evaluation)


def test_a_hint_of_enough_names_has_a_line(scripted, tmp_path: Path) -> None:
    names = [f"michel{letter}" for letter in "abcdefghijklmnopqrst"]
    lines = [f"{name}\tミシェル\t1\tfr\n" for name in names]
    (tmp_path / "pairs.tsv").write_text("".join(lines), encoding="utf-8")
    script = {f"fr:{name}": ("ミシェル", 0.9) for name in names} | {names[0]: ("ミシェル", 0.9)}
    evaluation, _ = evaluate(opening(scripted(script)), tmp_path / "pairs.tsv")
    lines = [line.split() for line in as_text(evaluation).splitlines()]
    assert ["fr", "20", "20", "0.0500", "1.0000", "0.9500", "0.0000"] in lines


def test_without_hints_there_is_no_table_of_them(scripted, pairs: Path) -> None:
    evaluation, _ = evaluate(opening(scripted(ANSWERS)), pairs)
    assert evaluation.hints == {}
    assert as_json(evaluation)["hints"] == {}
    assert "without" not in as_text(evaluation).split("\n\nname length")[0]


def test_a_model_with_tags_is_asked_by_kind_and_language(tagged_folder: Path, tmp_path: Path) -> None:
    def opened(kind: Kind) -> Transliterator:
        return Transliterator(tagged_folder, kind=kind, known_names=False)

    hints = {"mori": "fr", "tanaka": "place", "sano": "place fr"}
    with opened("person") as people, opened("place") as places:
        right = {"mori": people("mori", "fr"), "tanaka": places("tanaka"), "sano": places("sano", "fr")}
        followed = sum(text != people(name) for name, text in right.items())
    lines = [f"{name}\t{right[name]}\t1\t{hint}\n" for name, hint in hints.items()]
    (tmp_path / "pairs.tsv").write_text("".join(lines), encoding="utf-8")
    evaluation, _ = evaluate(opened, tmp_path / "pairs.tsv")
    both = evaluation.hints[ALL_HINTS]
    assert evaluation.scores.exact_match == both.with_hints.scores.exact_match == 1
    assert both.without.scores.exact_match == 1 - followed / 3 < 1
    assert both.followed == evaluation.hints["fr"].followed == 2
