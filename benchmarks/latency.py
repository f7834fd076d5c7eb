"""Milliseconds of one name, called one at a time on a warm ``Transliterator``, no name twice, one core."""

import contextlib
import json
from typing import Any

import numpy as np

from benchmarks.child import Child, last_core
from benchmarks.record import describe_models
from benchmarks.rounds import summary
from benchmarks.samples import SOURCE, distinct_parts, length_histogram
from benchmarks.settings import Settings

MODELS = ("seed", "default")
PERCENTILES = (50, 95, 99)
EDGES_MS = np.geomspace(0.05, 50, 61)
"""Bounds of the histogram's classes; what is beyond them is counted in the outermost."""


def run(settings: Settings) -> dict[str, Any]:
    """Measure p50, p95 and p99 a round, and the histogram of all rounds."""
    core = last_core()
    names = distinct_parts(settings.pick(full=3_000, quick=200), seed=settings.seed)
    rounds: dict[str, list[list[float]]] = {model: [] for model in MODELS}
    with contextlib.ExitStack() as stack:
        children = {
            model: stack.enter_context(
                Child("benchmarks.sides.engine:open_latencies", json.dumps({"model": model}), core=core)
            )
            for model in MODELS
        }
        for number in range(settings.rounds):
            for model in MODELS if number % 2 == 0 else MODELS[::-1]:
                rounds[model].append(children[model]({"names": names}))
    return {
        "inside_the_clock": "transliterator(name): a str in, Katakana as str out; warm, and fresh every round",
        "models": describe_models(*MODELS),
        "data": {"source": SOURCE, "seed": settings.seed, "length_histogram": length_histogram(names)},
        "settings": {"cores": 1, "names_a_round": len(names)},
        "milliseconds": {
            model: {
                f"p{percentile}": summary([float(np.percentile(taken, percentile)) for taken in rounds[model]])
                for percentile in PERCENTILES
            }
            for model in MODELS
        },
        "histogram": {
            "edges_ms": [float(f"{edge:.4g}") for edge in EDGES_MS],
            "counts": {model: histogram(np.concatenate(rounds[model])) for model in MODELS},
        },
    }


def histogram(milliseconds: np.ndarray) -> list[int]:
    """Count ``milliseconds`` between ``EDGES_MS``; none is lost."""
    return np.histogram(np.clip(milliseconds, EDGES_MS[0], EDGES_MS[-1]), EDGES_MS)[0].tolist()
