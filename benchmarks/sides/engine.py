"""hayakana. Every repetition has a fresh ``Transliterator``, since one remembers the parts that it has decoded."""

import contextlib
import functools
import hashlib
import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.harness.child import timed
from benchmarks.harness.memory import peak_resident_mib
from hayakana import Transliterator

WARM_UP = sorted(
    {
        f"qx{first}{second}{'aeiou' * 3}"[:length]
        for length in range(2, 14)
        for first, second in itertools.product("bdfgklmnprst", "aeiou")
    }
)
"""Names of all lengths, in every stretch of the list: each of several workers gets all of them.

No sample holds them: no census name has qx in it, so no trigram model writes it.
"""
ONE_BY_ONE = [name for length in range(2, 14) for name in [name for name in WARM_UP if len(name) == length][:3]]
"""A few of every length, to be called singly."""


def open_warm(options: dict[str, Any]) -> Transliterator:
    """Return ``Transliterator(**options)`` with sessions, workers and all lengths warm, for a list and for one name.

    Networks are timed: what a table of known names knows is not looked up unless ``options`` ask for it.
    """
    transliterator = Transliterator(**{"known_names": False} | options)
    # First, since what a list has decoded is remembered: the slots of one name would stay closed.
    for name in ONE_BY_ONE:
        transliterator(name, on_error="empty")
    transliterator.transliterate(WARM_UP, on_error="empty")
    return transliterator


def open_lists(options: dict[str, Any]) -> Callable[[dict], dict]:
    """Serve ``{"names", "one_at_a_time"}`` with ``{"seconds": float, "texts": [...]}``.

    ``options`` are what ``Transliterator`` takes. The clock is around names as str in, Katakana as str out. A name that
    the model does not finish, as it happens to made-up ones, is the empty string. Where nothing is remembered, one
    ``Transliterator`` stays open: opening one on a GPU takes seconds.
    """
    kept_open = open_warm(options) if options.get("cache_size") == 0 else None

    def handle(request: dict) -> dict:
        names = request["names"]
        with contextlib.nullcontext(kept_open) if kept_open else open_warm(options) as transliterator:
            if request.get("one_at_a_time"):
                return timed(lambda: [transliterator(name, on_error="empty") for name in names])
            return timed(lambda: transliterator.transliterate(names, on_error="empty"))

    return handle


def open_latencies(options: dict[str, Any]) -> Callable[[dict], list[float]]:
    """Serve ``{"names": [...]}`` with the milliseconds of each name, called one at a time."""

    def handle(request: dict) -> list[float]:
        milliseconds = []
        with open_warm(options) as transliterator:
            for name in request["names"]:
                started = time.perf_counter()
                transliterator(name, on_error="empty")
                milliseconds.append((time.perf_counter() - started) * 1000)
        return milliseconds

    return handle


def open_stream(options: dict[str, Any]) -> Callable[[dict], dict]:
    """Serve ``{"file", "count", "window"}``: the first ``count`` lines of a file, ``window`` names a call.

    Answers ``{"seconds": [one a window], "texts_sha256": str, "peak_resident_mib": float}``. Reading and the checksum
    are outside the clock; results are dropped, as by someone who writes them out. The peak is the
    process's own since it started: one request a child.
    """

    def handle(request: dict) -> dict:
        seconds, digest = [], hashlib.sha256()
        with open_warm(options) as transliterator, Path(request["file"]).open(encoding="ascii") as file:
            lines = itertools.islice(file, request["count"])
            while names := [line.rstrip("\n") for line in itertools.islice(lines, request["window"])]:
                answered = timed(functools.partial(transliterator.transliterate, names, on_error="empty"))
                seconds.append(answered["seconds"])
                for text in answered.pop("texts"):
                    digest.update(text.encode() + b"\n")
        return {"seconds": seconds, "texts_sha256": digest.hexdigest(), "peak_resident_mib": peak_resident_mib()}

    return handle


def open_start(options: dict[str, Any]) -> Callable[[dict], float]:
    """Serve any request with the seconds from ``Transliterator(...)`` until all workers have decoded a list."""

    def handle(_: dict) -> float:
        started = time.perf_counter()
        transliterator = Transliterator(**{"known_names": False} | options)
        transliterator.transliterate(WARM_UP, on_error="empty")
        seconds = time.perf_counter() - started
        transliterator.close()
        return seconds

    return handle
