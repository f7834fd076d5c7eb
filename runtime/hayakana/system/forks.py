"""What must not be shared with a forked child."""

import os
import threading


class LockOfProcess:
    """A lock a process: one that another thread held at a fork would never be released in the child."""

    def __init__(self) -> None:
        self._locks: dict[int, threading.Lock] = {}

    def __call__(self) -> threading.Lock:
        """Return the lock of the process that asks."""
        return self._locks.setdefault(os.getpid(), threading.Lock())
