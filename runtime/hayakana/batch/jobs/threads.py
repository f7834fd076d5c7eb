"""Stages of a pipeline in threads of their own. Arrow's kernels and onnxruntime let go of Python's lock meanwhile."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Clock:
    """Seconds that each stage was at work. Works from many threads at once."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    @property
    def seconds(self) -> dict[str, float]:
        """What was counted so far."""
        return dict(self._seconds)

    @contextmanager
    def counting(self, stage: str) -> Iterator[None]:
        """Count what the block takes for ``stage``."""
        started = time.perf_counter()
        try:
            yield
        finally:
            with self._lock:
                self._seconds[stage] += time.perf_counter() - started

    def timed(self, stage: str, items: Iterator[Item]) -> Iterator[Item]:
        """Yield ``items``; what it takes to get each counts for ``stage``."""
        while True:
            with self.counting(stage):
                try:
                    item = next(items)
                except StopIteration:
                    return
            yield item


def ahead(items: Generator[Item, None, None], *, depth: int) -> Generator[Item, None, None]:
    """Yield ``items``, which a thread takes, up to ``depth`` of them before they are asked for.

    The thread ends with the items, or once it has what it is taking when this iterator is closed. A process can end
    before that, as where it waits at a pipe.
    """
    done: SimpleQueue[tuple[list[Item], BaseException | None]] = SimpleQueue()
    # No semaphore: an exception that a signal raises in the midst of one would leave it locked.
    room: SimpleQueue[None] = SimpleQueue()
    is_closed = False
    for _ in range(depth):
        room.put(None)

    def take() -> None:
        try:
            while True:
                room.get()
                if is_closed:
                    return
                done.put(([next(items)], None))
        except StopIteration:
            done.put(([], None))
        except BaseException as error:  # noqa: BLE001  (raised where the items are asked for)
            done.put(([], error))
        finally:
            items.close()

    threading.Thread(target=take, name="hayakana-ahead", daemon=True).start()
    try:
        while True:
            taken, error = done.get()
            if error is not None:
                raise error
            if not taken:
                return
            room.put(None)
            yield taken[0]
    finally:
        is_closed = True
        room.put(None)


def in_threads(function: Callable[[Item], Result], items: Iterator[Item], *, threads: int) -> Iterator[Result]:
    """Yield ``function`` of each of ``items``, in their order, as many of them at work at a time as ``threads``."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="hayakana-answers")
    pending: deque[Future[Result]] = deque()
    try:
        for item in items:
            pending.append(pool.submit(function, item))
            if len(pending) > threads:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
