"""One job a folder at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hayakana.errors import JobRunningError, TableError


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
            f"{folder}: folders of files need flock, which this system has not: name one file, with a suffix"
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
