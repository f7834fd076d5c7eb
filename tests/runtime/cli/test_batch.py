"""``hayakana batch`` as a program: its options, its exit codes, and what it says of bad input."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.processes import started

from hayakana.batch import Columns, ReadOptions, WriteOptions
from hayakana.cli.batch import add_batch
from hayakana.cli.batch_options import columns_of, read_options_of, write_options_of
from hayakana.cli.parser import Parser
from hayakana.engine.column import Details
from hayakana.extras import install_line

pytestmark = pytest.mark.slow


@pytest.fixture
def batch(tiny_folder: Path):
    """Run the command with the tiny model; return standard error, and check the exit code."""

    def run(*arguments: object, code: int = 0, stdin: bytes = b"", start: tuple[str, ...] = ("-m", "hayakana")) -> str:
        command = [sys.executable, *start, "batch", "--model", str(tiny_folder), *map(str, arguments)]
        done = subprocess.run(command, check=False, capture_output=True, input=stdin, timeout=120)  # noqa: S603
        errors = done.stderr.decode()
        assert done.returncode == code, errors
        assert done.stdout == b""
        assert "Traceback" not in errors
        return errors

    return run


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    path.write_text("id,name,town\n1,Mori,Kato\n2,2Pac,\n3,山田,Tsu\n", encoding="utf-8")
    return path


# --- what goes in and what comes out ---


def test_several_inputs_a_pattern_and_a_folder(batch, tmp_path: Path, names: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "1.tsv").write_text("town\tid\tname\nTsu\t4\tKato\n", encoding="utf-8")
    (tmp_path / "more" / "2.csv").write_text("id,name,town\n5,Sato,Ise\n", encoding="utf-8")
    expected = (
        "id,name,town,katakana,status\n1,Mori,Kato,モリ,ok\n2,2Pac,,,unreadable\n3,山田,Tsu,山田,kept\n"
        "4,Kato,Tsu,カト,ok\n5,Sato,Ise,サト,ok\n"
    )
    for number, inputs in enumerate(
        [[tmp_path / "more"], [f"{tmp_path}/more/*"], sorted((tmp_path / "more").iterdir())]
    ):
        batch(names, *inputs, tmp_path / f"{number}.csv")
        assert (tmp_path / f"{number}.csv").read_text(encoding="utf-8") == expected


def test_inputs_of_other_columns_are_refused_unless_chosen(batch, tmp_path: Path, names: Path) -> None:
    (tmp_path / "other.csv").write_text("name,age\nKato,7\n", encoding="utf-8")
    errors = batch(names, tmp_path / "other.csv", tmp_path / "out.csv", code=1)
    assert f"{tmp_path}/other.csv has a column 'age' and {names} has none" in errors
    batch(names, tmp_path / "other.csv", tmp_path / "out.csv", "--select", "name")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[-1] == "Kato,カト,ok"


@pytest.mark.parametrize("name", ["csv", "csv.gz", "parquet"])
def test_standard_input(batch, tmp_path: Path, names: Path, name: str) -> None:
    content = names.read_bytes()
    if name == "csv.gz":
        content = gzip.compress(content)
    elif name == "parquet":
        pq.write_table(pa.table({"id": ["1"], "name": ["Mori"], "town": ["Kato"]}), tmp_path / "in.parquet")
        content = (tmp_path / "in.parquet").read_bytes()
    batch("-", "--input-format", name, tmp_path / "out.csv", stdin=content)
    assert "1,Mori,Kato,モリ,ok\n" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "what format standard input has" in batch("-", tmp_path / "other.csv", code=2)


def test_columns_are_chosen_and_named(batch, tmp_path: Path, names: Path) -> None:
    options = [
        "--column",
        "town",
        "--select",
        "town",
        "--select",
        "id",
        "--output-column",
        "kana",
        "--status-column",
        "s",
    ]
    batch(names, tmp_path / "out.csv", *options)
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert text == "town,id,kana,s\nKato,1,カト,ok\n,2,,empty\nTsu,3,ツ,ok\n"
    errors = batch(names, tmp_path / "no.csv", "--output-column", "town", code=1)
    assert "has a column town already: give --output-column or --status-column" in errors
    assert "two of the columns that are added are named 'x'" in batch(
        names, tmp_path / "no.csv", "--output-column", "x", "--status-column", "x", code=2
    )
    errors = batch(names, tmp_path / "no.csv", "--select", "city", code=1)
    assert "no column 'city'; choose one of id, name, town with --select" in errors


def test_an_output_column_of_another_name_is_what_a_text_file_holds(batch, tmp_path: Path, names: Path) -> None:
    batch(names, tmp_path / "out.txt", "--output-column", "kana")
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "モリ\n\n山田\n"


def test_what_stands_where_there_is_no_katakana(batch, tmp_path: Path, names: Path) -> None:
    for choice, expected in [("null", ""), ("keep", "2Pac"), ("empty", "")]:
        batch(names, tmp_path / f"{choice}.jsonl", "--on-error", choice, "--strict", code=3)
        row = json.loads((tmp_path / f"{choice}.jsonl").read_text(encoding="utf-8").splitlines()[1])
        assert (row["katakana"], row["status"]) == (None if choice == "null" else expected, "unreadable")
    errors = batch(names, tmp_path / "no.csv", "--on-error", "fail", code=1)
    assert f"{names}: line 3: '2Pac' has no Katakana: unreadable" in errors
    assert not (tmp_path / "no.csv").exists()


def test_bytes_that_are_no_text(batch, tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("name,town\nMori,Kato\nKató,\nSato,Málaga\n".encode("latin-1"))
    errors = batch(path, tmp_path / "out.csv", code=1)
    assert f"{path}: line 3: not UTF-8" in errors
    assert "--encoding" in errors
    assert "--on-error" in errors
    batch(path, tmp_path / "out.csv", "--on-error", "null")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "Mori,Kato,モリ,ok",
        "Kat\ufffd,,,undecodable",
        "Sato,M\ufffdlaga,,undecodable",
    ]
    batch(path, tmp_path / "latin-1.csv", "--encoding", "latin-1", "--select", "town")
    assert (tmp_path / "latin-1.csv").read_text(encoding="utf-8").splitlines()[3] == "Málaga,サト,ok"
    assert "no encoding 'klingon'" in batch(path, tmp_path / "no.csv", "--encoding", "klingon", code=2)


def test_a_dialect_and_encodings(batch, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes("name;note\n'Mori;Sato';x\n".encode("utf-16"))
    options = ["--delimiter", ";", "--quote", "'", "--encoding", "utf-16", "--output-encoding", "cp932"]
    batch(tmp_path / "in.csv", tmp_path / "out.csv", *options)
    assert (tmp_path / "out.csv").read_bytes().decode("cp932").splitlines()[0] == "name;note;katakana;status"


def test_probabilities_and_candidates(batch, tmp_path: Path, names: Path) -> None:
    batch(names, tmp_path / "out.parquet", "--probabilities", "--n-best", "2")
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert 0 < rows[0]["probability"] <= 1
    assert rows[0]["candidates"][0]["katakana"] == "モリ"
    assert len(rows[0]["candidates"]) == 2
    assert (rows[1]["probability"], rows[1]["candidates"]) == (None, None)
    assert (rows[2]["probability"], rows[2]["candidates"]) == (1.0, [{"katakana": "山田", "probability": 1.0}])
    batch(names, tmp_path / "out.csv", "--n-best", "1")
    assert '""katakana"": ""モリ""' in (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1]


def test_a_lexicon(batch, tmp_path: Path, names: Path) -> None:
    (tmp_path / "mine.tsv").write_text("2Pac\tツーパック\n", encoding="utf-8")
    batch(names, tmp_path / "out.csv", "--lexicon", tmp_path / "mine.tsv")
    assert "2,2Pac,,ツーパック,lexicon" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_a_folder_and_what_it_is_asked(batch, tmp_path: Path, names: Path) -> None:
    errors = batch(names, tmp_path / "out", "--format", "tsv", "--resume", "--window", "1", "--rows-per-file", "2")
    assert "3 rows in" in errors
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "_hayakana.json",
        "part-00000-00000.tsv",
        "part-00000-00001.tsv",
    ]
    for option in (["--resume"], ["--rows-per-file", "262144"]):
        assert f"{option[0]} is for a folder" in batch(names, tmp_path / "out.csv", *option, code=2)
    assert "--format tsv is not what the suffix" in batch(names, tmp_path / "out.csv", "--format", "tsv", code=2)
    batch(names, tmp_path / "as_said.csv", "--format", "csv")
    assert "multiple of the window" in batch(names, tmp_path / "no", "--rows-per-file", "3", code=2)
    assert "no format 'doc'" in batch(names, tmp_path / "no", "--format", "doc", code=2)
    assert "is read, not written" in batch(names, tmp_path / "no", "--format", "xlsx", code=2)
    assert "standard input" in batch("-", tmp_path / "no", "--input-format", "csv", "--resume", code=2)


def test_the_report(batch, tmp_path: Path, names: Path) -> None:
    errors = batch(names, tmp_path / "out.csv", "--report", tmp_path / "report.json")
    lines = errors.splitlines()
    assert lines[0].startswith("3 rows in ")
    assert lines[0].endswith("1 ok, 1 unreadable, 1 kept")
    assert lines[1:] == ["  unreadable: line 3 '2Pac'", f"  written to {tmp_path}/out.csv"]
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["examples"] == {"unreadable": [{"file": names.name, "row": 2, "name": "2Pac", "line": 3}]}
    assert (report["rows"], report["problems"], report["statuses"]) == (3, 1, {"ok": 1, "unreadable": 1, "kept": 1})
    assert report["distinct_words"] >= 3
    assert set(report["stages"]) == {"read", "transliterate", "write"}


# --- what goes wrong ---


def test_a_missing_column_lists_those_there_are(batch, tmp_path: Path, names: Path) -> None:
    errors = batch(names, tmp_path / "out.csv", "--column", "nom", code=1)
    assert "no column 'nom'; choose one of id, name, town with --column" in errors


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("in.csv", b'name,town\nMori,"Ko', "line 2"),
        ("in.csv", b"name,town\nMori,Kato\nKato", "line 3"),
        ("in.csv", b"", "empty"),
        ("in.parquet", b"name\nMori\n", "not a Parquet file"),
        ("in.parquet", b"PAR1PAR1", "not a Parquet file"),
        ("in.csv.gz", b"name\nMori\n", "damaged, cut off, or not gzip"),
        ("in.csv.gz", gzip.compress(b"name\nMori\n" * 50, mtime=0)[:-12], "damaged, cut off, or not gzip"),
        ("in.jsonl", b'{"name": "Mori"\n', "line 1"),
    ],
)
def test_files_that_are_not_what_they_should_be(batch, tmp_path: Path, file: str, content: bytes, message: str) -> None:
    (tmp_path / file).write_bytes(content)
    errors = batch(tmp_path / file, tmp_path / "out.csv", code=1)
    assert f"{tmp_path}/{file}: " in errors
    assert message in errors
    assert (tmp_path / file).read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == [file]


def test_a_column_of_numbers(batch, tmp_path: Path) -> None:
    pq.write_table(pa.table({"name": [1, 2]}), tmp_path / "in.parquet")
    assert "'name' holds int64, not text" in batch(tmp_path / "in.parquet", tmp_path / "out.csv", code=1)


def test_a_header_only(batch, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,name\n")
    assert "0 rows" in batch(tmp_path / "in.csv", tmp_path / "out.parquet")
    assert pq.read_schema(tmp_path / "out.parquet").names == ["id", "name", "katakana", "status"]


def test_an_empty_list_of_names(batch, tmp_path: Path) -> None:
    (tmp_path / "in.txt").touch()
    assert "0 rows" in batch(tmp_path / "in.txt", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "name,katakana,status\n"


@pytest.mark.parametrize("file", ["in.csv", "in.txt", "in.jsonl"])
def test_a_line_of_a_hundred_megabytes(batch, tmp_path: Path, file: str) -> None:
    with (tmp_path / file).open("wb") as handle:
        handle.write(b"name,x\n" if file == "in.csv" else b"")
        handle.writelines(b"a" * 1_000_000 for _ in range(100))
    errors = batch(tmp_path / file, tmp_path / "out.csv", code=1)
    assert "line" in errors
    assert len(errors) < 1_000
    assert not (tmp_path / "out.csv").exists()


def test_an_output_that_is_there(batch, tmp_path: Path, names: Path) -> None:
    (tmp_path / "out.csv").write_text("mine")
    assert "give --overwrite" in batch(names, tmp_path / "out.csv", code=1)
    assert (tmp_path / "out.csv").read_text() == "mine"
    batch(names, tmp_path / "out.csv", "--overwrite")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").startswith("id,name,town,katakana,status\n")
    assert "is the input" in batch(names, names, "--overwrite", code=1)


def test_without_options_a_job_is_that_of_python() -> None:
    commands = Parser().add_subparsers()
    add_batch(commands)
    options = commands.choices["batch"].parse_args(["in.csv", "out.csv"])
    assert columns_of(options, Details()) == Columns()
    assert read_options_of(options) == ReadOptions()
    assert write_options_of(options) == WriteOptions()


def test_no_input(batch, tmp_path: Path) -> None:
    assert "none.csv: No such file" in batch(tmp_path / "none.csv", tmp_path / "out.csv", code=1)


AS_NOBODY = """
import os, sys
import hayakana.batch, hayakana.cli.info, hayakana.cli.main, hayakana.model.folder, hayakana.sessions.opening
import hayakana.transliterator, tqdm
hayakana.sessions.opening.runtime()  # What is imported may not be where everyone can read, nor the bundled models.
models = hayakana.model.folder.bundled_models()
for module in (hayakana.cli.info, hayakana.engine.options, hayakana.model.folder):
    module.bundled_models = lambda: models
os.chdir(sys.argv[1])
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
sys.exit(hayakana.cli.main.main(sys.argv[2:]))
"""
"""The program as a user who owns nothing."""
AS_MYSELF = "".join(line for line in AS_NOBODY.splitlines(keepends=True) if not line.startswith("os.set"))
"""For those who are not root, and may not write where they said so."""


@pytest.fixture
def everyones() -> Iterator[Path]:
    """A folder that everyone can enter; those of tmp_path are for their owner alone."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("output", ["out.csv", "out"])
def test_a_folder_without_permission(batch, tiny_folder: Path, everyones: Path, output: str) -> None:
    folder = everyones / "shared"
    shutil.copytree(tiny_folder, folder / "model")
    (folder / "in.csv").write_text("name\nMori\n")
    (folder / "secret.csv").write_text("name\nMori\n")
    (folder / "secret.csv").chmod(0o000)
    options = ["--model", "model"]
    start = ("-c", AS_NOBODY, str(folder)) if os.getuid() == 0 else ("-c", AS_MYSELF, str(folder))
    folder.chmod(0o555)
    errors = batch("in.csv", output, *options, code=1, start=start)
    assert f"{output}: Permission denied" in errors
    folder.chmod(0o777)
    assert "secret.csv: Permission denied" in batch("secret.csv", output, *options, code=1, start=start)
    assert sorted(path.name for path in folder.iterdir()) == ["in.csv", "model", "secret.csv"]


def test_a_report_takes_the_place_of_nothing(batch, tmp_path: Path, names: Path) -> None:
    content = names.read_bytes()
    for report in (names, tmp_path / "out.csv", tmp_path / "none" / "report.json", Path("/dev/full")):
        errors = batch(names, tmp_path / "out.csv", "--report", report, code=1)
        assert str(report.parent if report.parent.name == "none" else report) in errors
        assert not (tmp_path / "out.csv").exists()
    batch(names, tmp_path / "out", "--report", tmp_path / "out" / "report.json", code=1)
    assert names.read_bytes() == content


def test_a_pipe_that_has_a_path_is_read_once(batch, tmp_path: Path, names: Path) -> None:
    batch("/dev/stdin", tmp_path / "out", "--input-format", "csv", stdin=names.read_bytes())
    assert pq.read_table(tmp_path / "out").num_rows == 3
    errors = batch("/dev/stdin", tmp_path / "no", "--input-format", "csv", "--resume", code=2, stdin=b"name\nMori\n")
    assert "can be read once only" in errors


def test_inputs_whose_columns_hold_other_things(batch, tmp_path: Path) -> None:
    pq.write_table(pa.table({"name": ["Mori"], "id": [7]}), tmp_path / "1.parquet")
    (tmp_path / "2.csv").write_text("name,id\nKato,007\n")
    errors = batch(tmp_path / "1.parquet", tmp_path / "2.csv", tmp_path / "out.csv", code=1)
    assert f"column 'id' holds int64 in {tmp_path}/1.parquet and string in {tmp_path}/2.csv" in errors
    batch(tmp_path / "1.parquet", tmp_path / "2.csv", tmp_path / "out.csv", "--select", "name")
    # In the order of the first input, whatever that of the others is.
    (tmp_path / "3.csv").write_text("id,name\n1,Sato\n")
    batch(tmp_path / "2.csv", tmp_path / "3.csv", tmp_path / "both", "--format", "csv")
    assert (tmp_path / "both" / "part-00001-00000.csv").read_text(encoding="utf-8").startswith("name,id,katakana")


def test_an_output_within_a_folder_of_inputs_is_no_input(batch, tmp_path: Path, names: Path) -> None:
    for _ in range(2):
        batch(tmp_path, tmp_path / "out", "--resume")
    assert pq.read_table(tmp_path / "out").num_rows == 3
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "linked").symlink_to(tmp_path / "out")
    batch(tmp_path / "in", tmp_path / "other.csv", "--select", "name")
    assert len((tmp_path / "other.csv").read_text(encoding="utf-8").splitlines()) == 4
    (tmp_path / "in" / "gone.csv").symlink_to(tmp_path / "nothing.csv")
    assert "gone.csv: No such file" in batch(tmp_path / "in", tmp_path / "no.csv", code=1)


def test_lines_of_json_without_an_object(batch, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("\n")
    assert "0 rows" in batch(tmp_path / "in.jsonl", tmp_path / "out.jsonl", "--select", "id")


def test_standard_input_can_be_left(tiny_folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hayakana", "batch", "--model", str(tiny_folder), "-", str(tmp_path / "out.csv")]
    command += ["--input-format", "csv"]
    with started(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not list(tmp_path.glob(".hayakana-*")):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert list(tmp_path.iterdir()) == []


# --- what is said, and what is not ---


def test_quiet_says_nothing_but_what_has_failed(batch, tmp_path: Path, names: Path) -> None:
    assert batch(names, tmp_path / "out.csv", "-q", "--report", tmp_path / "report.json") == ""
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["rows"] == 3
    assert batch(names, tmp_path / "out.csv", "--quiet", "--strict", "--overwrite", code=3) == ""
    assert "give --overwrite" in batch(names, tmp_path / "out.csv", "--quiet", code=1)


def test_quiet_shows_no_progress(tiny_folder: Path, tmp_path: Path, names: Path) -> None:
    job = [sys.executable, "-m", "hayakana", "batch", "--model", str(tiny_folder), "-q", str(names), "out"]
    leader, terminal = os.openpty()
    for output in (tmp_path / "out.csv", tmp_path / "out"):
        subprocess.run([*job[:-1], str(output)], stderr=terminal, check=True, timeout=120)  # noqa: S603  (this Python)
    os.set_blocking(leader, False)
    with pytest.raises(BlockingIOError):
        os.read(leader, 1)
    os.close(terminal)
    os.close(leader)


def test_a_report_without_names_has_their_places(batch, tmp_path: Path, names: Path) -> None:
    errors = batch(names, tmp_path / "out.csv", "--no-names", "--report", tmp_path / "report.json")
    assert "  unreadable: line 3\n" in errors
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["examples"] == {"unreadable": [{"file": names.name, "row": 2, "name": None, "line": 3}]}
    assert "2Pac" in (tmp_path / "out.csv").read_text(encoding="utf-8")


TELLTALE = "Zq9x"
"""Is in whatever could be a name in the files below: cells, the first line, keys."""
TELLING = [
    ("in.csv", f"name\n{TELLTALE}\n", ["--on-error", "fail"]),
    ("in.csv", f"id,name\n1,{TELLTALE}\n", ["--column", "nom"]),
    ("in.csv", f"{TELLTALE},{TELLTALE} b\n1,2\n", []),
    ("in.csv", f"{TELLTALE},{TELLTALE}\n1,2\n", ["--column", TELLTALE[:2]]),
    ("in.csv", f"{TELLTALE},name\n1,2\n", ["--select", "id"]),
    ("in.csv", f"name\n{TELLTALE},2\n", []),
    ("in.csv", f'name\n"{TELLTALE}"{TELLTALE}\n', []),
    ("in.csv", f'name\n"{TELLTALE}\n', []),
    ("in.jsonl", f'{{"name": "{TELLTALE}"\n', []),
    ("in.jsonl", f'{{"name": "a", "{TELLTALE}": 1, "{TELLTALE}": 2}}\n', []),
    ("in.jsonl", f'{{"{TELLTALE}": 1, "{TELLTALE}2": 2}}\n', []),
    ("in.jsonl", f'{{"name": "a"}}\n{{"name": "b", "{TELLTALE}": "c"}}\n', ["--window", "1"]),
    ("in.txt", f"{TELLTALE}\t\n", ["--on-error", "keep", "--output-column", "kana"]),
]


@pytest.mark.parametrize("output", ["out.csv", "out.tsv", "out.parquet", "out.txt", "out"])
@pytest.mark.parametrize(("file", "content", "options"), TELLING)
def test_without_names_no_message_has_one(
    tiny_folder: Path, tmp_path: Path, file: str, content: str, options: list[str], output: str
) -> None:
    (tmp_path / file).write_text(content, encoding="utf-8")
    job = [sys.executable, "-m", "hayakana", "batch", "--model", str(tiny_folder), "--no-names", *options]
    job += ["--report", str(tmp_path / "report.json"), str(tmp_path / file), str(tmp_path / output)]
    done = subprocess.run(job, check=False, capture_output=True, text=True, timeout=120)  # noqa: S603  (this Python)
    assert done.returncode in (0, 1)
    assert done.stderr.startswith(("hayakana: ", "1 rows", "2 rows"))
    assert TELLTALE not in done.stderr
    report = tmp_path / "report.json"
    assert not report.exists() or TELLTALE not in report.read_text(encoding="utf-8")


# --- options that no file can make right ---

WRONG_OPTIONS = [
    ("--input-format", "foo"),
    ("--input-format", ""),
    ("--format", "foo"),
    ("--format", ""),
    ("--encoding", "foo"),
    ("--encoding", "hex"),
    ("--encoding", ""),
    ("--encoding", "\udcff"),
    ("--output-encoding", "foo"),
    ("--output-encoding", "\udcff"),
    ("--delimiter", ";;"),
    ("--delimiter", ""),
    ("--delimiter", "・"),
    ("--delimiter", "\n"),
    ("--delimiter", "\udcff"),
    ("--quote", "ab"),
    ("--quote", ","),
    ("--quote", "\udcff"),
    ("--compression", "zstd"),
    ("--compression", "foo"),
    ("--separator", "\udcff"),
    ("--separator", "\n"),
    ("--hyphen", "\udcff"),
    ("--hyphen", "a\u2028b"),
    ("--output-column", "\udcff"),
    ("--status-column", "\udcff"),
    ("--window", "0"),
    ("--window", "-1"),
    ("--window", "x"),
    ("--window", str(10**30)),
    ("--window", "9" * 5_000),
    ("--rows-per-file", str(10**30)),
    ("--workers", "0"),
    ("--workers", "100000"),
    ("--n-best", str(10**30)),
    ("--model", ""),
    ("--lexicon", ""),
    ("--report", ""),
    ("--device", "gpu"),
    ("--on-error", "x"),
    ("--modle", "fast"),
]


@pytest.mark.parametrize(("option", "value"), WRONG_OPTIONS, ids=lambda text: ascii(text)[1:30])
def test_an_option_that_cannot_be_is_wrong_use(batch, tmp_path: Path, names: Path, option: str, value: str) -> None:
    usage, message, remedy = batch(names, tmp_path / "out.csv", option, value, code=2).splitlines()
    assert usage == "usage: hayakana batch [OPTIONS] INPUT... OUTPUT"
    assert message.startswith("hayakana: ")
    assert remedy == "try 'hayakana batch --help'"
    assert list(tmp_path.iterdir()) == [names]


@pytest.mark.parametrize("option", ["--column", "--select"])
@pytest.mark.parametrize("value", ["nom", "", "\udcff"])
def test_a_column_that_is_not_there_is_no_wrong_use(
    batch, tmp_path: Path, names: Path, option: str, value: str
) -> None:
    assert "no column " in batch(names, tmp_path / "out.csv", option, value, code=1)


def test_an_empty_path_is_not_this_folder(batch, tmp_path: Path, names: Path) -> None:
    """As "$INPUT" is where no such variable is set."""
    assert "argument INPUT: an empty path" in batch("", tmp_path / "out.csv", code=2)
    assert "argument OUTPUT: an empty path" in batch(names, "", code=2)
    assert list(tmp_path.iterdir()) == [names]


def test_a_suffix_that_no_format_has_is_wrong_use(batch, tmp_path: Path) -> None:
    (tmp_path / "in.doc").write_text("name\nMori\n")
    assert "the format goes by suffix" in batch(tmp_path / "in.doc", tmp_path / "out.csv", code=2)


def test_packages_that_cannot_be_loaded_are_not_missing(batch, tmp_path: Path, names: Path) -> None:
    code = "import runpy, sys, types; sys.modules['pyarrow'] = types.ModuleType('pyarrow');"
    code += "runpy.run_module('hayakana', run_name='__main__')"
    errors = batch(names, tmp_path / "out.csv", code=1, start=("-c", code))
    assert errors.startswith("hayakana: reading and writing tables needs packages that are installed, but cannot be lo")
    assert "pip" not in errors
    assert errors.count("\n") == 1
    missing = code.replace("types.ModuleType('pyarrow')", "None")
    errors = batch(names, tmp_path / "out.csv", code=1, start=("-c", missing))
    assert errors.endswith(f"{install_line('batch')}\n")


# --- columns as people have them ---


def test_names_in_two_columns_and_texts_for_missing_names(batch, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,Given,family\n1,Mori,Kato\n2,\\N,Sato\n3,\\N,-0-\n", encoding="utf-8")
    options = ["--column", "family", "--column", "given", "--select", "1", "--missing", "\\N", "--missing=-0-"]
    batch(tmp_path / "in.csv", tmp_path / "out.csv", *options)
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert text == "id,katakana,status\n1,カト・モリ,ok\n2,サト,ok\n3,,missing\n"
    errors = batch(tmp_path / "in.csv", tmp_path / "no.csv", "--column", "id", "--column", "id", code=2)
    assert "give at least one, and each once" in errors


def test_a_table_that_another_delimiter_separates_is_refused(batch, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("name;city\nMori;Tsu\n", encoding="utf-8")
    assert "give --delimiter ';', or" in batch(tmp_path / "in.csv", tmp_path / "out.csv", code=1)
    assert not (tmp_path / "out.csv").exists()
    batch(tmp_path / "in.csv", tmp_path / "out.csv", "--delimiter", ";")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "name;city;katakana;status\nMori;Tsu;モリ;ok\n"


def test_a_table_without_a_header_has_columns_by_number_and_comes_out_so(batch, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("1,Mori,-0- \n2,Kato,-0- \n", encoding="utf-8")
    batch(tmp_path / "in.csv", tmp_path / "out.csv", "--no-header", "--column", "2")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "1,Mori,-0- ,モリ,ok\n2,Kato,-0- ,カト,ok\n"
    batch(tmp_path / "in.csv", tmp_path / "out.jsonl", "--no-header", "--column", "2", "--select", "1")
    first = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert first == '{"1": "1", "katakana": "モリ", "status": "ok"}'
    batch(tmp_path / "in.csv", tmp_path / "out", "--no-header", "--column", "2", "--format", "csv")
    assert (tmp_path / "out" / "part-00000-00000.csv").read_bytes() == (tmp_path / "out.csv").read_bytes()
    batch(tmp_path / "in.csv", tmp_path / "out.csv", "--no-header", "--column", "2", "--overwrite")
    (tmp_path / "foreign.csv").write_text("1,Mori,x\n", encoding="utf-8")
    errors = batch(tmp_path / "in.csv", tmp_path / "foreign.csv", "--no-header", "--column", "2", "--overwrite", code=1)
    assert "hayakana did not write it" in errors
    errors = batch(tmp_path / "in.csv", tmp_path / "no.csv", "--no-header", code=1)
    assert "no column 'name'; choose one of 1, 2, 3 with --column" in errors
    (tmp_path / "in.jsonl").write_text('{"name": "Mori"}\n', encoding="utf-8")
    errors = batch(tmp_path / "in.csv", tmp_path / "in.jsonl", tmp_path / "no.csv", "--no-header", code=2)
    assert "--no-header is for CSV and TSV" in errors


def test_broken_rows_can_be_marked(batch, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('name,x\nMori,1\n"Sato,2\nKato\nIto,3\n', encoding="utf-8")
    assert "line 3: " in batch(tmp_path / "in.csv", tmp_path / "out.csv", code=1)
    errors = batch(tmp_path / "in.csv", tmp_path / "out.csv", "--on-broken-row", "mark", "--strict", code=3)
    assert "broken: line 3 '\"Sato', line 4 'Kato'" in errors
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert text == 'name,x,katakana,status\nMori,1,モリ,ok\n"""Sato",2,,broken\nKato,,,broken\nIto,3,イト,ok\n'


# --- doubt ---


def test_unsure_rows_keep_their_katakana_and_are_no_problem(batch, tmp_path: Path, names: Path) -> None:
    doubt = ("--least-probability", "1", "--select", "name")
    batch(names, tmp_path / "out.csv", *doubt, "--probabilities", "--strict", code=3)  # for 2Pac
    rows = [line.split(",") for line in (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()]
    assert [row[:3] for row in rows[1:]] == [
        ["Mori", "モリ", "unsure"],
        ["2Pac", "", "unreadable"],
        ["山田", "山田", "kept"],
    ]
    assert 0 < float(rows[1][3]) < 1
    (tmp_path / "fine.txt").write_text("Mori\nKato\n", encoding="utf-8")
    report = tmp_path / "report.json"
    said = batch(tmp_path / "fine.txt", tmp_path / "fine.csv", *doubt[:2], "--strict", "--report", report)
    assert "2 unsure" in said
    assert json.loads(report.read_bytes()) | {"statuses": {"unsure": 2}, "problems": 0, "examples": {}} == json.loads(
        report.read_bytes()
    )
    batch(tmp_path / "fine.txt", tmp_path / "none.csv", *doubt[:2], "--on-error", "fail")
    assert (tmp_path / "fine.csv").read_bytes() == (tmp_path / "none.csv").read_bytes()


def test_a_job_is_resumed_with_the_same_doubt_alone(batch, tmp_path: Path, names: Path) -> None:
    into = ("--resume", names, tmp_path / "out")
    batch("--least-probability", "1", *into)
    assert pq.read_table(tmp_path / "out")["status"].to_pylist() == ["unsure", "unreadable", "kept"]
    batch("--least-probability", "1", *into)
    batch("--least-probability", "0.5", *into, code=1)
    batch(*into, code=1)


@pytest.mark.parametrize("least", ["-1", "1.01", "nan", "half", ""])
def test_a_least_probability_that_cannot_be(batch, tmp_path: Path, names: Path, least: str) -> None:
    assert "must be a number from 0 to 1" in batch(names, tmp_path / "out.csv", "--least-probability=" + least, code=2)


# --- style ---


def test_katakana_in_style(batch, tmp_path: Path, names: Path) -> None:
    (tmp_path / "names.txt").write_text("V Mori-Kato\nﾔﾏﾀﾞ\n", encoding="utf-8")
    batch("--style", "half-width", "--style", "b-for-v", tmp_path / "names.txt", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "V Mori-Kato,ﾋﾞｰ ﾓﾘ ｶﾄ,ok".replace("ｰ", "-"),
        "ﾔﾏﾀﾞ,ヤマダ,kept",
    ]
    into = ("--resume", names, tmp_path / "out")
    batch("--style", "hiragana", *into)
    assert pq.read_table(tmp_path / "out")["katakana"].to_pylist() == ["もり", None, "山田"]
    batch("--style=hiragana", "--style=hiragana", *into)
    batch(*into, code=1)
    batch("--style", "b-for-v", *into, code=1)


def test_styles_that_cannot_be(batch, tmp_path: Path, names: Path) -> None:
    errors = batch("--style", "small", names, tmp_path / "out.csv", code=2)
    assert "'half-width'" in errors
    errors = batch("--style=hiragana", "--style=half-width", names, tmp_path / "out.csv", code=2)
    assert "no half-width Hiragana" in errors
    errors = batch("--style=no-separators", "--separator= ", names, tmp_path / "out.csv", code=2)
    assert "give no separator" in errors
