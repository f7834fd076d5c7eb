"""Processes that tests start and talk to: each has a limit, and the signals that it would have in a terminal."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

HAYAKANA = (sys.executable, "-m", "hayakana")
"""The program."""

LIMIT_S = 120
"""Seconds that a process of a test may take, on a busy machine too."""


def with_usual_signals() -> None:
    """Undo what a process has from whoever started the tests: in the background SIGINT is ignored.

    For ``preexec_fn``, as all that a process starts has from it what it ignores.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def started(
    command: Sequence[str | Path],
    *,
    stdin: int | IO[Any] | None = None,
    stdout: int | IO[Any] | None = None,
    stderr: int | IO[Any] | None = None,
    text: bool = False,
    env: Mapping[str, str] | None = None,
    limit_s: float = LIMIT_S,
) -> Iterator[subprocess.Popen]:
    """Start ``command`` in a process group of its own, which is killed after ``limit_s`` or when the test fails.

    So whatever a test waits for, the end of the process or something to read from it, comes in time.
    """
    with subprocess.Popen(
        command,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        text=text,
        env=env,
        start_new_session=True,
        preexec_fn=with_usual_signals,
    ) as process:

        def kill() -> None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

        limit = threading.Timer(limit_s, kill)
        limit.start()
        try:
            yield process
            process.wait(limit_s)
        finally:
            limit.cancel()
            if process.poll() is None:
                kill()
