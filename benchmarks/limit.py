"""How much of what one core can multiply becomes names: the engine's operations over those of sgemm, in one run.

Operations are those of the model as it was trained (see ``flops``) for the characters really read and written, so a
graph that needs fewer of them comes out ahead. sgemm is numpy's, in the fastest kernel and size found, on the same
core, in turns with the engine.
"""

import contextlib
from typing import Any

from benchmarks.child import Child, last_core, timed
from benchmarks.flops import count_flops
from benchmarks.lists import open_lists
from benchmarks.record import describe_models
from benchmarks.rounds import Side, interleave, ratios, summaries, summary
from benchmarks.samples import SOURCE, distinct_parts, length_histogram
from benchmarks.settings import Settings
from hayakana.model.folder import bundled_models, load_model
from hayakana_training.model.config import Config

KERNELS = ("", "Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids")
"""What OPENBLAS_CORETYPE is set to; empty: OpenBLAS's own choice. It falls back where a processor lacks a kernel."""
SIZES = (256, 384, 512, 768, 1024, 2048)
_FLOP_A_RUN = 4e10
"""About a fifth of a second at 200 GFLOP/s."""


def run(settings: Settings) -> dict[str, Any]:
    """Measure sgemm and the engine in turns; ``fraction_of_sgemm`` is taken within a round."""
    core = last_core()
    counts = {"seed": settings.pick(full=80_000, quick=4_000), "default": settings.pick(full=15_000, quick=1_000)}
    names = {model: distinct_parts(count, seed=settings.seed) for model, count in counts.items()}
    kernel, size, found = _fastest(core, settings)
    with contextlib.ExitStack() as stack:
        gemm = stack.enter_context(_sgemm(core, kernel))
        engines = {model: open_lists(stack, {"model": model}, core=core) for model in names}
        flop = {
            model: _flop(model, names[model], engine({"names": names[model]})["texts"])
            for model, engine in engines.items()
        }
        rates = interleave(
            {"sgemm": _gemm_side(gemm, size)}
            | {
                model: Side(flop[model] / 1e9, timed(child, {"names": names[model]}))
                for model, child in engines.items()
            },
            rounds=settings.rounds,
        )
    return {
        "inside_the_clock": "names as str in, Katakana as str out, one worker; np.matmul(a, b, out=c), one thread",
        "models": describe_models(*names),
        "data": {"source": SOURCE, "seed": settings.seed, "length_histogram": length_histogram(names["seed"])},
        "settings": {"cores": 1, "kernel": kernel or "OpenBLAS's choice", "size": size, "names": counts},
        "sgemm_gflop_per_second_by_kernel_and_size": found,
        "mflop_a_name": {model: round(flop[model] / counts[model] / 1e6, 4) for model in names},
        "sgemm_gflop_per_second": summary(rates["sgemm"]),
        "names_per_second": summaries(
            {model: [rate * 1e9 * counts[model] / flop[model] for rate in rates[model]] for model in names}
        ),
        "fraction_of_sgemm": summaries({model: ratios(rates[model], rates["sgemm"]) for model in names}),
    }


def _flop(model: str, names: list[str], texts: list[str]) -> int:
    """Return the operations of ``names`` by the trained model; every name is one unit of it, read letter by letter."""
    folder = bundled_models()[model]
    flops = count_flops(
        Config.read(folder / "training" / "config.json"),
        target_vocabulary_size=load_model(folder).manifest.target_vocabulary_size,
    )
    return sum(flops.of(len(name), len(text)) for name, text in zip(names, texts, strict=True))


def _sgemm(core: int, kernel: str) -> Child:
    return Child(
        "benchmarks.sides.sgemm:open_sgemm", core=core, environment={"OPENBLAS_CORETYPE": kernel} if kernel else None
    )


def _gemm_side(child: Child, size: int) -> Side:
    """Return a side whose amount is GFLOP."""
    repetitions = max(1, round(_FLOP_A_RUN / (2 * size**3)))
    request = {"size": size, "repetitions": repetitions}
    return Side(2 * size**3 * repetitions / 1e9, timed(child, request))


def _fastest(core: int, settings: Settings) -> tuple[str, int, dict[str, dict[str, float]]]:
    """Try every kernel at every size; return the fastest kernel and size, and GFLOP/s (the best of some) of all."""
    found: dict[str, dict[str, float]] = {}
    for kernel in settings.pick(full=KERNELS, quick=KERNELS[:1]):
        # A kernel that the processor cannot run ends the process: it is then no candidate.
        with _sgemm(core, kernel) as child, contextlib.suppress(RuntimeError):
            sides = {str(size): _gemm_side(child, size) for size in settings.pick(full=SIZES, quick=SIZES[2:3])}
            rates = interleave(sides, rounds=settings.pick(full=3, quick=1))
            found[kernel] = {size: round(max(repetitions), 1) for size, repetitions in rates.items()}
    kernel, size = max(((k, s) for k in found for s in found[k]), key=lambda pair: found[pair[0]][pair[1]])
    return kernel, int(size), {kernel or "OpenBLAS's choice": sizes for kernel, sizes in found.items()}
