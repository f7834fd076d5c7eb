"""Print README's table of models and peers: licence, size, accuracy and speed of each.

python -m benchmarks.model_table
"""

from collections.abc import Mapping
from typing import Any

from benchmarks.frontier import WORKERS
from benchmarks.record import RESULTS, read_json
from hayakana.model.folder import bundled_models, load_model
from hayakana.model.manifest import Manifest

MODELS = ("default", "fast", "cc0", "seed")
_HEADER = (
    "model",
    "licence",
    "weights",
    "exact match",
    "variants folded",
    "2-best",
    "3-best",
    "character error rate",
    *(f"parts a second, {workers} worker{'s' if workers > 1 else ''}" for workers in WORKERS),
)


def table() -> str:
    """Return the Markdown of the committed results."""
    manifests = {model: load_model(bundled_models()[model]).manifest for model in MODELS}
    return render(read_json(RESULTS / "quality.json"), read_json(RESULTS / "frontier.json")["figures"], manifests)


def render(quality: Mapping[str, Any], frontier: Mapping[str, Any], manifests: Mapping[str, Manifest]) -> str:
    """Return the Markdown, a row a model and then a row a peer, the most accurate model first."""
    lines = [_row(_HEADER), _row(["---", "---", *["--:"] * (len(_HEADER) - 2)])]
    for model in sorted(MODELS, key=lambda model: -quality[model]["exact_match"]):
        found, manifest = quality[model], manifests[model]
        rates = [f"{frontier[model]['names_per_second'][str(workers)]['median']:,.0f}" for workers in WORKERS]
        ranked = [f"{found[key]:.3f}" for key in ("exact_match_of_2", "exact_match_of_3")]
        weights = f"{manifest.training['weights']:,}"
        lines.append(_row([f"`{model}`", manifest.licence, weights, *_accuracy(found, ranked), *rates]))
    for peer, found in quality["peers"].items():
        lines.append(_row([peer, "", "", *_accuracy(found, ["", ""]), *[""] * len(WORKERS)]))
    return "\n".join(lines) + "\n"


def _accuracy(found: Mapping[str, Any], ranked: list[str]) -> list[str]:
    folded = f"{found['variants_folded']['exact_match']:.3f}"
    return [f"**{found['exact_match']:.3f}**", folded, *ranked, f"{found['character_error_rate']:.3f}"]


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(table(), end="")
