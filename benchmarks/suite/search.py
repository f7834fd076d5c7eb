"""What probabilities and candidates cost: greedy decoding alone, with probabilities, and beam search, one core.

A beam is wider than the candidates that it is to find, as ``UnitDecoder.candidates`` says: one comes of a beam of 4.
What that is worth is measured too: how often the five best are those of a beam so wide that it misses nothing.
"""

from collections.abc import Sequence
from typing import Any

from benchmarks.harness.child import Child, last_core
from benchmarks.harness.race import Contender, Race, race
from benchmarks.harness.rounds import Settings, differences, ratios, summaries, summary
from benchmarks.harness.samples import SEED, SOURCE, distinct_parts, length_histogram

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
    units = [name.lower() for name in distinct_parts(counts["seed"])]
    listed = units[: settings.pick(full=1_000, quick=100)]
    races = {model: _race(model, units[: counts[model]], settings.rounds) for model in MODELS}
    return {
        "inside_the_clock": "distinct units in lower case in, Katakana out, with what was asked for; warm, nothing"
        " remembered",
        "data": {"source": SOURCE, "seed": SEED, "length_histogram": length_histogram(units)},
        "settings": {"cores": 1, "units": counts, "candidates": {BEAM_4: 1, BEAM_8: 5}},
        "differing_strings": {
            f"{model}, {PROBABILITIES}": differences(
                units[: counts[model]], expected=found.texts[GREEDY], found=found.texts[PROBABILITIES]
            )
            for model, found in races.items()
        },
        "units_per_second": {model: summaries(found.rates) for model, found in races.items()},
        "ratio_to_greedy": {
            model: summaries(
                {side: ratios(found.rates[side], found.rates[GREEDY]) for side in QUESTIONS if side != GREEDY}
            )
            for model, found in races.items()
        },
        "share_of_other_texts": {
            model: {side: summary([_other(found.texts[GREEDY], found.texts[side])]) for side in (BEAM_4, BEAM_8)}
            for model, found in races.items()
        },
        "share_of_lists_that_the_widest_beam_has_too": {
            "units": len(listed),
            "candidates": COUNT,
            "widest_beam": WIDEST,
            **{model: _agreement(model, listed) for model in MODELS},
        },
    }


def _race(model: str, units: Sequence[str], rounds: int) -> Race:
    with Child("benchmarks.sides.search:open_questions", model, core=last_core()) as child:
        contenders = {side: Contender(child, {"names": units, **question}) for side, question in QUESTIONS.items()}
        return race(contenders, rounds=rounds)


def _agreement(model: str, units: Sequence[str]) -> dict[str, Any]:
    """Return, for each width, the share of units whose candidates are those of the widest beam, in order."""
    with Child("benchmarks.sides.search:open_beams", model) as child:
        lists = {
            width: child({"names": list(units), "beam_size": width, "count": COUNT}) for width in (*WIDTHS, WIDEST)
        }
    return {f"beam of {width}": summary([1 - _other(lists[WIDEST], lists[width])]) for width in WIDTHS}


def _other(texts: Sequence[Any], best: Sequence[Any]) -> float:
    """Return the share of units whose answer is another one."""
    return sum(text != other for text, other in zip(texts, best, strict=True)) / len(texts)
