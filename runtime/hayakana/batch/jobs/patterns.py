"""Files in folders and of glob patterns. Each real folder is visited once, however many links lead to it."""

import glob
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from hayakana.errors import TableError

MOST_FILES = 100_000
"""Files or folders that a folder or a pattern may name, at most: a job keeps a list of all of them."""

_ANY_FOLDERS = "**"

_LEFT_OUT = (".", "_", "~$")
"""First characters of what is no input of a folder; the last are of what Excel writes beside an open workbook."""


def files_in(folder: Path, *, most: int = MOST_FILES) -> list[Path]:
    """Return the files of ``folder`` and of those in it, through links too, by path.

    What begins with a dot, an underscore or ``~$`` is left out, with all that is in it.

    Raises:
        TableError: there are more than ``most`` files or folders.
        OSError: a folder cannot be read.
    """
    files = []
    for inner in _folders([folder], hidden=_LEFT_OUT, most=most):
        files += [path for path in _entries(inner, hidden=_LEFT_OUT) if not path.is_dir()]
        _check_count(len(files), str(folder), most)
    return sorted(files)


def matches(pattern: str, *, most: int = MOST_FILES) -> list[Path]:
    """Return the files of a glob pattern, by path: ``**`` stands for folders at any depth, in links too.

    Raises:
        TableError: there are more than ``most`` files or folders.
    """
    path = Path(pattern)
    folders = [Path(path.anchor)]
    *before, last = path.parts[1:] if path.anchor else path.parts
    for part in before:
        if part == _ANY_FOLDERS:
            folders = list(_folders(folders, hidden=(".",), most=most))
        else:
            folders = list(_once(match for folder in folders for match in _matches_in(folder, part)))
    if last == _ANY_FOLDERS:
        folders, last = list(_folders(folders, hidden=(".",), most=most)), "*"
    files: list[Path] = []
    for folder in folders:
        files += [match for match in _matches_in(folder, last) if match.is_file()]
        _check_count(len(files), pattern, most)
    return sorted(files)


def _matches_in(folder: Path, part: str) -> Iterator[Path]:
    """Yield what is in ``folder`` and matches one part of a pattern."""
    if glob.has_magic(part):
        # Not below ``folder`` by ``folder.glob``, which has other rules of hidden files.
        yield from (folder / name for name in sorted(glob.glob(part, root_dir=folder)))  # noqa: PTH207
    elif os.path.lexists(folder / part):
        yield folder / part


def _folders(folders: list[Path], *, hidden: tuple[str, ...], most: int) -> Iterator[Path]:
    """Yield ``folders`` and all below them, each real one once: by its own path rather than that of a link to it."""
    seen: set[tuple[int, int]] = set()
    real, links = list(reversed(folders)), list[Path]()
    while real or links:
        folder = real.pop() if real else links.pop(0)
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen or not stat.S_ISDIR(status.st_mode):
            continue
        seen.add((status.st_dev, status.st_ino))
        _check_count(len(seen), str(folders[0]), most)
        yield folder
        below = [path for path in _entries(folder, hidden=hidden) if path.is_dir()]
        real += [path for path in reversed(below) if not path.is_symlink()]
        links += [path for path in below if path.is_symlink()]


def _once(folders: Iterator[Path]) -> Iterator[Path]:
    """Yield those that are folders, each real one once."""
    seen: set[tuple[int, int]] = set()
    for folder in folders:
        if folder.is_dir():
            status = folder.stat()
            if (key := (status.st_dev, status.st_ino)) not in seen:
                seen.add(key)
                yield folder


def _entries(folder: Path, *, hidden: tuple[str, ...]) -> list[Path]:
    with os.scandir(folder) as entries:
        return sorted(folder / entry.name for entry in entries if not entry.name.startswith(hidden))


def _check_count(count: int, what: str, most: int) -> None:
    if count > most:
        raise TableError(f"{what}: more than {most:,} files or folders: make several jobs of it")
