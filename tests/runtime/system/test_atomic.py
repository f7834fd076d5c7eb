"""Files that are written whole or not at all, and what they may replace."""

import multiprocessing
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.processes import started

from hayakana import OutputExistsError
from hayakana.system import files
from hayakana.system.files import atomic_file, new_folder, remove_left_behind, remove_temporaries


def replace(destination: Path, content: bytes = b"new") -> None:
    with atomic_file(destination) as file:
        file.write(content)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(path))


KINDS: dict[str, Callable[[Path], None]] = {"a pipe": os.mkfifo, "a socket": make_socket, "a folder": Path.mkdir}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("links", [0, 1, 2])
def test_only_a_regular_file_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, links: int
) -> None:
    monkeypatch.chdir(tmp_path)
    KINDS[kind](tmp_path / "0")
    before = (tmp_path / "0").lstat()
    for link in range(1, links + 1):
        (tmp_path / f"{link}").symlink_to(tmp_path / f"{link - 1}")
    with pytest.raises(OutputExistsError, match=f"is {kind}, and only a regular file is ever replaced"):
        replace(tmp_path / f"{links}")
    assert (tmp_path / "0").lstat() == before
    assert len(list(tmp_path.iterdir())) == links + 1


@pytest.mark.slow
@pytest.mark.parametrize("device", ["/dev/null", "/dev/full", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/0"])
def test_devices_and_streams_are_left_alone(tmp_path: Path, device: str) -> None:
    """In a process of its own, whose standard streams are pipes."""
    code = "import sys, pathlib, hayakana.system.files as a\nwith a.atomic_file(pathlib.Path(sys.argv[1])): pass"
    (tmp_path / "link").symlink_to(device)
    for path in (device, tmp_path / "link"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)], check=False, capture_output=True, text=True, input="", timeout=60
        )
        assert "OutputExistsError" in done.stderr
    assert Path("/dev/null").is_char_device()


def test_what_becomes_a_device_meanwhile_stays_one(tmp_path: Path) -> None:
    with pytest.raises(OutputExistsError), atomic_file(tmp_path / "out"):
        os.mkfifo(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out").is_fifo()


@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077, 0o000])
def test_nobody_else_can_open_a_file_before_it_is_whole(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with atomic_file(tmp_path / "out"):
            (temporary,) = tmp_path.iterdir()
            assert mode_of(temporary) == 0o600
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "out") == 0o666 & ~umask


def test_a_file_is_made_with_its_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No moment in which it has another, which a look at it could miss: what holds content is opened with 0600."""
    modes: dict[str, int] = {}
    monkeypatch.setattr(
        os, "open", lambda name, flags, mode=0o777: modes.update({str(name): mode}) or plain(name, flags, mode)
    )
    replace(tmp_path / "out")
    (made,) = [mode for name, mode in modes.items() if name.endswith(".tmp")]
    assert made == 0o600


plain = os.open


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o755])
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    (tmp_path / "out").touch()
    (tmp_path / "out").chmod(mode)
    replace(tmp_path / "out")
    assert (mode_of(tmp_path / "out"), (tmp_path / "out").read_bytes()) == (mode, b"new")


# --- left behind ---

WRITE_AND_WAIT = """
import pathlib, sys, time
from hayakana.system.files import atomic_file
with atomic_file(pathlib.Path(sys.argv[1])) as file:
    file.write(b"half")
    print("writing", flush=True)
    time.sleep(60)
"""


@contextmanager
def writing(destination: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", WRITE_AND_WAIT, str(destination)]
    with started(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "writing\n"
        yield process


@pytest.mark.slow
def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    with writing(tmp_path / "out.csv") as killed, writing(tmp_path / "other.csv") as other:
        other.kill()
        other.wait(60)
        with writing(tmp_path / "out.csv") as running:
            killed.kill()
            killed.wait(60)
            assert len(list(tmp_path.iterdir())) == 3
            remove_left_behind(tmp_path / "out.csv")
            assert len(list(tmp_path.iterdir())) == 2  # Of the process that runs, and of another file.
            running.kill()
            running.wait(60)
    remove_left_behind(tmp_path / "out.csv")
    remove_left_behind(tmp_path / "other.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_what_only_has_such_a_name_stays(tmp_path: Path) -> None:
    with writing(tmp_path / "out.csv") as killed:
        killed.kill()
    (left,) = tmp_path.iterdir()
    left.unlink()
    (tmp_path / "precious").write_bytes(b"mine")
    left.symlink_to(tmp_path / "precious")
    os.mkfifo(left.with_name(f"{left.stem}0.tmp"))
    names = sorted(path.name for path in tmp_path.iterdir())
    remove_left_behind(tmp_path / "out.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    remove_left_behind(tmp_path / "none" / "out.csv")


def write_often(destination: Path, times: int) -> None:
    for _ in range(times):
        replace(destination)


@pytest.mark.slow
def test_cleaning_does_not_disturb_who_writes(tmp_path: Path) -> None:
    """Files are made, locked and removed by processes at the same time."""
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_often, args=(tmp_path / "out", 200)) for _ in range(2)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        remove_left_behind(tmp_path / "out")
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.slow
def test_without_flock_files_are_written_and_none_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with writing(tmp_path / "out") as killed:
        killed.kill()
    monkeypatch.setitem(sys.modules, "fcntl", None)
    remove_left_behind(tmp_path / "out")
    replace(tmp_path / "out")
    assert len(list(tmp_path.iterdir())) == 2


def test_where_open_files_cannot_be_renamed_they_are_closed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows."""
    monkeypatch.setattr(files, "_RENAMES_OPEN_FILES", False)
    was_closed = []
    rename = Path.replace
    with atomic_file(tmp_path / "out") as file:
        file.write(b"new")
        monkeypatch.setattr(Path, "replace", lambda *paths: (was_closed.append(file.closed), rename(*paths)))
    assert was_closed == [True]
    assert (tmp_path / "out").read_bytes() == b"new"


# --- folders ---


def test_a_new_folder_stays_where_there_is_something_in_it(tmp_path: Path) -> None:
    with new_folder(tmp_path / "out"):
        assert (tmp_path / "out").is_dir()
    assert not (tmp_path / "out").exists()
    with new_folder(tmp_path / "out"):
        (tmp_path / "out" / "file").touch()
    with new_folder(tmp_path / "out"):
        (tmp_path / "out" / "file").unlink()
    assert (tmp_path / "out").is_dir()  # It was there before.


def test_a_new_folder_goes_with_a_process_that_ends(tmp_path: Path) -> None:
    with new_folder(tmp_path / "out"):
        remove_temporaries()
        assert not (tmp_path / "out").exists()
