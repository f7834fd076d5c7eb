"""Docstrings, help texts and messages are in plain English, as tests/test_prose.py has it for docs."""

import argparse
import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.test_prose import faults

import hayakana
import hayakana_training
from hayakana.cli.main import parsers
from hayakana_training.cli.main import parsers as training_parsers

SOURCES = [
    path for package in (hayakana, hayakana_training) for path in sorted(Path(package.__file__).parent.rglob("*.py"))
]
SECTION = re.compile(r" *(Args|Raises|Returns|Yields):$")
CITATION = re.compile(r"\([^()]*\b(?:19|20)\d\d\b[^()]*\)")
"""A source in brackets, whose title nobody shortens."""
SAYS = ("argument_error", "error", "say", "tell", "usage_error", "warning")
"""Functions whose first argument people read, beside those of exceptions."""


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text without sections; a word for code, nothing for sources and trees of boxes."""
    text = re.sub(r"`+[^`]*`+", "code", CITATION.sub("", text))
    yield from filter(None, re.split(r"(?<=[.!?:;])\s+", " ".join(text.split())))


def paragraphs(docstring: str) -> Iterator[str]:
    """Yield the paragraphs of a docstring, and each entry of its sections, without what it is an entry for."""
    for paragraph in re.split(r"\n\s*\n", docstring):
        first, *lines = paragraph.split("\n")
        if "├" in paragraph:
            continue
        if not SECTION.match(first):
            yield from re.split(r"^ *- ", paragraph, flags=re.MULTILINE)
            continue
        entries: list[str] = []
        for line in lines:
            if line.startswith(" " * 5) and entries:
                entries[-1] += f" {line}"
            else:
                entries.append(line.partition(": ")[2])
        yield from entries


def docstrings(tree: ast.AST) -> Iterator[str]:
    """Yield the docstrings of modules, classes and functions, public or not: who reads code reads them all."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


def messages(tree: ast.AST) -> Iterator[str]:
    """Yield what exceptions and functions of messages are given first, with a word for each value."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name.endswith("Error") or name in SAYS:
                yield text_of(node.args[0])


def text_of(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(value) if isinstance(value, ast.Constant) else "value" for value in node.values)
    return ""


def helps(parser: argparse.ArgumentParser, commands: Mapping[str, argparse.ArgumentParser]) -> Iterator[str]:
    """Yield what ``--help`` says, of the program and of its commands."""
    for command in (parser, *commands.values()):
        yield command.description or ""
        yield command.epilog or ""
        for action in command._actions:
            yield "" if action.help in (None, argparse.SUPPRESS) else action.help or ""


def found(texts: Iterator[str]) -> list[str]:
    return [fault for text in texts for sentence in sentences(text) for fault in faults(sentence)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[-3:]))
def test_docstrings_and_messages_are_in_plain_english(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert found(paragraph for docstring in docstrings(tree) for paragraph in paragraphs(docstring)) == []
    assert found(messages(tree)) == []


@pytest.mark.parametrize("made", [parsers, training_parsers], ids=["hayakana", "hayakana-train"])
def test_help_is_in_plain_english(made) -> None:
    assert found(paragraph for text in helps(*made()) for paragraph in re.split(r"\n\s*\n|\n  .*", text)) == []


def test_faults_are_found() -> None:
    docstring = (
        "It can be had.\n\nArgs:\n    a: what is there,\n        those of it.\n    b: the other end.\n\nThe others."
    )
    assert len(found(paragraphs(docstring))) == 3
    assert len(found(messages(ast.parse("raise ValueError(f'{a} cannot be had')\nsay('b')")))) == 1
    assert found(iter(["word " * 25 + "(Somebody, 1999)", "the other end"])) == []
    assert len(found(iter(["word " * 26]))) == 1
