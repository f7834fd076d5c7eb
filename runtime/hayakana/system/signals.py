"""Signals that the main thread must hear of while it waits."""

import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from hayakana.system.files import remove_temporaries

_ENDING = (signal.SIGINT, signal.SIGTERM)
_REPEAT_S = 0.1


@contextmanager
def delivering(signals: Collection[int]) -> Iterator[None]:
    """Have this thread, the main one, hear of one of ``signals`` that came just before it began to wait.

    Python's handlers run where a signal interrupts the main thread. A signal can come between its last look for signals
    and the system call that waits, for a lock or for input. It interrupts nothing, and would be heard of when the wait
    is over. So another thread sends it again until the block is left: its handler must end the process, or ignore the
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

    try:
        with suppress(RuntimeError):  # Where there is no memory for a thread, it remains that a signal may come late.
            threading.Thread(target=repeat, name="hayakana-signals", daemon=True).start()
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
def ended_by_signals(last_words: Callable[[], str] = str) -> Iterator[None]:
    """Have Ctrl-C and SIGTERM, the signal of schedulers, end the process at once, and leave nothing half-written.

    Not by an exception: Python raises it wherever the main thread is. A lock of ``threading`` may be half taken there,
    and other threads would wait for it for ever, and the process for them. Or a package is being imported, and makes
    something else of it. A signal that is ignored stays so, as SIGINT is in a job in the background.

    Args:
        last_words: what is written on standard error before.
    """
    if threading.current_thread() is not threading.main_thread():  # Only there can Python be told of signals.
        yield
        return

    def end(number: int, _: object) -> NoReturn:
        for heard_number in heard:
            signal.signal(heard_number, signal.SIG_IGN)
        remove_temporaries()
        with suppress(OSError):
            os.write(2, last_words().encode(errors="backslashreplace"))  # Not by print, which this may interrupt.
        os._exit(128 + number)

    heard = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, end) for number in heard}
    try:
        with delivering(heard):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
