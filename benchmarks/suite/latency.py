"""Milliseconds of one name, called one at a time on a warm ``Transliterator``, no name twice, one core.

``short_lists`` says from how many units on a list is decoded sooner side by side than unit by unit: the threshold
``_ONE_BY_ONE`` of ``hayakana.engine.units``.
"""

import contextlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from benchmarks.harness.child import Child, last_core
from benchmarks.harness.race import Contender, Race, differing_strings, race
from benchmarks.harness.rounds import Settings, in_turns, percentiles, ratios, summaries
from benchmarks.harness.samples import SEED, SOURCE, distinct_parts, length_histogram

MODELS = ("seed", "default")
LENGTHS = (4, 8, 16, 24, 32, 64)
"""Units of a short list."""
QUESTIONS = {"texts": "texts", "with probabilities": "scored"}
"""Name of a question → the method of ``UnitDecoder`` that answers it."""
_SINGLE = "texts, lists of 1"


def run(settings: Settings) -> dict[str, Any]:
    """Measure p50, p95 and p99 a round, and short lists."""
    names = distinct_parts(settings.pick(full=3_000, quick=200))
    with contextlib.ExitStack() as stack:
        opener = "benchmarks.sides.engine:open_latencies"
        children = {model: stack.enter_context(Child(opener, {"model": model}, core=last_core())) for model in MODELS}
        sides = {model: partial(child, {"names": names}) for model, child in children.items()}
        milliseconds = in_turns(sides, rounds=settings.rounds)
    # Lists of all lengths hold the same units: a multiple of 192 is divided by each of ``LENGTHS``.
    units = [name.lower() for name in names[: settings.pick(full=960, quick=192)]]
    by_length = {model: _race_of_lists(model, units, settings.rounds) for model in MODELS}
    return {
        "inside_the_clock": {
            "milliseconds": "transliterator(name): a str in, Katakana as str out; warm, and fresh every round",
            "short lists": "distinct units in lower case in, Katakana out; warm, nothing remembered",
        },
        "data": {"source": SOURCE, "seed": SEED, "length_histogram": length_histogram(names)},
        "settings": {"cores": 1, "names_a_round": len(names), "units_of_short_lists": len(units)},
        "differing_strings": differing_strings(by_length, _SINGLE),
        "milliseconds": {model: percentiles(taken) for model, taken in milliseconds.items()},
        "short_lists": {model: short_lists(lists.rates) for model, lists in by_length.items()},
    }


def _race_of_lists(model: str, units: Sequence[str], rounds: int) -> Race:
    with Child("benchmarks.sides.search:open_questions", model, core=last_core()) as child:
        contenders = {
            f"{question}, lists of {length}": Contender(child, {"names": units, "length": length, "question": method})
            for question, method in QUESTIONS.items()
            for length in (1, *LENGTHS)
        }
        return race(contenders, rounds=rounds)


def short_lists(rates: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    """Return the figures of ``rates``: units a second by question and length of the lists, one a round.

    Lists of 1 are decoded unit by unit. A ratio above 1 says that a list is decoded sooner side by side.
    """
    found = {}
    for question in QUESTIONS:
        one_by_one = rates[f"{question}, lists of 1"]
        lists = {some: rates[f"{question}, {some}"] for some in (f"lists of {length}" for length in LENGTHS)}
        found[question] = {
            "units_per_second": summaries({"one by one": one_by_one, **lists}),
            "side_by_side_over_one_by_one": summaries({some: ratios(of, one_by_one) for some, of in lists.items()}),
        }
    return found
