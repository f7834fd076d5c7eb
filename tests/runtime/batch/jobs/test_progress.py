"""Lines of progress where there is no terminal: when they come, and what they say."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from hayakana.batch.jobs.inputs import Input, inputs_of
from hayakana.batch.jobs.progress import SECONDS_BETWEEN_LINES, Progress


class Clock:
    """Shows the seconds that a test sets."""

    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def inputs(tmp_path: Path) -> list[Input]:
    """Two files of a hundred bytes."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("mori " * 20, encoding="utf-8")
    return inputs_of([tmp_path])


def lines(inputs: list[Input], caplog: pytest.LogCaptureFixture, *, shown: bool = True, skipped: int = 0) -> list[str]:
    """Return what is logged of two files, whose four halves take 20 seconds each."""
    caplog.set_level(logging.INFO, "hayakana.batch")
    clock = Clock()
    with Progress(inputs, shown=shown, clock=clock) as progress:
        progress.skip(inputs=skipped)
        for half in range(2 * skipped + 1, 5):
            clock.seconds += 20
            progress.done(1_000, inputs=half // 2, fraction=half % 2 / 2)
    return caplog.messages


def test_a_line_now_and_then(inputs: list[Input], caplog: pytest.LogCaptureFixture) -> None:
    assert SECONDS_BETWEEN_LINES == 30
    assert lines(inputs, caplog) == [
        "2 files: 50 %, 2,000 rows, 50 rows/s, 00:40 left",
        "2 files: 100 %, 4,000 rows, 50 rows/s, 00:00 left",
    ]


def test_what_was_done_before_takes_no_time_of_this_run(inputs: list[Input], caplog: pytest.LogCaptureFixture) -> None:
    assert lines(inputs, caplog, skipped=1) == ["2 files: 100 %, 2,000 rows, 50 rows/s, 00:00 left"]


def test_nobody_knows_how_much_is_left_of_a_stream(caplog: pytest.LogCaptureFixture) -> None:
    stream = inputs_of(["-"], format_name="txt")
    assert lines(stream, caplog) == [
        "standard input: 2,000 rows, 50 rows/s",
        "standard input: 4,000 rows, 50 rows/s",
    ]


def test_progress_that_is_not_to_be_shown_is_not_logged_either(
    inputs: list[Input], caplog: pytest.LogCaptureFixture
) -> None:
    assert lines(inputs, caplog, shown=False) == []


@pytest.mark.slow
@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_the_command_line_prints_the_lines(tiny_folder: Path, tmp_path: Path, quiet: list[str]) -> None:
    (tmp_path / "in.txt").write_text("Mori\n", encoding="utf-8")
    code = "import sys; from hayakana.batch.jobs import progress; progress.SECONDS_BETWEEN_LINES = 0;"
    code += "from hayakana.cli.main import run; run()"
    job = ["batch", "--model", tiny_folder, *quiet, tmp_path / "in.txt", tmp_path / "out.csv"]
    done = subprocess.run([sys.executable, "-c", code, *job], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == ""
    assert ("hayakana: in.txt: 100 %, 1 rows, " in done.stderr) == (not quiet)
    assert bool(done.stderr) == (not quiet)
