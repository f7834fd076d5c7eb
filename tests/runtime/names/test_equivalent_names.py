"""One name in several forms has one result; docs/names.md lists what has not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import Transliteration, Transliterator

COMPOSED_OTHERWISE = [
    chr(point)
    for point in range(0x110000)
    if not 0xD800 <= point < 0xE000
    and (
        unicodedata.normalize("NFC", chr(point)) != chr(point) or unicodedata.normalize("NFD", chr(point)) != chr(point)
    )
    and not 0xAC00 <= point < 0xD7A4  # 11,172 syllables of Hangul, all alike.
]
CHARACTERS = st.sampled_from(
    "aéÂÃ©«=≠≮<'`´\u1ffd\u1fef\u037e\u0387·\u0338\u0301\u0327 -がは\u3099山"
) | st.sampled_from(COMPOSED_OTHERWISE)


def outcome(result: Transliteration) -> tuple[str, str]:
    """Status and text, composed: what is kept is as it came."""
    return str(result.status), unicodedata.normalize("NFC", result.text or "")


def outcomes(transliterator: Transliterator, names: list[str]) -> list[tuple[str, str]]:
    return [outcome(result) for result in transliterator.transliterate_detailed(names)]


@pytest.mark.parametrize("place", ["{}", "mo{}ri", "{} mori", "mori {}"])
def test_every_character_that_has_two_forms_has_one_result(tiny: Transliterator, place: str) -> None:
    names = [place.format(character) for character in [*COMPOSED_OTHERWISE, "가", "힣"]]
    as_they_are = outcomes(tiny, names)
    for form in ("NFC", "NFD"):
        assert outcomes(tiny, [unicodedata.normalize(form, name) for name in names]) == as_they_are


@given(st.text(CHARACTERS, max_size=12))
def test_canonically_equivalent_names_have_one_result(tiny: Transliterator, name: str) -> None:
    forms = [name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)]
    assert len(set(outcomes(tiny, forms))) == 1


def test_a_name_is_kept_without_controls_alone(tiny: Transliterator) -> None:
    results = tiny.transliterate_detailed(["\x1f山田\t太郎", "山田 太郎", "\U0002fffe", "山\U0003ffff"])
    assert [(str(result.status), result.text) for result in results] == [
        ("ok", "山田・太郎"),
        ("kept", "山田 太郎"),
        ("unreadable", None),
        ("unreadable", None),
    ]
