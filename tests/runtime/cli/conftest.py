"""``hayakana batch`` with the tiny model, and a table of names."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def batch(tiny_folder: Path):
    """Run the command with the tiny model; return standard error, and check the exit code."""

    def run(*arguments: object, code: int = 0, stdin: bytes = b"", start: tuple[str, ...] = ("-m", "hayakana")) -> str:
        command = [sys.executable, *start, "batch", "--model", str(tiny_folder), *map(str, arguments)]
        done = subprocess.run(command, check=False, capture_output=True, input=stdin, timeout=120)
        errors = done.stderr.decode()
        assert done.returncode == code, errors
        assert done.stdout == b""
        assert "Traceback" not in errors
        return errors

    return run


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    path.write_text("id,name,town\n1,Mori,Kato\n2,2Pac,\n3,山田,Tsu\n", encoding="utf-8")
    return path
