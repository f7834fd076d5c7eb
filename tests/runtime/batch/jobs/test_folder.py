"""What a folder holds, and what becomes of it: the table of docs/batch.md, each cell of it by a job."""

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hayakana import JobRunningError, OutputExistsError, Transliterator
from hayakana.batch import ReadOptions, Report, inputs_of, transliterate_to_folder
from hayakana.batch.jobs.manifest import JOB_MANIFEST
from hayakana.system.files import locked

DOCS = Path(__file__).parents[4] / "docs" / "batch.md"

TABLE = """\
| what is there | without an option | `--resume` | `--overwrite` |
|---|---|---|---|
| nothing | begins | begins | begins |
| this job | refused | goes on | starts over |
| another job (input, model, option or version) | refused | refused, with the difference | starts over |
| other files, or a `_hayakana.json` that was changed | refused | refused | refused |
| a job at work | refused | refused | refused |
"""
WISHES: tuple[dict[str, bool], ...] = ({}, {"resume": True}, {"overwrite": True})


def nothing(folder: Path) -> None:
    shutil.rmtree(folder)


def an_empty_folder(folder: Path) -> None:
    nothing(folder)
    folder.mkdir()


def what_a_killed_process_left(folder: Path) -> None:
    an_empty_folder(folder)
    (folder / ".hayakana-0123.tmp").write_bytes(b"half")


def the_whole_job(folder: Path) -> None:
    pass


def half_of_the_job(folder: Path) -> None:
    (folder / "part-00000-00001.csv").unlink()


def a_file_of_somebody(folder: Path) -> None:
    an_empty_folder(folder)
    (folder / "thesis.tex").write_text("mine")


def a_file_of_somebody_beside_the_job(folder: Path) -> None:
    (folder / "part-00000-00000.csv.bak").write_text("mine")


def a_link(folder: Path) -> None:
    (folder / "part-00000-00007.csv").symlink_to("part-00000-00000.csv")


def a_folder_in_it(folder: Path) -> None:
    (folder / "part-00000-00007.csv").mkdir()


def files_without_a_manifest(folder: Path) -> None:
    (folder / JOB_MANIFEST).unlink()


def a_manifest_that_was_changed(folder: Path) -> None:
    path = folder / JOB_MANIFEST
    path.write_bytes(path.read_bytes().replace(b'"rows": 10', b'"rows": 11', 1))


SCENES: dict[str, tuple[Callable[[Path], None], ...]] = {
    "nothing": (nothing, an_empty_folder, what_a_killed_process_left),
    "this job": (the_whole_job, half_of_the_job),
    "another job (input, model, option or version)": (the_whole_job, half_of_the_job),
    "other files, or a `_hayakana.json` that was changed": (
        a_file_of_somebody,
        a_file_of_somebody_beside_the_job,
        a_link,
        a_folder_in_it,
        files_without_a_manifest,
        a_manifest_that_was_changed,
    ),
    "a job at work": (an_empty_folder, the_whole_job),
}
MESSAGES = {
    ("this job", "refused"): "holds a job already: give --resume to go on with it, --overwrite to start over",
    ("another job (input, model, option or version)", "refused"): "holds a job already: give --resume",
    ("another job (input, model, option or version)", "refused, with the difference"): (
        'is of another job: names: separator was "・" and is "-"'
    ),
    ("a job at work", "refused"): "another job is at work on this folder",
    a_file_of_somebody: "holds 'thesis.tex', which is of no job of hayakana: choose another folder",
    a_file_of_somebody_beside_the_job: "holds 'part-00000-00000.csv.bak', which is of no job",
    a_link: "holds 'part-00000-00007.csv', which is of no job",
    a_folder_in_it: "holds 'part-00000-00007.csv', which is of no job",
    files_without_a_manifest: "has files and no _hayakana.json, which says what job they are of",
    a_manifest_that_was_changed: "is not a manifest of this version of hayakana",
}


def cells() -> list[tuple[str, Callable[[Path], None], dict[str, bool], str]]:
    """Return each cell of the table for each scene of its row: the row, the scene, the option, what is to happen."""
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in TABLE.splitlines()[2:]]
    return [
        (what, scene, wish, outcome)
        for what, *outcomes in rows
        for scene in SCENES[what]
        for wish, outcome in zip(WISHES, outcomes, strict=True)
    ]


def test_the_table_is_that_of_the_docs() -> None:
    assert TABLE in DOCS.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("names") / "names.csv"
    path.write_text("name\n" + "Tanaka Mori\nKato\n" * 15, encoding="utf-8")
    return path


def fill(transliterator: Transliterator, names: Path, folder: Path, **wish: bool) -> Report:
    options = {
        "read_options": ReadOptions(window=10),
        "rows_per_file": 10,
        "file_format": inputs_of([names])[0].file_format,
    }
    return transliterate_to_folder(transliterator, inputs_of([names]), folder, **options, **wish)


@pytest.fixture(scope="module")
def transliterators(tiny_folder: Path) -> tuple[Transliterator, Transliterator]:
    return Transliterator(tiny_folder), Transliterator(tiny_folder, separator="-")


@pytest.fixture(scope="module")
def jobs(
    transliterators: tuple[Transliterator, Transliterator], names: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The folders of two whole jobs of the same names: with a separator each."""
    folders = tmp_path_factory.mktemp("this"), tmp_path_factory.mktemp("other")
    for transliterator, folder in zip(transliterators, folders, strict=True):
        fill(transliterator, names, folder)
    return folders


def bytes_of(folder: Path) -> dict[str, bytes | None]:
    files = folder.iterdir() if folder.exists() else ()
    return {path.name: path.read_bytes() if path.is_file() else None for path in files}


@pytest.mark.parametrize(("what", "scene", "wish", "outcome"), cells())
def test_a_cell_of_the_table(
    transliterators: tuple[Transliterator, Transliterator],
    jobs: tuple[Path, Path],
    names: Path,
    tmp_path: Path,
    what: str,
    scene: Callable[[Path], None],
    wish: dict[str, bool],
    outcome: str,
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(jobs[0], folder)
    scene(folder)
    before = bytes_of(folder)
    is_another = what.startswith("another job")
    asked, whole = transliterators[is_another], bytes_of(jobs[is_another])
    with locked(folder) if what == "a job at work" else contextlib.nullcontext():
        if outcome.startswith("refused"):
            with pytest.raises((OutputExistsError, JobRunningError)) as raised:
                fill(asked, names, folder, **wish)
            assert (MESSAGES.get(scene) or MESSAGES[what, outcome]) in str(raised.value)
            assert bytes_of(folder) == before
            return
        report = fill(asked, names, folder, **wish)
    assert bytes_of(folder) == whole
    there = {the_whole_job: 30, half_of_the_job: 10}
    assert (report.rows, report.resumed_rows) == (30, there[scene] if outcome == "goes on" else 0)
