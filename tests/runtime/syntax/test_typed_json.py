import contextlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.syntax import Json, JsonError, parse

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_parsed_as_python_parses_it(value: object) -> None:
    assert parse(json.dumps(value).encode()).value == value


@given(st.binary(max_size=200))
def test_bytes_give_json_or_a_json_error(content: bytes) -> None:
    with contextlib.suppress(JsonError):
        parse(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "byte 0 of the text is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"NaN", "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b'{"a": 1, "b": 2, "a": 3}', "'a' stands twice"),
        (b"7" * 10_000, "not JSON"),
    ],
)
def test_what_is_not_json_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(JsonError, match=message):
        parse(content)


def test_values_are_found_by_name_and_by_place() -> None:
    content = parse(b'{"a": {"b": [1, "x", true, null, 1.5]}}')
    one, text, flag, nothing, real = content.member("a").member("b").elements()
    assert (one.count(), text.text(), flag.flag(), nothing.value, real.real()) == (1, "x", True, None, 1.5)
    assert text.place == "a.b[1]"
    assert [name for name, _ in content.members()] == ["a"]
    assert content.optional("z") is None


OF_EACH_TYPE = [None, True, 1, -1, 2**70, 10**5000, 1.5, math.inf, "x", "\ud800", [], {}, [[1]], {"a": 1}]


@pytest.mark.parametrize("index", range(len(OF_EACH_TYPE)))
def test_a_value_is_refused_as_what_it_is_not(index: int) -> None:
    node = Json(OF_EACH_TYPE[index], "here")
    accepted, complaints = 0, []
    for ask in (node.object, node.elements, node.text, node.count, node.real, node.flag):
        try:
            ask()
            accepted += 1
        except JsonError as error:
            complaints.append(str(error))
    assert accepted <= 1 + (type(node.value) is int)  # A whole number is a real one, too.
    assert all(complaint.startswith("here: ") and len(complaint) < 200 for complaint in complaints)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda node: node.member("missing"), "missing is missing"),
        (lambda node: node.member("a").member("b"), "a: 'x' is not an object"),
        (lambda node: node.member("a").text(allowed=("y", "z")), "a: 'x' is none of y, z"),
        (lambda node: node.member("n").count(most=5), "n: 7 is not a whole number from 0 to 5"),
        (lambda node: node.member("n").count(least=8), "n: 7 is not a whole number from 8 to"),
    ],
)
def test_a_complaint_names_the_place(ask, message: str) -> None:
    with pytest.raises(JsonError, match=message):
        ask(parse(b'{"a": "x", "n": 7}'))


@pytest.mark.parametrize("value", ["a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n", "", 7, None])
def test_what_is_no_checksum_is_refused(value: object) -> None:
    assert Json("0123456789abcdef" * 4).sha256() == "0123456789abcdef" * 4
    with pytest.raises(JsonError, match=r"here: .* is not a (sha256|string)"):
        Json(value, "here").sha256()
