"""What known names cost is measured on both sides, and the report says both."""

from pathlib import Path

import pytest

from benchmarks.studies import known_names


def test_all_sections_are_measured_with_the_table_and_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "known_names.json"
    monkeypatch.setattr("sys.argv", ["known_names", "--quick", "--output", str(output)])
    known_names.main()
    report = output.with_suffix(".md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in report.splitlines() if line.startswith("| ") and "--:" not in line]
    assert len(rows) == 8, "a head and seven sections"
    assert all(len(row) == 4 for row in rows)
