"""Names a second by batch size on the CPU (one worker) and on CUDA, and the batch size where CUDA overtakes."""

import contextlib
import json
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.baselines import differences
from benchmarks.child import Child, timed
from benchmarks.record import describe_models
from benchmarks.rounds import Side, interleave, ratios, summaries
from benchmarks.samples import SOURCE, distinct_parts, length_histogram
from benchmarks.settings import Settings
from hayakana import DeviceUnavailableError, Transliterator

MODELS = ("seed", "default")
BATCH_SIZES = (64, 512, 4096, 16384)
REFERENCE = f"cpu, batch size {BATCH_SIZES[-1]}"
"""The side whose strings the others are compared with: none has more names."""


def run(settings: Settings) -> dict[str, Any]:
    """Measure both devices; ``{"not_run": reason}`` where the GPU was not asked for or cannot be had."""
    if settings.device == "cpu":
        return {"not_run": "a GPU was not asked for: --device cuda"}
    try:
        Transliterator("seed", device="cuda").close()
    except DeviceUnavailableError as error:
        return {"not_run": str(error)}
    names = distinct_parts(settings.pick(full=40_000, quick=4_000), seed=settings.seed)
    measured: dict[str, Any] = {}
    strings: dict[str, Any] = {}
    for model in MODELS:
        measured[model], differing = _measure(model, names, settings)
        strings |= differing
    return {
        "inside_the_clock": "names as str in, Katakana as str out; models loaded, warm by the same list",
        "gpu": gpu(),
        "models": describe_models(*MODELS),
        "data": {"source": SOURCE, "seed": settings.seed, "length_histogram": length_histogram(names)},
        "settings": {"batch_sizes": BATCH_SIZES, "workers": 1, "names": len(names)},
        "differing_strings": strings,
        **measured,
    }


def _measure(model: str, names: list[str], settings: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return figures, and how the strings of each side differ from the CPU's in the largest batches."""
    with contextlib.ExitStack() as stack:
        children: dict[str, Child] = {}
        requests: dict[str, dict[str, Any]] = {}
        for device in ("cpu", "cuda"):
            for size in BATCH_SIZES:
                side = f"{device}, batch size {size}"
                options = json.dumps({"model": model, "device": device, "batch_size": size})
                children[side] = stack.enter_context(Child("benchmarks.sides.engine:open_on_device", options))
                # Small batches are slow: they have fewer names, so that a round stays short.
                requests[side] = {"names": names[: max(1000, 40 * size)]}
        texts = {side: child(requests[side])["texts"] for side, child in children.items()}
        rates = interleave(
            {
                side: Side(len(requests[side]["names"]), timed(child, requests[side]))
                for side, child in children.items()
            },
            rounds=settings.rounds,
        )
    relative = {
        str(size): ratios(rates[f"cuda, batch size {size}"], rates[f"cpu, batch size {size}"]) for size in BATCH_SIZES
    }
    summarised = summaries(relative)
    strings = {
        f"{model}, {side}": differences(requests[side]["names"], expected=texts[REFERENCE], found=found)
        for side, found in texts.items()
        if side != REFERENCE
    }
    figures = {
        "names_per_second": summaries(rates),
        "cuda_over_cpu_by_batch_size": summarised,
        "cuda_overtakes_at_batch_size": overtakes(summarised, BATCH_SIZES),
    }
    return figures, strings


def gpu() -> str:
    """Return the name of the GPU as its driver has it."""
    query = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    done = subprocess.run(query, capture_output=True, check=True, text=True)  # noqa: S603  (a constant)
    return done.stdout.strip()


def overtakes(by_size: Mapping[str, Mapping[str, Any]], sizes: Sequence[int]) -> int | None:
    """Return the smallest of ``sizes`` from which on every median ratio is above one; None where there is none."""
    found = None
    for size in sorted(sizes, reverse=True):
        if by_size[str(size)]["median"] <= 1:
            break
        found = size
    return found
