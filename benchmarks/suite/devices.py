"""Names a second by batch size on the CPU (one worker) and on CUDA, and the batch size where CUDA overtakes."""

import contextlib
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.harness.race import Contender, Race, differing_strings, open_lists, race
from benchmarks.harness.rounds import Settings, ratios, summaries
from benchmarks.harness.samples import SEED, SOURCE, distinct_parts, length_histogram
from hayakana import DeviceUnavailableError, Transliterator

MODELS = ("seed", "default")
BATCH_SIZES = (64, 512, 4096, 16384)
REFERENCE = f"cpu, batch size {BATCH_SIZES[-1]}"
"""The side whose strings are what all sides are compared with: no side has more names."""


def run(settings: Settings) -> dict[str, Any]:
    """Measure both devices; ``{"not_run": reason}`` where the GPU was not asked for or is missing."""
    if settings.device == "cpu":
        return {"not_run": "a GPU was not asked for: --device cuda"}
    try:
        Transliterator("seed", device="cuda").close()
    except DeviceUnavailableError as error:
        return {"not_run": str(error)}
    names = distinct_parts(settings.pick(full=40_000, quick=4_000))
    races = {model: _race(model, names, settings.rounds) for model in MODELS}
    return {
        "inside_the_clock": "names as str in, Katakana as str out; models loaded, warm by the same list",
        "gpu": gpu(),
        "data": {"source": SOURCE, "seed": SEED, "length_histogram": length_histogram(names)},
        "settings": {"batch_sizes": BATCH_SIZES, "workers": 1, "names": len(names)},
        "differing_strings": differing_strings(races, REFERENCE),
        **{model: _figures(found.rates) for model, found in races.items()},
    }


def _race(model: str, names: list[str], rounds: int) -> Race:
    with contextlib.ExitStack() as stack:
        contenders = {}
        for device in ("cpu", "cuda"):
            for size in BATCH_SIZES:
                child = open_lists(stack, model=model, device=device, batch_size=size, cache_size=0)
                # Small batches are slow: they have fewer names, so that a round stays short.
                request = {"names": names[: max(1000, 40 * size)]}
                contenders[f"{device}, batch size {size}"] = Contender(child, request)
        return race(contenders, rounds=rounds)


def _figures(rates: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    relative = summaries(
        {
            str(size): ratios(*(rates[f"{device}, batch size {size}"] for device in ("cuda", "cpu")))
            for size in BATCH_SIZES
        }
    )
    return {
        "names_per_second": summaries(rates),
        "cuda_over_cpu_by_batch_size": relative,
        "cuda_overtakes_at_batch_size": overtakes(relative, BATCH_SIZES),
    }


def gpu() -> str:
    """Return the name of the GPU as its driver has it."""
    query = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    done = subprocess.run(query, capture_output=True, check=True, text=True)
    return done.stdout.strip()


def overtakes(by_size: Mapping[str, Mapping[str, Any]], sizes: Sequence[int]) -> int | None:
    """Return the smallest of ``sizes`` from which on every median ratio is above one; None where there is none."""
    found = None
    for size in sorted(sizes, reverse=True):
        if by_size[str(size)]["median"] <= 1:
            break
        found = size
    return found
