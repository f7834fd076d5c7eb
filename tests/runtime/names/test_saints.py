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
