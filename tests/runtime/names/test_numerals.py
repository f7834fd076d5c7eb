"""Roman numerals: where they count rulers and generations, where they are numbers, and where they are names."""

import pytest

from hayakana.names.choices import Choices
from hayakana.names.numerals import NUMBERS
from hayakana.names.parsing import NameParser

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz'")


def numeral(name: str, *, figures: bool = False) -> str | None:
    """What is read by rule of the second part or of a later one; None where nothing is."""
    parser = NameParser(LETTERS, 20, whole_names=False, choices=Choices(numerals="figures" if figures else "words"))
    return next((part.katakana for part in parser.parse(name).parts[1:] if part.unit is None), None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Henry VIII", "ハッセイ"),
        ("William Hill III, Esq.", "サンセイ"),
        ("William Hill III Jr.", "サンセイ"),
        ("Anna Hill II, of Rome", "ニセイ"),
        ("Anna Hill II (Rome)", "ニセイ"),
        ("Charles III of Spain", "サンセイ"),
        ("CHARLES III OF SPAIN", "サンセイ"),
        ("Louis XIV de France", "ジュウヨンセイ"),
        ("Wilhelm II von Preussen", "ニセイ"),
        ("Henry VIII Tudor", "ハッセイ"),
        ("Charles IV of Spain", "ヨンセイ"),
        ("Elizabeth I of England", "イッセイ"),
        ("Henry V of England", "ゴセイ"),
        ("Anna Hill Iii", "サンセイ"),
        ("anna hill viii, esq.", "ハッセイ"),
        ("Boyz II Men", "トゥー"),
        ("Anna III Boats", "スリー"),
        ("Anna XXI Boats", "トゥエンティワン"),
    ],
)
def test_a_numeral_counts_where_a_name_ends(name: str, expected: str) -> None:
    assert numeral(name) == expected


@pytest.mark.parametrize(
    "name", ["Anna IV Boats", "Jan XI Pong", "JIN XI", "Anna Ii Boats", "Anna Iii Boats", "Henry ii"]
)
def test_what_is_a_name_too_is_none(name: str) -> None:
    assert numeral(name) is None


def test_a_letter_is_an_initial_but_before_of() -> None:
    parser = NameParser(LETTERS, 20, whole_names=False)
    for name in ("Malcolm X", "Henry V Smith", "John I de Luca", "J X of York"):
        assert parser.parse(name).parts[1].unit in ("x", "v", "i")


def test_figures_stand_right_behind_the_name() -> None:
    parser = NameParser(LETTERS, 20, whole_names=False, choices=Choices(numerals="figures"))
    parsed = parser.parse("Henry VIII of England")
    assert (parsed.parts[1].katakana, parsed.separators) == ("8世", ("", " ", " "))
    assert numeral("Boyz II Men", figures=True) == "トゥー"
    assert [numeral(f"Anna {roman.upper()}", figures=True) for roman in NUMBERS] == [f"{n}世" for n in NUMBERS.values()]


def test_choices_are_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="numerals must be words or figures, not 'roman'"):
        Choices(numerals="roman")
