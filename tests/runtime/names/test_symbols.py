"""Symbols that NFKC makes letters of."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import Transliterator
from hayakana.errors import UnreadableNameError
from hayakana.names.parsing import NameParser
from hayakana.names.symbols import MARKS_OF_RIGHTS, symbols_of_letters

LATIN = NameParser(frozenset("abcdefghijklmnopqrstuvwxyz'"), limit=20, whole_names=False)
OF_SEVERAL_LETTERS = [
    chr(point)
    for point in range(0x110000)
    if not 0xD800 <= point < 0xE000
    and unicodedata.category(chr(point)).startswith("S")
    and sum(letter.isascii() and letter.isalpha() for letter in unicodedata.normalize("NFKC", chr(point))) > 1
]


def units(name: str) -> list[str | None]:
    return [part.unit for part in LATIN.parse(name).parts]


@pytest.mark.parametrize("mark", [*MARKS_OF_RIGHTS, "(TM)", "(tm)", "™®"])
@pytest.mark.parametrize("name", ["John", "JOHN", "Nat King", "Jean-Luc", "J"])
def test_marks_of_rights_behind_a_word_are_not_read(mark: str, name: str) -> None:
    assert units(f"{name}{mark}") == units(f"{name}{mark} ") == units(name)
    assert units(f"{name}{mark} Cole") == units(f"{name} Cole")


@pytest.mark.parametrize("mark", MARKS_OF_RIGHTS)
def test_marks_of_rights_before_a_word_and_between_words_are_not_read(mark: str) -> None:
    assert units(f"{mark}John") == units(f"{mark} John") == ["john"]
    assert units(f"'John{mark}'") == ["john"]
    assert units(f"Nat {mark} Cole") == ["nat", "cole"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mª José", ["maria", "jose"]),
        ("M.ª José", ["maria", "jose"]),
        ("Jose Mª", ["jose", "maria"]),
        ("D.ª Ana", ["doña", "ana"]),
        ("Fcº Ruiz", ["francisco", "ruiz"]),
        ("Stª Ana", ["santa", "ana"]),
    ],
)
def test_short_forms(name: str, expected: list[str]) -> None:
    assert units(name) == [part.replace("ñ", "n") for part in expected]


@pytest.mark.parametrize("symbol", ["ª", "º", *MARKS_OF_RIGHTS, "№", "℡", "㎏"])
def test_elsewhere_they_are_unreadable(symbol: str) -> None:
    names = [f"Jo{symbol}hn"] + [f"John{symbol}", f"{symbol}John", f"Nº {symbol}"] * (symbol not in MARKS_OF_RIGHTS)
    for name in names:
        with pytest.raises(UnreadableNameError) as caught:
            units(name)
        assert symbol in caught.value.characters


def test_symbols_of_several_letters_are_known() -> None:
    assert [symbol for symbol in OF_SEVERAL_LETTERS if not symbols_of_letters(symbol)] == []


@given(st.text(st.sampled_from("Mori kato-ªº™®'.")), st.sampled_from(["mori", "Kato "]))
def test_a_list_says_what_a_name_alone_says(tiny: Transliterator, name: str, other: str) -> None:
    names = [name, other + name, name + other] * 3
    alone = [tiny.transliterate_detailed([name])[0] for name in names]
    assert [(result.text, result.status) for result in tiny.transliterate_detailed(names)] == [
        (result.text, result.status) for result in alone
    ]
