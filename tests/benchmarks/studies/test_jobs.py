"""The benchmark of jobs: what runs a command, what copies a table, what the result says."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.harness.processes import run
from benchmarks.harness.rounds import Settings
from benchmarks.sides.machine import copy
from benchmarks.studies.jobs import SECTIONS, distinct, render


def test_the_memory_of_a_process_and_what_it_starts_is_seen() -> None:
    child = "held = bytearray(b'x' * (80 << 20)); import time; time.sleep(3)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    assert run([sys.executable, "-c", code]).peak_mib > 80
    with pytest.raises(subprocess.CalledProcessError):
        run([sys.executable, "-c", "raise SystemExit(3)"])


def test_a_copy_has_the_same_rows(tmp_path: Path) -> None:
    table = pa.table({"name": ["Mori", None, "Kato"], "id": [1, 2, 3]})
    pq.write_table(table, tmp_path / "in.parquet")
    copy(tmp_path / "in.parquet", tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet").equals(table)
    copy(tmp_path / "in.parquet", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "name,id\nMori,1\n,2\nKato,3\n"


def test_a_section_runs_and_can_be_read(tmp_path: Path) -> None:
    section = {"head": {"machine": {"processor": "Zen", "cores": 2}}, **distinct(Settings(folder=tmp_path, quick=True))}
    values = {"quick": True, "sections": {"distinct": section}}
    assert set(values["sections"]) <= set(SECTIONS)
    text = render(values)
    assert "not to be quoted" in text
    assert "Zen, 2 cores; " in text
    assert "| figures, default, parts per second, engine |" in text
