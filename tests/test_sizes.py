"""A stranger reads functions, classes and files of this size in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = [path for folder in ("runtime", "training", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))]
LONGEST = {ast.FunctionDef: 60, ast.AsyncFunctionDef: 60, ast.ClassDef: 250}
"""Lines, signature and docstring included."""
LONGEST_FILE = 300


def too_long(source: str) -> Iterator[str]:
    if (lines := source.count("\n")) > LONGEST_FILE:
        yield f"the file has {lines} lines"
    for node in ast.walk(ast.parse(source)):
        lines = (getattr(node, "end_lineno", 0) or 0) - getattr(node, "lineno", 0) + 1
        if lines > LONGEST.get(type(node), lines):
            yield f"{node.name} has {lines} lines"


def test_what_is_too_long_is_found() -> None:
    body = "    pass\n" * 60
    assert list(too_long(f"def f():\n{body}")) == ["f has 61 lines"]
    assert list(too_long(f"async def f():\n{body}")) == ["f has 61 lines"]
    assert list(too_long("class C:\n" + "    a = 1\n" * 250)) == ["C has 251 lines"]
    assert list(too_long("a = 1\n" * 301)) == ["the file has 301 lines"]
    assert not list(too_long(f"def f():\n{body[:-9]}"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_classes_and_functions_are_short(path: Path) -> None:
    assert not list(too_long(path.read_text(encoding="utf-8")))
