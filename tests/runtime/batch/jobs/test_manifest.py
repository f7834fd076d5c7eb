"""The manifest of a folder is checked before it is believed: whoever changed it, no row is lost or doubled."""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import OutputExistsError, TableError, Transliterator
from hayakana.batch import ReadOptions, Report, inputs_of, transliterate_to_folder
from hayakana.batch.jobs.job_files import InputFiles, JobFile
from hayakana.batch.jobs.journal import JOB_JOURNAL, Journal, seal_of
from hayakana.batch.jobs.manifest import JOB_MANIFEST, Additions, JobManifest


def fill(tiny: Transliterator, folder: Path, **options: object) -> Report:
    source = folder.parent / "in.csv"
    source.write_text("name\n" + "Mori\n2Pac\n" * 15)
    return transliterate_to_folder(
        tiny, inputs_of([source]), folder, read_options=ReadOptions(window=4), rows_per_file=8, **options
    )


def sealed(content: dict[str, Any]) -> bytes:
    """Return the manifest of whoever knows how it is sealed."""
    content = {key: value for key, value in content.items() if key != "seal"}
    text = json.dumps(content, indent=1).removesuffix("\n}").encode()
    return b'%b,\n "seal": "%b"\n}\n' % (text, hashlib.sha256(text).hexdigest().encode())


def first(content: dict[str, Any]) -> dict[str, Any]:
    return content["inputs"][0]["parts"][0]


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "no inputs": lambda content: content.update(inputs=[]),
    "inputs of another kind": lambda content: content.update(inputs={"0": 1}),
    "two inputs": lambda content: content["inputs"].append(content["inputs"][0]),
    "fingerprint": lambda content: content.update(fingerprint=[]),
    "deep fingerprint": lambda content: content.update(fingerprint={"inputs": json.loads("[" * 500 + "]" * 500)}),
    "examples": lambda content: first(content).update(examples=[]),
    "examples of nothing": lambda content: first(content).update(examples={"ok": []}),
    "an example": lambda content: first(content).update(examples={"ok": [{"source": 1, "row": 1, "name": ""}]}),
    "statuses": lambda content: first(content).update(statuses=7),
    "negative statuses": lambda content: first(content).update(statuses={"ok": 9, "kept": -1}),
    "text for rows": lambda content: first(content).update(rows="x"),
    "true for rows": lambda content: first(content).update(rows=True),
    "negative rows": lambda content: first(content).update(rows=-8),
    "other rows": lambda content: first(content).update(rows=1),
    "fewer rows": lambda content: first(content).update(rows=1, statuses={"ok": 1}, examples={}),
    "twice": lambda content: content["inputs"][0]["parts"].append(first(content)),
    "another order": lambda content: content["inputs"][0]["parts"].reverse(),
    "another name": lambda content: first(content).update(name="../in.csv"),
    "an absolute name": lambda content: first(content).update(name="/etc/passwd"),
    "sha256": lambda content: first(content).update(sha256="x"),
    "a part is missing": lambda content: content["inputs"][0]["parts"].pop(0),
    "no parts": lambda content: content["inputs"][0].update(parts=[]),
    "complete": lambda content: content.update(complete=7),
    "not complete": lambda content: content.update(complete=False),
    "of another version": lambda content: content.update(format_version=1),
}


@pytest.mark.parametrize("seal", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_what_cannot_be_verified_is_refused(tiny: Transliterator, tmp_path: Path, change: str, *, seal: bool) -> None:
    fill(tiny, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("part*")}
    content = json.loads((tmp_path / "out" / JOB_MANIFEST).read_bytes())
    CHANGES[change](content)
    changed = sealed(content) if seal else json.dumps(content).encode()
    (tmp_path / "out" / JOB_MANIFEST).write_bytes(changed)
    with pytest.raises(OutputExistsError):
        fill(tiny, tmp_path / "out", resume=True)
    if not seal:
        with pytest.raises(OutputExistsError, match="choose another folder, or remove this one"):
            fill(tiny, tmp_path / "out", overwrite=True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").glob("part*")} == before
    assert (tmp_path / "out" / JOB_MANIFEST).read_bytes() == changed


@given(
    st.binary(max_size=50)
    | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(
        lambda value: json.dumps(value).encode()
    )
    | st.integers(0, 200_000).map(lambda depth: b"[" * depth)
)
def test_anything_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / JOB_MANIFEST).write_bytes(content)
    with pytest.raises(OutputExistsError):
        JobManifest.read(folder)


@pytest.fixture(scope="module")
def filled(tiny: Transliterator, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """The folder of a job, and what its manifest holds."""
    folder = tmp_path_factory.mktemp("any") / "out"
    fill(tiny, folder)
    return folder, (folder / JOB_MANIFEST).read_bytes()


@given(st.data())
def test_a_byte_that_changed_is_seen(filled: tuple[Path, bytes], data: st.DataObject) -> None:
    folder, written = filled
    content = bytearray(written)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    (folder / JOB_MANIFEST).write_bytes(content)
    with pytest.raises(OutputExistsError):
        JobManifest.read(folder)


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
@pytest.mark.parametrize("name", [JOB_MANIFEST, JOB_JOURNAL, "part-00000-00001.parquet"])
def test_only_regular_files_are_of_a_job(tiny: Transliterator, tmp_path: Path, kind: str, name: str) -> None:
    fill(tiny, tmp_path / "out")
    path, outside = tmp_path / "out" / name, tmp_path / "outside"
    path.touch()
    path.rename(outside)
    {"pipe": lambda: os.mkfifo(path), "link": lambda: path.symlink_to(outside), "folder": path.mkdir}[kind]()
    content = outside.read_bytes()
    for options in ({"resume": True}, {"overwrite": True}):
        with pytest.raises(OutputExistsError, match="which is of no job"):
            fill(tiny, tmp_path / "out", **options)
    assert outside.read_bytes() == content


def test_files_without_a_manifest_are_not_removed(tiny: Transliterator, tmp_path: Path) -> None:
    fill(tiny, tmp_path / "out")
    (tmp_path / "out" / JOB_MANIFEST).unlink()
    for options in ({}, {"resume": True}, {"overwrite": True}):
        with pytest.raises(OutputExistsError, match=f"no {JOB_MANIFEST}"):
            fill(tiny, tmp_path / "out", **options)
    assert pq.read_table(tmp_path / "out").num_rows == 30


def test_a_job_that_fails_before_its_first_row_leaves_all_as_it_was(tiny: Transliterator, tmp_path: Path) -> None:
    for content in ("", "a,b\n1,2\n", "name,x\nMori\n"):
        (tmp_path / "bad.csv").write_text(content)
        for options in ({}, {"resume": True}, {"overwrite": True}):
            with pytest.raises(TableError):
                transliterate_to_folder(tiny, inputs_of([tmp_path / "bad.csv"]), tmp_path / "out", **options)
            assert [path.name for path in tmp_path.iterdir()] == ["bad.csv"]
    fill(tiny, tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with pytest.raises(TableError, match="line 2"):
        transliterate_to_folder(tiny, inputs_of([tmp_path / "bad.csv"]), tmp_path / "out", overwrite=True)
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


# --- what a job at work has added ---


class StoppedError(Exception):
    """Stands for whatever ends a job."""


@pytest.fixture
def stopped(tiny: Transliterator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a job that was stopped when three of its four files were written down."""
    add = Additions.file

    def stop(additions: Additions, index: int, file: JobFile) -> None:
        if file.name == "part-00000-00003.parquet":
            raise StoppedError
        add(additions, index, file)

    with monkeypatch.context() as patch:
        patch.setattr(Additions, "file", stop)
        with pytest.raises(StoppedError):
            fill(tiny, tmp_path / "out")
    return tmp_path / "out"


def files_of(folder: Path) -> list[str]:
    manifest = JobManifest.read(folder)
    assert manifest is not None
    return [file.name for file in manifest.inputs[0].files]


def test_a_job_that_is_done_has_no_journal(tiny: Transliterator, stopped: Path) -> None:
    assert files_of(stopped) == [f"part-00000-0000{number}.parquet" for number in range(3)]
    assert json.loads((stopped / JOB_MANIFEST).read_bytes())["inputs"][0]["parts"] == []
    assert fill(tiny, stopped, resume=True).resumed_rows == 24
    assert not (stopped / JOB_JOURNAL).exists()
    assert pq.read_table(stopped).num_rows == 30


@given(st.data())
def test_a_journal_is_believed_up_to_the_byte_that_changed(
    tiny: Transliterator, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("any")
    manifest = JobManifest({}, (InputFiles(),))
    manifest.write(folder)
    additions = manifest.additions(folder)
    for number in range(3):
        additions.file(0, JobFile(f"{number}", f"{number:064}", 9, 2, {"ok": 2}, {}))
    additions.close()
    assert files_of(folder) == ["0", "1", "2"]
    content = bytearray((folder / JOB_JOURNAL).read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    before = content[:place].count(b"\n")
    if data.draw(st.booleans()):
        del content[place:]
    else:
        content[place] ^= data.draw(st.integers(1, 255))
    (folder / JOB_JOURNAL).write_bytes(content)
    assert files_of(folder) == ["0", "1", "2"][:before]


def test_a_journal_of_another_manifest_says_nothing(tiny: Transliterator, stopped: Path) -> None:
    """As when the machine went away after a manifest was replaced, and before its journal was removed."""
    journal = (stopped / JOB_JOURNAL).read_bytes()
    assert fill(tiny, stopped, resume=True).resumed_rows == 24
    whole = files_of(stopped)
    (stopped / JOB_JOURNAL).write_bytes(journal)
    assert files_of(stopped) == whole
    assert fill(tiny, stopped, resume=True).resumed_rows == 30
    assert not (stopped / JOB_JOURNAL).exists()


def test_a_sealed_line_that_says_nothing_is_refused(tiny: Transliterator, stopped: Path) -> None:
    seal = (stopped / JOB_JOURNAL).read_bytes().splitlines()[-1][:64].decode()
    for line in (b"{}", b"[]", b'{"input": 1, "complete": true}', b'{"input": 0, "part": {}}', b'{"input": 0}'):
        journal = (stopped / JOB_JOURNAL).read_bytes()
        added = b"%b %b\n" % (seal_of(line, after=seal).encode(), line)
        (stopped / JOB_JOURNAL).write_bytes(journal + added)
        with pytest.raises(OutputExistsError, match="is not a manifest"):
            fill(tiny, stopped, resume=True)
        (stopped / JOB_JOURNAL).write_bytes(journal)


def test_what_is_written_for_a_file_does_not_grow_with_their_number(
    tiny: Transliterator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifests, lines = [], []
    text, add = JobManifest._text, Journal.add
    monkeypatch.setattr(JobManifest, "_text", lambda manifest: manifests.append(text(manifest)) or manifests[-1])
    monkeypatch.setattr(Journal, "add", lambda journal, line: lines.append(line) or add(journal, line))
    (tmp_path / "in.csv").write_text("name\n" + "Mori\n" * 200)
    options = {"read_options": ReadOptions(window=1), "rows_per_file": 1}
    transliterate_to_folder(tiny, inputs_of([tmp_path / "in.csv"]), tmp_path / "out", **options)
    assert len(manifests) == 3  # Written with no file, asked for its seal, and written with all files.
    assert len(lines) == 201
    assert max(map(len, lines)) < 1.2 * min(map(len, lines[:-1]))


def test_a_file_for_which_the_manifest_has_no_room_ends_the_job(
    tiny: Transliterator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at the end, when all files are written."""
    plain = Additions.file

    def full(additions: Additions, index: int, file: JobFile) -> None:
        if file.name == "part-00000-00002.parquet":
            raise TableError("give a larger --rows-per-file")
        plain(additions, index, file)

    with monkeypatch.context() as patch:
        patch.setattr(Additions, "file", full)
        with pytest.raises(TableError, match="give a larger --rows-per-file"):
            fill(tiny, tmp_path / "out")
    assert files_of(tmp_path / "out") == ["part-00000-00000.parquet", "part-00000-00001.parquet"]
    assert fill(tiny, tmp_path / "out", resume=True).resumed_rows == 16


def test_a_manifest_has_room_for_so_many_files(tiny: Transliterator, tmp_path: Path) -> None:
    """What is counted for each file is no less than what is written at the end."""
    (tmp_path / "in.csv").write_text("name\n" + "Mori\n2Pac\n" * 20)
    options = {"read_options": ReadOptions(window=2), "rows_per_file": 2}
    transliterate_to_folder(tiny, inputs_of([tmp_path / "in.csv"]), tmp_path / "out", **options)
    size = (tmp_path / "out" / JOB_MANIFEST).stat().st_size
    whole = JobManifest.read(tmp_path / "out")
    *files, last = whole.inputs[0].files
    empty = replace(whole, inputs=(InputFiles(),))
    for largest, is_enough in ((size + 300, True), (size - 300, False)):
        additions = empty.additions(tmp_path, largest=largest)
        for file in files:
            additions.file(0, file)
        for attempt in (partial(additions.file, 0, last), partial(whole.write, tmp_path, largest=largest)):
            with contextlib.nullcontext() if is_enough else pytest.raises(TableError, match="larger --rows-per-file"):
                attempt()
        additions.close()
