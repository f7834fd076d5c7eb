import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.names.normalization import normalize
from hayakana_training.data import romaji
from hayakana_training.data.romaji import japanese_name_pairs


@pytest.mark.parametrize(
    ("katakana", "expected"),
    [
        ("オオタニ", {"otani", "ōtani", "ohtani", "ootani"}),
        ("ウタダ", {"utada"}),
        ("ヒカル", {"hikaru"}),
        ("ユウコ", {"yuko", "yūko", "yuuko"}),
        ("シンイチ", {"shin'ichi", "shinichi"}),
        ("ナンバ", {"nanba", "namba"}),
        ("ハットリ", {"hattori"}),
        ("リョウマ", {"ryoma", "ryōma", "ryouma", "ryohma"}),
        ("イッチョウ", {"itcho", "itchō", "itchou", "itchoh"}),
        ("フジ", {"fuji"}),
    ],
)
def test_the_ways_of_writing_a_name(katakana: str, expected: set[str]) -> None:
    assert set(romaji.spellings(katakana)) == expected


@pytest.mark.parametrize("text", ["ファン", "ヴィ", "ティ", "ッア", "ンア", "abc", "ァ"])
def test_what_is_not_japanese_has_none(text: str) -> None:
    assert romaji.spellings(text) == []


@given(
    st.text("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン", min_size=1)
)
def test_spellings_are_canonical_and_distinct(text: str) -> None:
    ways = romaji.spellings(text)
    assert len(set(ways)) == len(ways)
    assert all(way == normalize(way) for way in ways)


def test_hiragana_becomes_katakana() -> None:
    assert romaji.katakana("おおたにゔゅー") == "オオタニヴュー"


def test_a_spelling_goes_to_the_most_frequent_reading() -> None:
    pairs = romaji.pairs({"オタニ": 3, "オオタニ": 40})
    assert {pair.name: pair.katakana for pair in pairs} == dict.fromkeys(
        ("otani", "ōtani", "ootani", "ohtani"), "オオタニ"
    )


def test_generated_names_have_one_reading_each() -> None:
    pairs = japanese_name_pairs()
    references = {pair.name: pair.katakana for pair in pairs}
    assert len(references) == len(pairs) > 5_000
    assert [references[name] for name in ("utada", "hikaru", "ohtani", "ōtani", "yuko", "yamamoto")] == [
        "ウタダ",
        "ヒカル",
        "オオタニ",
        "オオタニ",
        "ユウコ",
        "ヤマモト",
    ]
