"""The options of ``hayakana batch``, and what a job is told by them."""

import argparse
from typing import TYPE_CHECKING

from hayakana.cli.options import add_least_probability, add_messages, add_strict, add_workers
from hayakana.cli.parser import candidate_count, count, path, unicode_text, word
from hayakana.engine.column import Details

if TYPE_CHECKING:
    from hayakana.batch import Columns, ReadOptions, WriteOptions

WINDOW = 262_144
"""Rows of a window, as ``ReadOptions`` has it, which takes Arrow to load."""


def add_job(job: "argparse._ActionsContainer") -> None:
    """Add the options that say how the job runs."""
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


def add_columns(columns: "argparse._ActionsContainer") -> None:
    """Add the options that say which columns are read and written."""
    columns.add_argument(
        "--column",
        action="append",
        metavar="NAME",
        help="column that holds the names, by name or number from 1 (default: name, or the only one); repeatable: given"
        " and family names in columns of their own are joined in this order",
    )
    columns.add_argument(
        "--language-column",
        type=word,
        metavar="NAME",
        help="column of codes that say which language or country each name is from, as --language does for all: that"
        " stands where a row has none",
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
    add_least_probability(columns)
    columns.add_argument(
        "--on-error",
        choices=("null", "keep", "empty", "fail"),
        help="where there is no Katakana: null, the name as it came (keep), empty text, or fail at the first such row."
        " Where it is given, and is not fail, bytes that are no text are read as U+FFFD, with the status undecodable"
        " (default: null; bytes that are no text fail)",
    )


def add_files(files: "argparse._ActionsContainer") -> None:
    """Add the options that say how files are read and written."""
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


def columns_of(options: argparse.Namespace, details: Details) -> "Columns":
    """Return which columns are read and added."""
    from hayakana.batch import Columns

    return Columns(
        names=None if options.column is None else tuple(options.column),
        select=None if options.select is None else tuple(options.select),
        katakana=options.output_column,
        status=options.status_column,
        details=details,
        on_problem=options.on_error or "null",
        missing=tuple(options.missing),
        language=options.language_column,
    )


def read_options_of(options: argparse.Namespace) -> "ReadOptions":
    """Return how INPUT is read.

    Raises:
        OptionError: the encoding does not exist, which a file that is no text would not tell.
    """
    from hayakana.batch import ReadOptions
    from hayakana.batch.formats.options import codec_of

    codec_of(options.encoding)
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


def write_options_of(options: argparse.Namespace) -> "WriteOptions":
    """Return how OUTPUT is written.

    Raises:
        OptionError: the encoding does not exist, or no file can have such a delimiter or quotation mark.
    """
    from hayakana.batch import WriteOptions
    from hayakana.batch.formats.options import codec_of, dialect_of

    if options.output_encoding is not None:
        codec_of(options.output_encoding)
    dialect_of("tsv", options.delimiter, _quote(options))
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
