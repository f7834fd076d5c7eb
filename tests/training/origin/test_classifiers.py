import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana_training.origin.classifiers import LetterClassifier, PairClassifier, _features, accuracy_of_letters
from hayakana_training.origin.examples import Examples

FRENCH = ["dubois", "dupont", "lefebvre", "moreau", "rousseau", "beaumont", "fournier", "marchand"]
POLISH = ["kowalski", "wiśniewski", "zieliński", "szymański", "woźniak", "kozłowski", "jankowski", "mazur"]


@pytest.fixture
def examples() -> Examples:
    names = (FRENCH + POLISH) * 10
    return Examples(names, (["fr"] * 8 + ["pl"] * 8) * 10, [1.0] * len(names))


def test_languages_are_told_by_letters(examples: Examples) -> None:
    found = LetterClassifier(examples).best(["martineau", "lewandowski", "martineau"])
    assert {name: language for name, (language, _) in found.items()} == {"martineau": "fr", "lewandowski": "pl"}
    assert all(0.5 < probability <= 1 for _, probability in found.values())


def test_accuracy_is_measured_on_names_that_were_not_learned(examples: Examples) -> None:
    accuracy = accuracy_of_letters(examples, seed=0)
    assert 0 < accuracy.names < 40
    assert accuracy.right > 0.9
    assert accuracy_of_letters(examples, seed=0) == accuracy
    # Without anything to learn, it is right by chance.
    shuffled = Examples(
        examples.names, list(np.random.default_rng(1).permutation(examples.languages)), examples.weights
    )
    assert accuracy_of_letters(shuffled, seed=0).right < 0.9


def test_one_spelling_is_told_apart_by_its_katakana() -> None:
    pairs = [
        ("charles", "シャルル"),
        ("charlotte", "シャルロット"),
        ("charles", "チャールズ"),
        ("charlie", "チャーリー"),
    ]
    classifier = PairClassifier(pairs * 20, ["fr", "fr", "en", "en"] * 20)
    assert [language for language, _ in classifier.best([("charlton", "チャールトン"), ("charlin", "シャルラン")])] == [
        "en",
        "fr",
    ]


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_features_grow_with_the_lengths_alone(name: str, katakana: str) -> None:
    features = _features((name, katakana))
    assert features == _features((name, katakana))
    assert len(features) <= 14 * (len(name) + len(katakana) + 4)
    assert f"^{name[0]}" in features
