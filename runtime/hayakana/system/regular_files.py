"""Files that are read whole: regular files alone, and no more of them than is allowed."""

import os
import stat
from pathlib import Path


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
