"""Write a file whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_PREFIX, _SUFFIX = ".hayakana-", ".tmp"


def is_temporary(path: Path) -> bool:
    """Whether ``path`` is one of the files that ``atomic_file`` writes: left behind, if no process does."""
    return path.name.startswith(_PREFIX) and path.name.endswith(_SUFFIX)


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


def _sync_folder(folder: Path) -> None:
    """Have the new name of a file outlive a loss of power, where folders can be synced."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
