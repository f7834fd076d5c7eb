"""No message is longer than people read, however much there is to name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hayakana
from hayakana import TableError
from hayakana.batch.arrow.columns import Columns
from hayakana.batch.formats.cells import cell_texts, in_schema, names_of
from hayakana.errors import brief, listed, shorten

RUNTIME = Path(hayakana.__file__).parent
BETWEEN = (", ", " and ", " or ")
BOUNDED_THEMSELVES = {
    "alignment/attention.py": 1,  # an answer and no message: letters of a name, which is bounded
    "batch/jobs/report.py": 2,  # the statuses that there are; three examples
    "cli/info.py": 1,  # an answer and no message: languages, of two letters each
    "cli/main.py": 1,  # commands
    "errors.py": 1,  # ``listed`` itself, by another mark
    "model/vocabulary.py": 1,  # special tokens
    "names/choices.py": 1,  # what an option may be
    "serve/reference.py": 4,  # a page and no message: the types that there are
    "syntax.py": 1,  # what a value may be
}
"""Files, and how many lists of theirs are bounded by what they list."""


def lists(code: str) -> Iterator[str]:
    """Yield each text that is joined for people, unless what is joined is a constant."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "join":
            continue
        mark = node.func.value
        if isinstance(mark, ast.Constant) and mark.value not in BETWEEN:
            continue
        if not isinstance(mark, ast.Constant) and ast.unparse(mark) != "between":
            continue
        of = node.args[0]
        source = of.generators[0].iter if isinstance(of, ast.GeneratorExp | ast.ListComp) else of
        if not (isinstance(source, ast.Name) and source.id.isupper()):
            yield ast.unparse(node)


@pytest.mark.parametrize("path", sorted(RUNTIME.rglob("*.py")), ids=lambda path: str(path.relative_to(RUNTIME)))
def test_what_a_message_lists_goes_through_listed(path: Path) -> None:
    found = list(lists(path.read_text(encoding="utf-8")))
    assert len(found) == BOUNDED_THEMSELVES.get(path.relative_to(RUNTIME).as_posix(), 0), found


@pytest.mark.parametrize("code", ["', '.join(names)", "' and '.join(map(repr, names))", "', '.join(n for n in names)"])
def test_what_lists_without_bound_is_found(code: str) -> None:
    assert len(list(lists(code))) == 1
    assert not list(lists(code.replace("names", "NAMES").replace("map(repr, NAMES)", "NAMES")))


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([], "none"),
        (["a"], "a"),
        (["a", "b"], "a, b"),
        (["a", "b", "c"], "a, b, c"),
        (["a", "b", "c", "d"], "a, b, c and 1 more"),
        (list("abcdefghij") * 1_000, "a, b, c and 9,997 more"),
    ],
)
def test_the_first_few_are_listed_and_how_many_more_there_are(items: list[str], text: str) -> None:
    assert listed(items, most=3) == text


@given(st.lists(st.text(max_size=400), max_size=50), st.sampled_from([brief, shorten]))
def test_a_list_is_short_and_names_the_first_whatever_is_in_it(items: list[str], shown) -> None:
    text = listed(items, shown=shown)
    assert len(text) < 2_500
    assert text.isprintable()
    assert text.startswith(shown(items[0]) if items else "none")


def _rows(column: pa.Array) -> pa.RecordBatch:
    return pa.record_batch([column], names=["name"])


def _wide() -> pa.Array:
    """Return a column of structs of a thousand fields, all of which its type names."""
    return pa.array([{f"field {number}": b"x" for number in range(1_000)}])


@pytest.mark.parametrize(
    "call",
    [
        lambda: names_of(_wide(), pa.field("name", _wide().type)),
        lambda: cell_texts(_wide(), pa.field("name", _wide().type)),
        lambda: in_schema(_rows(_wide()), pa.schema([("name", pa.int64())])),
        lambda: in_schema(_rows(pa.array([1])), pa.schema([("name", _wide().type)])),
        lambda: hayakana.batch.ArrowTransliterator("default")(_rows(_wide())),
        lambda: Columns(tuple(f"{' ' * number}name" for number in range(1_000))).chosen(["name"]),
        lambda: Columns("name").chosen([f"column {number}" for number in range(1_000)]),
    ],
)
def test_a_message_is_short_however_much_there_is(call) -> None:
    with pytest.raises(TableError) as caught:
        call()
    assert len(str(caught.value)) < 1_500
