"""Tables and files: what goes in comes out, with two more columns."""

import csv
import decimal
import errno
import gzip
import io
import json
import os
import subprocess
import sys
import termios
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import TableError, Transliterator
from hayakana.batch import (
    KATAKANA,
    STATUS,
    Columns,
    ReadOptions,
    Report,
    add_katakana,
    inputs_of,
    transliterate_to_file,
)
from hayakana.batch.jobs.outputs import Output
from hayakana.batch.jobs.progress import Progress
from hayakana.system.files import atomic_file, remove_temporaries

NAMES = ["Mori", "Tanaka Mori", "", "2Pac", "山田", "Mori"]
KATAKANA_OF = {"Mori": "モリ", "Tanaka Mori": "タナカ・モリ", "山田": "山田"}
STATUS_OF = {"": "empty", "2Pac": "unreadable", "山田": "kept"}


def transliterate_file(
    tiny: Transliterator, source: Path, destination: Path, *, column: str | None = None, window: int = 65_536
) -> Report:
    """Transliterate one file; what is there is replaced."""
    options = {"columns": Columns(column), "read_options": ReadOptions(window=window), "overwrite": True}
    return transliterate_to_file(tiny, inputs_of([source]), destination, **options)


def convert(
    tiny: Transliterator, folder: Path, source: str, content: bytes, destination: str, **options: object
) -> Path:
    (folder / source).write_bytes(content)
    transliterate_file(tiny, folder / source, folder / destination, **options)
    return folder / destination


def rows_of(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_table(path: Path, rows: list[dict[str, str]]) -> None:
    """Write ``rows`` as another program would."""
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
        return
    delimiter = "\t" if ".tsv" in path.name else ","
    if ".jsonl" in path.name:
        text = "".join(json.dumps(row) + "\n" for row in rows)
    else:
        text = "".join(delimiter.join(line) + "\n" for line in [list(rows[0]), *(row.values() for row in rows)])
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


def gunzipped(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def read_table(path: Path) -> list[dict[str, str]]:
    """Read rows as another program would, null as the empty string."""
    if path.suffix == ".parquet":
        rows = pq.read_table(path).to_pylist()
    else:
        lines = gunzipped(path).decode().splitlines()
        if ".jsonl" in path.name:
            rows = [json.loads(line) for line in lines]
        else:
            rows = list(csv.DictReader(lines, delimiter="\t" if ".tsv" in path.name else ","))
    return [{key: value or "" for key, value in row.items()} for row in rows]


# --- the columns ---


@given(st.lists(st.none() | st.sampled_from(NAMES)), st.integers(0, 3))
def test_rows_are_what_the_transliterator_says(tiny: Transliterator, names: list[str | None], offset: int) -> None:
    batch = pa.record_batch({"name": pa.array(names, pa.string())}).slice(offset)
    done = add_katakana(batch, tiny, names=batch.column(0))
    assert done.column("name").equals(batch.column(0))
    for name, katakana, status in zip(*(column.to_pylist() for column in done.columns), strict=True):
        if name is None:
            assert (katakana, status) == (None, "missing")
        else:
            (result,) = tiny.transliterate_detailed([name])
            assert (katakana, status) == (result.text, str(result.status))


@pytest.mark.parametrize("taken", [KATAKANA, STATUS])
def test_a_column_of_our_name_is_refused(tiny: Transliterator, taken: str) -> None:
    batch = pa.record_batch({"name": ["Mori"], taken: ["x"]})
    with pytest.raises(TableError, match=f"has a column {taken} already"):
        add_katakana(batch, tiny, names=batch.column(0))


# --- text formats ---


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".tsv", ".tsv.gz"])
def test_delimited(tiny: Transliterator, tmp_path: Path, suffix: str) -> None:
    delimiter = "\t" if "tsv" in suffix else ","
    text = "".join(f"{index:03}{delimiter}{name}{delimiter}1.10\n" for index, name in enumerate(NAMES))
    content = f"id{delimiter}name{delimiter}number\n{text}".encode()
    compress = gzip.compress if suffix.endswith(".gz") else bytes
    path = convert(tiny, tmp_path, f"in{suffix}", compress(content), f"out{suffix}")
    lines = gunzipped(path).decode().split("\n")
    assert lines[0].split(delimiter) == ["id", "name", "number", "katakana", "status"]
    assert lines.pop() == ""
    for index, (line, name) in enumerate(zip(lines[1:], NAMES, strict=True)):
        expected = [f"{index:03}", name, "1.10", KATAKANA_OF.get(name, ""), STATUS_OF.get(name, "ok")]
        assert line.split(delimiter) == expected


def test_a_katakana_is_one_line(tiny: Transliterator, tmp_path: Path) -> None:
    content = 'name\n"山田\n太郎"\n"Mori\r\nKato"\n'.encode()
    path = convert(tiny, tmp_path, "in.csv", content, "out.txt")
    assert path.read_text(encoding="utf-8") == "山田・太郎\nモリ・カト\n"


@pytest.mark.parametrize("suffix", [".txt", ".txt.gz"])
def test_text_is_a_name_a_line(tiny: Transliterator, tmp_path: Path, suffix: str) -> None:
    content = "Mori\r\n\n2Pac\n山田\u2028山田\nKato".encode()
    compress = gzip.compress if suffix.endswith(".gz") else bytes
    path = convert(tiny, tmp_path, f"in{suffix}", compress(content), "out.txt")
    assert path.read_bytes().decode() == "モリ\r\n\r\n\r\n山田・山田\r\nカト\r\n"  # As the first line ends.
    rows = rows_of(convert(tiny, tmp_path, f"in{suffix}", compress(content), "out.csv"))
    assert [row["status"] for row in rows] == ["ok", "empty", "unreadable", "ok", "ok"]


# --- JSON lines ---


def test_json_that_is_hard_to_hold(tiny: Transliterator, tmp_path: Path) -> None:
    lines = [
        '{"name": "\\ud800", "x": "\\udc00"}',
        '{"name": {"mori": "Kato"}}',
        '{"name": ["Mori"]}',
        '{"name": true}',
        f'{{"name": "Mori", "x": {"9" * 5_000}}}',
    ]
    content = "".join(f"{line}\n" for line in lines).encode()
    path = convert(tiny, tmp_path, "in.jsonl", content, "out.jsonl")
    done = path.read_text(encoding="utf-8").splitlines()
    assert [line.rsplit('"status": ')[1] for line in done] == [
        '"unreadable"}',
        '"missing"}',
        '"missing"}',
        '"missing"}',
        '"ok"}',
    ]
    assert [line.split(', "katakana"')[0] for line in done] == [line.removesuffix("}") for line in lines]
    rows = rows_of(convert(tiny, tmp_path, "in.jsonl", content, "out.csv"))
    assert rows[0]["x"] == "\\udc00"
    assert rows[4]["x"] == "9" * 5_000
    for bad in (b'{"\\ud800": 1}\n', b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", b"{}\n"):
        with pytest.raises(TableError, match="line 1"):
            convert(tiny, tmp_path, "bad.jsonl", bad, "bad.csv")


def test_the_column_of_the_names_is_chosen_once(tiny: Transliterator, tmp_path: Path) -> None:
    content = b'{"who":"Mori"}\n{"who":"Kato"}\n{"who":"Sato","name":"Tanaka"}\n{"name":"Mori"}\n'
    path = convert(tiny, tmp_path, "in.jsonl", content, "out.jsonl", window=2)
    done = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(row["katakana"], row["status"]) for row in done] == [
        ("モリ", "ok"),
        ("カト", "ok"),
        ("サト", "ok"),
        (None, "missing"),
    ]


# --- Parquet ---


def test_columns_of_one_name_are_refused(tiny: Transliterator, tmp_path: Path) -> None:
    pq.write_table(pa.table([["Mori"], ["a"], ["b"]], names=["name", "x", "x"]), tmp_path / "in.parquet")
    with pytest.raises(TableError, match=r"in\.parquet: two columns are named 'x'"):
        transliterate_file(tiny, tmp_path / "in.parquet", tmp_path / "out.csv")


@pytest.mark.parametrize(
    "text_type", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str
)
def test_parquet(tiny: Transliterator, tmp_path: Path, text_type: pa.DataType) -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2, 3], pa.int64()),
            "name": pa.array(["Mori", None, "2Pac"]).cast(text_type),
            "price": pa.array([decimal.Decimal("1.10")] * 3),
        },
        metadata={"origin": "a test"},
    )
    pq.write_table(table, tmp_path / "in.parquet")
    transliterate_file(tiny, tmp_path / "in.parquet", tmp_path / "out.parquet")
    done = pq.read_table(tmp_path / "out.parquet")
    assert done.select(["id", "name", "price"]).cast(table.schema).equals(table)
    assert done.column("katakana").to_pylist() == ["モリ", None, None]
    assert done.column("status").to_pylist() == ["ok", "missing", "unreadable"]
    assert done.schema.metadata[b"origin"] == b"a test"


def test_a_column_of_numbers_is_refused(tiny: Transliterator, tmp_path: Path) -> None:
    pq.write_table(pa.table({"name": [1, 2]}), tmp_path / "in.parquet")
    with pytest.raises(TableError, match="column 'name' holds int64, not text"):
        transliterate_file(tiny, tmp_path / "in.parquet", tmp_path / "out.csv")


# --- across formats ---

SUFFIXES = [".csv", ".csv.gz", ".tsv", ".tsv.gz", ".jsonl", ".jsonl.gz", ".parquet"]


@pytest.mark.parametrize("source", SUFFIXES)
@pytest.mark.parametrize("destination", [*SUFFIXES, ".txt", ".txt.gz"])
def test_every_format_to_every_format(tiny: Transliterator, tmp_path: Path, source: str, destination: str) -> None:
    rows = [{"id": "007", "name": "Mori"}, {"id": "008", "name": "2Pac"}]
    write_table(tmp_path / f"in{source}", rows)
    report = transliterate_file(tiny, tmp_path / f"in{source}", tmp_path / f"out{destination}")
    assert (report.rows, report.statuses, report.problems) == (2, {"ok": 1, "unreadable": 1}, 1)
    if "txt" in destination:
        assert gunzipped(tmp_path / f"out{destination}").decode() == "モリ\n\n"
        return
    assert read_table(tmp_path / f"out{destination}") == [
        rows[0] | {"katakana": "モリ", "status": "ok"},
        rows[1] | {"katakana": "", "status": "unreadable"},
    ]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".txt", ".jsonl", ".parquet"])
def test_many_windows(tiny: Transliterator, tmp_path: Path, suffix: str) -> None:
    names = [NAMES[index % len(NAMES)] for index in range(100)]
    (tmp_path / "in.txt").write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    report = transliterate_file(tiny, tmp_path / "in.txt", tmp_path / f"out{suffix}", window=7)
    assert report.rows == 100
    katakana = [KATAKANA_OF.get(name, "") for name in names]
    if suffix == ".txt":
        assert (tmp_path / "out.txt").read_text(encoding="utf-8").split("\n") == [*katakana, ""]
        return
    rows = read_table(tmp_path / f"out{suffix}")
    assert [(row["name"], row["katakana"]) for row in rows] == list(zip(names, katakana, strict=True))


@pytest.mark.parametrize("window", [1, 2, 262_144])
def test_a_key_that_is_alike_is_another_column_once_the_columns_are_chosen(
    tiny: Transliterator, tmp_path: Path, window: int
) -> None:
    content = b'{"name":"Mori"}\n{"Name":"Kato"}\n'
    path = convert(tiny, tmp_path, "in.jsonl", content, "out.jsonl", window=window)
    done = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(row["katakana"], row["status"]) for row in done] == [("モリ", "ok"), (None, "missing")]


@pytest.mark.parametrize("name", ["Mori\n2Pac", "\n2Pac", "2Pac\r", "2Pac\r\n"])
def test_a_name_with_a_line_break_is_not_kept_in_a_line_of_text(
    tiny: Transliterator, tmp_path: Path, name: str
) -> None:
    content = f'name\n"Kato"\n"{name}"\n'.encode()
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises(TableError, match=r"row 2: .*line break, which a line of text cannot hold: write \.csv"):
        transliterate_to_file(
            tiny, inputs_of([tmp_path / "in.csv"]), tmp_path / "out.txt", columns=Columns(on_problem="keep")
        )
    assert not (tmp_path / "out.txt").exists()
    convert(tiny, tmp_path, "in.csv", content, "null.txt")
    assert (tmp_path / "null.txt").read_text(encoding="utf-8") == "カト\n\n"


def test_a_key_that_comes_late(tiny: Transliterator, tmp_path: Path) -> None:
    content = b'{"name": "Mori"}\n{"name": "Mori"}\n{"name": "Mori", "late": 1}\n{"x": 1}\n{"x": 1}\n'
    path = convert(tiny, tmp_path, "in.jsonl", content, "out.jsonl", window=2)
    assert '"late": 1' in path.read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8").count('"missing"') == 2
    with pytest.raises(TableError, match=r"'late' appears .* write \.jsonl"):
        convert(tiny, tmp_path, "in.jsonl", content, "out.csv", window=2)
    assert not (tmp_path / "out.csv").exists()


# --- what goes wrong ---


@pytest.mark.parametrize(
    ("source", "content", "message"),
    [
        ("in.csv", b"id,who\n1,Mori\n", r"no column 'name'; choose one of id, who with --column"),
        ("in.csv", b"", "the file is empty: nothing says which columns there are"),
        ("in.csv", b"name,x\nMori\n", "line 2: 1 values in place of 2: is the file cut off"),
        ("in.csv", b"name,x\nMori,1\nMori,1,2\n", "line 3: 3 values in place of 2"),
        ("in.csv", b'name,x\nMori,"1\n', "line 2: the file ends within quotation marks"),
        ("in.csv", b"name,name\nMori,1\n", "two columns are named 'name'"),
        ("in.csv", b"name\nMori\n\xff\xfe\n", "line 3: not UTF-8"),
        ("in.tsv", b"name\xff\nMori\n", "line 1: not UTF-8"),
        ("in.txt", b"Mori\n\xff\n", "line 2: not UTF-8"),
        ("in.jsonl", b"\xff\n", "line 1: not UTF-8"),
        ("in.csv", b"name,katakana\nMori,x\n", "has a column katakana already"),
        ("in.parquet", b"not parquet at all", "Parquet"),
        ("in.csv.gz", b"name\nMori\n", "not gzip"),
        ("in.csv.gz", gzip.compress(b"name\nMori\n", mtime=0)[:-8] + bytes(8), "damaged"),
        ("in.csv.gz", gzip.compress(b"name\n" + b"Mori\n" * 9999, mtime=0)[:-20], "cut off"),
    ],
)
def test_bad_input_is_named_and_leaves_nothing(
    tiny: Transliterator, tmp_path: Path, source: str, content: bytes, message: str
) -> None:
    with pytest.raises(TableError, match=message) as caught:
        convert(tiny, tmp_path, source, content, "out.csv")
    assert source in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == [source]


@pytest.mark.parametrize("destination", SUFFIXES)
def test_a_failure_in_the_second_window_leaves_nothing(tiny: Transliterator, tmp_path: Path, destination: str) -> None:
    with pytest.raises(TableError, match=r"in\.csv: line 4"):
        convert(tiny, tmp_path, "in.csv", b"name,x\nMori,1\nMori,1\nMori\n", f"out{destination}", window=2)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_an_output_keeps_its_mode_and_its_link(tiny: Transliterator, tmp_path: Path) -> None:
    (tmp_path / "real.csv").touch(mode=0o600)
    (tmp_path / "link.csv").symlink_to("real.csv")
    convert(tiny, tmp_path, "in.csv", b"name\nMori\n", "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").stat().st_mode & 0o777 == 0o600
    assert len(rows_of(tmp_path / "real.csv")) == 1


def test_what_was_there_stays_when_it_fails(tiny: Transliterator, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("before", encoding="utf-8")
    with pytest.raises(TableError):
        convert(tiny, tmp_path, "in.csv", b"name,x\nMori\n", "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "before"


def test_suffixes_and_paths_are_checked(tiny: Transliterator, tmp_path: Path) -> None:
    for source, destination, message in (
        ("in.doc", "out.csv", "format goes by suffix"),
        ("in.csv", "out.parquet.gz", "format goes by suffix"),
        ("in.xlsx", "out.csv", "not an .xlsx workbook"),
        ("in.csv", "out.xlsx", "is read, not written"),
    ):
        with pytest.raises(TableError, match=message):
            convert(tiny, tmp_path, source, b"name\nMori\n", destination)
    with pytest.raises(TableError, match="is the input"):
        convert(tiny, tmp_path, "in.csv", b"name\nMori\n", "in.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(TableError, match="is a folder: name a file in it"):
        convert(tiny, tmp_path, "in.csv", b"name\nMori\n", "folder.csv")
    with pytest.raises(TableError, match="is not a folder"):
        convert(tiny, tmp_path, "in.csv", b"name\nMori\n", "none/out.csv")
    with pytest.raises(FileNotFoundError):
        transliterate_file(tiny, tmp_path / "none.csv", tmp_path / "out.csv")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_table_without_rows(tiny: Transliterator, tmp_path: Path, suffix: str) -> None:
    assert read_table(convert(tiny, tmp_path, "in.csv", b"name,x\n", f"middle{suffix}")) == []
    columns_are_known = ".jsonl" not in suffix
    assert columns_are_known == (b"name" in gunzipped(tmp_path / f"middle{suffix}"))
    if not columns_are_known:
        report = transliterate_file(tiny, tmp_path / f"middle{suffix}", tmp_path / "out.csv")
        assert str(report).startswith("0 rows")
        assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "katakana,status\n"


def test_the_column_can_be_chosen(tiny: Transliterator, tmp_path: Path) -> None:
    rows = rows_of(convert(tiny, tmp_path, "in.csv", b"name,who\n2,Mori\n", "out.csv", column="who"))
    assert rows[0]["katakana"] == "モリ"
    rows = rows_of(convert(tiny, tmp_path, "in.csv", b",name\nMori,Kato\n", "out.csv", column=""))
    assert rows[0]["katakana"] == "モリ"
    with pytest.raises(TableError, match="no column ''"):
        convert(tiny, tmp_path, "in.csv", b"name,x\nMori,Kato\n", "out.csv", column="")


def test_the_longest_name_of_a_file_will_do(tiny: Transliterator, tmp_path: Path) -> None:
    assert convert(tiny, tmp_path, "in.csv", b"name\nMori\n", f"{'o' * 251}.csv").exists()


def test_a_full_disk_names_the_output(tiny: Transliterator, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"none/out\.csv") as caught, atomic_file(tmp_path / "none" / "out.csv"):
        pass
    assert caught.value.errno == errno.ENOENT
    with pytest.raises(OSError, match=r"out\.csv") as caught, atomic_file(tmp_path / "out.csv"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_two_runs_write_the_same_bytes(tiny: Transliterator, tmp_path: Path) -> None:
    for suffix in (".csv.gz", ".parquet", ".jsonl.gz"):
        first = convert(tiny, tmp_path, "in.csv", b"name\nMori\n", f"first{suffix}").read_bytes()
        assert convert(tiny, tmp_path, "in.csv", b"name\nMori\n", f"second{suffix}").read_bytes() == first


def test_what_is_under_way_can_be_removed_by_a_process_that_ends(tmp_path: Path) -> None:
    def ended(file: IO[bytes]) -> None:
        file.write(b"half")
        remove_temporaries()
        assert list(tmp_path.iterdir()) == []

    with pytest.raises(FileNotFoundError), atomic_file(tmp_path / "out.csv") as file:
        ended(file)
    with atomic_file(tmp_path / "whole.csv") as file:
        file.write(b"whole")
    remove_temporaries()
    assert (tmp_path / "whole.csv").read_bytes() == b"whole"


def test_an_input_that_is_written_to_meanwhile_gives_no_output(
    tiny: Transliterator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (names := tmp_path / "in.txt").write_text("Mori\n", encoding="utf-8")

    def append(output: Output, rows: pa.RecordBatch) -> None:
        names.write_text("Mori\nKato\n", encoding="utf-8")

    monkeypatch.setattr(Output, "write", append)
    with pytest.raises(TableError, match="was written to while it was read"):
        transliterate_to_file(tiny, inputs_of([names]), tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == [names]


def test_progress_of_a_resumed_job_counts_no_time_for_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Mori\n", encoding="utf-8")
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen)
    with Progress(inputs_of([tmp_path])) as progress:
        progress.skip(inputs=1)
        assert " 50%" in screen.getvalue()
        assert "<?]" in screen.getvalue()  # Nothing was done yet, so nothing is known of the rest.
        progress.done(1, inputs=2, fraction=0.0)
    assert "100%" in screen.getvalue()


@pytest.mark.slow
def test_progress_is_for_terminals(tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("Mori\n", encoding="utf-8")
    command = f"{sys.executable} -m hayakana batch --model {tiny_folder} {tmp_path}/in.txt {tmp_path}/out.csv"
    plain = subprocess.run(command.split(), capture_output=True, text=True, check=True, timeout=120)
    assert "100%" not in plain.stderr
    leader, terminal = os.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    subprocess.run([*command.split(), "--overwrite"], stderr=terminal, check=True, timeout=120)
    os.close(terminal)
    shown = os.read(leader, 10_000).decode()
    os.close(leader)
    assert "in.txt" in shown
    assert "100%" in shown
    assert "1 rows" in shown
