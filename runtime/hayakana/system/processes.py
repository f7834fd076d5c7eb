"""What must not be shared with a forked child, and whether this program was packed into a file."""

import os
import sys
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from hayakana.errors import ClosedError

Made = TypeVar("Made")


class LockOfProcess:
    """A lock a process: a lock that another thread held at a fork would never be released in the child."""

    def __init__(self) -> None:
        self._locks: dict[int, threading.Lock] = {}

    def __call__(self) -> threading.Lock:
        """Return the lock of the process that asks."""
        return self._locks.setdefault(os.getpid(), threading.Lock())


class OncePerProcess(Generic[Made]):
    """What each process makes for itself when it first asks: sessions, threads and pipes do not survive a fork.

    Works from many threads at once. ``owner`` is what a ``ClosedError`` names after ``close``.
    """

    def __init__(self, make: Callable[[], Made], *, owner: str) -> None:
        self._make, self._owner = make, owner
        self._lock = LockOfProcess()
        self._made: tuple[int, Made] | None = None
        self._closed = False

    def __call__(self) -> Made:
        """Return what this process has made, now or before.

        Raises:
            ClosedError: ``close`` was called.
            Exception: whatever ``make`` raises.
        """
        self.check_open()
        made, process = self._made, os.getpid()
        if made is not None and made[0] == process:
            return made[1]
        with self._lock():
            self.check_open()
            if self._made is None or self._made[0] != process:
                self._made = (process, self._make())
            return self._made[1]

    def check_open(self) -> None:
        """Raise ``ClosedError`` after ``close``."""
        if self._closed:
            raise ClosedError(f"this {self._owner} is closed: make a new one")

    def forget(self) -> Made | None:
        """Have the next call make another; return what this process has made, None where it has made nothing."""
        made, self._made = self._made, None
        return made[1] if made is not None and made[0] == os.getpid() else None

    def close(self) -> Made | None:
        """Have every later call raise; return as ``forget``. To close again does nothing."""
        with self._lock():
            self._closed = True
            return self.forget()


def is_frozen() -> bool:
    """Whether this program was packed into a file.

    PyInstaller, cx_Freeze and py2exe set ``sys.frozen``, and Nuitka ``__compiled__`` in modules.
    """
    modules = (sys.modules.get("__main__"), sys.modules[__name__])
    return bool(getattr(sys, "frozen", False)) or any(hasattr(module, "__compiled__") for module in modules)
