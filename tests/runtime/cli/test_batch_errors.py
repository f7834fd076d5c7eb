"""``hayakana batch`` as a program: what goes wrong, what is said of it, and options that cannot be."""

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
        subprocess.run([*job[:-1], str(output)], stderr=terminal, check=True, timeout=120)
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
    done = subprocess.run(job, check=False, capture_output=True, text=True, timeout=120)
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
