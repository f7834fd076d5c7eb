"""A file that stays open when what was put on top of it is closed."""

from typing import IO


class Unclosed:
    """``file`` for Arrow, whose streams close what is below them."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, ``size`` at most."""
        return self._file.read(size)

    def write(self, data: bytes | memoryview, /) -> int:
        """Append ``data``."""
        return self._file.write(data)

    def flush(self) -> None:
        """Leave that to whoever opened it."""

    def close(self) -> None:
        """Leave that to whoever opened it."""
