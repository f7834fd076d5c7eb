"""Romaji: three systems, marks of length, and which vowels of names are long without marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.names.normalization import normalize
from hayakana.names.syllabaries import romaji

KANA = st.text(
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン", min_size=1, max_size=8
)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ōtani", "オオタニ"),
        ("ohtani", "オオタニ"),
        ("otani", "オオタニ"),
        ("yūko", "ユウコ"),
        ("yûko", "ユウコ"),
        ("satō", "サトウ"),
        ("satoh", "サトウ"),
        ("sato", "サトウ"),
        ("shinzo", "シンゾウ"),
        ("abe", "アベ"),
        ("ohara", "オハラ"),
        ("yohei", "ヨウヘイ"),
        ("inoue", "イノウエ"),
        ("tooru", "トオル"),
        ("kosuke", "コウスケ"),
        ("kojima", "コジマ"),
        ("ryota", "リョウタ"),
        ("tōkyō", "トウキョウ"),
        ("masahiro", "マサヒロ"),
        ("genichiro", "ゲンイチロウ"),
        ("syûzô", "シュウゾウ"),
        ("tutida", "ツチダ"),
        ("huzimoto", "フジモト"),
        ("honma", "ホンマ"),
        ("homma", "ホンマ"),
        ("shin'ya", "シンヤ"),
        ("hattori", "ハットリ"),
        ("itchō", "イッチョウ"),
        ("nanba", "ナンバ"),
    ],
)
def test_words(word: str, expected: str) -> None:
    assert romaji.read(word) == expected


@pytest.mark.parametrize("word", ["watts", "lisa", "victor", "smith", "n", "tt", "", "o'brien", "a" * 40, "quan"])
def test_what_is_no_romaji_is_not_read(word: str) -> None:
    assert romaji.read(word) is None


@pytest.mark.parametrize(
    ("katakana", "expected"),
    [
        ("オオタニ", {"otani", "ōtani", "ohtani", "ootani"}),
        ("ウタダ", {"utada"}),
        ("ユウコ", {"yuko", "yūko", "yuuko"}),
        ("シンイチ", {"shin'ichi", "shinichi"}),
        ("ナンバ", {"nanba", "namba"}),
        ("ハットリ", {"hattori"}),
        ("リョウマ", {"ryoma", "ryōma", "ryouma", "ryohma"}),
        ("イッチョウ", {"itcho", "itchō", "itchou", "itchoh"}),
    ],
)
def test_the_ways_of_writing_a_name(katakana: str, expected: set[str]) -> None:
    assert set(romaji.spellings(katakana)) == expected


@pytest.mark.parametrize("text", ["ファン", "ヴィ", "ティ", "ッア", "ンア", "abc", "ァ"])
def test_what_is_not_japanese_has_none(text: str) -> None:
    assert romaji.spellings(text) == []


@given(st.text("カキコサシソタチツテトニヌネノハヒフミメモヤヨラリレワ", min_size=1, max_size=8))
def test_what_is_spelled_is_read_back(text: str) -> None:
    assert [romaji.spelled_out(spelling) for spelling in romaji.spellings(text)] == [text]


@given(KANA)
def test_spellings_are_canonical_and_distinct(text: str) -> None:
    ways = romaji.spellings(text)
    assert len(set(ways)) == len(ways)
    assert all(way == normalize(way) for way in ways)


@given(st.text("abcdefghijkmnoprstuwyzōū'", max_size=60))
def test_any_letters_are_read_or_not(word: str) -> None:
    katakana = romaji.read(word)
    assert katakana is None or all("ァ" <= kana <= "ー" for kana in katakana)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("オサカ", "オオサカ", True),
        ("サトウ", "サトー", True),
        ("アベ", "エイブ", False),
        ("マリエ", "マリー", False),
        ("ファン", "ファン", True),
        ("ファン", "ヴァン", False),
    ],
)
def test_what_differs_in_length_alone(first: str, second: str, *, expected: bool) -> None:
    assert romaji.differ_in_length_alone(first, second) == expected


def test_usual_names_are_plausible() -> None:
    assert all(map(romaji.is_plausible, romaji.usual_names()))
    assert romaji.telling_names() <= romaji.usual_names().keys()
    assert not any(map(romaji.is_plausible, ["mike", "jane", "kate", "jose", "maria"]))


def test_hiragana_becomes_katakana() -> None:
    assert romaji.katakana("おおたにゔゅー") == "オオタニヴュー"
