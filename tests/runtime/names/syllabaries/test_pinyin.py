"""Pinyin: every syllable has its Katakana, and words are split as Pinyin is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.names.syllabaries import pinyin
from hayakana.names.syllabaries.pinyin import SYLLABLES, syllables_of, written

SPELLED = sorted(SYLLABLES)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("xi", "シー"),
        ("jinping", "ジンピン"),
        ("xiaoping", "シャオピン"),
        ("ziyi", "ズーイー"),
        ("jintao", "ジンタオ"),
        ("keqiang", "コーチャン"),
        ("zhang", "ジャン"),
        ("deng", "デン"),
        ("feng", "フォン"),
        ("huang", "ホアン"),
        ("ouyang", "オウヤン"),
        ("lü", "リュー"),
        ("lyu", "リュー"),
        ("lv", "リュー"),
        ("nǚ", "ニュー"),
        ("yáo", "ヤオ"),
        ("lǜ", "リュー"),
        ("xi'an", "シーアン"),
        ("jinan", "ジーナン"),
        ("fangan", "ファンガン"),
        ("tian'anmen", "ティエンアンメン"),
    ],
)
def test_words(word: str, expected: str) -> None:
    assert written(syllables_of(word)) == expected


@pytest.mark.parametrize(
    "word", ["tsai", "chiang", "hsu", "wong", "kwok", "lee", "kevin", "xi''an", "'", "", "ping" * 5]
)
def test_what_is_no_pinyin_is_not_read(word: str) -> None:
    assert syllables_of(word) == ()


def test_there_are_as_many_syllables_as_pinyin_has() -> None:
    distinct = {
        syllable for syllable in SYLLABLES if "v" not in syllable and syllable[1:3] != "yu" and "ü" not in syllable
    }
    assert 395 <= len(distinct) <= 415
    assert all("ァ" <= kana <= "ー" for kana in "".join(SYLLABLES.values()))
    assert pinyin.SURE <= pinyin.SURNAMES
    assert all(map(syllables_of, pinyin.SURNAMES))


@pytest.mark.parametrize("syllable", SPELLED)
def test_a_syllable_is_one(syllable: str) -> None:
    assert syllables_of(syllable) == (syllable,)


@given(st.lists(st.sampled_from(SPELLED), min_size=1, max_size=4))
def test_syllables_that_stand_together_are_found_again(syllables: list[str]) -> None:
    word, apart = "".join(syllables), "'".join(syllables)
    if len(apart) <= pinyin.LONGEST:
        assert syllables_of(apart) == tuple(syllables)
        are_apart = any(syllable[0] in "aeo" for syllable in syllables[1:])
        assert are_apart or "".join(syllables_of(word)) == word


@given(st.text("abcdeghijklmnoprstuwxyzüāáǎàǖ'", max_size=60))
def test_any_letters_are_read_or_not(word: str) -> None:
    assert "".join(syllables_of(word)) in ("", pinyin.plain(word).replace("'", ""))
