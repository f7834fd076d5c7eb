"""Codes as people have them, and tags in front of units."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.names.language_codes import COUNTRIES, LANGUAGES
from hayakana.names.languages import (
    KIND_TAGS,
    Tags,
    language_in,
    language_of,
    language_tag,
    languages_among,
    languages_of,
    letters_among,
    tag_in,
    untagged,
)

CODES = sorted(set(LANGUAGES.values()))
LETTERS = st.text("abcéß'", min_size=1)
KINDS = st.sampled_from(["", *KIND_TAGS.values()])


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("fr", "fr"),
        ("fra", "fr"),
        ("fre", "fr"),
        ("fr-CA", "fr"),
        ("fr_CA", "fr"),
        ("zh-Hant-TW", "zh"),
        ("pt-br", "pt"),
        (" fr ", "fr"),
        ("nb", "no"),
        ("iw", "he"),
        ("de", "de"),
        ("DE", "de"),
        ("FR", "fr"),
        ("FRA", "fr"),
        ("FR-75", "fr"),
        ("US-CA", "en"),
        ("AT", "de"),
        ("AUT", "de"),
        ("US", "en"),
        ("UK", "en"),
        ("BR", "pt"),
        ("MX", "es"),
        ("TW", "zh"),
        ("KR", "ko"),
        ("CH", None),
        ("BE", None),
        ("CA", None),
        ("xx", None),
        ("haw", None),
        ("XX", None),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_codes(code: str | None, language: str | None) -> None:
    assert language_of(code) == language


@pytest.mark.parametrize(
    "code", ["French", "french", "Fr", "fR", "1", "250", "fr CA", "f", "fr-", "fr-CA-", "ｆｒ", "x" * 99]
)
def test_what_is_no_code_is_said_to_be_none(code: str) -> None:
    with pytest.raises(ValueError, match="is not a code of a language or country: give small letters"):
        language_of(code)


def test_a_code_is_text() -> None:
    with pytest.raises(TypeError, match="must be a str or None, not int"):
        language_of(5)  # type: ignore[arg-type]  # on purpose


@given(st.text(max_size=6) | st.text(string.ascii_letters + "-_", max_size=40))
def test_any_text_gives_a_language_or_none_or_is_refused(code: str) -> None:
    try:
        language = language_of(code)
    except ValueError:
        assert code.strip()
    else:
        assert language is None or language in CODES


def test_the_tables_are_whole() -> None:
    assert all(LANGUAGES[code] == code for code in CODES)
    assert set(COUNTRIES.values()) <= set(CODES)
    assert all(code.isupper() and len(code) in (2, 3) for code in COUNTRIES)


def test_each_language_has_a_tag_of_its_own_in_the_private_use_area() -> None:
    tags = [*map(language_tag, CODES), *KIND_TAGS.values()]
    assert len(set(tags)) == len(tags)
    assert all("\ue000" <= tag <= "\uf8ff" for tag in tags)
    assert language_tag("fr") == chr(0xE000 + 26 * 5 + 17)
    assert languages_among(tags) == set(CODES)
    assert letters_among([*"aé-", *tags]) == set("aé-")


@given(LETTERS, st.sampled_from(["", *CODES]), KINDS)
def test_what_stands_in_front_of_a_unit_is_told_from_it(unit: str, language: str, kind: str) -> None:
    tag = language_tag(language) if language else ""
    tagged = kind + tag + unit
    assert (untagged(tagged), language_in(tagged), tag_in(tagged)) == (unit, language, tag)


def test_only_tags_that_a_model_knows_are_put_in_front() -> None:
    characters = frozenset(["a", language_tag("fr"), KIND_TAGS["person"], KIND_TAGS["place"]])
    place = Tags.of(characters, kind="place")
    assert place.before(["a", "aa"], "fr") == [
        f"{KIND_TAGS['place']}{language_tag('fr')}{unit}" for unit in ("a", "aa")
    ]
    assert place.before(["a"], "de") == [f"{KIND_TAGS['place']}a"]
    assert Tags.of(characters, kind="word").before(["a"], "") == ["a"]
    assert Tags.of(characters, kind="person").before(["a"], "fr") == [f"{language_tag('fr')}a"]


def test_a_code_that_was_not_given_is_not_an_empty_one() -> None:
    codes = ["fr", None, "", "CH", "FRA", "es"]
    known = frozenset(["fr", "de"])
    assert languages_of(codes, otherwise="de", known=known) == ["fr", "de", "", "", "fr", ""]
    assert languages_of([None], otherwise="", known=known) == [""]
    with pytest.raises(TypeError, match="not int"):
        languages_of(["fr", 5], otherwise="", known=known)  # type: ignore[list-item]  # on purpose
