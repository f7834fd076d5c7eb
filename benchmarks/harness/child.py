"""A process that holds one side of a comparison, so that sides share no threads, no memory and no library settings.

The parent sends requests, the child answers; what is timed is timed inside the child, so the messages cost nothing.
``python -m benchmarks.harness.child CORE MODULE:FUNCTION ARGUMENTS`` calls the function with the arguments, a list in
JSON, and serves requests, a JSON document a line, with what it returned.
"""

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
ONE_THREAD = {
    f"{library}_NUM_THREADS": "1"
    for library in ("OMP", "OPENBLAS", "MKL", "BLIS", "VECLIB_MAXIMUM", "NUMEXPR", "RAYON")
}
"""For every library that a side might bring, since each has threads of its own."""

AS_INSTALLED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Modules are compiled once, as pip compiles those of a package; where this is set, each start would do it again."""


def last_core() -> int:
    """Return the core to pin to: the last one, since the first serves most interrupts."""
    return max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) - 1


class Child:
    """Starts ``opener(*arguments)``, given as ``"module:function"``, in a process, and calls what it returns.

    Args:
        opener: the function that loads the side and returns a function of one request.
        arguments: for ``opener``, what JSON can hold.
        core: pins the process to this core and its libraries to one thread; None leaves both alone. Where the system
            cannot pin (macOS), one thread is all there is to it.
        environment: variables to set beside the present ones.
    """

    def __init__(
        self, opener: str, *arguments: Any, core: int | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        self._opener = opener
        pinned_to = "any" if core is None else str(core)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.harness.child", pinned_to, opener, json.dumps(arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, **AS_INSTALLED, **({} if core is None else ONE_THREAD), **(environment or {})},
            text=True,
            encoding="utf-8",
        )

    def __call__(self, request: Any) -> Any:
        """Send ``request`` and return the answer; both are what JSON can hold.

        Raises:
            RuntimeError: the child ended; its own words are on standard error.
        """
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise RuntimeError(f"{self._opener} ended with exit status {self._process.wait()}")
        return json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let the child end, and wait for it."""
        self._process.communicate()


def timed(work: Callable[[], Any]) -> dict[str, Any]:
    """Return the ``seconds`` that ``work`` takes, and the ``texts`` that it returns."""
    started = time.perf_counter()
    texts = work()
    return {"seconds": time.perf_counter() - started, "texts": texts}


def serve(core: str, opener: str, arguments: str) -> None:
    """Answer requests from standard input until it ends; ``arguments`` of ``opener`` are a list in JSON."""
    if core != "any" and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core)})
    # What a library prints must not end up among the answers.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        module, function = opener.split(":")
        handle = getattr(importlib.import_module(module), function)(*json.loads(arguments))
        for line in sys.stdin:
            answers.write(json.dumps(handle(json.loads(line))) + "\n")
            answers.flush()


if __name__ == "__main__":
    serve(*sys.argv[1:])
