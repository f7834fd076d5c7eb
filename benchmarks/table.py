"""Print README's table from the committed results and the manifests, so that no number is typed by hand.

python -m benchmarks.table
"""

from collections.abc import Mapping
from typing import Any

from benchmarks.baselines import (
    ALL_CORES,
    ARTICLE,
    ARTICLE_STOPPING,
    COMPILED,
    COMPILED_STOPPING,
    FAIR,
    IN_GRAPH,
    PREDICT,
    PREDICT_STOPPING,
)
from benchmarks.record import SUITE, read_json
from benchmarks.search import BEAM_4, PROBABILITIES
from hayakana.model.folder import bundled_models, load_model
from hayakana.model.manifest import Manifest

MODELS = ("seed",)
"""The model whose weights the suite runs in Keras too; ``model_table`` has the others."""
LOOPS = (ARTICLE, PREDICT, COMPILED, FAIR, IN_GRAPH)
STOPPING = (ARTICLE_STOPPING, PREDICT_STOPPING, COMPILED_STOPPING)
PEERS = ("e2k base", "e2k turbo", "kanalizer")
"""Those that answer any name."""


def table() -> str:
    """Return the Markdown of the committed results."""
    manifests = {model: load_model(bundled_models()[model]).manifest for model in MODELS}
    return render(read_json(SUITE)["parts"], manifests)


def render(parts: Mapping[str, Any], manifests: Mapping[str, Manifest]) -> str:
    """Return the Markdown, a column a model, of what the parts of the suite measured."""
    rows = [
        ("strings and logits against Keras, 6,000 names", [_parity(manifests[model]) for model in MODELS]),
        (
            "names a second, distinct parts in a list: one core; a worker a core",
            [_lists(parts, model) for model in MODELS],
        ),
        (
            "times the speed of Keras, same weights and names, a worker a core: the article's loop (all 19 positions,"
            " one name at a time); in batches of 1,024; in a tf.function; encoder cached, one compiled step; all in one"
            " TensorFlow function",
            [_ratios(parts, *LOOPS, part="baselines", of=ALL_CORES)],
        ),
        (
            "the same loops, stopping when all names have ended",
            [_ratios(parts, *STOPPING, part="baselines", of=ALL_CORES)],
        ),
        *_search(parts),
        *_peers(parts),
        ("one name at a time: p50; p99", [_latency(parts, model) for model in MODELS]),
        ("process start to first name; peak memory", [_cold(parts, model) for model in MODELS]),
    ]
    header = f"| | {' | '.join(f'`{model}`' for model in MODELS)} |\n|---|---|\n"
    return header + "".join(f"| {label} | {' | '.join(cells)} |\n" for label, cells in rows)


def _parity(manifest: Manifest) -> str:
    stated = manifest.parity
    return f"{stated['differing_strings']} differ, logits within {stated['largest_logit_difference']:.1e}"


def _lists(parts: Mapping[str, Any], model: str) -> str:
    """Return the speed on one core, and on all where it was measured: with the seed model."""
    speeds = [_median(parts, "limit", "names_per_second", model)]
    if model == "seed":
        speeds.append(_median(parts, "baselines", "names_per_second", ALL_CORES))
    return "; ".join(f"{speed:,.0f}" for speed in speeds)


def _peers(parts: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the rows of what stands beside hayakana on PyPI, where it was measured."""
    if "peers" not in parts:
        return []
    sides = [f"hayakana {model}, one name at a time" for model in MODELS]
    speed = f"{'; '.join(PEERS)}, one name at a time, one core: times their speed"
    rows = [(speed, [_ratios(parts, *PEERS, part="peers", of=side) for side in sides])]
    quality = parts["peers"]["quality"]
    if isinstance(quality, Mapping):
        names = quality[PEERS[0]]["names"]
        exact = {side: f"{scores['exact_match']:.3f}" for side, scores in quality.items()}
        label = f"exact match on the same {names:,} names: this model ({'; '.join(PEERS)})"
        theirs = "; ".join(exact[peer] for peer in PEERS)
        rows.append((label, [f"{exact[f'hayakana {model}']} ({theirs})" for model in MODELS]))
    return rows


def _search(parts: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the row of what candidates and probabilities cost, where it was measured."""
    if "search" not in parts:
        return []
    label = "names a second with probabilities; with a beam of 4: times the speed of neither, one core"
    return [
        (
            label,
            [
                "; ".join(
                    f"{_median(parts, 'search', 'ratio_to_greedy', model, side):.2f} ×"
                    for side in (PROBABILITIES, BEAM_4)
                )
                for model in MODELS
            ],
        )
    ]


def _ratios(parts: Mapping[str, Any], *sides: str, part: str, of: str) -> str:
    return "; ".join(_times(_median(parts, part, "ratio", of, side)) for side in sides)


def _times(ratio: float) -> str:
    return f"{ratio:,.0f} ×" if ratio >= 20 else f"{ratio:.1f} ×"


def _latency(parts: Mapping[str, Any], model: str) -> str:
    p50, p99 = (_median(parts, "latency", "milliseconds", model, percentile) for percentile in ("p50", "p99"))
    return f"{p50:.2f} ms; {p99:.2f} ms"


def _cold(parts: Mapping[str, Any], model: str) -> str:
    seconds, memory = (_median(parts, "footprint", model, key) for key in ("first_name_s", "peak_resident_mib"))
    return f"{seconds:.2f} s; {memory:.0f} MiB"


def _median(parts: Mapping[str, Any], *path: str) -> float:
    value: Any = parts
    for key in path:
        value = value[key]
    return value["median"]


if __name__ == "__main__":
    print(table(), end="")
