"""What is parsed at once is what ``parsing.NameParser`` parses name by name."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hayakana.names.parsed import ParsedName
from hayakana.names.parsing import NameParser
from hayakana.names.parts import HYPHEN, SPACE, join
from hayakana.names.plain_names import PlainNames
from hayakana.names.plain_parsing import PlainNameParser
from hayakana.names.rules import ruled_words
from hayakana.results import Origin

LIMIT = 6
LETTERS = "abdeijknosvxzABDEIJKNOSVXZéÉ"
ODD = "ßıİŉſǆŒªµÿŁ'’`´ -–.,\n\r\x1c\x85\u3000\u00a0\u00b7かナー山😀\ud800\u0301\u00ad\u200b7Ж"
KNOWN = [
    frozenset(letters)
    for letters in ("abdeijknosvxz", "abdeijknosvxz'", "abdeijknosvxzé' -", "abdeijknosvxzéßıœłÿ' -", "")
]

NAMES = st.lists(
    st.text(st.sampled_from(f"{LETTERS}' -"), max_size=2 * LIMIT) | st.text(st.sampled_from(LETTERS + ODD), max_size=9),
    max_size=20,
)
LEXICON = {
    "an": "アン",
    "ann": "アン",
    "né": "ネー",
    "josé": "ホセ",
    "an-joé": "アンジョエ",
    "b": "ベー",
    "an b o": "アンボ",
}
NAMES |= st.lists(st.sampled_from(["Ann", "ÁN", "an-Joé", "an joe", "B", "An b O", "AN B O", "José", "bx"]), max_size=9)
READERS = st.tuples(st.sampled_from(KNOWN), st.booleans(), st.sampled_from([{}, LEXICON]))


Choice = tuple[frozenset[str], bool, dict[str, str]]


def both(parser: Choice) -> tuple[PlainNameParser, NameParser]:
    known, whole_names, lexicon = parser
    name_parser = NameParser(known, LIMIT, whole_names, lexicon)
    return PlainNameParser(name_parser), name_parser


def plain_parser(characters: Iterable[str], limit: int = LIMIT, *, whole_names: bool = False) -> PlainNameParser:
    return PlainNameParser(NameParser(frozenset(characters), limit, whole_names, {}))


def units(parsed: ParsedName) -> list[str | None]:
    """Those of parts that the lexicon has are looked up by whoever has the plain names: here they are given back."""
    return [part.text.lower() if part.origin is Origin.LEXICON else part.unit for part in parsed.parts]


def parsed_names(parser: NameParser, plain: PlainNames, names: list[str]) -> list[ParsedName]:
    """What ``parser`` says of the plain names; a name that it refuses is not plain, so nothing is caught here."""
    return [parser.parse(names[place]) for place in plain.places]


@settings(max_examples=500)
@given(NAMES, READERS)
def test_a_plain_name_is_parsed_as_the_parser_does(names: list[str], parser: Choice) -> None:
    plain_parser, slow = both(parser)
    plain = plain_parser.parse(names)
    assert plain.places == sorted(plain.places)
    assert sorted(plain.places + plain.other_places) == list(range(len(names)))
    expected = parsed_names(slow, plain, names)
    assert plain.units == [unit for parsed in expected for unit in units(parsed)]
    assert plain.of_units(parser[2]) == [
        place for place, parsed in zip(plain.places, expected, strict=True) if parsed.is_from_lexicon
    ]
    # Units of names in several parts hold neither a space nor a hyphen, so that this shows where each part stands.
    assert plain.written(plain.units, space=SPACE, hyphen=HYPHEN) == [
        join(units(parsed), parsed.separators, space=SPACE, hyphen=HYPHEN) for parsed in expected
    ]


@given(
    names=NAMES,
    parser=READERS,
    missing=st.sampled_from(["", "n", "os", "z"]),
    space=st.sampled_from(["・", "", "\n", " ", "\ue000", "\ue001\ue000"]),
    hyphen=st.sampled_from(["＝", "", "\n", "\ue000", "\ue002"]),
)
def test_names_are_written_as_the_parts_are_joined(
    names: list[str], parser: Choice, missing: str, space: str, hyphen: str
) -> None:
    """A unit is written as itself in capital letters, and has no text if it begins with a letter of ``missing``."""
    plain_parser, slow = both(parser)
    plain = plain_parser.parse(names)

    def text(unit: str | None) -> str | None:
        assert unit
        return None if unit[0] in missing else unit.upper()

    texts = [[text(unit) for unit in units(parsed)] for parsed in parsed_names(slow, plain, names)]
    separators = [parsed.separators for parsed in parsed_names(slow, plain, names)]
    assert plain.written([text(unit) for unit in plain.units], space=space, hyphen=hyphen) == [
        None if None in parts else join(parts, between, space=space, hyphen=hyphen)
        for parts, between in zip(texts, separators, strict=True)
    ]


WORDS = st.sampled_from(["Ann", "an", "Joe", "dos", "De", "x", "AN", "Von", "OBo", "bins", "jane", "eva", "kaikai"])
FEW = st.lists(st.tuples(WORDS, st.sampled_from(" - .")), min_size=1, max_size=4).map(
    lambda pairs: "".join(word + separator for word, separator in pairs)[:-1]
)


@settings(max_examples=500)
@given(st.lists(FEW, max_size=7) | NAMES, READERS)
def test_an_ordinary_name_is_plain_and_parsed_as_the_parser_does(names: list[str], parser: Choice) -> None:
    plain_parser, slow = both(parser)
    few, plain = plain_parser.parse_few(names), plain_parser.parse(names)
    assert set(few.places) <= set(plain.places)
    assert sorted(few.places + few.other_places) == list(range(len(names)))
    expected = parsed_names(slow, few, names)
    assert few.units == [unit for parsed in expected for unit in units(parsed)]
    assert few.written(few.units, space=SPACE, hyphen=HYPHEN) == [
        join(units(parsed), parsed.separators, space=SPACE, hyphen=HYPHEN) for parsed in expected
    ]


@pytest.mark.parametrize(
    ("name", "is_ordinary"),
    [
        *[("Anna", True), ("anna b-Dian", True), ("ANNA", True), ("Anna De", True), ("AnnA b", True), ("", False)],
        *[("anna  bo", False), ("Ánna", False), ("-anna", False), ("anna bo-diana", False), ("zoe", False)],
    ],
)
def test_which_names_are_ordinary_where_the_name_is_the_unit(name: str, is_ordinary: bool) -> None:
    parser = plain_parser("abdeilnos -", 11, whole_names=True)
    assert parser.parse_few([name]).units == ([name.lower()] if is_ordinary else [])
    assert plain_parser("abdeilnos", 11, whole_names=True).parse_few(["anna bo"]).units == []


@pytest.mark.parametrize(
    ("name", "is_ordinary"),
    [
        *[("Anna", True), ("anna bo-Dian", True), ("Anna  Bo", False), ("AnnA", False), ("Anna b", False)],
        *[("ANNA", False), ("Ánna", False), ("Anna Zoe", False), ("De Anna", False), ("", False), ("Anna\n", False)],
        *[("annabelle", True), ("annabelles", False), ("ba " * 400 + "ba", False)],
    ],
)
def test_which_names_are_ordinary(name: str, is_ordinary: bool) -> None:
    parser = plain_parser("abdeilnos", 9)
    assert (parser.parse_few([name]).places == [0]) == is_ordinary
    assert plain_parser("é", 9).parse_few([name]).places == []


LETTER = st.sampled_from(LETTERS)
PART = st.one_of(
    st.text(LETTER, min_size=1, max_size=LIMIT),
    st.tuples(st.text(LETTER, min_size=1, max_size=3), st.text(LETTER, min_size=1, max_size=2)).map("'".join),
)


@st.composite
def ordinary_names(draw: st.DrawFn) -> str:
    drawn = draw(st.lists(PART, min_size=1, max_size=4))
    parts = [part.capitalize() for part in drawn if part.lower().replace("é", "e") not in ruled_words()] or ["Ann"]
    separators = draw(st.lists(st.sampled_from([SPACE, HYPHEN]), min_size=len(parts) - 1, max_size=len(parts) - 1))
    return join(parts, separators, space=SPACE, hyphen=HYPHEN)


@given(st.lists(ordinary_names(), max_size=20))
def test_ordinary_names_are_plain(names: list[str]) -> None:
    for known in KNOWN[1:4]:
        assert plain_parser(known).parse(names).other_places == []
    for known in KNOWN[2:4]:
        assert plain_parser(known, 5 * LIMIT, whole_names=True).parse(names).other_places == []


@pytest.mark.parametrize(
    ("whole_names", "name", "is_plain"),
    [
        (False, "k" * LIMIT, True),
        (False, "k" * (LIMIT + 1), False),
        (False, f"kai-{'k' * LIMIT} kai", True),
        (False, f"kai-{'k' * (LIMIT + 1)} kai", False),
        (True, "kai-bo", True),
        (True, "kai-bon", False),
    ],
)
def test_the_limit(whole_names: bool, name: str, is_plain: bool) -> None:
    names = ["ann", name, "bob"]
    plain = plain_parser(KNOWN[3], whole_names=whole_names).parse(names)
    assert plain.places == ([0, 1, 2] if is_plain else [0, 2])


def test_a_particle_stays_plain_without_a_sign() -> None:
    names = [
        "ana de silva",
        "honoré de silva",
        "ana de beauvoir",
        "ludwig van silva",
        "ana van silva",
        "de",
        "silva de",
    ]
    plain = plain_parser("abcdefghijklmnopqrstuvwxyz", 9).parse(names)
    assert plain.other_places == [1, 2, 3]


def test_names_are_strings() -> None:
    with pytest.raises(TypeError):
        plain_parser(KNOWN[0]).parse(["ann", None])


def test_a_very_long_name_is_left_to_the_parser() -> None:
    known = frozenset("ab")
    names = ["ab", "ab " * 400 + "ab", "ba"]
    plain = plain_parser(known).parse(names)
    assert (plain.units, plain.places, plain.other_places) == (["ab", "ba"], [0, 2], [1])
