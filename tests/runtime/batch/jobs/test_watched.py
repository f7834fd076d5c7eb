"""Inputs that change while they are read: whatever the clocks of the file say, no rows of two versions come out."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import OutputExistsError, TableError, Transliterator
from hayakana.batch import FileFormat, Input, ReadOptions, inputs_of, transliterate_to_file, transliterate_to_folder
from hayakana.batch.jobs import watched as watched_module
from hayakana.batch.jobs.job_files import JobFile
from hayakana.batch.jobs.manifest import Additions, JobManifest
from hayakana.batch.jobs.outputs import Output
from hayakana.batch.jobs.watched import BLOCK, WatchedInput

SMALL = ReadOptions(window=1_000)
CHANGED = "was written to while it was read"


def watch(path: Path) -> WatchedInput:
    return WatchedInput(Input(path, FileFormat("csv")))


def in_place(path: Path, start: int, content: bytes) -> None:
    """Write into a file and give it back its times, as rsync --inplace -t does."""
    status = path.stat()
    with path.open("r+b") as file:
        file.seek(start)
        file.write(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def write_file(path: Path, *, name: str, rows: int = 40_000) -> Path:
    names = [name] * rows
    if path.suffix == ".parquet":
        pq.write_table(
            pa.table({"id": [f"{row:07}" for row in range(rows)], "name": names}), path, row_group_size=5_000
        )
        return path
    if path.suffix == ".jsonl":
        text = "".join(f'{{"id": "{row:07}", "name": "{name}"}}\n' for row in range(rows))
    else:
        text = "id,name\n" + "".join(f"{row:07},{name}\n" for row in range(rows))
    content = text.encode()
    # Without a compressor at work, so that two versions have one size.
    path.write_bytes(gzip.compress(content, 0, mtime=0) if path.suffix == ".gz" else content)
    return path


# --- the file alone ---


@given(st.data())
def test_what_is_read_is_what_is_there(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    size = data.draw(st.sampled_from([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 7]))
    path = tmp_path_factory.mktemp("any") / "in.csv"
    path.write_bytes(os.urandom(size))
    content, watched = path.read_bytes(), watch(path)
    if data.draw(st.booleans()):
        assert watched.read_through() == __import__("hashlib").sha256(content).hexdigest()
    with watched.open() as file:
        for _ in range(data.draw(st.integers(1, 8))):
            start, length = data.draw(st.integers(0, size + 10)), data.draw(st.integers(-1, size + 10))
            assert file.seek(start) == file.tell() == start
            expected = content[start:] if length < 0 else content[start : start + length]
            assert file.read(length) == expected
            assert file.tell() == max(start, min(size, start + len(expected)))
        assert file.seek(-1, os.SEEK_END) == max(0, size - 1)
        assert file.seek(1, os.SEEK_CUR) == max(0, size - 1) + 1
    watched.check_unchanged()


@given(place=st.integers(0, 3 * BLOCK - 1))
def test_a_byte_that_changed_is_seen_when_it_is_read(tmp_path_factory: pytest.TempPathFactory, place: int) -> None:
    path = tmp_path_factory.mktemp("any") / "in.csv"
    path.write_bytes(bytes(3 * BLOCK))
    watched = watch(path)
    watched.read_through()
    in_place(path, place, b"x")
    with watched.open() as file:
        file.seek(place)
        with pytest.raises(TableError, match=CHANGED):
            file.read(1)
    with pytest.raises(TableError, match=CHANGED):
        watched.check_unchanged()


@pytest.mark.parametrize("how", ["append", "cut", "replace", "remove"])
def test_other_changes(tmp_path: Path, how: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(bytes(3 * BLOCK))
    watched = watch(path)
    with watched.open() as file:
        file.read(BLOCK)
        if how == "append":
            with path.open("ab") as end:
                end.write(b"more")
        elif how == "cut":
            os.truncate(path, BLOCK + 5)
        elif how == "replace":
            (tmp_path / "new").write_bytes(b"x" * 3 * BLOCK)
            (tmp_path / "new").replace(path)
        else:
            path.unlink()
        if how in ("append", "cut"):
            with pytest.raises(TableError, match=CHANGED):
                list(iter(lambda: file.read(BLOCK), b""))
        else:
            assert file.read() == bytes(2 * BLOCK)  # Of the file that was opened.
    with pytest.raises(FileNotFoundError if how == "remove" else TableError):
        watched.check_unchanged()


def test_what_only_looks_changed_is_read_again_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(bytes(3 * BLOCK))
    watched, read = watch(path), []
    with watched.open() as file:
        file.read()
    plain = watched_module._read_at
    monkeypatch.setattr(watched_module, "_read_at", lambda *what: read.append(what[1]) or plain(*what))
    watched.check_unchanged()
    assert read == []
    path.touch()
    path.chmod(0o600)
    os.link(path, tmp_path / "second")
    for _ in range(2):
        watched.check_unchanged()
        assert read == [0, BLOCK, 2 * BLOCK]


def test_a_file_that_does_not_know_its_size(tmp_path: Path) -> None:
    """As those in /proc: it is said that it cannot be read, where its rows were lost."""
    with watch(Path("/proc/self/status")).open() as file, pytest.raises(TableError, match=CHANGED):
        file.read(10)


# --- jobs ---


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "jsonl", "parquet"])
@pytest.mark.parametrize("after", [1, 3])
def test_a_folder_has_no_rows_of_two_versions(
    tiny: Transliterator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, after: int
) -> None:
    """The same size and the same time of change, the last half of the bytes of another version."""
    path = write_file(tmp_path / f"in.{suffix}", name="Mori")
    other = write_file(tmp_path / f"other.{suffix}", name="Kato").read_bytes()
    assert len(other) == path.stat().st_size
    add = Additions.file

    def add_and_change(additions: Additions, index: int, file: JobFile) -> None:
        add(additions, index, file)
        if file.name == f"part-00000-{after - 1:05}.parquet":
            in_place(path, len(other) // 2, other[len(other) // 2 :])

    monkeypatch.setattr(Additions, "file", add_and_change)
    options = {"read_options": SMALL, "rows_per_file": 5_000}
    # What is compressed may be found damaged before the end of the block that is compared.
    message = f"{CHANGED}|damaged, cut off, or not gzip" if suffix == "csv.gz" else CHANGED
    with pytest.raises(TableError, match=message):
        transliterate_to_folder(tiny, inputs_of([path]), tmp_path / "out", **options)
    monkeypatch.undo()
    found = JobManifest.read(tmp_path / "out")
    assert found is not None
    assert [part.name for part in found.inputs[0].files] == sorted(
        each.name for each in (tmp_path / "out").glob("part*")
    )
    assert set(pq.read_table(tmp_path / "out").column("katakana").to_pylist()) == {"モリ"}
    with pytest.raises((OutputExistsError, TableError), match=f"inputs 1: sha256 was|{message}"):
        transliterate_to_folder(tiny, inputs_of([path]), tmp_path / "out", resume=True, **options)


def test_a_change_between_the_fingerprint_and_reading(
    tiny: Transliterator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_file(tmp_path / "in.csv", name="Mori", rows=10)
    plain = WatchedInput.read_through

    def read_and_change(watched: WatchedInput) -> str | None:
        digest = plain(watched)
        in_place(path, path.read_bytes().index(b"Mori"), b"Kato")
        return digest

    monkeypatch.setattr(WatchedInput, "read_through", read_and_change)
    with pytest.raises(TableError, match=CHANGED):
        transliterate_to_folder(tiny, inputs_of([path]), tmp_path / "out")
    assert [each.name for each in tmp_path.iterdir()] == ["in.csv"]


CHANGES: dict[str, Callable[[Path, bytes], None]] = {
    "in place": lambda path, other: in_place(path, 0, other),
    "replaced": lambda path, other: path.with_name("new").write_bytes(other) and path.with_name("new").replace(path),
}


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "jsonl", "parquet"])
@pytest.mark.parametrize("how", CHANGES)
def test_one_file_has_no_rows_of_two_versions(
    tiny: Transliterator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, how: str
) -> None:
    path = write_file(tmp_path / f"in.{suffix}", name="Mori")
    other = write_file(tmp_path / f"other.{suffix}", name="Kato").read_bytes()
    plain, is_changed = Output.write, []

    def write_and_change(output: Output, rows: pa.RecordBatch) -> None:
        plain(output, rows)
        if not is_changed:
            is_changed.append(True)
            CHANGES[how](path, other)

    monkeypatch.setattr(Output, "write", write_and_change)
    with pytest.raises(TableError, match=CHANGED):
        transliterate_to_file(tiny, inputs_of([path]), tmp_path / "out.csv", read_options=SMALL)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "jsonl", "jsonl.gz", "parquet"])
def test_each_byte_is_read_once_for_a_file_and_twice_for_a_folder(
    tiny: Transliterator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """The fingerprint of a folder is a pass of its own; what settles the columns is kept."""
    path = tmp_path / f"in.{suffix}"
    if suffix == "jsonl.gz":
        write_file(tmp_path / "in.jsonl", name="Mori")
        path.write_bytes(gzip.compress((tmp_path / "in.jsonl").read_bytes()))
    else:
        write_file(path, name="Mori")
    opens, sizes, plain = [], [], watched_module._read_at

    class Counted(watched_module._CheckedFile):
        def __init__(self, *arguments: object) -> None:
            opens.append(arguments[0])
            super().__init__(*arguments)

    monkeypatch.setattr(watched_module, "_CheckedFile", Counted)
    monkeypatch.setattr(watched_module, "_read_at", lambda *what: sizes.append(len(data := plain(*what))) or data)
    size = path.stat().st_size
    # The footer, the headers of pages, whose sizes bound the memory, and blocks that lie in two columns.
    slack = 2.5 if suffix == "parquet" else 1.0
    for passes, run in (
        (1, lambda: transliterate_to_file(tiny, inputs_of([path]), tmp_path / "out.csv", read_options=SMALL)),
        (
            2,
            lambda: transliterate_to_folder(
                tiny, inputs_of([path]), tmp_path / "out", read_options=SMALL, rows_per_file=5_000
            ),
        ),
    ):
        opens.clear()
        sizes.clear()
        assert run().rows == 40_000
        assert opens == [path] * passes
        assert size * passes <= sum(sizes) <= size * (passes - 1 + slack) + 2 * BLOCK
