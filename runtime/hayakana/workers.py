"""Worker processes: each holds a ``Transliterator`` of its own and does text and model work for one window at a time.

They are started like ``multiprocessing``'s spawned processes, and unlike them do not import the caller's main module:
no ``if __name__ == "__main__"`` is needed, and a notebook or a pasted line works. A window goes to a worker's standard
input as a pickle, its column comes back on the worker's standard output. A worker ends when that input ends, so that
none outlives the process that started it.
"""

import contextlib
import io
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
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from hayakana.errors import ClosedError, HayakanaError, UntransliterableNameError, WorkerDiedError
from hayakana.results import NO_DETAILS, Candidate, Column, Details

if TYPE_CHECKING:
    from hayakana.transliterator import Transliterator

_CLOSED = "this Transliterator was closed while it worked: make a new one"
_INTERRUPTED = "Ctrl-C in another thread ended the workers and what they worked on: call again, which starts new ones"

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
        # One thread a worker: it waits while the worker works.
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="hayakana-worker")
        self._closed = False
        self._died: str | None = None
        try:
            for _ in range(count):
                self._processes.append(_start(make))
            self.device, *_ = [cast(str, self._answer(process)) for process in self._processes]
        except BaseException:
            self.close()
            raise
        for process in self._processes:
            self._idle.put(process)

    def columns(self, windows: Iterable[Sequence[str]], details: Details = NO_DETAILS) -> Iterator[Column]:
        """Yield the column of each window, in their order; see ``Transliterator.column``.

        Raises:
            WorkerDiedError: a worker ended, now or before.
            ClosedError: ``close`` was called meanwhile.
        """
        try:
            futures = [self._threads.submit(self._column, window, details) for window in windows]
        except RuntimeError as error:
            if self._closed:
                raise self._over() from error
            raise
        try:
            while futures:
                yield futures.pop(0).result()
        except CancelledError:
            raise self._over() from None
        finally:
            for future in futures:
                future.cancel()

    def close(self) -> None:
        """End the workers, once those at work have done their window."""
        self._closed = True
        self._threads.shutdown(cancel_futures=True)
        self._end()

    def kill(self) -> None:
        """End the workers at once."""
        self._died = self._died or _INTERRUPTED
        for process in self._processes:
            process.kill()
        self.close()

    def _column(self, window: Sequence[str], details: Details) -> Column:
        process = self._idle.get()
        try:
            if self._died is not None:
                raise self._over()
            with contextlib.suppress(BrokenPipeError):  # The answer will say why.
                _send(process.stdin, (_packed(window), details))
            answer = cast(_PackedColumn, self._answer(process))
        finally:
            self._idle.put(process)
        column = _column(*answer)
        assert len(column.texts) == len(window)
        return column

    def _answer(self, process: "subprocess.Popen[bytes]") -> object:
        """Return what ``process`` answers; what it raised is raised here."""
        try:
            raised, answer = cast(tuple[bool, object], _receive(process.stdout))
        except EOFError as error:
            end = _end_of(process)
            self._died = self._died or (
                f"worker process {process.pid} {end}; what it worked on is not done."
                " Make a new Transliterator, with fewer workers if memory ran out"
            )
            raise self._over() from error
        if raised:
            raise cast(BaseException, answer)
        return answer

    def _over(self) -> HayakanaError:
        """Return why there is no more work to be had."""
        return ClosedError(_CLOSED) if self._died is None else WorkerDiedError(self._died)


def _start(make: Callable[[], "Transliterator"]) -> "subprocess.Popen[bytes]":
    boot = "import ast, sys; sys.path[:] = ast.literal_eval(sys.argv[1]); import hayakana.workers as w; w.serve()"
    # -P: no file of the current folder takes the place of a module before sys.path is that of this process.
    command = [spawn.get_executable(), "-P", "-c", boot, repr(sys.path)]
    # A process group of its own: Ctrl-C is for this process, which then sees to its workers. Without buffers nothing is
    # written twice, and no lock is held, in a child that is forked meanwhile.
    process = subprocess.Popen(  # noqa: S603  (this Python)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, process_group=0
    )
    with contextlib.suppress(BrokenPipeError):
        _send(process.stdin, make)
    return process


_MAGIC = b"hayakana"
"""Begins every message, so that what a library prints is not taken for one."""


def _send(stream: object, message: object) -> None:
    """Write ``message`` as ``_MAGIC``, its size (8 bytes, little-endian) and its pickle."""
    pipe = cast(io.FileIO, stream)
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    rest = memoryview(_MAGIC + len(content).to_bytes(8, "little") + content)
    while rest:
        rest = rest[pipe.write(rest) :]


def _receive(stream: object) -> object:
    """Read what ``_send`` wrote.

    Raises:
        EOFError: the other side has gone, or what it wrote is no message.
    """
    pipe = cast(io.FileIO, stream)
    head = _exactly(pipe, len(_MAGIC) + 8)
    if not head.startswith(_MAGIC):
        raise EOFError("not a message")
    return pickle.loads(_exactly(pipe, int.from_bytes(head[len(_MAGIC) :], "little")))  # noqa: S301  (from ourselves)


def _exactly(pipe: io.FileIO, size: int) -> bytearray:
    content = bytearray(size)
    rest = memoryview(content)
    while rest:
        read = pipe.readinto(rest)
        if not read:
            raise EOFError("the other side has gone")
        rest = rest[read:]
    return content


_Packed = str | list[str]
_Request = tuple[_Packed, Details]
_Rest = tuple[
    dict[int, UntransliterableNameError],
    frozenset[int],
    frozenset[int],
    NDArray[np.float64] | None,
    list[tuple[Candidate, ...]] | None,
]
"""What a ``Column`` has beside its texts, in its order."""
_PackedColumn = tuple[_Packed, _Rest]


def _packed(texts: Sequence[str]) -> _Packed:
    """Return ``texts`` as one string, which travels several times as fast as a list, if no text has a line feed."""
    joined = "\n".join(texts)
    return joined if joined.count("\n") == len(texts) - 1 else [str.__str__(text) for text in texts]


def _unpacked(texts: _Packed) -> list[str]:
    return texts.split("\n") if isinstance(texts, str) else texts


def _packed_column(column: Column) -> _PackedColumn:
    rest = column.errors, column.kept, column.listed, column.probabilities, column.candidates
    return _packed([text or "" for text in column.texts]), rest


def _column(texts: _Packed, rest: _Rest) -> Column:
    unpacked: list[str | None] = [*_unpacked(texts)]
    errors, *_ = rest
    for place in errors:
        unpacked[place] = None
    return Column(unpacked, *rest)


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
        cast(io.FileIO, pipe).close()


def serve() -> None:
    """Be a worker: read ``make``, then windows, from standard input; write columns to standard output."""
    # What a library prints must not get among the answers.
    requests, answers = (os.fdopen(os.dup(number), mode, buffering=0) for number, mode in ((0, "rb"), (1, "wb")))
    os.dup2(2, 1)
    transliterator: Transliterator | None = None
    while True:
        try:
            message = _receive(requests)
        except EOFError:
            return
        if message is None:
            return
        try:
            if transliterator is None:
                transliterator = cast("Callable[[], Transliterator]", message)()
                answer: tuple[bool, object] = (False, transliterator.device)
            else:
                window, details = cast(_Request, message)
                answer = (False, _packed_column(transliterator.column(_unpacked(window), details)))
        except Exception as error:  # noqa: BLE001  (raised in the process that asked)
            answer = (True, error)
        try:
            _send(answers, answer)
        except BrokenPipeError:
            return
