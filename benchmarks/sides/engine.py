"""hayakana. Every repetition has a fresh ``Transliterator``, since one remembers the parts that it has decoded."""

import itertools
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hayakana import Transliterator

WARM_UP = [
    f"qx{first}{second}{'aeiou' * 3}"[:length]
    for length in range(4, 13)
    for first, second in itertools.product("bdfgklmnprst", "aeiou")
]
"""Names of many lengths that no sample holds: no census name has qx in it, so no trigram model writes it."""


def open_warm(options: dict[str, Any]) -> Transliterator:
    """Return ``Transliterator(**options)`` after it has decoded ``WARM_UP``: sessions, workers and lengths are warm."""
    transliterator = Transliterator(**options)
    transliterator.transliterate(WARM_UP, on_error="keep")
    return transliterator


def open_lists(options: str) -> Callable[[dict], dict]:
    """Serve ``{"names": [...], "one_at_a_time": bool}`` with ``{"seconds": float, "texts": [...]}``.

    ``options`` is what ``Transliterator`` takes, in JSON. The clock is around names as str in, Katakana as str out.
    """
    parsed = json.loads(options)

    def handle(request: dict) -> dict:
        names = request["names"]
        with open_warm(parsed) as transliterator:
            started = time.perf_counter()
            if request.get("one_at_a_time"):
                texts = [transliterator(name) for name in names]
            else:
                texts = transliterator.transliterate(names)
            seconds = time.perf_counter() - started
        return {"seconds": seconds, "texts": texts}

    return handle


def open_latencies(options: str) -> Callable[[dict], list[float]]:
    """Serve ``{"names": [...]}`` with the milliseconds of each name, called one at a time."""
    parsed = json.loads(options)

    def handle(request: dict) -> list[float]:
        milliseconds = []
        with open_warm(parsed) as transliterator:
            for name in request["names"]:
                started = time.perf_counter()
                transliterator(name)
                milliseconds.append((time.perf_counter() - started) * 1000)
        return milliseconds

    return handle


def open_stream(options: str) -> Callable[[dict], dict]:
    """Serve ``{"file", "count", "window"}``: the first ``count`` lines of a file, ``window`` names a call.

    Answers ``{"seconds": [one a window], "peak_resident_mib": float}``. Reading the file is outside the clock; results
    are dropped, as by someone who writes them out. The peak is the process's own since it started: one request a child.
    """
    parsed = json.loads(options)

    def handle(request: dict) -> dict:
        seconds = []
        with open_warm(parsed) as transliterator, Path(request["file"]).open(encoding="ascii") as file:
            lines = itertools.islice(file, request["count"])
            while names := [line.rstrip("\n") for line in itertools.islice(lines, request["window"])]:
                started = time.perf_counter()
                transliterator.transliterate(names)
                seconds.append(time.perf_counter() - started)
        return {"seconds": seconds, "peak_resident_mib": peak_resident_mib()}

    return handle


def open_start(options: str) -> Callable[[dict], float]:
    """Serve any request with the seconds from ``Transliterator(...)`` until all workers have decoded a list."""
    parsed = json.loads(options)

    def handle(_: dict) -> float:
        started = time.perf_counter()
        transliterator = open_warm(parsed)
        seconds = time.perf_counter() - started
        transliterator.close()
        return seconds

    return handle


def peak_resident_mib() -> float:
    """Return the most memory that this process ever held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 1024)
