from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import engine_with

from hayakana import AlignmentUnavailableError, Transliterator, UnreadableNameError
from hayakana.alignment.attention import AlignedPart, Alignment, align


def alignment(source: str, target: str, rows: list[list[float]]) -> Alignment:
    weights = np.array(rows, np.float32)
    return Alignment(source, tuple(source), tuple(target), weights, (weights.shape,))


def test_kana_and_letters_are_paired_by_weight() -> None:
    jon = alignment("Jon", "ジョン", [[0.9, 0.1, 0], [0.1, 0.8, 0.1], [0, 0.2, 0.8]])
    assert jon.pairs() == [("ジョ", "Jo"), ("ン", "n")]
    assert str(jon) == "ジョ ← Jo, ン ← n"
    assert jon.text == "ジョン"


def test_weight_decides_between_orders() -> None:
    snow = alignment("snow", "スノー", [[1, 0, 0, 0], [0, 0.5, 0.5, 0], [0, 0, 0.1, 0.9]])
    assert snow.pairs() == [("ス", "s"), ("ノー", "now")]


def test_every_kana_has_a_letter_while_there_are_enough() -> None:
    flat = alignment("abc", "アイウ", [[1, 0, 0]] * 3)
    assert [letters for _, letters in flat.pairs()] == ["a", "b", "c"]
    short = alignment("x", "クス", [[1], [1]])
    assert sorted(letters for _, letters in short.pairs()) == ["", "x"]
    assert "x" in str(short)


@given(st.integers(1, 7), st.integers(1, 7), st.randoms(use_true_random=False))
def test_letters_are_shared_out_in_order_and_once(rows: int, columns: int, random: object) -> None:
    weights = np.array([[random.random() for _ in range(columns)] for _ in range(rows)], np.float32)
    source = "abcdefg"[:columns]
    pairs = Alignment("", tuple(source), tuple("アイウエオカキ"[:rows]), weights, (weights.shape,)).pairs()
    assert "".join(letters for _, letters in pairs) == source
    assert "".join(kana for kana, _ in pairs) == "アイウエオカキ"[:rows]
    if columns >= rows:
        assert all(letters for _, letters in pairs)


def test_blocks_stand_on_a_diagonal_with_separators_between() -> None:
    blocks = [
        AlignedPart("ab", "ア", np.array([[0.25, 0.75]], np.float32)),
        AlignedPart("c", "ウ", np.ones((1, 1), np.float32)),
    ]
    whole = align("ab-c", blocks, ("-",), space="・", hyphen="＝")
    assert whole.source == ("a", "b", "-", "c")
    assert whole.target == ("ア", "＝", "ウ")
    assert whole.weights.tolist() == [[0.25, 0.75, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    assert align("ab-c", blocks, ("-",), space="・", hyphen="").target == ("ア", "ウ")


def test_letters_stay_with_their_part() -> None:
    blocks = [
        AlignedPart("J", "ジョン", np.ones((3, 1), np.float32)),
        AlignedPart("Anna", "アンナ", np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]], np.float32)),
    ]
    alignment = align("J. Anna", blocks, (" ",), space=" :: ", hyphen="＝")
    assert sorted(alignment.pairs()[:2]) == [("ジョ", "J"), ("ン", "")]
    assert alignment.pairs()[2:4] == [(" :: ", " "), ("ア", "A")]
    assert "".join(letters for _, letters in alignment.pairs()[3:]) == "Anna"
    assert align("J. Anna", blocks, (" ",), space="", hyphen="＝").pairs()[2] == ("ア", "A")


@pytest.mark.parametrize("name", ["Mori", "Tanaka Mori", "Kato-Sato", "Mori 山田", "山田"])
def test_explain(tiny: Transliterator, name: str) -> None:
    explained = tiny.explain(name)
    assert explained.text == tiny(name)
    assert "".join(explained.source) == name
    assert explained.weights.shape == (len(explained.target), len(explained.source))
    assert explained.weights.dtype == np.float32
    assert np.allclose(explained.weights.sum(axis=1), 1, atol=1e-5)


def test_explain_shows_the_letters_as_written_where_it_can(tiny: Transliterator) -> None:
    assert "".join(tiny.explain("Müller").source) == "Müller"
    assert "".join(tiny.explain("Moßri").source) == "mossri"
    assert "".join(tiny.explain("\u200b\ufb01ona").source) == "fiona"


def test_long_names_are_explained(tiny: Transliterator) -> None:
    explained = tiny.explain(" ".join(["mori"] * 300))
    assert explained.pairs()[:4] == [("モ", "mo"), ("リ", "ri"), ("・", " "), ("モ", "mo")]


def test_explain_refuses_what_cannot_be_read(tiny: Transliterator) -> None:
    with pytest.raises(UnreadableNameError):
        tiny.explain("2Pac")
    with pytest.raises(TypeError):
        tiny.explain(None)


def test_a_model_without_attention_has_nothing_to_explain(tiny_folder: Path) -> None:
    engine = engine_with(tiny_folder, optional_outputs=frozenset({"logits"}))
    with pytest.raises(AlignmentUnavailableError, match="'tiny' has no attention"):
        engine.explain("Mori")


def test_the_tiny_model_looks_at_the_right_letters(tiny_folder: Path) -> None:
    with Transliterator(tiny_folder) as transliterator:
        assert transliterator.explain("Mori").pairs() == [("モ", "Mo"), ("リ", "ri")]
