"""Signals that the main thread must hear of while it waits."""

import os
import signal
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager

_REPEAT_S = 0.1


@contextmanager
def told_of(signals: Collection[int]) -> Iterator[None]:
    """Have this thread, the main one, hear of one of ``signals`` that came just before it began to wait.

    Python's handlers run where a signal interrupts the main thread. One that comes between its last look for signals
    and the system call that waits, for a lock or for input, interrupts nothing, and would be heard of when the wait is
    over. So another thread sends it again until the block is left: its handler must end the process, or ignore the
    signal from then on.
    """
    if not hasattr(signal, "pthread_kill"):
        yield
        return
    told, tell_of = _pipe()
    os.set_blocking(tell_of, False)
    before = signal.set_wakeup_fd(tell_of, warn_on_full_buffer=False)
    listening = threading.get_ident()

    def repeat() -> None:
        with os.fdopen(told, "rb", buffering=0) as numbers:
            while number := numbers.read(1):
                if number[0] in signals:
                    time.sleep(_REPEAT_S)
                    signal.pthread_kill(listening, number[0])  # Which tells of it once more.

    threading.Thread(target=repeat, name="hayakana-signals", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(tell_of)


def _pipe() -> tuple[int, int]:
    """Return the ends of a pipe, neither of them a standard stream, in whose place it would come if that is closed."""
    import fcntl  # Which Windows has not, nor ``pthread_kill``.

    ends = os.pipe()
    read, write = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 3) for end in ends)
    for end in ends:
        os.close(end)
    return read, write


@contextmanager
def interruptible() -> Iterator[None]:
    """Have Ctrl-C raise ``KeyboardInterrupt`` in the block, once, wherever the main thread waits in it."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:  # As under nohup, which ignores it.
        yield
        return

    def interrupt(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_IGN)  # It is sent again, and what ends now must not be interrupted.
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    with told_of((signal.SIGINT,)):
        yield
