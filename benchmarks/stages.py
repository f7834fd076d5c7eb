"""Where the time of a list goes: inside onnxruntime (encoder, decoder) and outside it, one worker, one core.

Calls of onnxruntime are clocked one by one in the suite, not in the runtime; what the clocks cost is measured too,
against runs without them. The time outside is split by module in further runs with a sampler: shares, no seconds.
"""

import contextlib
import json
from collections import Counter
from typing import Any

from benchmarks.child import Child, last_core
from benchmarks.record import describe_models
from benchmarks.rounds import summaries, summary
from benchmarks.samples import SOURCE, distinct_parts, length_histogram
from benchmarks.settings import Settings

MODELS = ("seed", "default")


def run(settings: Settings) -> dict[str, Any]:
    """Measure the percentages of each model, clocked runs and plain ones in turns."""
    core = last_core()
    counts = {"seed": settings.pick(full=60_000, quick=2_000), "default": settings.pick(full=10_000, quick=500)}
    names = distinct_parts(counts["seed"], seed=settings.seed)
    with contextlib.ExitStack() as stack:
        children = {
            model: stack.enter_context(
                Child("benchmarks.sides.stages:open_stages", json.dumps({"model": model}), core=core)
            )
            for model in MODELS
        }
        measured = {model: _measure(children[model], names[: counts[model]], settings.rounds) for model in MODELS}
    return {
        "inside_the_clock": "names as str in, Katakana as str out, one worker",
        "models": describe_models(*MODELS),
        "data": {"source": SOURCE, "seed": settings.seed, "length_histogram": length_histogram(names)},
        "settings": {"cores": 1, "names": counts},
        **measured,
    }


def _measure(child: Child, names: list[str], rounds: int) -> dict[str, Any]:
    plain, clocked, modules = [], [], Counter()
    for number in range(rounds):
        for how in ("plain", "clocked") if number % 2 == 0 else ("clocked", "plain"):
            (plain if how == "plain" else clocked).append(child({"names": names, "how": how}))
        modules.update(child({"names": names, "how": "sampled"})["modules"])
    return {
        "percent_of_time": summaries({stage: [share(run, stage) for run in clocked] for stage in STAGES}),
        "calls_of_onnxruntime": clocked[0]["calls"],
        "clocked_over_plain": summary(
            [one["seconds"] / other["seconds"] for one, other in zip(clocked, plain, strict=True)]
        ),
        "percent_of_samples_outside_onnxruntime": shares_outside(modules),
    }


STAGES = ("encoder", "decoder", "outside onnxruntime")


def share(measured: dict[str, float], stage: str) -> float:
    """Return the percentage of a clocked run's ``seconds`` that was spent in a stage of ``STAGES``."""
    inside = {name: measured[name] for name in ("encoder", "decoder")}
    seconds = inside.get(stage, measured["seconds"] - sum(inside.values()))
    return 100 * seconds / measured["seconds"]


def shares_outside(modules: Counter[str]) -> dict[str, float]:
    """Return each module's percentage of the samples that were not in onnxruntime, largest first."""
    outside = Counter({name: count for name, count in modules.items() if name != "onnxruntime"})
    return {name: round(100 * count / outside.total(), 1) for name, count in outside.most_common()}
