"""Files: written whole or not at all, read only where they are regular files, and locked by one process at a time."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from hayakana.errors import JobRunningError, OutputExistsError, TableError

_PREFIX, _SUFFIX = ".hayakana-", ".tmp"

_RENAMES_OPEN_FILES = os.name != "nt"
"""Windows does not."""

_under_way: set[Path] = set()
"""Temporary files of this process, as they may have to be removed from anywhere."""

_new_folders: set[Path] = set()
"""Folders that this process made and has put nothing into."""


def is_temporary(path: Path) -> bool:
    """Whether ``path`` is one of the files that ``atomic_file`` writes: left behind, if no process does."""
    return path.name.startswith(_PREFIX) and path.name.endswith(_SUFFIX)


def remove_temporaries() -> None:
    """Remove what this process has under way, which is to end at once: temporary files, new folders that are empty.

    Takes no lock, so that it can be called where a signal is handled.
    """
    for temporary in tuple(_under_way):
        with suppress(OSError):
            temporary.unlink()
    for folder in tuple(_new_folders):
        with suppress(OSError):
            folder.rmdir()


def check_replaceable(destination: Path) -> None:
    """Check that ``destination`` is a regular file, or a link to one, or nothing yet.

    Raises:
        OutputExistsError: it is a device, a pipe, a socket or a folder, or a link to one.
        OSError: it cannot be looked at.
    """
    try:
        # Before any link is resolved: those in /proc do not say what they lead to.
        mode = destination.stat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise OutputExistsError(
            f"{destination} is {_kind(mode)}, and only a regular file is ever replaced: choose another path"
        )


def _kind(mode: int) -> str:
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    return kinds.get(stat.S_IFMT(mode), "a device")


@contextmanager
def atomic_file(destination: Path) -> Iterator[IO[bytes]]:
    """Open a file beside ``destination`` that takes its place when all went well and vanishes when not.

    A link is written through, and a file that is there keeps its mode. Until it is whole, nobody else can open the new
    file, which is locked (flock) as long as a process writes it.

    Raises:
        OutputExistsError: ``destination`` is there and is not a regular file.
        OSError: the file cannot be written; ``filename`` is ``destination``.
    """
    check_replaceable(destination)
    destination = destination.resolve()
    temporary, probe = _temporary(destination), _temporary(destination)
    _under_way.add(temporary)
    try:
        usual_mode = _mode_of_new(probe)
        with _locked_file(temporary) as file:
            yield file
            file.flush()
            check_replaceable(destination)
            _set_mode(file, destination, usual_mode)
            os.fsync(file.fileno())
            if not _RENAMES_OPEN_FILES:  # Where there is no flock either, and nobody takes it for one left behind.
                file.close()
            temporary.replace(destination)
        sync_folder(destination.parent)
    except OSError as error:
        if error.errno is None or error.filename not in (None, str(temporary), str(probe)):
            raise
        raise type(error)(error.errno, error.strerror, str(destination)) from error
    finally:
        with suppress(NotADirectoryError):
            temporary.unlink(missing_ok=True)
        _under_way.discard(temporary)


def remove_left_behind(destination: Path) -> None:
    """Remove temporary files of ``destination`` whose process was killed; those that a process writes are locked.

    Does nothing where the system has no flock, or where the files cannot be opened.
    """
    if not hasattr(os, "O_NOFOLLOW"):  # As on Windows, which has no flock either.
        return
    destination = destination.resolve()
    names: list[str] = []
    with suppress(OSError), os.scandir(destination.parent) as entries:
        names = [entry.name for entry in entries if entry.name.startswith(_stem(destination))]
    for path in (destination.with_name(name) for name in names if name.endswith(_SUFFIX)):
        with suppress(OSError):
            descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                if stat.S_ISREG(os.fstat(descriptor).st_mode) and _lock(descriptor, wait=False):
                    path.unlink()
            finally:
                os.close(descriptor)


@contextmanager
def new_folder(folder: Path) -> Iterator[None]:
    """Make ``folder`` where it is missing; a folder that was made here vanishes if it is still empty at the end.

    Raises:
        OSError: it cannot be made.
    """
    try:
        folder.mkdir()
    except FileExistsError:
        yield
        return
    _new_folders.add(folder)
    try:
        yield
    finally:
        with suppress(OSError):  # It is not empty.
            folder.rmdir()
        _new_folders.discard(folder)


def _temporary(destination: Path) -> Path:
    return destination.with_name(f"{_stem(destination)}{os.urandom(8).hex()}{_SUFFIX}")


def _stem(destination: Path) -> str:
    """Return the first characters of the names of the temporary files of ``destination``, and of no other file.

    Not its name, which may be as long as a name can be; nor the number of this process, which in a container is that
    of the process before.
    """
    return f"{_PREFIX}{hashlib.sha256(os.fsencode(destination.name)).hexdigest()[:16]}-"


def _mode_of_new(path: Path) -> int:
    """Return the mode of a new file in that place, as the folder and the umask of the process have it.

    An empty file tells it: the umask cannot be read without being changed, for all threads.
    """
    with path.open("xb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    path.unlink(missing_ok=True)
    return mode


def _locked_file(path: Path) -> IO[bytes]:
    """Open a new file that nobody else can open and that nobody takes for one left behind."""
    while True:
        file = open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115  (its mode)
        _lock(file.fileno(), wait=True)
        if os.fstat(file.fileno()).st_nlink:
            return file
        file.close()  # Another process removed it before it was locked.


def _lock(descriptor: int, *, wait: bool) -> bool:
    """Lock a file, and return whether that went well: there may be no flock, or none on the file system."""
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except (ImportError, OSError):
        return False
    return True


def _set_mode(file: IO[bytes], destination: Path, usual_mode: int) -> None:
    """Give the file the mode of what it replaces, or else the usual one."""
    mode = usual_mode
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE(destination.stat().st_mode)
    if hasattr(os, "fchmod"):
        os.fchmod(file.fileno(), mode)


def sync_folder(folder: Path) -> None:
    """Have the new names of files in ``folder`` outlive a loss of power, where folders can be synced."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class UnfitFileError(ValueError):
    """What stands at a path is not a regular file, or has more bytes than are read."""


def read_regular_file(path: Path, *, most_bytes: int) -> bytes:
    """Return the content of the regular file at ``path``, ``most_bytes`` at most.

    A FIFO, a device or a file without an end cannot hold up the caller: the kind of the open file and its size are
    looked at before a byte is read. Memory is bounded by ``most_bytes``, whatever the file grows to meanwhile.

    Raises:
        UnfitFileError: it is not a regular file, or is larger.
        OSError: it cannot be opened or read.
        ValueError: the path holds a null character.
    """
    # Without O_NONBLOCK the system waits for a writer before it opens a FIFO. Windows has neither.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)  # Python would make no file of a folder, and name it by the number of the descriptor.
        raise UnfitFileError("it is not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > most_bytes:
            raise UnfitFileError(f"it has {status.st_size:,} bytes, and {most_bytes:,} are allowed")
        # A size of 0 says nothing: files of /proc have it, whatever is in them.
        expected = status.st_size or most_bytes
        content = file.read(expected + 1)
    if len(content) > expected:
        raise UnfitFileError(f"it is written to, or has more than the {most_bytes:,} bytes that are allowed")
    return content


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold ``folder`` for this process (flock(2), Linux and macOS): the system lets go of it however the process ends.

    Raises:
        JobRunningError: another process holds it.
        TableError: this system has no flock.
        OSError: it cannot be opened.
    """
    try:
        import fcntl
    except ImportError as error:
        raise TableError(
            f"{folder}: folders of files need flock, which is missing on this system: name one file, with a suffix"
        ) from error
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise JobRunningError(
                f"{folder}: another job is at work on this folder: wait for it, or name another"
            ) from error
        yield
    finally:
        os.close(descriptor)
