"""Print the tables of docs/performance.md from the committed results and the manifests: no number is typed by hand."""

from collections.abc import Mapping
from typing import Any

from benchmarks.harness.record import RESULTS, SUITE, read
from benchmarks.harness.rounds import WORKERS
from benchmarks.suite.baselines import (
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
from benchmarks.suite.peers import NEURAL
from benchmarks.suite.search import BEAM_4, PROBABILITIES
from hayakana.model.folder import bundled_models, load_model
from hayakana.model.manifest import Manifest

MODELS = ("default", "fast", "cc0", "seed")
LOOPS = (ARTICLE, PREDICT, COMPILED, FAIR, IN_GRAPH)
STOPPING = (ARTICLE_STOPPING, PREDICT_STOPPING, COMPILED_STOPPING)


def models() -> str:
    """Return the table of models and peers in the committed results: licence, size, accuracy and speed of each."""
    manifests = {model: load_model(bundled_models()[model]).manifest for model in MODELS}
    return render_models(read(RESULTS / "quality.json"), read(RESULTS / "frontier.json")["figures"], manifests)


def speed() -> str:
    """Return the table of the committed results of the suite: the model whose weights it runs in Keras too."""
    return render_speed(read(SUITE)["sections"], load_model(bundled_models()["seed"]).manifest)


def render_models(quality: Mapping[str, Any], frontier: Mapping[str, Any], manifests: Mapping[str, Manifest]) -> str:
    """Return the Markdown, a row a model and then a row a peer, the most accurate model first."""
    accuracy = ("exact match", "variants folded", "2-best", "3-best", "character error rate")
    speeds = [f"parts a second, {workers} worker{'s' if workers > 1 else ''}" for workers in WORKERS]
    lines = [("model", "licence", "weights", *accuracy, *speeds), ("---", "---", *["--:"] * (6 + len(WORKERS)))]
    for model in sorted(MODELS, key=lambda model: -quality[model]["exact_match"]):
        found, manifest = quality[model], manifests[model]
        rates = [f"{frontier[model]['names_per_second'][str(workers)]['median']:,.0f}" for workers in WORKERS]
        ranked = [f"{found[key]:.3f}" for key in ("exact_match_of_2", "exact_match_of_3")]
        weights = f"{manifest.training['weights']:,}"
        lines.append((f"`{model}`", manifest.licence, weights, *_accuracy(found, ranked), *rates))
    for peer, found in quality["peers"].items():
        lines.append((peer, "", "", *_accuracy(found, ["", ""]), *[""] * len(WORKERS)))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _accuracy(found: Mapping[str, Any], ranked: list[str]) -> list[str]:
    folded = f"{found['variants_folded']['exact_match']:.3f}"
    return [f"**{found['exact_match']:.3f}**", folded, *ranked, f"{found['character_error_rate']:.3f}"]


def render_speed(sections: Mapping[str, Any], manifest: Manifest) -> str:
    """Return the Markdown of what the sections of the suite measured of ``seed``."""
    parity = manifest.parity
    speeds = [("limit", "names_per_second", "seed"), ("baselines", "names_per_second", ALL_CORES)]
    p50, p99 = (_median(sections, "latency", "milliseconds", "seed", percentile) for percentile in ("p50", "p99"))
    seconds, memory = (_median(sections, "footprint", "seed", key) for key in ("first_name_s", "peak_resident_mib"))
    rows = {
        "strings and logits against Keras, 6,000 names": f"{parity['differing_strings']} differ, logits within"
        f" {parity['largest_logit_difference']:.1e}",
        "names a second, distinct parts in a list: one core; a worker a core": "; ".join(
            f"{_median(sections, *path):,.0f}" for path in speeds
        ),
        "times the speed of Keras, same weights and names, a worker a core: the article's loop (all 19 positions,"
        " one name at a time); in batches of 1,024; in a tf.function; encoder cached, one compiled step; all in one"
        " TensorFlow function": _ratios(sections, *LOOPS, section="baselines", of=ALL_CORES),
        "the same loops, stopping when all names have ended": _ratios(
            sections, *STOPPING, section="baselines", of=ALL_CORES
        ),
        **_search(sections),
        **_peers(sections),
        "one name at a time: p50; p99": f"{p50:.2f} ms; {p99:.2f} ms",
        "process start to first name; peak memory": f"{seconds:.2f} s; {memory:.0f} MiB",
    }
    return "| | `seed` |\n|---|---|\n" + "".join(f"| {label} | {cell} |\n" for label, cell in rows.items())


def _search(sections: Mapping[str, Any]) -> dict[str, str]:
    """Return the row of what candidates and probabilities cost, where it was measured."""
    if "search" not in sections:
        return {}
    found = [_median(sections, "search", "ratio_to_greedy", "seed", side) for side in (PROBABILITIES, BEAM_4)]
    label = "names a second with probabilities; with a beam of 4: times the speed of neither, one core"
    return {label: "; ".join(f"{ratio:.2f} ×" for ratio in found)}


def _peers(sections: Mapping[str, Any]) -> dict[str, str]:
    """Return the rows of what stands beside hayakana on PyPI, where it was measured."""
    if "peers" not in sections:
        return {}
    label = f"{'; '.join(NEURAL)}, one name at a time, one core: times their speed"
    rows = {label: _ratios(sections, *NEURAL, section="peers", of="hayakana seed, one name at a time")}
    quality = sections["peers"]["quality"]
    if isinstance(quality, Mapping):
        exact = {side: f"{scores['exact_match']:.3f}" for side, scores in quality.items()}
        names = f"{quality[NEURAL[0]]['names']:,}"
        theirs = "; ".join(exact[peer] for peer in NEURAL)
        label = f"exact match on the same {names} names: this model ({'; '.join(NEURAL)})"
        rows[label] = f"{exact['hayakana seed']} ({theirs})"
    return rows


def _ratios(sections: Mapping[str, Any], *sides: str, section: str, of: str) -> str:
    ratios = [_median(sections, section, "ratio", of, side) for side in sides]
    return "; ".join(f"{ratio:,.0f} ×" if ratio >= 20 else f"{ratio:.1f} ×" for ratio in ratios)


def _median(sections: Mapping[str, Any], *path: str) -> float:
    value: Any = sections
    for key in path:
        value = value[key]
    return value["median"]


if __name__ == "__main__":
    print(models(), speed(), sep="\n", end="")
