"""Particles and small words: what the name tells for certain, and what is left to the model."""

import pytest

from hayakana.names.parsing import NameParser
from hayakana.names.particles import WORDS_OF_LANGUAGES
from hayakana.names.spelling import KATAKANA_OF_UNITS

PARSER = NameParser(frozenset("abcdefghijklmnopqrstuvwxyz'éèçô"), 20, whole_names=False)


def read(name: str, word: str) -> str | None:
    """The Katakana of ``word`` in ``name``; None where the model reads it."""
    (part,) = (part for part in PARSER.parse(name).parts if part.text == word)
    return KATAKANA_OF_UNITS.get(part.unit) if part.unit else part.katakana


@pytest.mark.parametrize(
    ("name", "word", "expected"),
    [
        ("House of Cards", "of", "オブ"),
        ("HOUSE OF CARDS", "OF", "オブ"),
        ("Simon and Garfunkel", "and", "アンド"),
        ("The Beatles", "The", "ザ"),
        ("Men in Black", "in", "イン"),
        ("Bird on the Wire", "on", "オン"),
        ("Giacomo della Porta", "della", "デッラ"),
        ("Charles de Gaulle", "de", "ド"),
        ("Honoré de Souza", "de", "ド"),
        ("Antoine de la Tour", "de", "ド"),
        ("Antoine de Saint-Exupéry", "de", "ド"),
        ("Alexis de Tocqueville", "de", "ド"),
        ("ALEXIS DE TOCQUEVILLE", "DE", "ド"),
        ("Ludwig van Beethoven", "van", "ヴァン"),
        ("Eddie Van Halen", "Van", "ヴァン"),
        ("Jean-Claude Van Damme", "Van", "ヴァン"),
        ("James Van Der Beek", "Der", "ダー"),
    ],
)
def test_what_a_name_tells(name: str, word: str, expected: str) -> None:
    assert read(name, word) == expected


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Maria de Souza", "de"),
        ("Miguel de Cervantes", "de"),
        ("Neville de Souza", "de"),
        ("Olivia de Havilland", "de"),
        ("Françoise de los Santos", "de"),
        ("Kevin de Bruyne", "de"),
        ("De Niro", "De"),
        ("Antoine De", "De"),
        ("Vincent van Gogh", "van"),
        ("Robin van Persie", "van"),
        ("Johan van der Berg", "der"),
        ("VAN HALEN", "VAN"),
        ("Kim In Ho", "In"),
        ("kim in ho", "in"),
        ("Della Reese", "Della"),
        ("Maria An", "An"),
    ],
)
def test_what_it_does_not_tell_is_left_to_the_model(name: str, word: str) -> None:
    assert read(name, word) is None


@pytest.mark.parametrize("language", WORDS_OF_LANGUAGES)
def test_what_a_hint_decides_is_left_to_the_unit_whatever_stands_beside_it(language: str) -> None:
    for word in WORDS_OF_LANGUAGES[language]:
        parts = PARSER.parse(f"Charles {word} Gaulle", language).parts
        assert [part.unit for part in parts] == ["charles", word, "gaulle"]


def test_a_hint_that_decides_nothing_leaves_particles_to_the_other_parts() -> None:
    assert PARSER.parse("Charles de Gaulle", "ru").parts[1].katakana == "ド"
