import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.names.parts import canonical_name, is_japanese, join, split


@pytest.mark.parametrize(
    ("name", "parts", "separators"),
    [
        ("Peter Parker", ("Peter", "Parker"), (" ",)),
        ("Jean-Luc Picard", ("Jean", "Luc", "Picard"), ("-", " ")),
        ("Jean\u2011Luc", ("Jean", "Luc"), ("-",)),
        ("Jean – Luc", ("Jean", "Luc"), (" ",)),
        ("J. R. R. Tolkien", ("J", "R", "R", "Tolkien"), (" ", " ", " ")),
        ("O.J. Simpson", ("O", "J", "Simpson"), (" ", " ")),
        ("Parker, Peter", ("Parker", "Peter"), (" ",)),
        ('William "Bill" Gates', ("William", "Bill", "Gates"), (" ", " ")),
        ("  Peter\u3000Parker\t", ("Peter", "Parker"), (" ",)),
        ("Peter・Parker", ("Peter", "Parker"), (" ",)),
        ("-Peter-", ("Peter",), ()),
        ("O'Brien", ("O'Brien",), ()),
        ("", (), ()),
        (" . - ", (), ()),
    ],
)
def test_split(name: str, parts: tuple[str, ...], separators: tuple[str, ...]) -> None:
    canonical = canonical_name(name)
    assert split(name) == canonical.written == parts
    assert canonical.separators == separators


@given(st.text())
def test_split_keeps_every_letter(name: str) -> None:
    parts = split(name)
    assert all(parts)
    letters = [character for character in name if character.isalnum()]
    assert [character for part in parts for character in part if character.isalnum()] == letters


@given(st.lists(st.text("abcé", min_size=1), min_size=1), st.data())
def test_join_undoes_split(parts: list[str], data: st.DataObject) -> None:
    separators = data.draw(st.lists(st.sampled_from(" -"), min_size=len(parts) - 1, max_size=len(parts) - 1))
    name = join(parts, separators, space=" ", hyphen="-")
    canonical = canonical_name(name)
    assert split(name) == canonical.written == tuple(parts)
    assert join(canonical.written, canonical.separators, space=" ", hyphen="-") == name


def test_join_is_told_what_to_put_between() -> None:
    assert join(["ジャン", "リュック", "ピカード"], "- ", space="・", hyphen="＝") == "ジャン＝リュック・ピカード"
    assert join(["ジャン", "リュック"], "-", space="・", hyphen="") == "ジャンリュック"
    assert join([], [], space="・", hyphen="＝") == ""


@pytest.mark.parametrize("text", ["ピーター", "ピーター・パーカー", "山田 太郎", "やまだ", "ﾔﾏﾀﾞ", "佐々木", " 山田"])
def test_japanese(text: str) -> None:
    assert is_japanese(text)


@pytest.mark.parametrize("text", ["", "・", "Peter", "山田Peter", "山田 Peter", "김", "山田1", "😀", "ー-a"])
def test_not_japanese(text: str) -> None:
    assert not is_japanese(text)


@pytest.mark.parametrize(
    "text", ["山田\t太郎", "\x1f山田", "山田\u2028", "\U0002fffe", "山\U0003ffff", "\ufa6e", "\U0002fa1e"]
)
def test_controls_and_code_points_without_a_character_are_not_japanese(text: str) -> None:
    assert not is_japanese(text)


@pytest.mark.parametrize("text", ["ab\u0387cd", "ab\u037ecd"])
def test_separators_split_in_each_of_their_forms(text: str) -> None:
    assert split(text) == split(unicodedata.normalize("NFC", text))
    assert split(text) == ("ab", "cd")


@given(st.text("a= -\u0338"))
def test_the_equals_sign_of_not_equal_is_no_separator(name: str) -> None:
    """Without that one, which stands for a letter here, separators are separators."""
    letters = name.replace("=\u0338", "b")
    assert [part.replace("=\u0338", "b") for part in split(name)] == list(split(letters))
    assert canonical_name(name).separators == canonical_name(letters).separators


QUOTATION_MARKS = [
    chr(point)
    for point in range(0x20, 0x20000)
    if not 0xD800 <= point < 0xE000
    and (
        unicodedata.category(chr(point)) in ("Pi", "Pf")
        or any(kind in unicodedata.name(chr(point), "") for kind in ("QUOTATION MARK", "APOSTROPHE"))
        or chr(point) in "`´ʹʻʽʾʿˈˊˋ′″‴‵‶‷⁗׳״ʺ「」『』《》〈〉﹁﹂｀"
    )
    and point < 0x2E00
    and chr(point) != "ŉ"
    and "NKO" not in unicodedata.name(chr(point), "")
]
"""All of Unicode but marks of editors of texts and of other scripts."""


@pytest.mark.parametrize("mark", QUOTATION_MARKS)
@pytest.mark.parametrize("quoted", ["{mark}{}{mark}", "{mark}{}", "{}{mark}", "{mark}{mark}{}{mark}{mark}"])
@pytest.mark.parametrize("name", ["James", "O'Brien", "Jean-Luc", "Nat King Cole", "Björk", "J", "IBM"])
def test_quotation_marks_at_the_edge_are_not_read(mark: str, quoted: str, name: str) -> None:
    in_marks = canonical_name(quoted.format(name, mark=mark))
    bare = canonical_name(name)
    assert (in_marks.written, in_marks.parts, in_marks.separators) == (bare.written, bare.parts, bare.separators)


@pytest.mark.parametrize("mark", QUOTATION_MARKS)
def test_quotation_marks_inside_a_name_are_not_read(mark: str) -> None:
    assert canonical_name(f"Nat {mark}King{mark} Cole").parts == ("nat", "king", "cole")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("O''Brien", ("o'brien",)),
        ("O’’Brien'", ("o'brien",)),
        ("N'Golo Ng'ang'a", ("n'golo", "ng'ang'a")),
        ("ʻOkina Oʻahu", ("okina", "o'ahu")),
        ("Jeanne d' Arc", ("jeanne", "d'arc")),
        ("O’ Brien", ("o'brien",)),
        ("Luca Dell' Acqua", ("luca", "dell'acqua")),
        ("'O' Brien", ("o", "brien")),
        ("Guns N' Roses", ("guns", "n", "roses")),
        ("'\u200bJames\u200b'", ("james",)),
    ],
)
def test_apostrophes_inside_a_part(name: str, parts: tuple[str, ...]) -> None:
    assert canonical_name(name).parts == parts
