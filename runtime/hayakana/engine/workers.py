"""Worker processes: each serves an ``Engine`` of its own, which does text and model work for one window at a time.

They are started like ``multiprocessing``'s spawned processes, and unlike them do not import the caller's main module:
no ``if __name__ == "__main__"`` is needed, and a notebook or a pasted line works. A window goes to a worker's standard
input as a pickle, its column comes back on the worker's standard output. A worker ends when that input ends, so that
none outlives the process that started it.
"""

import contextlib
import io
import os
import pickle
import sys
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from functools import partial
from itertools import repeat
from queue import Empty, SimpleQueue
from typing import cast

from hayakana.engine.column import NO_DETAILS, Details, KatakanaColumn
from hayakana.engine.engine import Engine
from hayakana.engine.wire import (
    Packed,
    PackedColumn,
    packed,
    packed_column,
    receive,
    receive_first,
    send,
    unpacked,
    unpacked_column,
    write,
)
from hayakana.engine.worker_processes import (
    PATIENCE,
    Patience,
    Process,
    StoppedError,
    end,
    end_of,
    path_of_workers,
    python_of_workers,
    start,
    stdin,
    stdout,
    wait_for,
)
from hayakana.errors import ClosedError, HayakanaError, WorkerDiedError, WorkersUnavailableError
from hayakana.model.manifest import Manifest
from hayakana.names.parsing import NameParser

Ready = tuple[str, NameParser, Manifest]
"""What a worker says once it is ready: its device, its parser and the manifest of its model."""

_CLOSED = "this Transliterator was closed while it worked: make a new one"
_INTERRUPTED = "Ctrl-C in another thread ended the workers and what they worked on: call again, which starts new ones"


class Workers:
    """``count`` processes, started together and each ready when this returns.

    ``make`` is called in each of them; it has to be picklable. Works from many threads at once.

    Raises:
        WorkersUnavailableError: no worker can be started here; see ``worker_processes.python_of_workers``.
        WorkerDiedError: a worker ended, or was stopped, before it was ready.
        Exception: whatever ``make`` raised there.
    """

    def __init__(self, make: Callable[[], Engine], *, count: int, patience: Patience = PATIENCE) -> None:
        self._patience = patience
        self._python = python_of_workers()
        self.processes: list[Process] = []
        self._end = weakref.finalize(self, end, self.processes, owner=os.getpid(), goodbye_s=patience.goodbye_s)
        self._idle: SimpleQueue[Process] = SimpleQueue()
        # One thread a worker: it waits while the worker works.
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="hayakana-worker")
        self._closed = False
        self._died: str | None = None
        try:
            for _ in range(count):
                self.processes.append(start(self._python))
            ready = partial(self._ready, path=pickle.dumps(path_of_workers()), make=make)
            (self.device, self.parser, self.manifest), *_ = self._threads.map(ready, self.processes)
        except BaseException:
            self._close(patience_s=0)
            raise
        for process in self.processes:
            self._idle.put(process)

    def transliterate_windows(
        self, windows: Iterable[Sequence[str]], details: Iterable[Details] = repeat(NO_DETAILS)
    ) -> Iterator[KatakanaColumn]:
        """Yield the column of each window, in their order; see ``Engine.transliterate_window``.

        ``details`` has an entry for each window.

        Raises:
            WorkerDiedError: a worker ended, or was stopped, now or before.
            ClosedError: ``close`` was called meanwhile.
        """
        try:
            futures = [
                self._threads.submit(self._transliterate_window, window, of_window)
                for window, of_window in zip(windows, details, strict=False)
            ]
        except RuntimeError as error:
            if self._closed:
                raise self._reason_to_end() from error
            raise
        try:
            while futures:
                yield futures.pop(0).result()
        except CancelledError:
            raise self._reason_to_end() from None
        finally:
            for future in futures:
                future.cancel()

    def close(self) -> None:
        """End the workers within seconds: those at work have some for their window."""
        self._close(patience_s=self._patience.goodbye_s)

    def kill(self) -> None:
        """End the workers at once."""
        self._died = self._died or _INTERRUPTED
        self._close(patience_s=0)

    def _close(self, *, patience_s: float) -> None:
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        deadline = time.monotonic() + patience_s
        idle: list[Process] = []
        with contextlib.suppress(Empty):
            while len(idle) < len(self.processes):
                idle.append(self._idle.get(timeout=max(deadline - time.monotonic(), 0)))
        for process in self.processes:
            if process not in idle:
                process.kill()
        for process in idle:  # A thread may wait for one, to be told that this is over.
            self._idle.put(process)
        self._threads.shutdown()
        self._end()

    def _ready(self, process: Process, *, path: bytes, make: Callable[[], Engine]) -> Ready:
        """Send a new worker what it needs; return what it is ready with."""
        wait = partial(wait_for, process, patience=self._patience)
        with self._said_if_it_dies(process, is_ready=False):
            with contextlib.suppress(BrokenPipeError):  # The reply will say why.
                write(stdin(process), path, wait=wait)
                send(stdin(process), make, wait=wait)
            reply, noise = receive_first(stdout(process), wait=wait)
        if noise and sys.stderr is not None:
            sys.stderr.write(noise.decode(errors="replace"))
        version, ready = cast(tuple[str, Ready], _unless_raised(reply))
        ours = sys.modules["hayakana"].__version__
        if version != ours:
            raise WorkersUnavailableError(
                f"{self._python} has hayakana {version}, and this program has {ours}: install the same version there"
            )
        return ready

    def _transliterate_window(self, window: Sequence[str], details: Details) -> KatakanaColumn:
        process = self._idle.get()
        wait = partial(wait_for, process, patience=self._patience)
        try:
            if self._closed or self._died is not None:
                raise self._reason_to_end()
            with self._said_if_it_dies(process, is_ready=True):
                with contextlib.suppress(BrokenPipeError):  # The reply will say why.
                    send(stdin(process), (packed(window), details), wait=wait)
                reply = receive(stdout(process), wait=wait)
        finally:
            self._idle.put(process)
        column = unpacked_column(*cast(PackedColumn, _unless_raised(reply)))
        assert len(column.texts) == len(window)
        return column

    @contextlib.contextmanager
    def _said_if_it_dies(self, process: Process, *, is_ready: bool) -> Iterator[None]:
        """Raise what became of ``process``, now and at every later call, where it gives no reply in the block."""
        try:
            yield
        except EOFError as error:
            self._note(_death(process.pid, end_of(process), python="" if is_ready else self._python))
            raise self._reason_to_end() from error
        except StoppedError as error:
            process.kill()
            self._note(_death(process.pid, f"was stopped ({error}), and was ended"))
            raise self._reason_to_end() from error

    def _note(self, death: str) -> None:
        if not self._closed:  # There the worker was told to end, or was killed.
            self._died = self._died or death

    def _reason_to_end(self) -> HayakanaError:
        """Return why the workers take no more work."""
        return ClosedError(_CLOSED) if self._died is None else WorkerDiedError(self._died)


def _death(number: int, end: str, *, python: str = "") -> str:
    """Say what became of worker process ``number``, and what to do; ``python`` is there before it is ready."""
    if "SIGKILL" in end:
        remedy = "make a new Transliterator, with fewer workers if memory ran out"
    elif python:
        remedy = f"what it wrote on standard error says why, unless {python} is no Python that has hayakana"
    else:
        remedy = "make a new Transliterator; what it wrote on standard error may say why"
    when = " before it was ready" if python else "; what it worked on is not done"
    return f"worker process {number} {end}{when}: {remedy}"


def _unless_raised(reply: object) -> object:
    raised, content = cast(tuple[bool, object], reply)
    if raised:
        raise cast(BaseException, content)
    return content


def serve() -> None:
    """Be a worker: read ``make``, then windows, from standard input; write columns to standard output."""
    requests = cast(io.BufferedReader, sys.stdin.buffer)
    # What a library prints must not get among the replies.
    with os.fdopen(os.dup(1), "wb", buffering=0) as replies:
        os.dup2(2, 1)
        _serve_requests(requests, replies)


def _serve_requests(requests: io.BufferedReader, replies: io.FileIO) -> None:
    """Reply to each request until there are no more, or nobody listens."""
    engine: Engine | None = None
    while True:
        try:
            message = receive(requests)
        except EOFError:
            return
        if message is None:
            return
        try:
            if engine is None:
                engine = cast(Callable[[], Engine], message)()
                ready: Ready = (engine.device, engine.parser, engine.manifest)
                reply: tuple[bool, object] = (False, (sys.modules["hayakana"].__version__, ready))
            else:
                window, details = cast(tuple[Packed, Details], message)
                reply = (False, packed_column(engine.transliterate_window(unpacked(window), details)))
        except Exception as error:  # noqa: BLE001  (raised in the process that asked)
            reply = (True, _travelling(error))
        try:
            send(replies, reply)
        except BrokenPipeError:
            return


def _travelling(error: Exception) -> Exception:
    """Return ``error``, or what it says where it cannot be pickled and read again."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  (from ourselves)
    except Exception:  # noqa: BLE001  (whatever a class does when it is pickled)
        return RuntimeError(f"{type(error).__name__} in a worker process: {error}")
    return error
