"""Folders and patterns: each real folder is visited once, however many links lead to it."""

import glob
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import TableError
from hayakana.batch.jobs.patterns import files_in, matches


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that were listed."""
    found: list[str] = []
    plain = os.scandir
    monkeypatch.setattr(os, "scandir", lambda folder: found.append(os.fspath(folder)) or plain(folder))
    return found


@pytest.fixture
def loops(tmp_path: Path) -> Path:
    """Two links to their own folder in each of two folders: 2^40 paths before the system refuses any."""
    folder = tmp_path / "d"
    (folder / "deep").mkdir(parents=True)
    for place in (folder, folder / "deep"):
        (place / f"{place.name}.csv").touch()
        (place / "a").symlink_to(folder)
        (place / "b").symlink_to(".")
    return folder


def test_loops_of_links_in_a_folder(loops: Path, visited: list[str]) -> None:
    assert files_in(loops) == [loops / "d.csv", loops / "deep" / "deep.csv"]
    assert len(visited) <= 2 * 2  # Once for files, once for folders.


@pytest.mark.parametrize("pattern", ["**/*.csv", "**/**/*.csv", "**", "**/b/**/*.csv"])
def test_loops_of_links_in_a_pattern(loops: Path, visited: list[str], pattern: str) -> None:
    found = matches(f"{loops}/{pattern}")
    assert {path.name for path in found} == {"d.csv", "deep.csv"}
    assert len(found) == 2
    assert len(visited) < 20


def test_a_folder_outside_is_read_through_its_link(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.csv").touch()
    (tmp_path / "in" / "1").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "2").symlink_to(tmp_path / "out")
    assert files_in(tmp_path / "in") == [tmp_path / "in" / "1" / "x.csv"]
    # Where both are in it, by its own path.
    assert files_in(tmp_path) == [tmp_path / "out" / "x.csv"]


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """The innermost of more folders than Python calls within calls, which Python could not remove, so they go again."""
    folders = [tmp_path]
    for _ in range(1_100):
        folders.append(folders[-1] / "d")
        folders[-1].mkdir()
    yield folders[-1]
    (folders[-1] / "x.csv").unlink()
    for folder in reversed(folders[1:]):
        folder.rmdir()


def test_deep_folders_and_too_many_files(deep: Path, tmp_path: Path) -> None:
    (deep / "x.csv").touch()
    assert files_in(tmp_path) == [deep / "x.csv"]
    assert matches(f"{tmp_path}/**/*.csv") == [deep / "x.csv"]
    for find in (lambda: files_in(tmp_path, most=50), lambda: matches(f"{tmp_path}/**/*.csv", most=50)):
        with pytest.raises(TableError, match="more than 50 files or folders: make several jobs"):
            find()


PARTS = ["a", "b", "*", "?", "[ab]", "**", ".", "..", ".*", "*.csv", "a.csv", "[!a]*"]


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=4))
def test_patterns_are_those_of_glob(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    """Without links the files are the same, by their real paths.

    What glob gives with a slash at its end is no match of a file: ``**`` of nothing, below a file.
    """
    # So deep that .. leads to nothing of other tests.
    root = tmp_path_factory.getbasetemp() / "patterns" / "of" / "a" / "tree"
    for name in ("a/a.csv", "a/b/b.csv", "b/a/b/.hidden.csv", ".c/c.csv", "x.csv", "a/.a/a.csv"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    pattern = str(root.joinpath(*parts))
    of_glob = [each for each in glob.glob(pattern, recursive=True) if not each.endswith(os.sep)]  # noqa: PTH207
    expected = {Path(each).resolve() for each in of_glob if Path(each).is_file()}
    found = matches(pattern)
    assert {path.resolve() for path in found} == expected
    assert len(found) == len(expected)
