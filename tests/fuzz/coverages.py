"""Which lines of hayakana were run, of one door or of all."""

import io
from collections.abc import Sequence
from pathlib import Path

import coverage


def percent(folder: Path, door: str = "*") -> float:
    """Return the percentage of lines that what lies in ``folder`` covers."""
    files = [str(path) for path in sorted(folder.glob(f".coverage.{door}.*"))]
    return _percent(files) if files else 0.0


def _percent(files: Sequence[str]) -> float:
    covered = coverage.Coverage(data_file=None, source_pkgs=["hayakana"], messages=False)
    covered.combine(files, keep=True)
    return covered.report(file=io.StringIO(), ignore_errors=True)
