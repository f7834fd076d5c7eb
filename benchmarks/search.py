"""What probabilities and candidates cost: greedy decoding alone, with probabilities, and beam search, one core.

A beam is wider than the candidates that it is to find, as ``UnitDecoder.candidates`` says: one comes of a beam of 4.
What that is worth is measured too: how often the five best are those of a beam so wide that it misses nothing.
"""

import contextlib
from collections.abc import Sequence
from typing import Any

from benchmarks.baselines import differences
from benchmarks.child import Child, last_core, timed
from benchmarks.record import describe_models
from benchmarks.rounds import Side, interleave, ratios, summaries, summary
from benchmarks.samples import SOURCE, distinct_parts, length_histogram
from benchmarks.settings import Settings

MODELS = ("seed", "default")
GREEDY, PROBABILITIES, BEAM_4, BEAM_8 = "greedy", "greedy with probabilities", "beam of 4", "beam of 8"
QUESTIONS = {
    GREEDY: {"question": "texts"},
    PROBABILITIES: {"question": "scored"},
    BEAM_4: {"question": "candidates", "count": 1},
    BEAM_8: {"question": "candidates", "count": 5},
}
COUNT, WIDTHS, WIDEST = 5, (5, 6, 7, 8, 9, 10), 32
"""Candidates, the beams that are to find them, and the beam that they are compared with."""


def run(settings: Settings) -> dict[str, Any]:
    """Measure every side of each model, and say in how many units beam search finds another text than greedy."""
    counts = {"seed": settings.pick(full=20_000, quick=1_500), "default": settings.pick(full=5_000, quick=300)}
    units = [name.lower() for name in distinct_parts(counts["seed"], seed=settings.seed)]
    listed = units[: settings.pick(full=1_000, quick=100)]
    measured: dict[str, dict[str, Any]] = {"units_per_second": {}, "ratio_to_greedy": {}, "share_of_other_texts": {}}
    strings: dict[str, Any] = {}
    for model in MODELS:
        of_model, differing = _measure(model, units[: counts[model]], settings.rounds)
        for figure, values in of_model.items():
            measured[figure][model] = values
        strings[f"{model}, {PROBABILITIES}"] = differing
    return {
        "inside_the_clock": "distinct units in lower case in, Katakana out, with what was asked for; warm, nothing"
        " remembered",
        "models": describe_models(*MODELS),
        "data": {"source": SOURCE, "seed": settings.seed, "length_histogram": length_histogram(units)},
        "settings": {"cores": 1, "units": counts, "candidates": {BEAM_4: 1, BEAM_8: 5}},
        "differing_strings": strings,
        **measured,
        "share_of_lists_that_the_widest_beam_has_too": {
            "units": len(listed),
            "candidates": COUNT,
            "widest_beam": WIDEST,
            **{model: _agreement(model, listed) for model in MODELS},
        },
    }


def _measure(model: str, units: Sequence[str], rounds: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the figures of one model, and how texts with probabilities differ from those without."""
    with contextlib.ExitStack() as stack:
        child = stack.enter_context(Child("benchmarks.sides.search:open_search", model, core=last_core()))
        requests = {side: {"units": list(units), **question} for side, question in QUESTIONS.items()}
        # A run outside the clock: warms up, and gives the strings.
        texts = {side: child(request)["texts"] for side, request in requests.items()}
        sides = {side: Side(len(units), timed(child, request)) for side, request in requests.items()}
        rates = interleave(sides, rounds=rounds)
    others = {side: ratios(rates[side], rates[GREEDY]) for side in (PROBABILITIES, BEAM_4, BEAM_8)}
    figures = {
        "units_per_second": summaries(rates),
        "ratio_to_greedy": summaries(others),
        "share_of_other_texts": {side: summary([_other(texts[GREEDY], texts[side])]) for side in (BEAM_4, BEAM_8)},
    }
    return figures, differences(units, expected=texts[GREEDY], found=texts[PROBABILITIES])


def _agreement(model: str, units: Sequence[str]) -> dict[str, Any]:
    """Return, for each width, the share of units whose candidates are those of the widest beam, in order."""
    with Child("benchmarks.sides.search:open_beams", model) as child:
        lists = {
            width: child({"units": list(units), "beam_size": width, "count": COUNT}) for width in (*WIDTHS, WIDEST)
        }
    return {f"beam of {width}": summary([1 - _other(lists[WIDEST], lists[width])]) for width in WIDTHS}


def _other(texts: Sequence[Any], best: Sequence[Any]) -> float:
    """Return the share of units whose answer is another one."""
    return sum(text != other for text, other in zip(texts, best, strict=True)) / len(texts)
