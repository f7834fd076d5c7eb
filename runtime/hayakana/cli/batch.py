"""``hayakana batch``: files of names to a file, or to a folder of files."""

import argparse
import importlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hayakana.cli.batch_output import STANDARD_OUTPUT, check_report, format_of_output, how_to_go_on, name_of
from hayakana.cli.options import (
    CACHE_SIZE,
    FINISHED,
    PROBLEMS,
    add_messages,
    add_model_options,
    add_strict,
    add_workers,
    open_transliterator,
    tell,
)
from hayakana.cli.parser import Parser, candidate_count, count, path, path_text, unicode_text, word
from hayakana.engine.column import NO_DETAILS, Details
from hayakana.errors import HayakanaError
from hayakana.system.signals import ended_by_signals
from hayakana.transliterator import Transliterator

if TYPE_CHECKING:
    from hayakana.batch import Columns, ReadOptions, Report, WriteOptions

WINDOW = 262_144
"""Rows of a window."""

_DESCRIPTION = """\
Copy tables of names, with two more columns: katakana, and status (ok, kept, lexicon, empty, unreadable, too_long,
unfinished, missing, undecodable, broken).

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
    batch.add_argument("inputs", nargs="+", type=path_text, metavar="INPUT")
    batch.add_argument("output", type=path_text, metavar="OUTPUT")

    _add_job(batch.add_argument_group("the job"))
    _add_columns(batch.add_argument_group("columns"))
    _add_files(batch.add_argument_group("files"))
    add_model_options(batch)
    batch.set_defaults(run=_batch)


def _add_job(job: "argparse._ActionsContainer") -> None:
    job.add_argument("--resume", action="store_true", help="go on with the job whose folder OUTPUT is, or begin it")
    job.add_argument(
        "--overwrite",
        action="store_true",
        help="replace an earlier OUTPUT; an input, or another table, is never replaced",
    )
    job.add_argument("--report", type=path, metavar="FILE", help="write what was done as JSON")
    add_workers(job)
    add_strict(job)
    add_messages(job)
    job.add_argument(
        "--window",
        type=count,
        default=WINDOW,
        metavar="N",
        help="rows that are read and worked on together (default: %(default)s)",
    )
    job.add_argument(
        "--rows-per-file",
        type=count,
        default=None,
        metavar="N",
        help="of a folder; a multiple of --window (default: the largest up to 1048576)",
    )


def _add_columns(columns: "argparse._ActionsContainer") -> None:
    columns.add_argument(
        "--column",
        action="append",
        metavar="NAME",
        help="column that holds the names, by name or number from 1 (default: name, or the only one); repeatable: given"
        " and family names in columns of their own are joined in this order",
    )
    columns.add_argument(
        "--no-header",
        action="store_true",
        help="CSV and TSV have no line that names the columns: choose them by number; OUTPUT has none either",
    )
    columns.add_argument(
        "--select",
        action="append",
        metavar="COLUMN",
        help="write only this column beside what is added; repeatable",
    )
    columns.add_argument(
        "--output-column", type=unicode_text, default="katakana", metavar="NAME", help="default: %(default)s"
    )
    columns.add_argument(
        "--status-column", type=unicode_text, default="status", metavar="NAME", help="default: %(default)s"
    )
    columns.add_argument(
        "--missing",
        action="append",
        default=[],
        metavar="TEXT",
        help=r"text that stands for a name that is missing, such as \N; repeatable",
    )
    columns.add_argument(
        "--probabilities", action="store_true", help="add a column probability: that the Katakana is right"
    )
    columns.add_argument(
        "--n-best",
        type=candidate_count,
        default=0,
        metavar="N",
        help="add a column candidates: the N most probable Katakana, each with its probability",
    )
    columns.add_argument(
        "--on-error",
        choices=("null", "keep", "empty", "fail"),
        help="where there is no Katakana: null, the name as it came, empty text, or fail at the first such row; any but"
        " fail also takes bytes that are no text, as U+FFFD, with the status undecodable (default: null, and such bytes"
        " fail)",
    )


def _add_files(files: "argparse._ActionsContainer") -> None:
    files.add_argument(
        "--input-format", type=word, metavar="FORMAT", help="whatever the suffix of INPUT: csv, jsonl.gz, …"
    )
    files.add_argument(
        "--format",
        type=word,
        metavar="FORMAT",
        help="of the files of a folder (default: parquet), or of standard output",
    )
    files.add_argument("--encoding", type=word, default="utf-8", help="of text in INPUT (default: %(default)s)")
    files.add_argument(
        "--output-encoding",
        type=word,
        metavar="ENCODING",
        help="default: utf-8, with a byte order mark where INPUT has it",
    )
    files.add_argument("--delimiter", type=word, metavar="CHARACTER", help="between values of CSV, in INPUT and OUTPUT")
    files.add_argument(
        "--quote", type=unicode_text, metavar="CHARACTER", help='quotation mark of CSV, in INPUT and OUTPUT; "" is none'
    )
    files.add_argument(
        "--on-broken-row",
        choices=("fail", "mark"),
        default="fail",
        help="where a row of CSV or TSV has too many values, too few or an open quotation, or a line is no JSON object:"
        " fail, or mark the row by the status broken (default: %(default)s)",
    )
    files.add_argument(
        "--sheet", type=unicode_text, metavar="NAME", help="of Excel workbooks (default: the only one that has cells)"
    )
    files.add_argument(
        "--quote-formulas",
        action="store_true",
        help="put ' before cells of CSV and TSV that a spreadsheet would run: those that begin with =, +, -, @, a tab"
        " or a line break, and are no number",
    )
    files.add_argument("--compression", choices=("snappy", "zstd", "gzip", "none"), help="in Parquet (default: snappy)")


def _batch(options: argparse.Namespace) -> int:
    try:
        with ended_by_signals(partial(how_to_go_on, options)):
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
    # What probabilities are in their last decimal must not depend on what is remembered.
    cache_size = CACHE_SIZE if details == NO_DETAILS else 0
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
    from hayakana.batch import (
        format_of,
        inputs_of,
        transliterate_to_file,
        transliterate_to_folder,
        transliterate_to_stream,
    )
    from hayakana.batch.formats.options import codec_of, dialect_of
    from hayakana.batch.jobs.to_folder import ROWS_PER_FILE

    columns, read_options, write_options = _columns(options, details), _read_options(options), _write_options(options)
    for encoding in filter(None, (options.encoding, options.output_encoding)):
        codec_of(encoding)  # Raises where there is none, whether what is read or written is text or not.
    dialect_of("tsv", read_options.delimiter, read_options.quote)
    output = None if options.output == STANDARD_OUTPUT else Path(options.output)
    inputs = inputs_of(options.inputs, format_name=options.input_format, output=output)
    file_format = format_of_output(options)
    if options.sheet is not None and all(file.file_format.name != "xlsx" for file in inputs):
        raise ValueError("--sheet is for Excel workbooks, and no INPUT is one")
    if options.no_header and any(file.file_format.name not in ("csv", "tsv") for file in inputs):
        raise ValueError("--no-header is for CSV and TSV, and an INPUT has another format")
    if options.report is not None:
        taken = [file.path for file in inputs if file.path]
        check_report(options.report, taken if output is None else [*taken, output])
    if file_format is None:
        rows_per_file = options.rows_per_file or max(1, ROWS_PER_FILE // options.window) * options.window
        return transliterate_to_folder(
            transliterator,
            inputs,
            Path(options.output),
            file_format=format_of(Path(), options.format or "parquet"),
            columns=columns,
            read_options=read_options,
            write_options=write_options,
            rows_per_file=rows_per_file,
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


def _columns(options: argparse.Namespace, details: Details) -> "Columns":
    from hayakana.batch import Columns

    return Columns(
        names=None if options.column is None else tuple(options.column),
        select=None if options.select is None else tuple(options.select),
        katakana=options.output_column,
        status=options.status_column,
        details=details,
        on_problem=options.on_error or "null",
        missing=tuple(options.missing),
    )


def _read_options(options: argparse.Namespace) -> "ReadOptions":
    from hayakana.batch import ReadOptions

    return ReadOptions(
        encoding=options.encoding,
        delimiter=options.delimiter,
        quote=_quote(options),
        undecodable="refuse" if options.on_error in (None, "fail") else "replace",
        window=options.window,
        header=not options.no_header,
        broken="refuse" if options.on_broken_row == "fail" else "mark",
        sheet=options.sheet,
    )


def _write_options(options: argparse.Namespace) -> "WriteOptions":
    from hayakana.batch import WriteOptions

    return WriteOptions(
        encoding=options.output_encoding,
        delimiter=options.delimiter,
        quote=_quote(options),
        compression=options.compression,
        header=not options.no_header,
        quote_formulas=options.quote_formulas,
    )


def _quote(options: argparse.Namespace) -> str | None:
    """Return the quotation mark; None: there is none."""
    from hayakana.batch.formats.options import BY_FORMAT

    return BY_FORMAT if options.quote is None else options.quote or None
