import pytest

from hayakana_training.data.held_out import name_hash
from hayakana_training.errors import TrainingError
from hayakana_training.origin import examples as module
from hayakana_training.origin.examples import Examples

CITIES = [
    ("Nantes", "FR"),
    ("Győr", "HU"),
    ("Saint-Malo", "FR"),
    ("Genève", "CH"),
    ("Seoul", "KR"),
    ("Bagnères 2", "FR"),
]


LOCALES = {"fr": ("fr_FR",), "hu": ("hu_HU",), "ru": ("ru_RU", "bg_BG"), "el": ("el_GR",)}


def examples(
    cities: list[tuple[str, str]], romaji: list[str], *, held_out: frozenset[str] = frozenset(), seed: int = 0
) -> Examples:
    return module.examples(cities, romaji, held_out=held_out, seed=seed, locales=LOCALES)


def test_names_of_people_and_cities_are_examples_of_their_language() -> None:
    found = examples(CITIES, ["sakurano"])
    languages = dict(zip(found.names, found.languages, strict=True))
    expected = {"nantes": "fr", "malo": "fr", "bagnères": "fr", "győr": "hu", "seoul": "ko", "sakurano": "ja"}
    assert languages.items() >= expected.items()
    assert languages["dupont"] == "fr"
    assert languages["nagy"] == "hu"
    assert languages["sato"] == "ja"
    assert languages["ivanov"] == "ru"
    assert languages["papadopoylos"] == "el"
    assert "genève" not in languages
    assert all(name.replace("'", "").isalpha() and name == name.lower() for name in found.names)
    assert not any("α" <= letter <= "я" for name in found.names for letter in name)


def test_a_city_counts_less_than_a_person() -> None:
    found = examples(CITIES, [])
    weights = dict(zip(found.names, found.weights, strict=True))
    assert weights["nantes"] == pytest.approx(module.CITY_WEIGHT * weights["dupont"])
    assert weights["nagy"] > weights["dupont"]


def test_what_is_held_out_is_no_example() -> None:
    names = ["dupont", "nantes", "nagy", "sato", "ivanov"]
    found = examples(CITIES, [], held_out=frozenset(map(name_hash, names)))
    assert not {*names} & {*found.names}
    assert "malo" in found.names


def test_examples_depend_on_the_seed_alone() -> None:
    cities = [(f"ville{letter}{other}", "FR") for letter in "abcdefghij" * 300 for other in "klmnopqrst"]
    first, again, other = (examples(cities, [], seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert sorted(first.names) == sorted(other.names)


def test_a_locale_that_faker_lacks_is_named() -> None:
    with pytest.raises(TrainingError, match="no names of fr_XX"):
        module.examples([], [], held_out=frozenset(), seed=0, locales={"fr": ("fr_XX",)})
