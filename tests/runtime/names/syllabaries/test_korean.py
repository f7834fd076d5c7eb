"""Romanised Korean: syllables by their spelling, and given names as Japanese writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.names.syllabaries import korean
from hayakana.names.syllabaries.korean import syllable, syllables_of, written
from hayakana.names.syllabaries.korean_surnames import FREQUENT, SURE, SURNAMES, ends_unvoiced

LETTERS = [
    onset + nucleus + coda for onset in korean._ONSETS for nucleus in korean._NUCLEI for coda in ("", "n", "k", "ng")
]
SYLLABLES = [letters for letters in LETTERS if syllable(letters)]
USUAL = [letters for letters in SYLLABLES if korean.is_usual(letters)]


def read(name: str, *, behind_voiced: bool = True) -> str:
    spoken = [found for letters in name.split("-") if (found := syllable(letters))]
    return "".join(written(spoken, behind_voiced=behind_voiced))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("jong-un", "ジョンウン"),
        ("jae-in", "ジェイン"),
        ("min-sik", "ミンシク"),
        ("kang-ho", "ガンホ"),
        ("ki-moon", "ギムン"),
        ("joon-ho", "ジュノ"),
        ("kun-hee", "ゴニ"),
        ("seok-yeol", "ソギョル"),
        ("suk-yeol", "ソギョル"),
        ("hyun-woo", "ヒョヌ"),
        ("tae-hee", "テヒ"),
        ("hye-kyo", "ヘギョ"),
        ("eun-hye", "ウネ"),
        ("heung-min", "フンミン"),
        ("woo-choong", "ウジュン"),
        ("sang-hwa", "サンファ"),
        ("il-sung", "イルソン"),
        ("nak-yeon", "ナギョン"),
        ("yeo-jeong", "ヨジョン"),
        ("ha-neul", "ハヌル"),
    ],
)
def test_given_names_behind_voiced_sounds(name: str, expected: str) -> None:
    assert read(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("geun-hye", "クネ"), ("ji-sung", "チソン"), ("chan-wook", "チャヌク"), ("chung-hee", "チョンヒ")],
)
def test_given_names_behind_a_stop(name: str, expected: str) -> None:
    assert read(name, behind_voiced=False) == expected


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        ("gyeong kyung kyong gyung kyŏng", "キョン"),
        ("yeong young yŏng", "ヨン"),
        ("hyeon hyun hyŏn", "ヒョン"),
        ("jun joon", "チュン"),
        ("seok suk sok", "ソク"),
        ("cheol chul chol", "チョル"),
        ("geun keun kŭn", "クン"),
        ("hui hee heui", "ヒ"),
        ("u woo wu", "ウ"),
        ("seong sung", "ソン"),
        ("seung", "スン"),
    ],
)
def test_the_ways_of_writing_a_syllable(ways: str, expected: str) -> None:
    spoken = [found for letters in ways.split() if (found := syllable(letters))]
    assert list(map(korean.alone, spoken)) == [expected] * len(ways.split())


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("jaein", "jae in"),
        ("geunhye", "geun hye"),
        ("jongun", "jong un"),
        ("yuna", "yu na"),
        ("sungyong", "sung yong"),
        ("haneul", "ha neul"),
        ("eugene", ""),
        ("daniel", ""),
        ("grace", ""),
        ("", ""),
    ],
)
def test_given_names_written_together(word: str, expected: str) -> None:
    assert syllables_of(word) == tuple(expected.split())


@given(letters=st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4), behind_voiced=st.booleans())
def test_all_syllables_are_written_one_by_one(letters: list[str], *, behind_voiced: bool) -> None:
    spoken = [found for each in letters if (found := syllable(each))]
    texts = written(spoken, behind_voiced=behind_voiced)
    assert len(texts) == len(letters)
    assert all(texts)
    assert all("ァ" <= kana <= "ー" for kana in "".join(texts))


@given(st.lists(st.sampled_from(USUAL), min_size=1, max_size=3))
def test_usual_syllables_that_stand_together_are_found_again(letters: list[str]) -> None:
    word = "".join(letters)
    found = syllables_of(word)
    assert "".join(found) == (word if len(word) <= korean.LONGEST else "")
    assert len(found) <= len(letters)


@given(st.text("abceghijklmnoprstuwyŏŭ'", max_size=40))
def test_any_letters_are_read_or_not(word: str) -> None:
    assert "".join(syllables_of(word)) in ("", word)
    assert syllable(word) is None or korean.alone(syllable(word))  # type: ignore[arg-type]  # It is not None there.


def test_surnames() -> None:
    assert [
        SURNAMES[name] for name in ["kim", "lee", "park", "choi", "jeong", "bong", "ban", "moon", "hwang", "baek"]
    ] == (["キム", "イ", "パク", "チェ", "チョン", "ポン", "パン", "ムン", "ファン", "ペク"])
    assert SURNAMES.keys() >= FREQUENT | SURE
    assert [
        name for name in ["kim", "lee", "park", "baek", "kwak", "koo", "gu", "suk", "woo"] if ends_unvoiced(name)
    ] == (["park", "baek", "kwak", "suk"])
