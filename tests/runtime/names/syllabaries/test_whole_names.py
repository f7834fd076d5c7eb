"""Whole names by syllables: in a language that is said, and in one that the name tells beyond doubt."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.names.normalization import fold
from hayakana.names.parts import canonical_name, join
from hayakana.names.syllabaries import korean, pinyin
from hayakana.names.syllabaries.signs import (
    GIVEN_KO,
    GIVEN_ZH,
    SYLLABLE_KO,
    SYLLABLE_ZH,
    anchors,
    may_be_unmistakable,
    signs,
)
from hayakana.names.syllabaries.whole_names import known_wins, read_as, unmistakable


def written(name: str, language: str) -> str:
    found = read_as(canonical_name(name), language)
    texts = [part.katakana if part else "?" for part in found.parts]
    return join(texts, found.separators, space="・", hyphen="＝")


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("Park Geun-hye", "ko", "パク・クネ"),
        ("Moon Jae-in", "ko", "ムン・ジェイン"),
        ("Kim Jong-un", "ko", "キム・ジョンウン"),
        ("Kim Jong Un", "ko", "キム・ジョンウン"),
        ("Lee Kun-hee", "ko", "イ・ゴニ"),
        ("Kim Dae-jung", "ko", "キム・デジュン"),
        ("Choi Min-sik", "ko", "チェ・ミンシク"),
        ("Ban Ki-moon", "ko", "パン・ギムン"),
        ("Bong Joon-ho", "ko", "ポン・ジュノ"),
        ("Park Geunhye", "ko", "パク・クネ"),
        ("Geun-hye Park", "ko", "クネ・パク"),
        ("Jaein Moon", "ko", "ジェイン・ムン"),
        ("Jong Un Kim", "ko", "ジョンウン・キム"),
        ("Xi Jinping", "zh", "シー・ジンピン"),
        ("Zhang Ziyi", "zh", "ジャン・ズーイー"),
        ("Deng Xiaoping", "zh", "デン・シャオピン"),
        ("Xiaoping Deng", "zh", "シャオピン・デン"),
        ("Li Xiao Long", "zh", "リー・シャオロン"),
        ("Shinzo Abe", "ja", "シンゾウ・アベ"),
        ("Kenji Abe", "ja", "ケンジ・アベ"),
    ],
)
def test_names_that_tell_their_language(name: str, language: str, expected: str) -> None:
    assert unmistakable(canonical_name(name)) == language
    assert written(name, language) == expected


@pytest.mark.parametrize(
    "name",
    [
        *("Jean-Luc Park", "Mary-Jo Lee", "Lee Ann", "Lee-Ann Kim", "An-Mei Song", "Kevin Kim", "Kim Basinger"),
        *("Lee Teng-hui", "Tsai Ing-wen", "Sun Yat-sen", "Jackie Chan", "Diana Wu", "Julie Lin", "Aidan Hu", "Jet Li"),
        *("Naomi Watts", "Mike Tanaka", "Maria Tanaka", "Park", "Geun-hye", "Xi", "Kenji", "Park-Geun-hye", ""),
        *("Matteo Choi", "Shin Moore", "Theo Kim", "Anna Li Wang Mei", "Ryan-John Park"),
    ],
)
def test_all_other_names_do_not(name: str) -> None:
    assert unmistakable(canonical_name(name)) is None


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("Park", "ko", "パク"),
        ("Geun-hye", "ko", "クネ"),
        ("Grace Park", "ko", "?・パク"),
        ("Eugene Kim", "ko", "?・キム"),
        ("Song Kang-ho", "ko", "ソン・ガンホ"),
        ("Kevin Wang", "zh", "?・ワン"),
        ("Xi'an", "zh", "シーアン"),
        ("Satō", "ja", "サトウ"),
        ("Naomi Watts", "ja", "ナオミ・?"),
    ],
)
def test_a_language_that_is_said_reads_what_it_can(name: str, language: str, expected: str) -> None:
    assert written(name, language) == expected


def test_what_is_known_wins_where_syllables_do_not_tell() -> None:
    (linda, chen) = read_as(canonical_name("Linda Chen"), "zh").parts
    (abe,) = read_as(canonical_name("Abe"), "ja").parts
    (osaka,) = read_as(canonical_name("Osaka"), "ja").parts
    assert linda
    assert chen
    assert abe
    assert osaka
    assert known_wins(linda, "リンダ", "zh")
    assert not known_wins(chen, "チェン", "zh")
    assert not known_wins(abe, "エイブ", "ja")
    assert known_wins(osaka, "オオサカ", "ja")


WORDS = "Kim Lee Park Wang Li Han Tanaka Abe Kenji Jong Un Geun hye Jaein Minho Xiaoping Ziyi Jinping Xi Anna Min Mario"
WORDS += " Xí Jìnpíng Zhāng Lü Chŏng Kŏn hŭi Kōji Satō Yūichi Jun-ho Young-ok"
WORDS += " De O'Brien É 2Pac Sato Mari Hu Jintao Sunwoo Young Yuna a"
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz'")
NAMES = st.lists(st.tuples(st.sampled_from(WORDS.split()), st.sampled_from([" ", "-", ", "])), min_size=1, max_size=5)


@given(NAMES)
def test_names_that_tell_have_the_signs(pairs: list[tuple[str, str]]) -> None:
    name = canonical_name("".join(map("".join, pairs)))
    if unmistakable(name):
        assert may_be_unmistakable(name.parts)
        assert may_be_unmistakable([fold(part, PLAIN) for part in name.parts])
        assert not anchors().isdisjoint(name.parts)


def test_a_first_look_at_folded_syllables_misses_none_with_marks() -> None:
    for spelling in pinyin.SYLLABLES:
        for marked in (spelling, f"{spelling}lü", f"nü{spelling}"):
            assert not signs(marked) & GIVEN_ZH or signs(fold(marked, PLAIN)) & GIVEN_ZH, marked
    assert {fold(anchor, PLAIN) for anchor in anchors()} <= anchors()


def test_a_first_look_misses_no_syllables() -> None:
    for spelling in pinyin.SYLLABLES:
        if spelling.isascii():
            assert signs(f"{spelling}zhuang") & GIVEN_ZH
            assert signs(spelling) & (SYLLABLE_ZH | GIVEN_ZH)
    usual = [
        onset + nucleus + coda
        for onset, nucleus, coda in itertools.product(korean._ONSETS, korean._NUCLEI, korean._CODAS_OF_LETTERS)
        if korean.is_usual(onset + nucleus + coda)
    ]
    assert all(signs(letters) & SYLLABLE_KO for letters in usual)
    for first, second in itertools.product(usual[::7], usual[::11]):
        syllables = korean.syllables_of(first + second)
        if len(syllables) == 2 and any(map(korean.is_telling, syllables)):
            assert signs(first + second) & GIVEN_KO


@given(NAMES, st.sampled_from(["ko", "zh", "ja"]))
def test_any_name_is_read_in_any_language(pairs: list[tuple[str, str]], language: str) -> None:
    name = canonical_name("".join(map("".join, pairs)))
    found = read_as(name, language)
    assert len(found.parts) == len(name.parts)
    assert len(found.separators) == len(name.separators)
