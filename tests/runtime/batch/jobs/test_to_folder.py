"""Jobs that fill a folder: whole files under names of their own, killed at any moment, resumed to the same bytes."""

import contextlib
import errno
import gzip
import itertools
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.kills import kill_and_resume
from tests import processes

from hayakana import Lexicon, OutputExistsError, TableError, Transliterator
from hayakana.batch import (
    Columns,
    FileFormat,
    ReadOptions,
    Report,
    WriteOptions,
    inputs_of,
    transliterate_to_file,
    transliterate_to_folder,
)
from hayakana.batch.jobs.job_files import JobFile
from hayakana.batch.jobs.journal import JOB_JOURNAL
from hayakana.batch.jobs.manifest import JOB_MANIFEST, Additions, JobManifest
from hayakana.batch.jobs.options import ROWS_PER_FILE
from hayakana.engine.column import Details

NAMES = ["Mori", "Tanaka Mori", "", "2Pac", "山田", "Kato-Sato", "Peter Parker", "ketsu Mori"]
SMALL = ReadOptions(window=10)


def write_names(path: Path, rows: int) -> Path:
    lines = (f"{row},{NAMES[row % len(NAMES)]}\n" for row in range(rows))
    path.write_text("id,name\n" + "".join(lines), encoding="utf-8")
    return path


def fill(tiny: Transliterator, folder: Path, *inputs: Path, **options: object) -> Report:
    options = {"read_options": SMALL, "rows_per_file": 30, **options}
    return transliterate_to_folder(tiny, inputs_of(inputs), folder, **options)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def names(tmp_path: Path) -> Path:
    return write_names(tmp_path / "names.csv", 100)


# --- what is in the folder ---


def test_a_folder_holds_the_rows_of_one_file_in_order(tiny: Transliterator, tmp_path: Path, names: Path) -> None:
    report = fill(tiny, tmp_path / "out", names)
    transliterate_to_file(tiny, inputs_of([names]), tmp_path / "out.parquet")
    files = sorted((tmp_path / "out").glob("part-*"))
    assert [path.name for path in files] == [f"part-00000-0000{number}.parquet" for number in range(4)]
    assert [pq.read_metadata(path).num_rows for path in files] == [30, 30, 30, 10]
    # As engines read a folder: without what begins with an underscore.
    assert pq.read_table(tmp_path / "out").equals(pq.read_table(tmp_path / "out.parquet"))
    assert (report.rows, report.resumed_rows, report.problems) == (100, 0, 26)


def test_the_manifest_says_what_is_there(tiny: Transliterator, tmp_path: Path, names: Path) -> None:
    fill(tiny, tmp_path / "out", names, names := write_names(tmp_path / "more.csv", 35))
    manifest = json.loads((tmp_path / "out" / JOB_MANIFEST).read_text())
    assert manifest["complete"]
    assert [[part["rows"] for part in one["parts"]] for one in manifest["inputs"]] == [[30, 30, 30, 10], [30, 5]]
    assert manifest["fingerprint"]["inputs"][1]["file"] == "more.csv"
    read = JobManifest.read(tmp_path / "out")
    assert read is not None
    read.write(tmp_path)
    assert (tmp_path / JOB_MANIFEST).read_bytes() == (tmp_path / "out" / JOB_MANIFEST).read_bytes()


def test_other_formats_and_an_input_without_rows(tiny: Transliterator, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("name\n")
    fill(tiny, tmp_path / "out", tmp_path / "empty.csv", file_format=FileFormat("csv", "gzip"))
    assert sorted(bytes_of(tmp_path / "out")) == [JOB_MANIFEST, "part-00000-00000.csv.gz"]
    content = (tmp_path / "out" / "part-00000-00000.csv.gz").read_bytes()
    assert gzip.decompress(content) == b"name,katakana,status\n"


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("details", [Details(), Details(probabilities=True, candidates=3)])
def test_the_bytes_depend_on_nothing_that_ran_before(
    tiny_folder: Path, tmp_path: Path, names: Path, workers: int, details: Details
) -> None:
    columns = Columns(details=details)
    with Transliterator(
        tiny_folder, workers=workers, cache_size=0 if details.probabilities else 4096
    ) as transliterator:
        for folder in ("first", "second"):
            fill(transliterator, tmp_path / folder, names, columns=columns)
    assert bytes_of(tmp_path / "first") == bytes_of(tmp_path / "second")


# --- resumed ---


class StoppedError(Exception):
    """Stands for whatever ends a job."""


def stopping_after(files: int) -> Callable[[Additions, int, JobFile], None]:
    """Return an ``Additions.file`` that ends the job when so many files are whole: their last is not written down."""
    add, numbers = Additions.file, itertools.count(1)

    def stop(additions: Additions, index: int, file: JobFile) -> None:
        if next(numbers) == files:
            raise StoppedError
        add(additions, index, file)

    return stop


@pytest.mark.parametrize("details", [Details(), Details(probabilities=True, candidates=3)])
@pytest.mark.parametrize("files", range(1, 7))
def test_a_job_that_stopped_goes_on(
    tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int, details: Details
) -> None:
    inputs = [write_names(tmp_path / "a.csv", 90), write_names(tmp_path / "b.csv", 61)]
    columns = Columns(details=details)
    with Transliterator(tiny_folder, cache_size=0) as transliterator:
        whole = fill(transliterator, tmp_path / "whole", *inputs, columns=columns)
        with monkeypatch.context() as patch:
            patch.setattr(Additions, "file", stopping_after(files))
            with pytest.raises(StoppedError):
                fill(transliterator, tmp_path / "out", *inputs, columns=columns, resume=True)
        report = fill(transliterator, tmp_path / "out", *inputs, columns=columns, resume=True)
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "whole")
    assert report.resumed_rows == [0, 30, 60, 90, 120, 150][files - 1]
    assert (report.rows, report.statuses, report.examples) == (whole.rows, whole.statuses, whole.examples)


def test_a_job_that_is_done_has_nothing_to_do(tiny: Transliterator, tmp_path: Path, names: Path) -> None:
    first = fill(tiny, tmp_path / "out", names)
    before = bytes_of(tmp_path / "out")
    again = fill(tiny, tmp_path / "out", names, resume=True)
    assert bytes_of(tmp_path / "out") == before
    assert (again.rows, again.resumed_rows, again.statuses) == (100, 100, first.statuses)


@pytest.mark.parametrize("damage", ["cut", "change", "remove"])
def test_files_that_are_not_what_they_were_are_written_anew(
    tiny: Transliterator, tmp_path: Path, names: Path, damage: str
) -> None:
    fill(tiny, tmp_path / "out", names)
    whole = bytes_of(tmp_path / "out")
    file = tmp_path / "out" / "part-00000-00001.parquet"
    content = file.read_bytes()
    changed = {"cut": content[:-1], "change": content[:50] + b"?" + content[51:], "remove": None}[damage]
    file.unlink() if changed is None else file.write_bytes(changed)
    report = fill(tiny, tmp_path / "out", names, resume=True)
    assert bytes_of(tmp_path / "out") == whole
    assert report.resumed_rows == 30


def test_the_column_of_the_names_is_the_first_inputs_wherever_a_job_goes_on(
    tiny: Transliterator, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("foo\nMori\n")
    (tmp_path / "b.csv").write_text("foo,name\nKato,Sato\n")
    columns = Columns(select=("foo",))
    fill(tiny, tmp_path / "out", tmp_path / "a.csv", tmp_path / "b.csv", columns=columns)
    whole = bytes_of(tmp_path / "out")
    (tmp_path / "out" / "part-00001-00000.parquet").unlink()
    fill(tiny, tmp_path / "out", tmp_path / "a.csv", tmp_path / "b.csv", columns=columns, resume=True)
    assert bytes_of(tmp_path / "out") == whole
    (tmp_path / "c.csv").write_text("name,age\nMori,7\n")
    for _ in range(2):  # What is refused is refused again when it is resumed.
        with pytest.raises(TableError, match="has a column"):
            fill(tiny, tmp_path / "other", tmp_path / "b.csv", tmp_path / "c.csv", resume=True)


def test_lines_of_json_go_on_with_the_columns_that_they_began_with(tiny: Transliterator, tmp_path: Path) -> None:
    lines = ['{"n": "Mori"}', '{"n": "Mori"}', '{"n": "Sato", "name": "Tanaka"}', '{"n": "Kato", "name": "Tanaka"}']
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    options = {"read_options": ReadOptions(window=1), "rows_per_file": 2, "file_format": FileFormat("jsonl")}
    fill(tiny, tmp_path / "out", tmp_path / "in.jsonl", **options)
    whole = bytes_of(tmp_path / "out")
    (tmp_path / "out" / "part-00000-00001.jsonl").unlink()
    fill(tiny, tmp_path / "out", tmp_path / "in.jsonl", resume=True, **options)
    assert bytes_of(tmp_path / "out") == whole


def test_nothing_is_removed_before_the_new_job_is_known_to_work(
    tiny: Transliterator, tmp_path: Path, names: Path
) -> None:
    fill(tiny, tmp_path / "out", names)
    whole = bytes_of(tmp_path / "out")
    for options in ({"columns": Columns("typo")}, {"write_options": WriteOptions(compression="lzw")}):
        with pytest.raises(TableError):
            fill(tiny, tmp_path / "out", names, overwrite=True, **options)
        assert bytes_of(tmp_path / "out") == whole
        with pytest.raises(TableError):
            fill(tiny, tmp_path / "new", names, **options)
        assert not (tmp_path / "new").exists()


def test_a_job_that_failed_before_its_first_file_left_nothing_to_resume(tiny: Transliterator, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("name,x\nMori\n")
    with pytest.raises(TableError, match="line 2"):
        fill(tiny, tmp_path / "out", tmp_path / "in.csv")
    (tmp_path / "in.csv").write_text("name,x\nMori,1\n")
    assert fill(tiny, tmp_path / "out", tmp_path / "in.csv").rows == 1


# --- refused ---


def changed_options(tmp_path: Path, names: Path) -> dict[str, tuple[list[Path], dict[str, object], str]]:
    other = write_names(tmp_path / "other.csv", 100)
    return {
        "columns": ([names], {"columns": Columns(katakana="kana")}, 'columns: added 1 was "katakana" and is "kana"'),
        "input": ([other], {}, 'inputs 1: file was "names.csv" and is "other.csv"'),
        "more inputs": ([names, other], {}, "inputs was"),
        "format": ([names], {"file_format": FileFormat("csv")}, 'writing: format was "parquet" and is "csv"'),
        "rows": ([names], {"rows_per_file": 50}, "writing: rows_per_file was 30 and is 50"),
        "compression": ([names], {"write_options": WriteOptions(compression="zstd")}, "writing: compression was"),
        "encoding": (
            [names],
            {"read_options": replace(SMALL, encoding="cp1252")},
            'encoding was "utf-8" and is "cp1252"',
        ),
    }


@pytest.mark.parametrize("what", ["columns", "input", "more inputs", "format", "rows", "compression", "encoding"])
def test_the_folder_of_another_job_is_refused(tiny: Transliterator, tmp_path: Path, names: Path, what: str) -> None:
    fill(tiny, tmp_path / "out", names)
    before = bytes_of(tmp_path / "out")
    inputs, options, message = changed_options(tmp_path, names)[what]
    with pytest.raises(OutputExistsError, match="is of another job") as raised:
        fill(tiny, tmp_path / "out", *inputs, **options, resume=True)
    assert message in str(raised.value)
    assert bytes_of(tmp_path / "out") == before


def test_an_input_that_changed_is_another_job(tiny: Transliterator, tmp_path: Path, names: Path) -> None:
    fill(tiny, tmp_path / "out", names)
    names.write_text(names.read_text(encoding="utf-8").replace("Mori", "Kato", 1), encoding="utf-8")
    with pytest.raises(OutputExistsError, match="inputs 1: sha256 was"):
        fill(tiny, tmp_path / "out", names, resume=True)


def test_an_input_that_is_written_to_meanwhile_ends_the_job(
    tiny: Transliterator, tmp_path: Path, names: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = Additions.file

    def add_and_append(additions: Additions, index: int, file: JobFile) -> None:
        add(additions, index, file)
        if file.name == "part-00000-00001.parquet":
            with names.open("a") as appended:
                appended.write("100,Kato\n")

    with monkeypatch.context() as patch:
        patch.setattr(Additions, "file", add_and_append)
        with pytest.raises(TableError, match="was written to while it was read"):
            fill(tiny, tmp_path / "out", names)
    found = JobManifest.read(tmp_path / "out")
    assert found is not None
    assert [file.rows for file in found.inputs[0].files] == [30, 30]
    with pytest.raises(OutputExistsError, match="inputs 1: bytes was"):
        fill(tiny, tmp_path / "out", names, resume=True)


@pytest.mark.parametrize("options", [{"separator": " "}, {"lexicon": {"Mori": "モーリ"}}])
def test_a_transliterator_of_other_options_is_another_job(
    tiny: Transliterator, tiny_folder: Path, tmp_path: Path, names: Path, options: dict
) -> None:
    fill(tiny, tmp_path / "out", names)
    lexicon = Lexicon.of(options.get("lexicon", {}))
    with (
        Transliterator(tiny_folder, separator=options.get("separator", "・"), lexicon=lexicon) as other,
        pytest.raises(OutputExistsError, match=f"names: {next(iter(options))} was"),
    ):
        fill(other, tmp_path / "out", names, resume=True)


def test_a_manifest_that_cannot_be_read(tiny: Transliterator, tmp_path: Path, names: Path) -> None:
    (tmp_path / "out").mkdir()
    for content in ("", "{}", '{"format_version": 99}', "[]"):
        (tmp_path / "out" / JOB_MANIFEST).write_text(content)
        with pytest.raises(OutputExistsError, match="is not a manifest of this version"):
            fill(tiny, tmp_path / "out", names, resume=True)


def test_wrong_places_and_sizes(tiny: Transliterator, tmp_path: Path, names: Path) -> None:
    with pytest.raises(ValueError, match="multiple of the window, 10"):
        fill(tiny, tmp_path / "out", names, rows_per_file=25)
    with pytest.raises(TableError, match="is in the folder of the output"):
        fill(tiny, tmp_path, names)
    with pytest.raises(TableError, match="is a file"):
        fill(tiny, names, write_names(tmp_path / "other.csv", 1))
    with pytest.raises(TableError, match="is not a folder: make it first"):
        fill(tiny, tmp_path / "no" / "out", names)
    assert sorted(bytes_of(tmp_path)) == ["names.csv", "other.csv"]


# --- processes ---


def command(tiny_folder: Path, *arguments: str | Path) -> list[str]:
    sizes = ["--window", "100", "--rows-per-file", "500"]
    return [sys.executable, "-m", "hayakana", "batch", "--model", str(tiny_folder), *sizes, *map(str, arguments)]


@contextlib.contextmanager
def started(arguments: list[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a job, wait until it has written two files, and stop it there (SIGSTOP); it is killed in the end."""
    with processes.started(arguments, stderr=subprocess.PIPE, text=True) as process:
        try:
            while len(list(folder.glob("part-*"))) < 2:
                assert process.poll() is None, process.stderr.read() if process.stderr else ""
                time.sleep(0.001)
            process.send_signal(signal.SIGSTOP)
            yield process
        finally:
            process.kill()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.fixture
def many(tmp_path: Path) -> Path:
    return write_names(tmp_path / "many.csv", 60_000)


@pytest.mark.slow
def test_killed_at_random_moments(tiny_folder: Path, tmp_path: Path) -> None:
    """As benchmarks/kills.py, whose results are of a hundred kills."""
    names = write_names(tmp_path / "names.csv", 4_000)
    outcome = kill_and_resume([*command(tiny_folder, "--resume", "--workers", "2", names)], tmp_path, kills=5, seed=3)
    assert (outcome.kills.total(), outcome.is_clean) == (5, True)
    assert outcome.jobs_ended >= 1


@pytest.mark.slow
def test_a_second_job_on_one_folder_is_refused(tiny_folder: Path, tmp_path: Path, many: Path) -> None:
    job = command(tiny_folder, "--resume", many, tmp_path / "out")
    with started(job, tmp_path / "out"):
        second = subprocess.run(job, check=False, capture_output=True, text=True, timeout=120)
        assert (second.returncode, "another job is at work on this folder" in second.stderr) == (1, True)
    # It was killed: no lock outlives it.
    subprocess.run(job, check=True, capture_output=True, timeout=120)
    assert pq.read_table(tmp_path / "out").num_rows == 60_000


@pytest.mark.slow
def test_workers_end_with_the_process_that_started_them(tiny_folder: Path, tmp_path: Path, many: Path) -> None:
    with started(command(tiny_folder, "--workers", "2", many, tmp_path / "out"), tmp_path / "out") as process:
        workers = children_of(process.pid)
        assert len(workers) == 2
    limit = time.monotonic() + processes.LIMIT_S
    for worker in workers:
        while is_running(worker):
            assert time.monotonic() < limit
            time.sleep(0.01)


@pytest.mark.slow
def test_a_worker_that_dies_ends_the_job_which_can_be_resumed(tiny_folder: Path, tmp_path: Path) -> None:
    many = write_names(tmp_path / "many.csv", 30_000)
    job = command(tiny_folder, "--resume", "--workers", "2", "--probabilities", many, tmp_path / "out")
    with started(job, tmp_path / "out") as process:
        os.kill(children_of(process.pid)[0], signal.SIGKILL)
        process.send_signal(signal.SIGCONT)
        _, errors = process.communicate(timeout=processes.LIMIT_S)
        assert (process.returncode, "was ended by SIGKILL" in errors) == (1, True)
    subprocess.run(job, check=True, capture_output=True, timeout=120)
    subprocess.run([*job[:-1], str(tmp_path / "whole")], check=True, capture_output=True, timeout=120)
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "whole")


def test_a_system_without_flock_writes_single_files(
    tiny: Transliterator, tmp_path: Path, names: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(TableError, match="need flock"):
        fill(tiny, tmp_path / "out", names)
    assert transliterate_to_file(tiny, inputs_of([names]), tmp_path / "out.csv").rows == 100


@pytest.mark.slow
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_job_leaves_whole_files(
    tiny_folder: Path, tmp_path: Path, many: Path, how: signal.Signals, code: int
) -> None:
    with started(command(tiny_folder, many, tmp_path / "out"), tmp_path / "out") as process:
        process.send_signal(how)
        process.send_signal(signal.SIGCONT)
        _, errors = process.communicate(timeout=processes.LIMIT_S)
    assert process.returncode == code
    assert "--resume goes on" in errors
    manifest = JobManifest.read(tmp_path / "out")
    assert manifest is not None
    names = [file.name for file in manifest.inputs[0].files]
    assert names
    assert {path.name for path in (tmp_path / "out").iterdir()} - {f"part-00000-{len(names):05}.parquet"} == {
        JOB_MANIFEST,
        JOB_JOURNAL,
        *names,
    }


@pytest.mark.slow
def test_a_full_disk_ends_the_job_which_can_be_resumed(tiny_folder: Path, tmp_path: Path, many: Path) -> None:
    """A limit on the size of files, which is met like a full disk: a write fails."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000))

    job = command(tiny_folder, "--resume", many, tmp_path / "out")
    job[job.index("500")] = "5000"
    done = subprocess.run(job, check=False, capture_output=True, text=True, preexec_fn=limit, timeout=120)
    assert done.returncode == 1
    assert os.strerror(errno.EFBIG) in done.stderr
    assert "part-00000-00000.parquet" in done.stderr
    assert sorted(bytes_of(tmp_path / "out")) == [JOB_JOURNAL, JOB_MANIFEST]
    subprocess.run(job, check=True, capture_output=True, timeout=120)
    assert pq.read_table(tmp_path / "out").num_rows == 60_000


def test_the_tables_of_a_folder_can_be_read_by_others(tiny: Transliterator, tmp_path: Path) -> None:
    table = pa.table({"id": pa.array(range(100), pa.int64()), "name": pa.array(NAMES * 12 + NAMES[:4])})
    (tmp_path / "in").mkdir()
    pq.write_table(table.slice(0, 50), tmp_path / "in" / "b.parquet", row_group_size=7)
    pq.write_table(table.slice(50), tmp_path / "in" / "c.parquet")
    shutil.copy(tmp_path / "in" / "b.parquet", tmp_path / "in" / "_ignored.parquet")
    fill(tiny, tmp_path / "out", tmp_path / "in")
    done = pq.read_table(tmp_path / "out")
    assert done.drop(["katakana", "status"]).equals(table)
    assert done.schema.field("id").type == pa.int64()
    assert ROWS_PER_FILE % SMALL.window != 0  # The default needs the default window.


# --- columns are settled once ---


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("inputs", [["-"], ["empty.jsonl", "-"]])
def test_a_stream_of_json_has_the_column_of_its_first_rows(
    tiny_folder: Path, tmp_path: Path, inputs: list[str], workers: int
) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    lines = b'{"who": "Mori"}\n' + b'{"who": "Sato", "name": "Tanaka"}\n' * 50
    command = [sys.executable, "-m", "hayakana", "batch", "--model", str(tiny_folder), "--workers", str(workers)]
    options = ["--input-format", "jsonl", "--format", "jsonl", "--window", "1"]
    done = subprocess.run(
        [*command, *inputs, "-", *options], check=True, capture_output=True, input=lines, cwd=tmp_path, timeout=120
    )
    katakana = [json.loads(line)["katakana"] for line in done.stdout.splitlines()]
    assert katakana == ["モリ", *["サト"] * 50]


def test_columns_are_settled_by_the_thread_that_asks_and_no_other(
    tiny: Transliterator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in.jsonl").write_text('{"who": "Mori"}\n' * 30)
    threads, plain = [], Columns.settled
    monkeypatch.setattr(
        Columns, "settled", lambda *what, **how: threads.append(threading.current_thread()) or plain(*what, **how)
    )
    fill(tiny, tmp_path / "out", tmp_path / "in.jsonl")
    assert threads == [threading.current_thread()]
