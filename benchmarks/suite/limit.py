"""How much of what one core can multiply becomes names: the engine's operations over those of sgemm, in one run.

Operations are those of the model as it was trained (see ``flops``) for the characters really read and written, so a
graph that needs fewer of them comes out ahead. sgemm is numpy's, in the fastest kernel and size found, on the same
core, in turns with the engine.
"""

import contextlib
from collections import Counter
from typing import Any

from benchmarks.harness.child import Child, last_core
from benchmarks.harness.race import Contender, open_lists
from benchmarks.harness.rounds import Settings, Side, interleave, ratios, summaries, summary
from benchmarks.harness.samples import SEED, SOURCE, distinct_parts, length_histogram
from hayakana.model.folder import bundled_models, load_model
from hayakana_training.model.config import Config

MODELS = ("seed", "default")
KERNELS = ("", "Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids")
"""What OPENBLAS_CORETYPE is set to; empty: OpenBLAS's own choice. It falls back where a processor lacks a kernel."""
SIZES = (256, 384, 512, 768, 1024, 2048)
_FLOP_A_RUN = 4e10
"""About a fifth of a second at 200 GFLOP/s."""


def run(settings: Settings) -> dict[str, Any]:
    """Measure sgemm and the engine in turns; ``fraction_of_sgemm`` is taken within a round."""
    core = last_core()
    counts = {"seed": settings.pick(full=80_000, quick=4_000), "default": settings.pick(full=15_000, quick=1_000)}
    names = {model: distinct_parts(count) for model, count in counts.items()}
    kernel, size, found = _fastest(core, settings)
    with contextlib.ExitStack() as stack:
        sides = {"sgemm": _gemm_side(stack.enter_context(_sgemm(core, kernel)), size)}
        gflop_a_name: dict[str, float] = {}
        for model in MODELS:
            engine = Contender(open_lists(stack, model=model, core=core), {"names": names[model]})
            gflop_a_name[model] = _gflop_a_name(model, names[model], engine.child(engine.request)["texts"])
            sides[model] = engine.side
        rates = interleave(sides, rounds=settings.rounds)
    reached = {model: [gflop * rate for rate in rates[model]] for model, gflop in gflop_a_name.items()}
    return {
        "inside_the_clock": "names as str in, Katakana as str out, one worker; np.matmul(a, b, out=c), one thread",
        "data": {"source": SOURCE, "seed": SEED, "length_histogram": length_histogram(names["seed"])},
        "settings": {"cores": 1, "kernel": kernel or "OpenBLAS's choice", "size": size, "names": counts},
        "sgemm_gflop_per_second_by_kernel_and_size": found,
        "mflop_a_name": {model: round(1e3 * gflop, 4) for model, gflop in gflop_a_name.items()},
        "sgemm_gflop_per_second": summary(rates["sgemm"]),
        "names_per_second": summaries({model: rates[model] for model in MODELS}),
        "fraction_of_sgemm": summaries({model: ratios(reached[model], rates["sgemm"]) for model in MODELS}),
    }


def flops(config: Config, *, target_vocabulary_size: int, source_length: int, target_length: int) -> int:
    """Return the floating-point operations of a name, by a model as it was trained, whatever the exported graph saves.

    Two a multiply-add, of input and recurrent kernels, keys, scores, context and output layers. ``target_length`` is
    without eos, for which there is a step more. Activations, softmax and additions of biases are not counted.
    """
    encoder, decoder = config.encoder_output_units, config.decoder_units
    attends = config.attention != "none"
    keys = encoder * decoder if config.attention == "general" else 0
    combination = (encoder * attends + decoder) * config.combination_units
    output = config.combination_units * target_vocabulary_size
    of_source = (2 if config.bidirectional else 1) * _lstm(config.embedding_units, config.encoder_units) + keys
    of_target = _lstm(config.embedding_units, decoder) + combination + output
    attention = (decoder + encoder) * attends * source_length
    bridge = encoder * decoder * (encoder != decoder)  # Between an encoder and a decoder of different widths.
    return 2 * (bridge + of_source * source_length + (of_target + attention) * (target_length + 1))


def _lstm(inputs: int, units: int) -> int:
    """Multiply-adds of one step: four gates, each of input and recurrent kernel."""
    return 4 * units * (inputs + units)


def _gflop_a_name(model: str, names: list[str], texts: list[str]) -> float:
    """Return the operations of a mean name by the trained model: a unit of it, read letter by letter, in GFLOP."""
    folder = bundled_models()[model]
    config, manifest = Config.read(folder / "training" / "config.json"), load_model(folder).manifest
    lengths = Counter((len(name), len(text)) for name, text in zip(names, texts, strict=True))
    size = manifest.target_vocabulary_size
    operations = sum(
        count * flops(config, target_vocabulary_size=size, source_length=source, target_length=target)
        for (source, target), count in lengths.items()
    )
    return operations / len(names) / 1e9


def _sgemm(core: int, kernel: str) -> Child:
    environment = {"OPENBLAS_CORETYPE": kernel} if kernel else None
    return Child("benchmarks.sides.machine:open_sgemm", core=core, environment=environment)


def _gemm_side(child: Child, size: int) -> Side:
    """Return a side whose amount is GFLOP."""
    repetitions = max(1, round(_FLOP_A_RUN / (2 * size**3)))
    request = {"size": size, "repetitions": repetitions}
    return Side(2 * size**3 * repetitions / 1e9, lambda: child(request)["seconds"])


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
