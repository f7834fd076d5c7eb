"""Katakana in style: what hayakana writes is in it by all ways; what is kept or from a lexicon is not."""

import pickle
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hayakana import Lexicon, Transliterator
from hayakana.batch import ArrowTransliterator
from hayakana.batch.arrow.answers import Answerer
from hayakana.engine.engine import Engine
from hayakana.engine.options import Options
from hayakana.names.style import Style, full_width

LEXICON = Lexicon.of({"2Pac": "ツーパック", "Kato": "カトー", "Ivy Sato": "アイヴィー・サトー"})
STYLES = [
    (),
    ("b-for-v",),
    ("no-final-long", "hiragana"),
    ("b-for-v", "no-final-long", "half-width"),
    ("no-separators",),
    ("no-separators", "half-width"),
]
WORDS = [
    *("Mori", "Sato-Mori", "kato", "2Pac", "V", "J.", "R.", "IV", "BJ", "Jr", "Dr.", "ivy", "é", "山田", "ヤマー"),
    *("ﾔﾏﾀﾞｰ", "ｳﾞｨ", "3Pac", "k" * 30),
]
NAMES = st.lists(st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join), max_size=16)


@pytest.fixture(scope="module", params=STYLES, ids=" ".join)
def styled(request: pytest.FixtureRequest, tiny_folder: Path) -> Transliterator:
    with Transliterator(tiny_folder, style=request.param, lexicon=LEXICON) as opened:
        yield opened


@pytest.fixture(scope="module")
def plain(tiny_folder: Path) -> Transliterator:
    with Transliterator(tiny_folder, lexicon=LEXICON, separator="\n・", hyphen="\n＝") as opened:
        yield opened


def in_style(text: str | None, style: Style) -> str | None:
    """Return the text of ``plain`` in style, part by part."""
    if text is None:
        return None
    as_they_are = {*LEXICON.entries.values(), *map(full_width, WORDS)}
    first, *following = text.split("\n")
    parts = [first if first in as_they_are else style(first)]
    parts += [style(part[0]) + (part[1:] if part[1:] in as_they_are else style(part[1:])) for part in following]
    return "".join(parts)


@settings(max_examples=40)
@given(NAMES)
def test_all_ways_write_in_style(styled: Transliterator, plain: Transliterator, names: list[str]) -> None:
    style = Style(styled.style)
    expected = [
        # A name that is kept has its own separators.
        result.text if result.status == "kept" else in_style(result.text, style)
        for result in plain.transliterate_detailed(names)
    ]
    statuses = [result.status for result in plain.transliterate_detailed(names)]
    found = styled.transliterate_detailed(names)
    assert [result.text for result in found] == expected
    assert [result.status for result in found] == statuses
    assert styled.transliterate(names, on_error="empty") == [text or "" for text in expected]
    scored = styled.transliterate_detailed(names, probabilities=True, candidates=3)
    assert [result.text for result in scored] == expected
    probabilities = [result.probability for result in plain.transliterate_detailed(names, probabilities=True)]
    assert [result.probability for result in scored] == pytest.approx(probabilities, abs=1e-4)
    answers = Answerer(styled).answers(pa.array(names, pa.string()))
    assert answers.texts.to_pylist() == expected
    for name, text in zip(names, expected, strict=True):
        if text is not None:
            assert styled(name) == text
            alignment = styled.explain(name)
            assert alignment.text == text
            assert np.allclose(alignment.weights.sum(axis=1)[: alignment.blocks[0][0]], 1, atol=1e-4)
            assert "".join(kana for kana, _ in alignment.pairs()) == text


def test_candidates_are_different_and_as_many_as_without(tiny_folder: Path) -> None:
    with Transliterator("seed", style=("b-for-v", "no-final-long")) as styled, Transliterator("seed") as plain:
        for name in ("Victor", "Ivan Peter", "Yvonne"):
            style = Style(styled.style)
            found = styled.candidates(name, 4)
            assert len({candidate.text for candidate in found}) == len(found) == 4
            assert found == sorted(found, key=lambda candidate: -candidate.probability)
            assert all(style(candidate.text) == candidate.text for candidate in found)
            best = dict.fromkeys(style(candidate.text) for candidate in plain.candidates(name, 4))
            assert list(best) == [candidate.text for candidate in found][: len(best)]


def test_a_model_of_whole_names_has_its_separators_in_style() -> None:
    name = "Jean-Luc Picard"
    with Transliterator("seed") as plain:
        text = plain(name)
    assert "・" in text
    for style in ("no-separators", "half-width", "hiragana"):
        with Transliterator("seed", style=style) as styled:
            assert styled(name) == Style([style])(text)
            assert styled.explain(name).text == styled(name)


@pytest.mark.slow
def test_pickles_and_workers_are_in_style(tiny_folder: Path) -> None:
    names = ["V Mori-Sato", "ﾔﾏﾀﾞ", "2Pac Sato"] * 20
    options = {"style": ["half-width", "no-final-long"], "lexicon": LEXICON}
    with Transliterator(tiny_folder, **options) as styled:
        expected = styled.transliterate(names)
        assert expected[:3] == ["ｳﾞｲ- ﾓﾘ ｻﾄ", "ヤマダ", "ツーパック ｻﾄ"]
        assert (styled.separator, styled.hyphen, styled.style) == (" ", " ", ("no-final-long", "half-width"))
        with pickle.loads(pickle.dumps(styled)) as again:
            assert again.transliterate(names) == expected
    with Transliterator(tiny_folder, workers=2, **options) as shared:
        assert shared.transliterate(names) == expected
    with pickle.loads(pickle.dumps(ArrowTransliterator(tiny_folder, **options))) as arrow:
        assert arrow(pa.table({"name": names}))["katakana"].to_pylist() == expected


def test_separators_that_a_user_gives_are_in_style_too(tiny_folder: Path) -> None:
    with Transliterator(tiny_folder, style="half-width", separator="・", hyphen="/") as styled:
        assert styled("Mori Sato-Mori") == "ﾓﾘ ｻﾄ/ﾓﾘ"
    with Transliterator(tiny_folder, style="no-separators", separator="", hyphen="") as styled:
        assert styled("Mori Sato-Mori") == "モリサトモリ"
    with Transliterator(tiny_folder, style="half-width", numerals="figures") as styled:
        assert styled("Mori Sato III") == "ﾓﾘ ｻﾄ3ｾｲ"
    with pytest.raises(ValueError, match="no-separators leaves out"):
        Transliterator(tiny_folder, style="no-separators", separator=" ")


def test_a_style_that_leaves_nothing_of_a_text_leaves_it_unfinished(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(Options(str(tiny_folder), style=("no-separators",)))
    monkeypatch.setattr(Style, "__call__", lambda _, text: "")
    result = engine.transliterate_window(["mori"]).detailed(["mori"])[0]
    assert (result.text, result.status) == (None, "unfinished")


@pytest.mark.parametrize("name", ["ﾔﾏﾀﾞ ﾀﾛｳ", "ﾔﾏﾀﾞ･ﾀﾛｳ", "(ﾔﾏﾀﾞ)", "ﾔﾏﾀﾞ Mori", "山田 ﾀﾛｳ", "ｳﾞｨ"])
def test_half_width_input_is_full_width_in_all_ways(tiny: Transliterator, name: str) -> None:
    expected = full_width(name).replace(" Mori", "・モリ")
    status = "ok" if "Mori" in name else "kept"
    for result in (*tiny.transliterate_detailed([name] * 9), *tiny.transliterate_detailed([name])):
        assert (result.text, result.status) == (expected, status)
    answers = Answerer(tiny).answers(pa.array([name, "Mori"]))
    assert (answers.texts[0].as_py(), answers.statuses[0].as_py()) == (expected, status)
    assert tiny.explain(name).text == tiny.candidates(name, 1)[0].text == expected
