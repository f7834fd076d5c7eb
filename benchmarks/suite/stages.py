"""Where the time of a list goes: inside onnxruntime (encoder, decoder) and outside it, one worker, one core.

Calls of onnxruntime are clocked one by one in the suite, not in the runtime; what the clocks cost is measured too,
against runs without them.
"""

from functools import partial
from typing import Any

from benchmarks.harness.child import Child, last_core
from benchmarks.harness.rounds import Settings, in_turns, ratios, summaries, summary
from benchmarks.harness.samples import SEED, SOURCE, distinct_parts, length_histogram

MODELS = ("seed", "default")
STAGES = ("encoder", "decoder", "outside onnxruntime")


def run(settings: Settings) -> dict[str, Any]:
    """Measure the percentages of each model, clocked runs and plain ones in turns."""
    counts = {"seed": settings.pick(full=60_000, quick=2_000), "default": settings.pick(full=10_000, quick=500)}
    names = distinct_parts(counts["seed"])
    return {
        "inside_the_clock": "names as str in, Katakana as str out, one worker",
        "data": {"source": SOURCE, "seed": SEED, "length_histogram": length_histogram(names)},
        "settings": {"cores": 1, "names": counts},
        **{model: _measure(model, names[: counts[model]], settings.rounds) for model in MODELS},
    }


def _measure(model: str, names: list[str], rounds: int) -> dict[str, Any]:
    with Child("benchmarks.sides.stages:open_stages", {"model": model}, core=last_core()) as child:
        sides = {how: partial(child, {"names": names, "how": how}) for how in ("plain", "clocked")}
        runs = in_turns(sides, rounds=rounds)
    clocked, plain = ([run["seconds"] for run in runs[how]] for how in ("clocked", "plain"))
    return {
        "percent_of_time": summaries({stage: [share(run, stage) for run in runs["clocked"]] for stage in STAGES}),
        "calls_of_onnxruntime": runs["clocked"][0]["calls"],
        "clocked_over_plain": summary(ratios(clocked, plain)),
    }


def share(measured: dict[str, float], stage: str) -> float:
    """Return the percentage of a clocked run's ``seconds`` that was spent in a stage of ``STAGES``."""
    inside = {name: measured[name] for name in ("encoder", "decoder")}
    seconds = inside.get(stage, measured["seconds"] - sum(inside.values()))
    return 100 * seconds / measured["seconds"]
