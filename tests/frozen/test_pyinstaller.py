"""A program that PyInstaller has packed: it finds its models, and it never starts itself as a worker."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.processes import LIMIT_S

PROGRAM = """
import sys

def note(event, arguments):
    if event in ("subprocess.Popen", "os.fork", "os.exec", "os.posix_spawn"):
        print("started a process")

sys.addaudithook(note)

from hayakana import HayakanaError, Transliterator

if __name__ == "__main__":
    try:
        with Transliterator("fast", workers=int(sys.argv[1])) as transliterator:
            print(ascii(transliterator("Peter Parker")))
    except HayakanaError as error:
        print(type(error).__name__, error)
"""

UNUSED = (
    "IPython PIL alkana duckdb e2k hypothesis jax jaxlib kanalizer keras matplotlib matplotlib_fontja onnx pandas"
    " polars pyarrow pyspark pytest ray scipy sympy tensorflow tf2onnx tkinter torch tqdm"
)
"""Packages of a developer's environment that hayakana can do without: an environment of a program has none of them."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the program as its author would, with no option for hayakana."""
    folder = tmp_path_factory.mktemp("frozen")
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    excluded = [option for name in UNUSED.split() for option in ("--exclude-module", name)]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *excluded, "program.py"]
    subprocess.run(command, check=True, cwd=folder, capture_output=True, timeout=5 * LIMIT_S)  # noqa: S603
    return folder / "dist" / "program" / "program"


def run(program: Path, workers: int, environment: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603  (built above)
        [program, str(workers)],
        check=True,
        capture_output=True,
        text=True,
        cwd=program.parent.parent,
        timeout=LIMIT_S,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | environment,
    )
    return done.stdout


def test_a_packed_program_has_its_models(program: Path) -> None:
    assert run(program, 1, {}) == ascii("ピーター・パーカー") + "\n"


@pytest.mark.parametrize("environment", [{}, {"HAYAKANA_WORKER": "1"}])
def test_a_packed_program_starts_no_worker(program: Path, environment: dict[str, str]) -> None:
    said = run(program, 2, environment)
    assert said.startswith("WorkersUnavailableError ")
    assert said.count("\n") == 1
    assert "started a process" not in said
    assert "workers=1" in said
