"""Saint and St: what follows tells their language."""

import pytest

from hayakana.names.parsing import NameParser
from hayakana.names.spelling import KATAKANA_OF_UNITS

PARSER = NameParser(frozenset("abcdefghijklmnopqrstuvwxyz'éëö"), 20, whole_names=False)


@pytest.mark.parametrize(
    ("name", "saint"),
    [
        ("Camille Saint-Saëns", "サン"),
        ("SAINT-GERMAIN", "サン"),
        ("Antoine de Saint-Exupéry", "サン"),
        ("Yves Saint Laurent", "サン"),
        ("Georges St-Pierre", "サン"),
        ("Sainte-Marie", "サント"),
        ("Ste. Marie", "サント"),
        ("St. Gallen", "ザンクト"),
        ("St. Pölten", "ザンクト"),
        ("Sankt Anna", "ザンクト"),
        ("Saint Louis", "セント"),
        ("St. Louis", "セント"),
        ("St John", "セント"),
        ("ST JOHN", "セント"),
        ("Saint-John Perse", "セント"),
        ("St-John Perse", "セント"),
        ("Jill St. John", "セント"),
        ("Eva Marie Saint", "セイント"),
    ],
)
def test_saints(name: str, saint: str) -> None:
    read = [KATAKANA_OF_UNITS.get(part.unit) if part.unit else part.katakana for part in PARSER.parse(name).parts]
    assert [katakana for katakana in read if katakana and katakana != "ド"] == [saint]


@pytest.mark.parametrize(
    ("name", "language", "saint"),
    [
        ("St. Gallen", "", "ザンクト"),
        ("St. Gallen", "fr", "サン"),
        ("Saint Louis", "fr", "サン"),
        ("St. Pierre", "en", "セント"),
        ("St. John", "de", "ザンクト"),
        ("Saint-Saëns", "de", "サン"),
        ("St. Nicolaas", "nl", "シント"),
        ("St. Göran", "sv", "サンクト"),
        ("St. John", "ru", "セント"),
    ],
)
def test_a_hint_tells_the_language_of_saints(name: str, language: str, saint: str) -> None:
    assert PARSER.parse(name, language).parts[0].katakana == saint


def test_a_surname_is_none_under_a_hint_either() -> None:
    assert PARSER.parse("Eva Marie Saint", "fr").parts[-1].unit == "saint"
