"""Where the result of a job may go: what it would take the place of, and what that may be."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from hayakana.batch.arrow.added_columns import STATUSES
from hayakana.batch.arrow.columns import Columns
from hayakana.batch.formats.registry import FileFormat, ReadOptions, open_table
from hayakana.batch.jobs.inputs import Input
from hayakana.batch.jobs.options import JobOptions
from hayakana.errors import OutputExistsError, TableError
from hayakana.system.files import check_replaceable

_A_KATAKANA = re.compile("[\u30a1-\u30fa\uff66-\uff9d]")
_LOOKED_AT = 1_000
"""Rows of a file that tell whether hayakana wrote it."""

_STREAMS = re.compile(r"/dev/(stdin|stdout|stderr|fd/\d+)|/proc/[^/]+/fd/\d+")


def check_stream(output: Path) -> None:
    """Check that ``output`` is not the path of a standard stream, which may be a regular file where a shell leads it.

    Raises:
        TableError: it is.
    """
    if _STREAMS.fullmatch(os.path.abspath(output)):  # noqa: PTH100  (resolve() would follow the link)
        raise TableError(f"{output} is a stream of this process: give - as OUTPUT for standard output")


def check_destination(destination: Path, inputs: Sequence[Input], options: JobOptions, *, overwrite: bool) -> None:
    """Check that one file can be written to ``destination`` without the loss of anything but an earlier output.

    With ``overwrite`` a file may be there, unless it is an input or a table without the columns that hayakana adds: a
    command that lacks its OUTPUT names such a table last, where a shell has put in the names of files.

    Raises:
        TableError: it is an input, or there is no folder for it.
        OutputExistsError: there is something that may not be replaced, or not without ``overwrite``.
    """
    if destination.is_dir():
        raise TableError(f"{destination} is a folder: name a file in it")
    if not destination.parent.is_dir():
        raise TableError(f"{destination.parent} is not a folder: make it first")
    check_stream(destination)
    check_replaceable(destination)
    if not destination.exists():
        return
    if any(file.path is not None and destination.samefile(file.path) for file in inputs):
        raise TableError(f"{destination} is the input: choose another output")
    if _is_foreign_table(destination, options):
        columns = options.columns
        lacks = (
            "Katakana" if options.file_format.name == "txt" else f"the columns {columns.katakana} and {columns.status}"
        )
        raise OutputExistsError(
            f"{destination} already exists, and hayakana did not write it: it has rows and lacks {lacks}."
            " Is OUTPUT missing? Choose another output, or remove that file first"
        )
    if not overwrite:
        raise OutputExistsError(f"{destination} already exists: give --overwrite to replace it, or choose another path")


def _is_foreign_table(path: Path, options: JobOptions) -> bool:
    """Return whether the file is a table with rows that hayakana did not write.

    It is read as an input is, and as an output, which may have another encoding.
    """
    if not path.stat().st_size:
        return False
    file_format, columns, write_options = options.file_format, options.columns, options.write
    rows = 1 if file_format.name == "jsonl" else _LOOKED_AT
    as_input = replace(options.read, undecodable="replace", window=rows)
    as_output = ReadOptions(
        encoding=write_options.encoding or "utf-8",
        delimiter=write_options.delimiter,
        quote=write_options.quote,
        undecodable="replace",
        window=rows,
        header=write_options.header,
    )
    tables = [_first_rows(path, file_format, options) for options in dict.fromkeys((as_input, as_output))]
    if file_format.name == "txt":  # It has no columns, and is the Katakana alone.
        return not any(_has_katakana(rows) for _, rows in tables)
    if any({columns.katakana, columns.status} <= set(names) for names, _ in tables):
        return False
    if not write_options.header and any(_has_statuses(rows, columns) for _, rows in tables):
        return False
    return any(rows is None or len(rows) for names, rows in tables if names)


def _first_rows(
    path: Path, file_format: FileFormat, options: ReadOptions
) -> tuple[Sequence[str], pa.RecordBatch | None]:
    """Return the columns of a file, none where it is no table, and its first rows; None: they are broken."""
    # Text with delimiters may be the table of somebody who has another delimiter or encoding.
    names: Sequence[str] = ("?",) if file_format.name in ("csv", "tsv") and not file_format.compression else ()
    try:
        with open_table(path, file_format, options) as opened:
            names = () if opened.schema is None else opened.schema.names
            rows = next(opened.batches(), None)
    except (TableError, pa.ArrowException, ValueError):
        return names, None
    if rows is None:
        return names, pa.record_batch([pa.array([], pa.string()) for _ in names], names=list(names))
    return rows.batch.schema.names, rows.batch


def _has_statuses(rows: pa.RecordBatch | None, columns: Columns) -> bool:
    """Whether rows without names of columns have statuses where they would be written, or there is no row."""
    place = 0 if rows is None else rows.num_columns - len(columns.added) + columns.added.index(columns.status)
    return rows is not None and place > 0 and STATUSES.issuperset(rows.column(place).to_pylist())


def _has_katakana(lines: pa.RecordBatch | None) -> bool:
    """Whether there is Katakana in the lines of a text, or nothing at all."""
    texts = [] if lines is None else lines.column(0).to_pylist()
    return not any(texts) or any(_A_KATAKANA.search(text) for text in texts)
