"""What a job on files promises, checked: an error that leaves nothing, or every row as another reader has it."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
from tests.fuzz.cases import Case
from tests.fuzz.commands import Done, contents, run
from tests.fuzz.corpora import TINY, transliterator
from tests.fuzz.readers import Form, Raw, Row, UnreadableError, parquet, read, rows_of

from hayakana.batch.formats.blocks import TEXT_SIZES
from hayakana.batch.formats.registry import open_table
from hayakana.batch.jobs import reading

_WITH_TEXT = ("ok", "kept", "lexicon", "unsure")
_STATUSES = (*_WITH_TEXT, "empty", "unreadable", "too_long", "unfinished", "missing", "undecodable")


def check(case: Case, folder: Path) -> str:
    """Run the job of ``case`` in ``folder``, which is empty, and return what became of it."""
    options = case.options
    case.lay_out(folder)
    write = Form(**options["write"])
    output = folder / ("out" if options["folder"] else f"out{write.suffix}")
    done = _run(options, folder, output)
    if done.code in (1, 2):
        left = contents(folder)
        _check_nothing_left(left, case, output if options["folder"] else None)
        return done.outcome
    found = contents(folder)
    assert {name: found[name] for name in case.files} == case.files, "an input was changed"
    outputs = {name: content for name, content in found.items() if name not in case.files}
    if options["folder"]:
        outputs.pop("out/_hayakana.json")
        assert all(name.startswith("out/part-") for name in outputs), f"left over: {sorted(outputs)}"
    else:
        assert list(outputs) == [output.name], f"left over: {sorted(outputs)}"
    _check_rows(case, list(outputs.values()), write)
    if options["folder"] and options["killed_at"] is not None:
        _check_resumed(options, folder, {name.removeprefix("out/"): found[name] for name in outputs})
    return done.outcome


def arguments(options: Mapping[str, Any], folder: Path, output: Path) -> list[str]:
    """Return the arguments of the job, all in form."""
    read_form, write = Form(**options["read"]), Form(**options["write"])
    given = ["batch", *(str(folder / name) for name in options["inputs"]), str(output), "--model", str(TINY)]
    given += ["--encoding", read_form.encoding, "--output-encoding", write.encoding]
    given += ["--window", str(options["window"]), *options["details"]]
    if options["folder"]:
        given += ["--format", write.suffix[1:], "--rows-per-file", str(options["rows_per_file"])]
    dialect = read_form if read_form.name == "csv" else write
    for option, value in (
        ("--column", options["column"]),
        ("--on-error", options["on_error"]),
        ("--delimiter", dialect.delimiter),
        ("--quote", dialect.quote),
    ):
        given += [] if value is None else [f"{option}={value}"]
    return given + [f"--select={name}" for name in options["select"] or ()]


def _run(options: Mapping[str, Any], folder: Path, output: Path, *more: str) -> Done:
    size = options["block_size"]
    opened = partial(open_table, text_sizes=replace(TEXT_SIZES, block=size)) if size else open_table
    with mock.patch.object(reading, "open_table", opened):
        return run([*arguments(options, folder, output), *more])


def _check_nothing_left(left: dict[str, bytes], case: Case, output: Path | None) -> None:
    """A job that failed leaves inputs as they were, and nothing else; of a folder what was whole may stay."""
    for name, content in case.files.items():
        assert left.pop(name) == content, f"{name} was changed"
    if output is not None:
        left = {name: content for name, content in left.items() if not name.startswith(("out/part-", "out/_hayakana"))}
    assert not left, f"left over: {sorted(left)}"


def _check_rows(case: Case, outputs: list[bytes], write: Form) -> None:
    options = case.options
    # What is not selected is not read, so that bytes there which are no text do no harm.
    lenient = options["on_error"] in ("null", "keep", "empty") or options["select"] is not None
    given: list[Row] = []
    of_first: list[Row] = []
    for name in options["inputs"]:
        try:
            columns, rows = read(
                case.files[name], Form(**options["read"]), lenient=lenient, only=_read_columns(options)
            )
        except UnreadableError as error:
            if options["read"]["name"] == "xlsx":
                return  # Readers of workbooks make what they can of damaged ones.
            if options["read"]["name"] == "parquet" and not any(map(_rows_of_file, case.files.values())):
                return  # Nobody has to know the compression of no values.
            raise AssertionError(f"{name} was taken, and another reader refuses it: {error}") from error
        given += rows
        of_first = of_first or rows[: options["window"]]
    written = [row for content in outputs for row in read(content, write)[1]]
    assert len(written) == len(given), f"{len(given)} rows came out as {len(written)}"
    column = _names_column(options, columns, of_first)
    names = [_name(row, column) for row in given]
    distinct = list(dict.fromkeys(name or "" for name in names))
    answers = dict(zip(distinct, transliterator().transliterate_detailed(distinct), strict=True))
    for place, (before, after, name) in enumerate(zip(given, written, names, strict=True)):
        answer = answers[name or ""]
        if not _is_damaged(before):
            status = "missing" if name is None else str(answer.status)
            _check_row(before, after, name, answer.text, status, case, write, place)
    if write.name == "parquet" and options["read"]["name"] == "parquet":
        before = [parquet(case.files[name], options["select"]) for name in options["inputs"]]
        kept = options["select"] or before[0].schema.names
        _check_columns([table.select(kept) for table in before], [parquet(one).select(kept) for one in outputs])


def _rows_of_file(content: bytes) -> int:
    return pq.ParquetFile(pa.BufferReader(content)).metadata.num_rows


def _read_columns(options: Mapping[str, Any]) -> list[str] | None:
    """Return which columns are read of a Parquet file; None: all."""
    return (
        None
        if options["select"] is None
        else [*options["select"], "name" if options["column"] is None else options["column"]]
    )


def _is_damaged(row: Row) -> bool:
    """Whether bytes were no text there, or, in JSON, half of a surrogate pair was written: it has no UTF-8 form."""
    values = [value.text if isinstance(value, Raw) else value for value in row.values()]
    texts = [text for text in (*row, *values) if isinstance(text, str)]
    return any("\ufffd" in text or not _has_utf8(text) for text in texts)


def _has_utf8(text: str) -> bool:
    return text.encode("utf-8", "replace").decode() == text


def _names_column(options: Mapping[str, Any], columns: list[str], rows: list[Row]) -> str:
    # In JSON lines, the objects of the first window say which keys there are.
    there = columns or list(dict.fromkeys(key for row in rows for key in row))
    wanted = options["column"]
    if wanted is None:
        wanted = there[0] if len(there) == 1 else "name"
    if wanted in there or not there:
        return wanted
    alike = [column for column in there if column.strip().casefold() == wanted.strip().casefold()]
    assert len(alike) == 1, f"no column {wanted!r} among {there}, and it was taken"
    return alike[0]


def _name(row: Row, column: str) -> str | None:
    value = row.get(column)
    return value if isinstance(value, str) else None


def _check_row(
    before: Row, after: Row, name: str | None, text: str | None, status: str, case: Case, write: Form, place: int
) -> None:
    where = f"row {place + 1}"
    options = case.options
    if name is None or text is None:
        text = None if name is None else {"keep": name, "empty": ""}.get(options["on_error"])
    wanted = "" if text is None and write.name in ("csv", "tsv", "txt") else text
    assert after["katakana" if write.name != "txt" else "name"] == wanted, (
        f"{where}: {name!r}: {after}, wanted {wanted!r}"
    )
    if write.name == "txt":
        return
    assert after["status"] == status, f"{where}: {name!r} has the status {after['status']!r} in place of {status!r}"
    selected = before.keys() if options["select"] is None else {_selected(key, after) for key in options["select"]}
    for column, value in before.items():
        if column not in selected:
            continue
        wanted = _as_written(value, write)
        if wanted is not _UNKNOWN:
            got = after.get(column)
            assert got == wanted, f"{where}, column {column!r}: {value!r} came out as {got!r}"


def _selected(wanted: str, after: Row) -> str:
    """Return the column that was selected for ``wanted``: the first file decides which, where several are alike."""
    alike = [column for column in after if column.strip().casefold() == wanted.strip().casefold()]
    return wanted if wanted in alike or not alike else alike[0]


_UNKNOWN = object()


def _as_written(value: Any, write: Form) -> Any:
    """Return what ``value`` is in a table of form ``write``; there may be no saying."""
    if write.name == "parquet":
        return value.text if isinstance(value, Raw) else value if isinstance(value, str | None) else _UNKNOWN
    if value is None:
        return None if write.name == "jsonl" else ""
    if isinstance(value, Raw):
        return value if write.name == "jsonl" else value.text
    if isinstance(value, bool | int):
        text = str(value).lower()
        return Raw(text) if write.name == "jsonl" else text
    return value if isinstance(value, str) else _UNKNOWN


def _check_columns(before: list[Any], after: list[Any]) -> None:
    """Columns of Parquet keep types and values."""
    assert before[0].schema.equals(after[0].schema), f"{before[0].schema} became {after[0].schema}"
    given, written = ([row for table in tables for row in rows_of(table)] for tables in (before, after))
    if not any(isinstance(value, str) and "\ufffd" in value for row in given for value in row.values()):
        # As texts, since no number that is none equals itself.
        assert repr(given) == repr(written), "values of Parquet were changed"


class _Killed(BaseException):
    """What no handler of errors takes."""


def _check_resumed(options: Mapping[str, Any], folder: Path, whole: dict[str, bytes]) -> None:
    """A job that is cut short at some rename and resumed leaves the same bytes as one that was not."""
    again = folder / "again"
    with contextlib.suppress(_Killed), _killed_at(options["killed_at"]):
        _run(options, folder, again)
    if again.exists() and (left := sorted(again.glob("part-*"))) and options["killed_at"] % 3 == 0:
        left[0].write_bytes(left[0].read_bytes()[:-1])  # A disk that lost the end of it.
    done = _run(options, folder, again, "--resume")
    assert done.code in (0, 3), f"resuming ended with {done.code}: {done.err}"
    resumed = contents(again)
    resumed.pop("_hayakana.json")
    assert resumed == whole, f"resumed, {sorted(resumed)} are not {sorted(whole)}"


@contextlib.contextmanager
def _killed_at(renames: int) -> Iterator[None]:
    left, replace = renames, os.replace

    def counted(*arguments: Any, **options: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise _Killed
        replace(*arguments, **options)

    with mock.patch.object(os, "replace", counted):
        yield
