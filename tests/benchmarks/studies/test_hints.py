"""What hints are worth is measured by hint, and languages of few names are left out."""

from itertools import product
from pathlib import Path

from benchmarks.studies.hints import measure, render


def test_names_are_asked_with_hints_and_without(tiny_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    ends = map("".join, product("abcdef", repeat=2))
    lines = [f"mori{end}\tモリ\t1\tword{' fr' if end < 'd' else ''}\n" for end in ends]
    path.write_text("mori\tモリ\t1\tword fr\n" + "".join(lines), encoding="utf-8")
    found = measure(str(tiny_folder), path)
    assert set(found) == {"any hint", "word"}
    assert found["word"]["names"] == 37
    # The tiny model follows no hints.
    assert found["word"]["without"] == found["word"]["with_hints"] > 0


def test_a_row_is_a_file_a_model_and_a_hint() -> None:
    found = {"fr": {"names": 1200, "without": 0.2714, "with_hints": 0.3571}}
    text = render({"head": {}, "files": {"places": {"default": found, "fast": found}}})
    assert "| places | `default` | fr | 1,200 | 0.271 | 0.357 |" in text
    assert len({line.count("|") for line in text.splitlines() if line.startswith("|")}) == 1
