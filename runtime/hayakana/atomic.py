"""Write a file whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_PREFIX, _SUFFIX = ".hayakana-", ".tmp"

_under_way: set[Path] = set()
"""Temporary files of this process, as they may have to be removed from anywhere."""


def is_temporary(path: Path) -> bool:
    """Whether ``path`` is one of the files that ``atomic_file`` writes: left behind, if no process does."""
    return path.name.startswith(_PREFIX) and path.name.endswith(_SUFFIX)


def remove_temporaries() -> None:
    """Remove what ``atomic_file`` has under way in this process, which is to end at once.

    Takes no lock, so that it can be called where a signal is handled.
    """
    for temporary in tuple(_under_way):
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def atomic_file(destination: Path) -> Iterator[IO[bytes]]:
    """Open a file beside ``destination`` that takes its place when all went well and vanishes when not.

    A link is written through, and a file that is there keeps its mode.

    Raises:
        OSError: the file cannot be written; ``filename`` is ``destination``.
    """
    destination = destination.resolve()
    # Not after the destination's name, which may be as long as a name can be; nor after this process's number, which
    # in a container is that of the process before.
    temporary = destination.with_name(f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}")
    _under_way.add(temporary)
    try:
        with temporary.open("xb") as file:
            if destination.exists():
                shutil.copymode(destination, temporary)
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(destination)
        _sync_folder(destination.parent)
    except OSError as error:
        if error.errno is None or error.filename not in (None, str(temporary)):
            raise
        raise type(error)(error.errno, error.strerror, str(destination)) from error
    finally:
        with suppress(NotADirectoryError):
            temporary.unlink(missing_ok=True)
        _under_way.discard(temporary)


def _sync_folder(folder: Path) -> None:
    """Have the new name of a file outlive a loss of power, where folders can be synced."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
