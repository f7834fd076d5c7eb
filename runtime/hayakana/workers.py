"""Worker processes: each holds a ``Transliterator`` of its own and does text and model work for one window at a time.

They are started like ``multiprocessing``'s spawned processes, and unlike them do not import the caller's main module:
no ``if __name__ == "__main__"`` is needed, and a notebook or a pasted line works. A window goes to a worker's standard
input as a pickle, its column comes back on the worker's standard output. A worker ends when that input ends, so that
none outlives the process that started it.
"""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from multiprocessing import spawn
from queue import SimpleQueue
from typing import TYPE_CHECKING, BinaryIO, cast

from hayakana.errors import ClosedError, UntransliterableNameError, WorkerDiedError
from hayakana.results import Column

if TYPE_CHECKING:
    from hayakana.transliterator import Transliterator

_CLOSED = "this Transliterator was closed while it worked: make a new one"

_GOODBYE_S = 5.0
"""Seconds that a worker has to end by itself once its input has ended."""


class Workers:
    """``count`` processes, started together and each ready when this returns.

    ``make`` is called in each of them; it has to be picklable. Works from many threads at once.

    Raises:
        WorkerDiedError: a worker ended before it was ready.
        Exception: whatever ``make`` raised there.
    """

    def __init__(self, make: Callable[[], "Transliterator"], *, count: int) -> None:
        self._processes: list[subprocess.Popen[bytes]] = []
        self._end = weakref.finalize(self, _end, self._processes, owner=os.getpid())
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        self._died: WorkerDiedError | None = None
        try:
            for _ in range(count):
                self._processes.append(_start(make))
            self.device, *_ = [cast(str, self._answer(process)) for process in self._processes]
        except BaseException:
            self.close()
            raise
        for process in self._processes:
            self._idle.put(process)
        # One thread a worker: it waits while the worker works.
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="hayakana-worker")

    def columns(self, windows: Iterable[Sequence[str]]) -> Iterator[Column]:
        """Yield the column of each window, in their order.

        Raises:
            WorkerDiedError: a worker ended, now or before.
            ClosedError: ``close`` was called meanwhile.
        """
        try:
            futures = [self._threads.submit(self._column, window) for window in windows]
        except RuntimeError:  # shut down
            raise ClosedError(_CLOSED) from None
        try:
            while futures:
                yield futures.pop(0).result()
        except CancelledError:
            raise ClosedError(_CLOSED) from None
        finally:
            for future in futures:
                future.cancel()

    def close(self) -> None:
        """End the workers, once those at work have done their window."""
        if hasattr(self, "_threads"):
            self._threads.shutdown(cancel_futures=True)
        self._end()

    def kill(self) -> None:
        """End the workers at once."""
        for process in self._processes:
            process.kill()
        self.close()

    def _column(self, window: Sequence[str]) -> Column:
        process = self._idle.get()
        try:
            if self._died is not None:
                raise self._died
            with contextlib.suppress(BrokenPipeError):  # The answer will say why.
                _send(process.stdin, _packed(window))
            answer = cast(_PackedColumn, self._answer(process))
        finally:
            self._idle.put(process)
        return _column(*answer)

    def _answer(self, process: "subprocess.Popen[bytes]") -> object:
        """Return what ``process`` answers; what it raised is raised here."""
        try:
            answer = pickle.load(cast(BinaryIO, process.stdout))  # noqa: S301  (from our own process)
        except (EOFError, pickle.UnpicklingError) as error:
            self._died = WorkerDiedError(
                f"worker process {process.pid} {_end_of(process)}; what it worked on is not done."
                " Make a new Transliterator, with fewer workers if memory ran out"
            )
            raise self._died from error
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _start(make: Callable[[], "Transliterator"]) -> "subprocess.Popen[bytes]":
    boot = "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); import hayakana.workers as w; w.serve()"
    # -P: no file of the current folder takes the place of a module before sys.path is that of this process.
    command = [spawn.get_executable(), "-P", "-c", boot]
    # A process group of its own: Ctrl-C is for this process, which then sees to its workers.
    process = subprocess.Popen(  # noqa: S603  (this Python)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0
    )
    with contextlib.suppress(BrokenPipeError):
        _send(process.stdin, sys.path)
        _send(process.stdin, make)
    return process


def _send(stream: object, message: object) -> None:
    pipe = cast(BinaryIO, stream)
    pickle.dump(message, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


_Packed = str | list[str]
_PackedColumn = tuple[_Packed, dict[int, UntransliterableNameError], frozenset[int]]


def _packed(texts: Sequence[str]) -> _Packed:
    """Return ``texts`` as one string, which travels several times as fast as a list; as they are if that cannot be."""
    joined = "\n".join(texts)
    return joined if joined.count("\n") == len(texts) - 1 else list(texts)


def _unpacked(texts: _Packed) -> list[str]:
    return texts.split("\n") if isinstance(texts, str) else texts


def _packed_column(column: Column) -> _PackedColumn:
    return _packed([text or "" for text in column.texts]), column.errors, column.kept


def _column(texts: _Packed, errors: dict[int, UntransliterableNameError], kept: frozenset[int]) -> Column:
    unpacked: list[str | None] = [*_unpacked(texts)]
    for place in errors:
        unpacked[place] = None
    return Column(unpacked, errors, kept)


def _end_of(process: "subprocess.Popen[bytes]") -> str:
    """Say how ``process``, which gave no answer, has ended; end it if it has not."""
    try:
        code = process.wait(1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return "wrote something on its standard output that is no answer"
    names = {number.value: number.name for number in signal.Signals}
    return f"was ended by {names.get(-code, f'signal {-code}')}" if code < 0 else f"ended with exit code {code}"


def _end(processes: "Iterable[subprocess.Popen[bytes]]", *, owner: int) -> None:
    """Close the pipes of ``processes`` and wait for them; kill those that stay.

    In a child that ``owner``, the process that started them, has forked, only the child's ends of the pipes are closed.
    """
    if os.getpid() != owner:
        for process in processes:
            process.returncode = 0  # Not this process's to wait for; subprocess need not warn.
            _close(process.stdin)
            _close(process.stdout)
        return
    for process in processes:
        with contextlib.suppress(OSError):
            # Said as well as done: a child that this process forked may hold the pipe open.
            _send(process.stdin, None)
        _close(process.stdin)
    for process in processes:
        try:
            process.wait(_GOODBYE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _close(process.stdout)


def _close(pipe: object) -> None:
    with contextlib.suppress(OSError):
        cast(BinaryIO, pipe).close()


def serve() -> None:
    """Be a worker: read ``make``, then windows, from standard input; write columns to standard output."""
    windows = sys.stdin.buffer
    # What a library prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    transliterator: Transliterator | None = None
    while True:
        try:
            message = pickle.load(windows)  # noqa: S301  (from the process that started this one)
        except EOFError:
            return
        if message is None:
            return
        try:
            if transliterator is None:
                transliterator = cast("Transliterator", message())
                answer: object = transliterator.device
            else:
                answer = _packed_column(transliterator.column(_unpacked(message)))
        except Exception as error:  # noqa: BLE001  (raised in the process that asked)
            answer = error
        try:
            _send(answers, answer)
        except BrokenPipeError:
            return
