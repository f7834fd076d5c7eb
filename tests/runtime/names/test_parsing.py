import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hayakana.errors import EmptyNameError, NameTooLongError, UnreadableNameError, UntransliterableNameError, shorten
from hayakana.names.parsing import NameParser

KNOWN = frozenset("abcdefghijklmnopqrstuvwxyzé'")
PARTS = NameParser(KNOWN, limit=8, whole_names=False)
WHOLE = NameParser(KNOWN | {" ", "-"}, limit=16, whole_names=True)


def units(parser: NameParser, name: str) -> list[str | None]:
    return [part.unit for part in parser.parse(name).parts]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Peter Parker", ["peter", "parker"]),
        ("José Müller", ["josé", "muller"]),
        ("O’Brien", ["o'brien"]),
        ("山田 Peter", [None, "peter"]),
        ("山田 太郎", [None]),
        ("ピーター", [None]),
        ("Peter ' Parker", ["peter", "parker"]),
        ("Peter \u200b Parker", ["peter", "parker"]),
    ],
)
def test_parts(name: str, expected: list[str | None]) -> None:
    assert units(PARTS, name) == expected


def test_separators_follow_the_parts_that_are_read() -> None:
    parsed = PARTS.parse("Jean-' Luc - Picard")
    assert [part.unit for part in parsed.parts] == ["jean", "luc", "picard"]
    assert parsed.separators == (" ", " ")


def test_whole_names() -> None:
    assert units(WHOLE, " Jean-Luc   Picard ") == ["jean-luc picard"]
    assert units(WHOLE, "山田") == [None]
    with pytest.raises(UnreadableNameError) as caught:
        WHOLE.parse("山田 Peter")
    assert caught.value.characters == "山田"


@pytest.mark.parametrize("name", ["", " ", "...", "-", "'", "\u200b", "\u0301", "「」"])
def test_nothing_to_read(name: str) -> None:
    with pytest.raises(EmptyNameError) as caught:
        PARTS.parse(name)
    assert caught.value.name == name


@pytest.mark.parametrize(
    ("name", "characters"),
    [
        ("2Pac", "2"),
        ("Peter😀", "😀"),
        ("Pеter", "е"),  # Cyrillic
        ("Peter山", "山"),
        ("a\ud800b", "\ud800"),
        ("½", "½"),
        ("a@b&@", "@&"),
        ("Ａ１", "１"),
        ("2Pac, Jr", "2"),
        ("Anna: 2", "2"),
    ],
)
@pytest.mark.parametrize("parser", [PARTS, WHOLE], ids=["parts", "whole"])
def test_unreadable_characters_are_named(parser: NameParser, name: str, characters: str) -> None:
    with pytest.raises(UnreadableNameError) as caught:
        parser.parse(name)
    assert caught.value.characters == characters
    assert f"U+{ord(characters[0]):04X}" in str(caught.value)
    str(caught.value).encode("utf-8")


@pytest.mark.parametrize(("length", "fits"), [(1, True), (7, True), (8, True), (9, False), (10_000, False)])
def test_the_limit(length: int, fits: bool) -> None:
    name = f"ab {'c' * length}"
    if fits:
        assert units(PARTS, name) == ["ab", "c" * length]
        return
    with pytest.raises(NameTooLongError) as caught:
        PARTS.parse(name)
    assert caught.value.limit == 8
    assert len(str(caught.value)) < 300


@given(st.text())
def test_any_text_is_read_or_refused(name: str) -> None:
    for parser in (PARTS, WHOLE):
        try:
            parsed = parser.parse(name)
        except UntransliterableNameError as error:
            assert error.name == name  # noqa: PT017
            continue
        assert parsed.parts
        assert len(parsed.separators) == len(parsed.parts) - 1
        for part in parsed.parts:
            assert part.unit is None or (
                parser.characters.issuperset(part.unit) and 1 <= len(part.unit) <= parser.limit
            )


def test_a_character_that_becomes_a_space_is_named_as_it_was_written() -> None:
    with pytest.raises(UnreadableNameError) as caught:
        PARTS.parse("A¨B")
    assert caught.value.characters == "¨"
    assert units(PARTS, "A ¨ B") == ["a", "b"]


def test_shorten() -> None:
    assert shorten("Peter") == "'Peter'"
    assert len(shorten("a" * 1000)) == 62


WORDS = st.lists(
    st.sampled_from(["Ann", "ANN", "y", "J.", "-bo", "'-bo", "bo-'", "II", "BJ", "山", "Jr", "a¨", "ｙ", "Ann-Bo", "É"])
    | st.text(st.sampled_from("aeyIVXBéÉ'’-.かー山2\u0301\u200b\n"), max_size=9),
    max_size=4,
)
LEXICON = {"ann": "アン", "bo y": "ボイ", "e-ann": "エアン", "山": "ヤマ"}


@settings(max_examples=500)
@given(WORDS, st.sampled_from([{}, LEXICON]), st.sampled_from([KNOWN, KNOWN - {"é"}]))
def test_words_that_stand_alone_are_read_so_in_every_name(
    words: list[str], lexicon: dict[str, str], known: frozenset[str]
) -> None:
    parser = NameParser(known, limit=8, whole_names=False, lexicon=lexicon)
    words = list(filter(parser.stands_alone, words))
    assume(words)
    try:
        parsed_names = [parser.parse(word) for word in words]
    except UntransliterableNameError:
        with pytest.raises(UntransliterableNameError):
            parser.parse(" ".join(words))
        return
    parsed = parser.parse(" ".join(words))
    assert parsed.parts == tuple(part for of_word in parsed_names for part in of_word.parts)
    separators = [separator for of_word in parsed_names for separator in (" ", *of_word.separators)]
    assert parsed.separators == tuple(separators[1:])


@pytest.mark.parametrize(
    "word", ["Peter", "peter", "PETER", "J", "J.", "Jean-Luc", "O’Brien", "(Bill)", "José", "2Pac", "de", "Van"]
)
def test_most_words_stand_alone(word: str) -> None:
    assert PARTS.stands_alone(word)
    assert not WHOLE.stands_alone(word)


@pytest.mark.parametrize(
    "word", ["", "-", "'", "'-Bo", "y", "é", "II", "BJ", "JFK", "山", "山田-Bo", "of", "'n'", "d'"]
)
def test_words_that_the_rest_of_a_name_has_a_say_in(word: str) -> None:
    assert not PARTS.stands_alone(word)
