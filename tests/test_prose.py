"""Docs are in plain English: no sentence without an end, and none of the phrases that read as translated."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GENERATED = {"options.md"}
"""Made of the help of the parsers, which says a thing in a line."""
PAGES = [page for page in sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("*.md")]) if page.name not in GENERATED]
MOST_WORDS = 25
"""In a sentence."""
PHRASES = {
    r"\b(?:be|is|are) had\b": "say what is there, or can be used",
    r"\b(?:that|those) which\b": "name it",
    r"\b(?:of|in|from|with|to|by) which\b": "name it, in a sentence of its own",
    r"\bwhat is not what\b": "name it",
    r"\bthe (?:ones?|others|rest|other(?! \w))\b": "name them: a noun",
    r"\b(?:those|these) of\b": "name them: a noun",
    r"\banew\b": "again, or: new",
    r"\btells? of\b": "says, lists or has",
    r"\bso that no\b": "say what happens instead, in a sentence of its own",
}


def sentences(markdown: str) -> Iterator[str]:
    """Yield the sentences of paragraphs and lists, a word for code; no tables, headings and snippets."""
    text = re.sub(r"^```.*?^```", "\n", markdown, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^(?:\||#|<!--).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"`[^`]*`", "code", text))
    for paragraph in re.split(r"\n\s*\n|^ *(?:-|\d+\.) ", text, flags=re.MULTILINE):
        yield from filter(None, re.split(r"(?<=[.!?:])\s+", " ".join(paragraph.split())))


def faults(sentence: str) -> Iterator[str]:
    words = len(re.findall(r"\w+", sentence))
    if words > MOST_WORDS:
        yield f"{words} words: {sentence}"
    for phrase, remedy in PHRASES.items():
        if re.search(phrase, sentence, re.IGNORECASE):
            yield f"{remedy}: {sentence}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_docs_are_in_plain_english(page: Path) -> None:
    assert [fault for sentence in sentences(page.read_text(encoding="utf-8")) for fault in faults(sentence)] == []


def test_faults_are_found() -> None:
    text = (
        "# A\n\nIt runs. It can be had\nin `a.b`. " + "word " * 26 + "\n- That which is long.\n- It is [had](x.md).\n"
    )
    assert len([fault for sentence in sentences(text) for fault in faults(sentence)]) == 4
