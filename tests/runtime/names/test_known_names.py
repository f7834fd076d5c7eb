"""The table of known names: what was written is found, nothing else is, and what is damaged is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.names.choices import POSSIBLE
from hayakana.names.known_names import EDGES, first_part, last_part, plain_form, read_known_names
from hayakana.names.known_tables import KnownName, write_known_names

PART = st.text("abcdeéßłøñ'", min_size=1, max_size=6).filter(lambda part: part.strip("'"))
KNOWN = st.builds(KnownName, st.text("アイウカキクー", min_size=1, max_size=8), st.integers(1, 100))
PARTS = st.dictionaries(PART, KNOWN, max_size=12)
WHOLE = st.dictionaries(st.tuples(PART, st.sampled_from(" -"), PART).map("".join).map(plain_form), KNOWN, max_size=8)
ALBERT = {"albert": KnownName("アルバート", 100), "milan": KnownName("ミラン", 100)}
EINSTEIN = {"albert einstein": KnownName("アルベルト・アインシュタイン", 61)}


@given(PARTS, WHOLE, PARTS, PARTS, st.lists(PART, max_size=8))
def test_what_was_written_is_found_and_nothing_else(
    parts: dict[str, KnownName],
    whole_names: dict[str, KnownName],
    places: dict[str, KnownName],
    words: dict[str, KnownName],
    others: list[str],
) -> None:
    known = read_known_names(write_known_names(parts, whole_names, places=places, words=words))
    assert len(known) == len(parts) + len(whole_names)
    asked = [*parts, *places, *words, *others]
    for kind in POSSIBLE["kind"]:
        tables = [{"person": {}, "place": places, "word": words}[kind], parts]

        def expected(unit: str, tables: list[dict[str, KnownName]] = tables) -> KnownName | None:
            for text in (unit, plain_form(unit)):  # A name as it is goes before its plain form.
                if found := [table[text] for table in tables if text in table]:
                    return found[0]
            return None

        assert known.of_kind(kind).parts(asked) == list(map(expected, asked))
    names = [*whole_names, *(f"{first} {last}" for first in others for last in others)]
    assert known.whole_names(names) == [whole_names.get(plain_form(name)) for name in names]


def nearest(name: str, place: int) -> str:
    """Return the character at ``place``, or the nearest one in a short name."""
    return name[min(place, len(name) - 1) if place >= 0 else max(len(name) + place, 0)]


@given(WHOLE, st.lists(PART, min_size=1, max_size=5))
def test_no_known_whole_name_is_missed(whole_names: dict[str, KnownName], others: list[str]) -> None:
    known = read_known_names(write_known_names({}, whole_names, places={}, words={}))
    names = [*whole_names, *(f"{one} {two}" for one in others for two in others)]
    plain = list(map(plain_form, names))
    edges = [np.array([ord(nearest(name, place)) for name in plain], np.uint32) for place in EDGES]
    may_be = known.may_be_whole(edges, np.array(list(map(len, plain))))
    assert all(may_be[: len(whole_names)])
    pairs = {(first_part(name), last_part(name)) for name in whole_names}
    ends = (known.ids_of_first(list(map(first_part, names))), known.ids_of_last(list(map(last_part, names))))
    are_pairs = known.are_pairs(np.stack(ends), np.arange(len(names)), np.arange(len(names)))
    assert are_pairs.tolist() == [(first_part(name), last_part(name)) in pairs for name in plain]


def test_a_name_with_marks_is_found_by_its_plain_form() -> None:
    known = read_known_names(write_known_names(ALBERT, EINSTEIN, places={}, words={}))
    assert known.parts(["álbert"]) == [ALBERT["albert"]]
    assert known.whole_names(["albért éinstein"]) == [EINSTEIN["albert einstein"]]


def test_a_kind_has_its_own_katakana() -> None:
    known = read_known_names(write_known_names(ALBERT, {}, places={"milan": KnownName("ミラノ", 60)}, words={}))
    assert known.parts(["milan"]) == known.of_kind("word").parts(["milan"]) == [ALBERT["milan"]]
    assert known.of_kind("place").parts(["milan", "albert"]) == [KnownName("ミラノ", 60), ALBERT["albert"]]


@given(st.data())
def test_what_is_damaged_is_refused_or_says_something(data: st.DataObject) -> None:
    """The checksum of the manifest is asked first; here, no content ends in anything but an answer or a ValueError."""
    content = bytearray(write_known_names(ALBERT, EINSTEIN, places={}, words={}))
    place = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        del content[place:]
        with pytest.raises(ValueError, match=r"cut off|damaged|begin"):
            read_known_names(bytes(content))
        return
    content[place] = data.draw(st.integers(0, 255))
    try:
        known = read_known_names(bytes(content))
    except ValueError:
        return
    known.parts(["albert", "milan", "x"])
    known.whole_names(["albert einstein"])


@pytest.mark.parametrize("content", [b"", b"hayakana known names 1\n", b"hayakana known names 1\n{}\n", b"\n" * 99])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"it does not begin|damaged"):
        read_known_names(content)


def test_bytes_behind_the_table_are_refused() -> None:
    with pytest.raises(ValueError, match="1 bytes too many"):
        read_known_names(write_known_names(ALBERT, {}, places={}, words={}) + b"x")


@pytest.mark.parametrize(("name", "katakana"), [("", "ア"), ("a", ""), ("a" * 256, "ア"), ("a", "ア" * 256)])
def test_what_a_table_cannot_hold_is_refused(name: str, katakana: str) -> None:
    with pytest.raises(ValueError, match="empty or too long"):
        write_known_names({name: KnownName(katakana, 100)}, {}, places={}, words={})
