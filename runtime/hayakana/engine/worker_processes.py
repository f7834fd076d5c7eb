"""The processes that workers are: which Python is started and how, whether it is stopped, and how it ends.

A worker is started with the Python, the flags and the ``sys.path`` of this process. It does not import the caller's
main module. What starts a worker marks its environment, and no process with the mark starts workers: a program that is
taken for a Python runs its main module again, which would start workers without end.
"""

import contextlib
import io
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import spawn
from pathlib import Path
from typing import cast

from hayakana.engine.wire import Pipe, send
from hayakana.errors import WorkersUnavailableError
from hayakana.system.processes import is_frozen

Process = subprocess.Popen[bytes]

MARK = "HAYAKANA_WORKER"
"""The environment variable that a worker has, and whatever it starts."""

_INTERPRETERS = ("python", "pypy", "graalpy", "hython", "mayapy")
"""How a file that is a Python is called, versions and suffixes aside; Houdini's and Maya's are the last two."""

_REMEDY = "take workers=1, or name a Python that has hayakana with multiprocessing.set_executable()"

_BOOT = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer) or sys.path;"
    " from hayakana.engine.workers import serve; serve()"
)
"""What a worker runs. ``sys.path`` comes through the pipe, since an argument of a command has a limit."""


@dataclass(frozen=True)
class Patience:
    """How long a process waits for its workers.

    Args:
        look_s: seconds between two looks at a silent worker.
        looks: a worker that is stopped at each of so many looks is given up.
        goodbye_s: seconds that a worker has to do its window, and to end by itself once it is told to.
    """

    look_s: float = 1.0
    looks: int = 10
    goodbye_s: float = 5.0


PATIENCE = Patience()


class StoppedError(Exception):
    """A worker was stopped, and nobody has let it go on; says for how long at least."""


def python_of_workers() -> str:
    """Return the Python that workers are started with.

    Raises:
        WorkersUnavailableError: this process is a worker, or the program that it runs is no Python and none was named.
    """
    if MARK in os.environ:
        raise WorkersUnavailableError(f"a worker of hayakana starts no workers ({MARK} is set): take workers=1")
    named = spawn.get_executable()  # sys.executable, unless the program named another.
    python = os.fsdecode(named) if named else ""
    if not python:
        raise WorkersUnavailableError(f"no workers, since nothing says where Python is: {_REMEDY}")
    if not Path(python).is_file():
        raise WorkersUnavailableError(f"no workers, since {python} is no file: {_REMEDY}")
    if _is_this_program(python) and (is_frozen() or not _is_called_like_python(python)):
        raise WorkersUnavailableError(f"no workers, since {python} is a program of its own, not a Python: {_REMEDY}")
    return python


def start(python: str) -> Process:
    """Start a worker, which first wants a ``sys.path`` (``pickle``) and then messages (``wire``).

    Raises:
        WorkersUnavailableError: the system starts no process.
    """
    # -P: no file of the current folder takes the place of a module before sys.path is that of this process.
    command = [python, *_flags(), "-P", "-c", _BOOT]
    # A process group of its own: Ctrl-C is for this process, which then sees to its workers. Without buffers nothing is
    # written twice, and no lock is held, in a child that is forked meanwhile.
    try:
        process = subprocess.Popen(  # noqa: S603  (this Python)
            command,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if _is_open(2) else subprocess.DEVNULL,
            bufsize=0,
            process_group=0,
        )
    except OSError as error:
        raise WorkersUnavailableError(f"cannot start a worker ({error.strerror}): take fewer workers") from error
    if hasattr(select, "poll"):
        # A full pipe to a worker that is stopped must not hold this process.
        os.set_blocking(stdin(process).fileno(), False)
    return process


def path_of_workers() -> list[str]:
    """Return ``sys.path`` as workers get it; empty where they have to take their own.

    Import looks at strings alone. A relative folder is where this process found it, whatever folder is current now. The
    path of a frozen program leads into the program, where another Python finds nothing.
    """
    if is_frozen():
        return []
    return [_absolute(entry) if entry else "" for entry in sys.path if isinstance(entry, str)]


def stdin(process: Process) -> io.FileIO:
    """Return this process's end of the pipe that a worker reads."""
    return cast(io.FileIO, process.stdin)


def stdout(process: Process) -> io.FileIO:
    """Return this process's end of the pipe that a worker writes."""
    return cast(io.FileIO, process.stdout)


def is_stopped(process: Process) -> bool:
    """Whether ``process`` is stopped, as by SIGSTOP, where the system tells; nothing is taken from who waits for it."""
    if not hasattr(os, "waitid"):
        return False
    try:
        return os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return False


def wait_for(
    process: Process, pipe: Pipe, patience: Patience, *, is_stopped: Callable[[Process], bool] = is_stopped
) -> None:
    """Return once ``pipe`` can be read or written without waiting, however long the worker works.

    Raises:
        EOFError: the worker has ended, and the pipe does not say so: some other process holds it open.
        StoppedError: the worker was stopped, and at each of ``patience.looks`` looks it still is. Time when this
            process was stopped too does not count.
    """
    stopped = 0
    while not _is_ready(pipe, patience.look_s):
        if process.poll() is not None and not _is_ready(pipe, patience.look_s):
            raise EOFError("the worker has ended")
        stopped = stopped + 1 if is_stopped(process) else 0
        if stopped == patience.looks:
            raise StoppedError(f"{patience.looks * patience.look_s:g} s")


def end_of(process: Process) -> str:
    """Say how ``process``, which gave no reply, has ended; end it if it has not."""
    try:
        code = process.wait(1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return "wrote something on its standard output that is no answer, and was ended"
    names = {number.value: number.name for number in signal.Signals}
    return f"was ended by {names.get(-code, f'signal {-code}')}" if code < 0 else f"ended with exit code {code}"


def end(processes: Sequence[Process], *, owner: int, goodbye_s: float) -> None:
    """Tell ``processes`` to end, close their pipes and wait ``goodbye_s`` seconds for them; kill those that stay.

    In a child that ``owner``, the process that started them, has forked, only the child's ends of the pipes are closed.
    """
    if os.getpid() != owner:
        for process in processes:
            process.returncode = 0  # Not this process's to wait for; subprocess need not warn.
            _close(stdin(process))
            _close(stdout(process))
        return
    for process in processes:
        with contextlib.suppress(OSError):
            # Said as well as done: a child that this process forked may hold the pipe open.
            send(stdin(process), None, wait=_give_up)
        _close(stdin(process))
    deadline = time.monotonic() + goodbye_s
    for process in processes:
        try:
            process.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _close(stdout(process))


def _is_this_program(python: str) -> bool:
    """Whether ``python`` is what this process runs, so that nobody has named another."""
    if python == sys.executable:
        return True
    try:
        return bool(sys.executable) and Path(python).samefile(sys.executable)
    except OSError:
        return False


def _is_called_like_python(python: str) -> bool:
    """Whether ``python`` has the name of an interpreter, or is a link to a file that has."""
    names = {Path(python).name.lower(), Path(python).resolve().name.lower()}
    return any(interpreter in name for name in names for interpreter in _INTERPRETERS)


def _flags() -> list[str]:
    """Return the flags of this Python, as ``multiprocessing`` gives them to its processes, and every ``-X``.

    ``get_command_line`` is public, and made for this: ``python``, flags, ``-c`` and what follows. In a frozen program
    it has no flags. It leaves out some of ``-X``; what is given twice counts once.
    """
    _, *command = spawn.get_command_line()
    flags = command[: command.index("-c")] if "-c" in command else []
    for option, value in getattr(sys, "_xoptions", {}).items():
        flags += ["-X", option if value is True else f"{option}={value}"]
    return flags


def _environment() -> dict[str, str]:
    environment = {**os.environ, MARK: "1"}
    if is_frozen():
        # PyInstaller leads the program to the libraries that it carries, and keeps what was there before.
        for name in ("LD_LIBRARY_PATH", "LIBPATH"):
            before = environment.pop(f"{name}_ORIG", None)
            if before is not None:
                environment[name] = before
            elif hasattr(sys, "_MEIPASS"):
                environment.pop(name, None)
    return environment


def _absolute(entry: str) -> str:
    """Return ``entry`` of ``sys.path`` as the folder that this process has looked into."""
    path = getattr(sys.path_importer_cache.get(entry), "path", entry)
    # An exact string, since no worker knows a class of the caller's.
    return str.__str__(path if isinstance(path, str) else entry)


def _is_ready(pipe: Pipe, seconds: float) -> bool:
    """Wait at most ``seconds`` for ``pipe``; whether it can be used without waiting. Where nobody can ask, it can."""
    if not hasattr(select, "poll"):
        return True
    poll = select.poll()
    poll.register(pipe, select.POLLOUT if pipe.writable() else select.POLLIN)
    return bool(poll.poll(seconds * 1_000))


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _give_up(_: Pipe) -> None:
    raise BlockingIOError("the pipe is full")


def _close(pipe: Pipe) -> None:
    with contextlib.suppress(OSError):
        pipe.close()
