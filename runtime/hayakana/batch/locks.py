"""One job a folder at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hayakana.errors import JobRunningError


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold ``folder`` for this process (flock(2), Linux and macOS): the system lets go of it however the process ends.

    Raises:
        JobRunningError: another process holds it.
        OSError: it cannot be opened.
    """
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
