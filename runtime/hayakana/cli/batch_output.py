"""OUTPUT and --report of ``hayakana batch``, what they would take the place of, and what is said of progress."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hayakana.cli.options import say
from hayakana.errors import TableError

if TYPE_CHECKING:
    from hayakana.batch import FileFormat

STANDARD_OUTPUT = "-"


def format_of_output(options: argparse.Namespace) -> "FileFormat | None":
    """Return the format of the file or stream that OUTPUT names; None of a folder.

    Raises:
        ValueError: options do not go together.
    """
    from hayakana.batch import format_of, output_format_of

    named = format_of(Path(), options.format) if options.format else None
    if options.output == STANDARD_OUTPUT:
        if named is None:
            raise ValueError("nothing says what format standard output has: give it with --format")
        file_format: FileFormat | None = named
    else:
        file_format = output_format_of(options.output)
        if named is not None and file_format not in (None, named):
            raise ValueError(f"--format {options.format} is not what the suffix of {options.output} says")
    if file_format is not None:
        for option, value in (("--resume", options.resume), ("--rows-per-file", options.rows_per_file)):
            if value:
                raise ValueError(f"{option} is for a folder of files, and {name_of(options.output)} is not one")
    return file_format


def name_of(output: str) -> str:
    """Return what messages call OUTPUT."""
    return "standard output" if output == STANDARD_OUTPUT else output


def check_report(report: Path, in_use: list[Path]) -> None:
    """Check, before there is anything to report, that it can be written and takes the place of no other thing."""
    from hayakana.batch.jobs.report import is_report

    if not report.parent.is_dir():
        raise TableError(f"{report.parent} is not a folder: make it first, or give --report another place")
    place = report.resolve()
    if taken := [path for path in in_use if place == path.resolve() or path.resolve() in place.parents]:
        raise TableError(f"--report {report} would take the place of {taken[0]}, or lie in it: name another file")
    if report.exists() and not report.is_file():
        raise TableError(f"--report {report} is not a file: name a file")
    if report.exists() and not is_report(report):
        raise TableError(f"--report {report} already exists and is not a report: name another file, or remove it")


@contextmanager
def progress_said() -> Iterator[None]:
    """Print the lines of progress, which jobs log where standard error is no terminal."""
    import logging  # No other command needs it.

    class Said(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            say(record.getMessage())

    logger, handler = logging.getLogger("hayakana.batch"), Said()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def how_to_go_on(options: argparse.Namespace) -> str:
    """Return what is said when a job is interrupted: how it goes on, where it can."""
    # The manifest of a folder, by its name: loading Arrow, which job_manifest does, is nothing for a handler.
    if "-" in (*options.inputs, options.output) or not (Path(options.output) / "_hayakana.json").exists():
        return ""
    return f"\nhayakana: interrupted: the same command with --resume goes on in {options.output}\n"
