"""Parts in pieces: capitals inside a word, digits, and what can only be spelled."""

import pytest

from hayakana.names.choices import Choices
from hayakana.names.numerals import english, english_ordinal
from hayakana.names.parsing import NameParser
from hayakana.names.pieces import humps
from hayakana.names.spelling import katakana_of_units

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz'")


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("GitHub", ["Git", "Hub"]),
        ("YouTube", ["You", "Tube"]),
        ("LinkedIn", ["Linked", "In"]),
        ("NetBSD", ["Net", "BSD"]),
        ("AnneMarie", ["Anne", "Marie"]),
        ("SpaceX", ["Space", "X"]),
        ("eBay", ["e", "Bay"]),
        ("iPhone", ["i", "Phone"]),
    ],
)
def test_capitals_inside_a_word_begin_words(word: str, words: list[str]) -> None:
    assert humps(word) == words
    parsed = NameParser(LETTERS, 20, whole_names=False).parse(f"{word}-{word}")
    assert [part.text for part in parsed.parts] == words * 2
    assert parsed.separators == (*[""] * (len(words) - 1), "-", *[""] * (len(words) - 1))


NAMES = (
    "McDonald MacArthur DeVito LaToya LeBron DiCaprio DuBois JoAnn FitzGerald VanDyke DelRey StJohn PhD O'Brien"
    " GITHUB github Github gitHub GitHUBS JoHn MariaLEE AnnaLI"
)


@pytest.mark.parametrize("word", NAMES.split())
def test_names_are_one_word(word: str) -> None:
    assert humps(word) == [word]


@pytest.mark.parametrize(
    ("name", "kept", "read"),
    [
        ("Maroon 5", ["Maroon", " 5"], ["Maroon", " ファイヴ"]),
        ("Maroon ５", ["Maroon", " 5"], ["Maroon", " ファイヴ"]),
        ("Bo2", ["Bo", "2"], ["Bo", "トゥー"]),
        ("2Bo", ["2", "Bo"], ["トゥー", "Bo"]),
        ("UB40", ["ユービー", "40"], ["ユービー", "フォーティ"]),
        ("Henry 8th", ["Henry", " 8"], ["Henry", " エイス"]),
        ("50 Cent", ["50", " Cent"], ["フィフティ", " Cent"]),
    ],
)
def test_digits_by_choice(name: str, kept: list[str], read: list[str]) -> None:
    for choice, expected in (("keep", kept), ("read", read)):
        parsed = NameParser(LETTERS, 20, whole_names=False, choices=Choices(digits=choice)).parse(name)
        texts = [part.katakana or part.text for part in parsed.parts]
        assert [sign + text for sign, text in zip(("", *parsed.separators), texts, strict=True)] == expected


def test_numbers_in_english() -> None:
    said = {
        "0": "ゼロ",
        "7": "セヴン",
        "42": "フォーティトゥー",
        "100": "ワンハンドレッド",
        "101": "ワンオーワン",
        "182": "ワンエイティトゥー",
        "1000": "ワンサウザンド",
        "1066": "ワンサウザンドシックスティシックス",
        "1999": "ナインティーンナインティナイン",
        "2005": "トゥーサウザンドファイヴ",
        "007": "オーオーセヴン",
        "12345": "ワントゥースリーフォーファイヴ",
    }
    assert {figures: english(figures) for figures in said} == said
    ordinals = {
        "1": "ファースト",
        "12": "トゥエルフス",
        "20": "トゥエンティエス",
        "21": "トゥエンティファースト",
        "44": "フォーティフォース",
        "111": "ワンイレヴンス",
    }
    assert {figures: english_ordinal(figures) for figures in ordinals} == ordinals


@pytest.mark.parametrize("unit", ["gps", "http", "qnn", "ffp", "html"])
def test_consonants_alone_are_spelled(unit: str) -> None:
    assert katakana_of_units([unit]) != [None]


@pytest.mark.parametrize("unit", ["ng", "vlk", "krk", "trn", "smrt", "yvy", "lynn", "tttttt", "mck", "čçp"])
def test_what_may_be_spoken_is_not(unit: str) -> None:
    assert katakana_of_units([unit]) == [None]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Simon & Garfunkel", ["Simon", "アンド", "Garfunkel"]),
        ("Simon&Garfunkel", ["Simon", "アンド", "Garfunkel"]),
        ("Simon ＆ Garfunkel", ["Simon", "アンド", "Garfunkel"]),
        ("Florence + Bo", ["Florence", "アンド", "Bo"]),
        ("Hill & Co", ["Hill", "アンド", "カンパニー"]),
        ("山田＆Bo", ["山田", "アンド", "Bo"]),
    ],
)
def test_signs_of_and(name: str, expected: list[str]) -> None:
    parts = NameParser(LETTERS, 20, whole_names=False).parse(name).parts
    assert [part.katakana or part.text for part in parts] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Prince (2)", "Prince"),
        ("Madonna (entertainer)", "Madonna"),
        ("Anna (singer) [2]", "Anna"),
        ("William (Bill) Hill (1950)", "William Bill Hill"),
        ("(Anna)", "Anna"),
        ("Anna, (artist)", "Anna"),
    ],
)
def test_disambiguators_are_left_out_by_choice(name: str, expected: str) -> None:
    parser = NameParser(LETTERS, 20, whole_names=False, choices=Choices(disambiguators="drop"))
    assert " ".join(part.text for part in parser.parse(name).parts) == expected
