"""Print README's table from the committed results and the manifests, so that no number is typed by hand.

python -m benchmarks.table
"""

from collections.abc import Mapping
from typing import Any

from benchmarks.baselines import ALL_CORES, ARTICLE, COMPILED, FAIR, IN_GRAPH, PREDICT
from benchmarks.record import RESULTS, SUITE, read_json
from hayakana.manifest import Manifest
from hayakana.model_files import bundled_models, load_model

MODELS = ("default", "seed")


def table() -> str:
    """Return the Markdown of the committed results."""
    manifests = {model: load_model(bundled_models()[model]).manifest for model in MODELS}
    return render(read_json(RESULTS / "quality.json"), read_json(SUITE)["parts"], manifests)


def render(quality: Mapping[str, Any], parts: Mapping[str, Any], manifests: Mapping[str, Manifest]) -> str:
    """Return the Markdown, a column a model, of what ``quality`` and the parts of the suite measured."""
    exact = "exact match on {:,} rare names never trained on ([evaluate](docs/training.md#evaluate))"
    rows = [
        ("reads", ["a part at a time", "whole names"]),
        ("weights", [f"{manifests[model].training['weights']:,}" for model in MODELS]),
        (exact.format(quality["default"]["names"]), [f"**{quality[model]['exact_match']:.3f}**" for model in MODELS]),
        (
            "mean F-score; character error rate",
            [f"{quality[model]['mean_f_score']:.3f}; {quality[model]['character_error_rate']:.3f}" for model in MODELS],
        ),
        ("strings and logits against Keras, 6,000 names", [_parity(manifests[model]) for model in MODELS]),
        (
            "names a second, distinct parts in a list, one core",
            [f"{_median(parts, 'limit', 'names_per_second', model):,.0f}" for model in MODELS],
        ),
        (
            "times the speed of the Keras loop it replaces, same weights, a worker a core: one name at a time; batches"
            " of 1,024; compiled; encoder cached; all in one TensorFlow function",
            ["", "; ".join(_times(parts, side) for side in (ARTICLE, PREDICT, COMPILED, FAIR, IN_GRAPH))],
        ),
        ("one name at a time: p50; p99", [_latency(parts, model) for model in MODELS]),
        ("process start to first name; peak memory", [_cold(parts, model) for model in MODELS]),
        ("licence", [manifests[model].licence for model in MODELS]),
    ]
    header = f"| | {' | '.join(f'`{model}`' for model in MODELS)} |\n|---|---|---|\n"
    return header + "".join(f"| {label} | {' | '.join(cells)} |\n" for label, cells in rows)


def _parity(manifest: Manifest) -> str:
    stated = manifest.parity
    return f"{stated['differing_strings']} differ, logits within {stated['largest_logit_difference']:.1e}"


def _times(parts: Mapping[str, Any], side: str) -> str:
    ratio = _median(parts, "baselines", "ratio", ALL_CORES, side)
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
