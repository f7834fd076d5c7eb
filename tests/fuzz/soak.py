"""Names without end through one process: whether its memory stays flat."""

import itertools
import resource
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from hayakana.batch import ArrowTransliterator

WINDOW = 100_000
MILLION = 1_000_000

_SYLLABLES = [first + second for first in "bcdfghjklmnprstvwyz" for second in "aeiou"]


def soak(names: int) -> None:
    """Transliterate ``names`` different parts with the model ``fast``, and print the memory after each million."""
    print("| distinct parts | resident memory, MB |\n|--:|--:|")
    print(f"| 0 | {_resident() / 1e6:.0f} |", flush=True)
    parts = distinct_parts()
    with ArrowTransliterator("fast") as transliterator:
        for done in range(WINDOW, names + 1, WINDOW):
            table = pa.table({"name": list(itertools.islice(parts, WINDOW))})
            statuses = transliterator(table).column("status").value_counts().to_pylist()
            assert {one["values"] for one in statuses} <= {"ok", "unfinished"}, statuses
            if done % MILLION == 0:
                print(f"| {done:,} | {_resident() / 1e6:.0f} |", flush=True)
    print(f"most at any time: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB", flush=True)


def distinct_parts() -> Iterator[str]:
    """Yield parts of names, all of them different: syllables in the order of a number's digits."""
    for length in itertools.count(2):
        for syllables in itertools.product(_SYLLABLES, repeat=length):
            yield "".join(syllables)


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
