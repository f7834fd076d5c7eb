"""Milliseconds of one name, called one at a time on a warm ``Transliterator``, no name twice, one core.

``short_lists`` says from how many units on a list is decoded sooner side by side than unit by unit: the threshold
``_ONE_BY_ONE`` of ``hayakana.engine.units``.
"""

import contextlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.baselines import differences
from benchmarks.child import Child, last_core, timed
from benchmarks.record import describe_models
from benchmarks.rounds import Side, interleave, ratios, summaries, summary
from benchmarks.samples import SOURCE, distinct_parts, length_histogram
from benchmarks.settings import Settings

MODELS = ("seed", "default")
PERCENTILES = (50, 95, 99)
EDGES_MS = np.geomspace(0.05, 50, 61)
"""Bounds of the histogram's classes; what is beyond them is counted in the outermost."""
LENGTHS = (4, 8, 16, 24, 32, 64)
"""Units of a short list."""
QUESTIONS = {"texts": "texts", "with probabilities": "scored"}
"""Name of a question → the method of ``UnitDecoder`` that answers it."""


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
    # Lists of all lengths hold the same units: a multiple of 192 is divided by each of ``LENGTHS``.
    units = [name.lower() for name in names[: settings.pick(full=960, quick=192)]]
    by_length = {model: _by_length(model, units, settings.rounds) for model in MODELS}
    return {
        "inside_the_clock": {
            "milliseconds": "transliterator(name): a str in, Katakana as str out; warm, and fresh every round",
            "short lists": "distinct units in lower case in, Katakana out; warm, nothing remembered",
        },
        "models": describe_models(*MODELS),
        "data": {"source": SOURCE, "seed": settings.seed, "length_histogram": length_histogram(names)},
        "settings": {"cores": 1, "names_a_round": len(names), "units_of_short_lists": len(units)},
        "differing_strings": {
            f"{model}, {side}": found for model, (_, strings) in by_length.items() for side, found in strings.items()
        },
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
        "short_lists": {model: short_lists(rates) for model, (rates, _) in by_length.items()},
    }


def histogram(milliseconds: np.ndarray) -> list[int]:
    """Count ``milliseconds`` between ``EDGES_MS``; none is lost."""
    return np.histogram(np.clip(milliseconds, EDGES_MS[0], EDGES_MS[-1]), EDGES_MS)[0].tolist()


def _by_length(
    model: str, units: Sequence[str], rounds: int
) -> tuple[dict[str, dict[int, list[float]]], dict[str, Any]]:
    """Return units a second by question and length of the lists, and how strings differ from those of single units."""
    sides = {(question, length): f"{question}, lists of {length}" for question in QUESTIONS for length in (1, *LENGTHS)}
    with Child("benchmarks.sides.search:open_short_lists", model, core=last_core()) as child:
        requests = {key: {"units": list(units), "length": key[1], "question": QUESTIONS[key[0]]} for key in sides}
        # A run outside the clock: warms up, and gives the strings.
        texts = {key: child(request)["texts"] for key, request in requests.items()}
        rates = interleave(
            {sides[key]: Side(len(units), timed(child, request)) for key, request in requests.items()}, rounds=rounds
        )
    strings = {side: differences(units, expected=texts["texts", 1], found=texts[key]) for key, side in sides.items()}
    return {
        question: {length: rates[sides[question, length]] for length in (1, *LENGTHS)} for question in QUESTIONS
    }, strings


def short_lists(rates: Mapping[str, Mapping[int, Sequence[float]]]) -> dict[str, Any]:
    """Return the figures of ``rates``: units a second by question and length, one a round; length 1 is unit by unit.

    A ratio above 1 says that lists of this length are decoded sooner side by side.
    """
    return {
        question: {
            "units_per_second": summaries({_lists_of(length): found for length, found in by_length.items()}),
            "side_by_side_over_one_by_one": summaries(
                {_lists_of(length): ratios(by_length[length], by_length[1]) for length in by_length if length != 1}
            ),
        }
        for question, by_length in rates.items()
    }


def _lists_of(length: int) -> str:
    return "one by one" if length == 1 else f"lists of {length}"
