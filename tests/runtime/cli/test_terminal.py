"""What is said on a terminal, which here is a pseudo-terminal."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.processes import HAYAKANA, started

pytestmark = pytest.mark.slow

HINT = b"hayakana: names are read from this terminal: end them with Ctrl-D\n"


@contextmanager
def terminal() -> Iterator[tuple[int, int]]:
    """Give both ends of a terminal: what a person types into, and what a program has."""
    ends = os.openpty()
    try:
        yield ends
    finally:
        for end in ends:
            os.close(end)


@pytest.mark.parametrize("command", ["transliterate", "batch"])
@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_a_terminal_that_waits_for_names_says_so(tiny_folder: Path, command: str, quiet: list[str]) -> None:
    files = ["-", "-", "--input-format", "txt", "--format", "txt"] if command == "batch" else []
    line = [*HAYAKANA, command, "--model", str(tiny_folder), *files, *quiet]
    with (
        terminal() as (person, program),
        started(line, stdin=program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
    ):
        assert process.stderr is not None
        assert quiet or process.stderr.readline() == HINT
        os.write(person, b"Mori\n\x04")
        out, err = process.communicate(timeout=60)
    assert out.decode() == "モリ\n"
    assert not (quiet and err)
    assert err.count(HINT) == 0


@pytest.mark.parametrize("names", [["Mori"], []])
def test_arguments_and_pipes_need_no_hint(tiny_folder: Path, names: list[str]) -> None:
    line = [*HAYAKANA, "transliterate", "--model", str(tiny_folder), *names]
    with terminal() as (_, program):
        source = program if names else subprocess.PIPE
        with started(line, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            out, err = process.communicate(None if names else b"Mori\n", timeout=60)
    assert (out.decode(), err) == ("モリ\n", b"")
