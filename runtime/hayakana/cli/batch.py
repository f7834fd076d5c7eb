"""``hayakana batch``: files of names to a file, or to a folder of files."""

import argparse
import importlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hayakana.cli.batch_options import add_columns, add_files, add_job, columns_of, read_options_of, write_options_of
from hayakana.cli.batch_output import (
    STANDARD_OUTPUT,
    check_report,
    format_of_output,
    how_to_go_on,
    name_of,
    progress_said,
)
from hayakana.cli.options import (
    FINISHED,
    PROBLEMS,
    add_model_options,
    open_transliterator,
    say_that_a_terminal_is_read,
    tell,
)
from hayakana.cli.parser import Parser, path_text
from hayakana.engine.column import NO_DETAILS, Details
from hayakana.engine.options import Options
from hayakana.errors import HayakanaError
from hayakana.system.signals import ended_by_signals
from hayakana.transliterator import Transliterator

if TYPE_CHECKING:
    from hayakana.batch import Input, Report

_DESCRIPTION = """\
Copy tables of names, with two more columns: katakana, and status (ok, kept, lexicon, turned, unsure, empty,
unreadable, too_long, unfinished, missing, undecodable, broken).

INPUT is a file, a folder of files, a glob pattern in quotes, or - for standard input; there may be several. OUTPUT with
a suffix is a file, which appears when it is complete. OUTPUT without a suffix, or with / at its end, is a folder of
files, which --resume goes on with after whatever stopped the job. OUTPUT - is standard output.

Formats go by suffix: .csv, .tsv, .jsonl, .txt, each also .gz, .zst or .bz2, .parquet, and as INPUT .xlsx (extra:
excel). A .txt file is a name a line; as OUTPUT it is the Katakana alone."""


def add_batch(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command to the parser."""
    batch = commands.add_parser(
        "batch",
        usage="hayakana batch [OPTIONS] INPUT... OUTPUT",
        help="add Katakana to files of names (extra: batch)",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    batch.add_argument(
        "inputs", nargs="+", type=path_text, metavar="INPUT", help="a file, a folder, a pattern in quotes, or -"
    )
    batch.add_argument(
        "output", type=path_text, metavar="OUTPUT", help="a file, a folder (no suffix, or / at its end), or -"
    )

    add_job(batch.add_argument_group("the job"))
    add_columns(batch.add_argument_group("columns"))
    add_files(batch.add_argument_group("files"))
    add_model_options(batch)
    batch.set_defaults(run=_batch)


def _batch(options: argparse.Namespace) -> int:
    try:
        with ended_by_signals(partial(how_to_go_on, options)), progress_said():
            report = _run(options)
    except HayakanaError:
        raise
    except ValueError as error:  # Options that do not go together.
        options.usage_error(str(error))
    if options.no_names:
        report = report.without_names()
    if not options.quiet:
        tell(f"{report}\n  written to {name_of(options.output)}")
    if options.report is not None:
        report.write(options.report)
    return PROBLEMS if report.problems and options.strict else FINISHED


def _run(options: argparse.Namespace) -> "Report":
    details = Details(options.probabilities, options.n_best)
    # The last decimal of a probability must not depend on what is remembered.
    cache_size = Options.cache_size if details == NO_DETAILS else 0
    with ThreadPoolExecutor(1) as beside:
        # Models and workers take about as long to start as Arrow takes to load.
        opening = beside.submit(open_transliterator, options, cache_size=cache_size)
        importlib.import_module("hayakana.batch")
    from hayakana.batch.formats.options import OptionError

    with opening.result() as transliterator:
        try:
            return _run_with(transliterator, options, details)
        except OptionError as error:
            raise ValueError(str(error)) from error


def _run_with(transliterator: Transliterator, options: argparse.Namespace, details: Details) -> "Report":
    """Run the job that ``options`` ask for: into a folder, to standard output or to a file."""
    from hayakana.batch import (
        format_of,
        inputs_of,
        transliterate_to_file,
        transliterate_to_folder,
        transliterate_to_stream,
    )

    columns = columns_of(options, details)
    read_options, write_options = read_options_of(options), write_options_of(options)
    output = None if options.output == STANDARD_OUTPUT else Path(options.output)
    inputs = inputs_of(options.inputs, format_name=options.input_format, output=output)
    file_format = format_of_output(options)
    _check_inputs(options, inputs)
    if any(file.path is None for file in inputs):
        say_that_a_terminal_is_read(options)
    if options.report is not None:
        check_report(options.report, [path for path in (*(file.path for file in inputs), output) if path is not None])
    if file_format is None:
        return transliterate_to_folder(
            transliterator,
            inputs,
            Path(options.output),
            file_format=format_of(Path(), options.format or "parquet"),
            columns=columns,
            read_options=read_options,
            write_options=write_options,
            rows_per_file=_rows_per_file(options),
            resume=options.resume,
            overwrite=options.overwrite,
            show_progress=not options.quiet,
        )
    if output is None:
        with open(1, "wb", closefd=False) as stream:
            return transliterate_to_stream(
                transliterator,
                inputs,
                stream,
                file_format,
                columns=columns,
                read_options=read_options,
                write_options=write_options,
            )
    return transliterate_to_file(
        transliterator,
        inputs,
        output,
        columns=columns,
        read_options=read_options,
        write_options=write_options,
        overwrite=options.overwrite,
        show_progress=not options.quiet,
    )


def _check_inputs(options: argparse.Namespace, inputs: "list[Input]") -> None:
    """Check that options of one format meet inputs that have it.

    Raises:
        ValueError: an option is for another format.
    """
    formats = {file.file_format.name for file in inputs}
    if options.sheet is not None and "xlsx" not in formats:
        raise ValueError("--sheet is for Excel workbooks, and no INPUT is one")
    if options.language_column is not None and "txt" in formats:
        raise ValueError("--language-column is for tables, and an INPUT is plain text, a name a line: give --language")
    if options.no_header and not formats <= {"csv", "tsv"}:
        raise ValueError("--no-header is for CSV and TSV, and an INPUT has another format")


def _rows_per_file(options: argparse.Namespace) -> int:
    """Return how many rows a file of a folder has: by default as many whole windows as ``ROWS_PER_FILE`` holds."""
    from hayakana.batch.jobs.options import ROWS_PER_FILE

    window: int = options.window
    return options.rows_per_file or max(1, ROWS_PER_FILE // window) * window
