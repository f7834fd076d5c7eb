"""What OUTPUT and --report may take the place of, and standard output."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def batch(tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run the command in a folder of its own; return standard error, and check the exit code."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, code: int = 0) -> str:
        command = [sys.executable, "-m", "hayakana", "batch", "--model", str(tiny_folder), *map(str, arguments)]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    return run


FILES = {
    "a1.csv": "id,name\n1,Mori\n",
    "a2.csv": "id,name\n2,Kato\n",
    "orders.csv": "order,price\n7,10\n",
    "broken.csv": "order,price\n7\n",
    "semicolons.csv": "id;name\n3;Sato\n4;Mori\n",
    "one.txt": "Mori\nKato\n",
    "lines.jsonl": '{"name": "Mori"}\nnot JSON\n',
}


@pytest.mark.parametrize("output", FILES)
@pytest.mark.parametrize("options", [(), ("--overwrite",)])
def test_a_forgotten_output_is_not_the_last_table(batch, tmp_path: Path, output: str, options: tuple[str, ...]) -> None:
    for name, content in {"in.csv": "id,name\n1,Mori\n", output: FILES[output]}.items():
        (tmp_path / name).write_text(content)
    errors = batch("in.csv", output, *options, code=1)
    assert "hayakana did not write it" in errors
    assert "--overwrite" not in errors
    assert (tmp_path / output).read_text() == FILES[output]


@pytest.mark.parametrize("output", ["out.csv", "out.tsv", "out.txt", "out.jsonl", "out.parquet", "out.csv.gz"])
def test_an_earlier_output_is_replaced(batch, tmp_path: Path, output: str) -> None:
    (tmp_path / "in.csv").write_text("id,name\n0,2Pac\n1,Mori\n")
    batch("in.csv", output)
    assert "already exists: give --overwrite" in batch("in.csv", output, code=1)
    for options in ((), ("--probabilities",), ()):
        batch("in.csv", output, "--overwrite", *options)
    (tmp_path / output).write_bytes(b"")
    batch("in.csv", output, "--overwrite")


def test_an_input_is_never_replaced(batch, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    for name in ("a1.csv", "a2.csv"):
        (tmp_path / "d" / name).write_text(FILES[name])
    (tmp_path / "link.csv").symlink_to("d/a1.csv")
    os.link("d/a1.csv", "hard.csv")
    for inputs in (["d"], ["d/*.csv"], ["**/a*.csv"], ["d/a1.csv", "d/a2.csv"]):
        for output in ("d/a1.csv", "d/../d/a1.csv", "link.csv", "hard.csv"):
            assert "choose another output" in batch(*inputs, output, "--overwrite", code=1)
    assert (tmp_path / "hard.csv").read_text() == FILES["a1.csv"]


def test_a_report_replaces_reports_alone(batch, tmp_path: Path) -> None:
    for name in ("a1.csv", "a2.csv"):
        (tmp_path / name).write_text(FILES[name])
    assert "is not a report" in batch("--report", "a1.csv", "a2.csv", "out.csv", code=1)
    assert (tmp_path / "a1.csv").read_text() == FILES["a1.csv"]
    for _ in range(2):
        batch("--report", "report.json", "a2.csv", "out.csv", "--overwrite")


@pytest.mark.parametrize("output", ["o.json", "o.parquet.gz", "o.xls", "o.txt.zip", "o.gz"])
def test_a_suffix_that_nobody_knows(batch, tmp_path: Path, output: str) -> None:
    (tmp_path / "a1.csv").write_text(FILES["a1.csv"])
    errors = batch("a1.csv", output, code=2)
    assert ".parquet" in errors
    assert "end the path with /" in errors
    assert [path.name for path in tmp_path.iterdir()] == ["a1.csv"]
    batch("a1.csv", f"{output}/")
    assert (tmp_path / output / "_hayakana.json").is_file()
    batch("a1.csv", output, "--resume")


# --- standard output ---


def to_stdout(tiny_folder: Path, *arguments: str, **streams: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "hayakana", "batch", "--model", str(tiny_folder), *arguments]
    return subprocess.run(command, check=False, timeout=120, **streams)


@pytest.mark.parametrize("name", ["csv", "tsv", "jsonl", "txt", "csv.gz", "parquet"])
def test_standard_output_has_the_bytes_of_the_file(tiny_folder: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "in.csv").write_text("id,name\n" + "".join(f"{row},Mori\n" for row in range(1_000)))
    source, target = str(tmp_path / "in.csv"), str(tmp_path / f"out.{name}")
    assert to_stdout(tiny_folder, source, target, capture_output=True).returncode == 0
    done = to_stdout(tiny_folder, source, "-", "--format", name, capture_output=True)
    assert (done.returncode, done.stdout) == (0, (tmp_path / f"out.{name}").read_bytes())
    assert b"1,000 rows" in done.stderr
    assert b"written to standard output" in done.stderr
    if name == "parquet":
        (tmp_path / "piped.parquet").write_bytes(done.stdout)
        assert pq.read_table(tmp_path / "piped.parquet").num_rows == 1_000
    assert {path.name for path in tmp_path.iterdir()} <= {"in.csv", f"out.{name}", "piped.parquet"}


def test_a_reader_that_leaves_and_a_full_device(tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("Mori\n" * 300_000)
    arguments = [str(tmp_path / "in.txt"), "-", "--format", "csv"]
    told, tell = os.pipe()
    os.close(told)
    done = to_stdout(tiny_folder, *arguments, stdout=tell, stderr=subprocess.PIPE)
    os.close(tell)
    assert (done.returncode, done.stderr) == (141, b"")
    with Path("/dev/full").open("wb") as full:
        done = to_stdout(tiny_folder, *arguments, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert b"No space left on device" in done.stderr


def test_what_standard_output_is_asked(batch, tmp_path: Path) -> None:
    (tmp_path / "a1.csv").write_text(FILES["a1.csv"])
    assert "give it with --format" in batch("a1.csv", "-", code=2)
    for option in (["--resume"], ["--rows-per-file", "262144"]):
        assert f"{option[0]} is for a folder" in batch("a1.csv", "-", "--format", "csv", *option, code=2)
    assert "give - as OUTPUT" in batch("a1.csv", "/dev/stdout", "--format", "csv", code=1)
    assert [path.name for path in tmp_path.iterdir()] == ["a1.csv"]
