import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.names.normalization import fold, fold_character, normalize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Peter", "peter"),
        ("José", "josé"),
        ("JOSE\u0301", "josé"),
        ("Ｐｅｔｅｒ", "peter"),
        ("ﬁ", "fi"),
        ("ſ", "s"),
        ("ŉ", "'n"),
        ("ǅ", "dž"),
        ("İ", "i"),
        ("O’Brien", "o'brien"),
        ("O‘Brien", "o'brien"),
        ("Oʻahu", "o'ahu"),
        ("O´Brien", "o'brien"),
        ("O`Brien", "o'brien"),
        ("Pe\u200bt\u00ader\ufeff", "peter"),
        ("Ł", "ł"),
        ("Straße", "straße"),
        ("", ""),
    ],
)
def test_normalize(text: str, expected: str) -> None:
    assert normalize(text) == expected


@given(st.text())
def test_normalize_is_idempotent(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@pytest.mark.slow
def test_every_character_is_normalised_once() -> None:
    assert [c for c in map(chr, range(sys.maxunicode + 1)) if normalize(normalize(c)) != normalize(c)] == []


@given(st.text())
def test_normalize_leaves_no_case_no_format_character_and_no_mark(text: str) -> None:
    normalized = normalize(text)
    assert normalized == normalized.lower()
    assert not {unicodedata.category(character) for character in normalized} & {"Cf", "Mn", "Mc", "Me"}


@given(st.text())
def test_composed_and_decomposed_are_one(text: str) -> None:
    assert normalize(unicodedata.normalize("NFD", text)) == normalize(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        ("é", "e"),
        ("ễ", "e"),
        ("ß", "ss"),
        ("ł", "l"),
        ("ø", "o"),
        ("æ", "ae"),
        ("þ", "th"),
        ("ı", "i"),
        ("a", "a"),
        ("ǿ", "o"),
        ("ж", "ж"),
        ("日", "日"),
    ],
)
def test_fold_character(character: str, expected: str) -> None:
    assert fold_character(character) == expected


def test_fold_keeps_what_is_known_and_folds_what_is_not() -> None:
    assert fold("éö", frozenset("éo")) == "éo"
    assert fold("ß", frozenset("s")) == "ss"
    assert fold("жé", frozenset("e")) == "жe"


@given(st.text(), st.frozensets(st.characters(), max_size=30))
def test_fold_never_loses_an_unknown_character(text: str, known: frozenset[str]) -> None:
    folded = fold(text, known)
    assert fold(folded, known) == folded
    for character in text:
        if character in known or any(letter not in known for letter in fold_character(character)):
            assert character in folded
