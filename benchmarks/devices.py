"""Names a second by batch size on the CPU (one worker) and on CUDA, and the batch size where CUDA overtakes."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.child import Child, timed
from benchmarks.record import describe_models
from benchmarks.rounds import Side, interleave, ratios, summaries
from benchmarks.samples import SOURCE, distinct_parts, length_histogram
from benchmarks.settings import Settings
from hayakana import DeviceUnavailableError, Transliterator

MODELS = ("seed", "default")
BATCH_SIZES = (16, 64, 256, 1024, 4096, 16384)


def run(settings: Settings) -> dict[str, Any]:
    """Measure both devices; ``{"not_run": reason}`` where the GPU was not asked for or cannot be had."""
    if settings.device == "cpu":
        return {"not_run": "a GPU was not asked for: --device cuda"}
    try:
        Transliterator("seed", device="cuda").close()
    except DeviceUnavailableError as error:
        return {"not_run": str(error)}
    names = distinct_parts(settings.pick(full=60_000, quick=4_000), seed=settings.seed)
    measured = {model: _measure(model, names, settings) for model in MODELS}
    return {
        "inside_the_clock": "names as str in, Katakana as str out; models are loaded and warm",
        "models": describe_models(*MODELS),
        "data": {"source": SOURCE, "seed": settings.seed, "length_histogram": length_histogram(names)},
        "settings": {"batch_sizes": BATCH_SIZES, "workers": 1},
        **measured,
    }


def _measure(model: str, names: list[str], settings: Settings) -> dict[str, Any]:
    with contextlib.ExitStack() as stack:
        sides = {}
        for device in ("cpu", "cuda"):
            for size in BATCH_SIZES:
                options = json.dumps({"model": model, "device": device, "batch_size": size})
                child = stack.enter_context(Child("benchmarks.sides.engine:open_lists", options))
                # Small batches are slow: they have fewer names, so that a round stays short.
                some = names[: max(1000, min(len(names), 40 * size))]
                sides[f"{device}, batch size {size}"] = Side(len(some), timed(child, {"names": some}))
        rates = interleave(sides, rounds=settings.rounds)
    relative = {
        str(size): ratios(rates[f"cuda, batch size {size}"], rates[f"cpu, batch size {size}"]) for size in BATCH_SIZES
    }
    summarised = summaries(relative)
    return {
        "names_per_second": summaries(rates),
        "cuda_over_cpu_by_batch_size": summarised,
        "cuda_overtakes_at_batch_size": overtakes(summarised, BATCH_SIZES),
    }


def overtakes(by_size: Mapping[str, Mapping[str, Any]], sizes: Sequence[int]) -> int | None:
    """Return the smallest of ``sizes`` from which on every median ratio is above one; None where there is none."""
    found = None
    for size in sorted(sizes, reverse=True):
        if by_size[str(size)]["median"] <= 1:
            break
        found = size
    return found
