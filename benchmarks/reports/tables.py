"""Print the figures of docs/performance.md from the committed results and the manifests: none is typed by hand."""

from collections.abc import Callable, Mapping
from functools import partial, reduce
from operator import getitem
from typing import Any

from benchmarks.harness.record import RESULTS, SUITE, read, table
from benchmarks.harness.rounds import WORKERS
from benchmarks.suite import baselines
from benchmarks.suite.peers import NEURAL
from benchmarks.suite.search import BEAM_4, BEAM_8, PROBABILITIES
from benchmarks.suite.stages import STAGES
from hayakana.model.folder import bundled_models, load_model
from hayakana.model.manifest import Manifest

MODELS = ("default", "fast", "cc0", "seed")
MEASURED = ("default", "seed")
"""The models of most sections of the suite."""
LOOPS = {
    baselines.ARTICLE: "the article's loop, one name at a time",
    baselines.PREDICT: "the same, 1,024 at a time",
    baselines.COMPILED: "the same, compiled (`tf.function`)",
    baselines.NAIVE_RUNTIME: "the article's loop in onnxruntime, one thread",
    baselines.FAIR: "encoder once, one decoder step compiled, loop in Python",
    baselines.IN_GRAPH: "the whole search in one `tf.function`, ended rows dropped",
}
"""Side → what it is called."""
LENGTHS = (4, 8, 12)
page_table = partial(table, pad=" ")


def performance() -> Mapping[str, str]:
    """Return the tables of docs/performance.md by what they are of, from the committed results."""
    sections = read(SUITE)["sections"]
    manifests = {model: load_model(bundled_models()[model]).manifest for model in MODELS}
    return {
        "models": render_models(read(RESULTS / "quality.json"), read(RESULTS / "frontier.json")["figures"], manifests),
        "one name": render_one_name(sections),
        "list": render_list(sections),
        "number": render_number(sections["scaling"]["by_number"]),
        "lengths and workers": render_lengths_and_workers(sections["scaling"]),
        "known names": render_known_names(read(RESULTS / "known_names.json")["sections"]),
        "stages": render_stages(sections),
        "loops": render_loops(sections["baselines"]),
        "peers": render_peers(sections["peers"]),
        "attention": render_attention(read(RESULTS / "attention_by_length.json")["bands"]),
    }


def render_models(quality: Mapping[str, Any], frontier: Mapping[str, Any], manifests: Mapping[str, Manifest]) -> str:
    """Return the Markdown, a row a model and then a row a peer, the most accurate model first."""
    accuracy = ("exact match", "variants folded", "2-best", "3-best", "character error rate")
    speeds = [f"parts a second, {workers} worker{'s' if workers > 1 else ''}" for workers in WORKERS]
    rows = []
    for model in sorted(MODELS, key=lambda model: -quality[model]["exact_match"]):
        found, manifest = quality[model], manifests[model]
        rates = [f"{frontier[model]['names_per_second'][str(workers)]['median']:,.0f}" for workers in WORKERS]
        ranked = [f"{found[key]:.3f}" for key in ("exact_match_of_2", "exact_match_of_3")]
        weights = f"{manifest.training['weights']:,}"
        rows.append((f"`{model}`", manifest.licence, weights, *_accuracy(found, ranked), *rates))
    for peer, found in quality["peers"].items():
        rows.append((peer, "", "", *_accuracy(found, ["", ""]), *[""] * len(WORKERS)))
    return page_table(("model", "licence", "weights", *accuracy, *speeds), rows, words=2)


def _accuracy(found: Mapping[str, Any], ranked: list[str]) -> list[str]:
    folded = f"{found['variants_folded']['exact_match']:.3f}"
    return [f"**{found['exact_match']:.3f}**", folded, *ranked, f"{found['character_error_rate']:.3f}"]


def render_one_name(sections: Mapping[str, Any]) -> str:
    """Return the Markdown of what one name costs, a column a model."""
    latency, footprint = sections["latency"]["milliseconds"], sections["footprint"]
    rows = {
        "one name: p50": lambda model: f"{_median(latency, model, 'p50'):.2f} ms",
        "one name: p99": lambda model: f"{_median(latency, model, 'p99'):.2f} ms",
        "process start to first name": lambda model: f"{_median(footprint, model, 'first_name_s'):.2f} s",
        "peak memory of that process": lambda model: f"{_median(footprint, model, 'peak_resident_mib'):.0f} MiB",
    }
    return _by_model(rows)


def render_list(sections: Mapping[str, Any]) -> str:
    """Return the Markdown of the rate of a list, against that of Katakana alone, a column a model."""
    search = sections["search"]["ratio_to_greedy"]
    rows = {
        "rate with probabilities": lambda model: f"{_median(search, model, PROBABILITIES):.2f} ×",
        "rate with one candidate": lambda model: f"{_median(search, model, BEAM_4):.2f} ×",
        "rate with five candidates": lambda model: f"{_median(search, model, BEAM_8):.2f} ×",
    }
    return _by_model(rows)


def render_known_names(sections: Mapping[str, Any]) -> str:
    """Return the Markdown of what known names cost: the time with them, divided by that without them."""
    rows = [(section, f"{_median(found, 'with_to_without'):.2f} ×") for section, found in sections.items()]
    return page_table(("processor time with known names", "of that without"), rows)


def render_number(found: Mapping[str, Any]) -> str:
    """Return the Markdown of rate and memory by the number of distinct parts."""
    by_number = {
        int(number): (_median(found, "names_per_second", number), _median(found, "peak_resident_mib", number))
        for number in found["names_per_second"]
    }
    largest = found["ten_million"]
    by_number[10_000_000] = (_median(largest, "names_per_second"), _median(largest, "peak_resident_mib"))
    rows = [(f"{number:,}", f"{rate:,.0f}", f"{memory:.0f} MiB") for number, (rate, memory) in by_number.items()]
    return page_table(("distinct parts", "parts a second", "peak memory"), rows, words=0)


def render_lengths_and_workers(found: Mapping[str, Any]) -> str:
    """Return a sentence of what length costs, and one of what workers bring."""
    rates = [f"{_median(found, 'by_length', 'names_per_second', f'{length} letters'):,.0f}" for length in LENGTHS]
    by_length = f"{', '.join(rates[:-1])} and {rates[-1]} parts a second at 4, 8 and 12 letters."
    return f"{by_length} Two workers: {_median(found, 'by_workers', 'ratio_to_one_worker', '2'):.2f} times one."


def render_stages(sections: Mapping[str, Any]) -> str:
    """Return the Markdown of the share of time that each stage takes, and of what is reached of sgemm."""
    stages, limit = sections["stages"], sections["limit"]["fraction_of_sgemm"]
    rows: dict[str, Callable[[str], str]] = {
        stage: lambda model, stage=stage: f"{_median(stages, model, 'percent_of_time', stage):.0f} %"
        for stage in STAGES
    }
    return _by_model({**rows, "products a second, of what sgemm does": lambda model: f"{_median(limit, model):.2f}"})


def render_loops(found: Mapping[str, Any]) -> str:
    """Return the Markdown of the loops in Keras and TensorFlow, and how much faster hayakana is, a worker a core."""
    rows = []
    for side, label in LOOPS.items():
        sides = (side, baselines.STOPPING.get(side))
        ratios = [_times(_median(found, "ratio", baselines.ALL_CORES, of)) if of else "" for of in sides]
        differing = found["differing_strings"][side]
        strings = f"{differing['differing']} of {differing['compared']:,}"
        rows.append((label, _figure(_median(found, "names_per_second", side)), *ratios, strings))
    stopping = "hayakana, if the loop stops with the last name"
    return page_table(("", "names a second", "hayakana", stopping, "strings that differ"), rows)


def render_peers(found: Mapping[str, Any]) -> str:
    """Return the Markdown of other packages, one name at a time, and how much faster hayakana is."""
    ways = [f"{model}, {way}" for model in ("seed", "default") for way in ("one name at a time", "a list")]
    headers = [f"`{way.replace(',', '`,', 1)}" for way in ways]
    rows = []
    for peer in NEURAL:
        ratios = [_times(_median(found, "ratio", f"hayakana {way}", peer)) for way in ways]
        exact = f"{found['quality'][peer]['exact_match']:.3f}"
        rows.append((peer, _figure(_median(found, "names_per_second", peer)), exact, *ratios))
    return page_table(("", "names a second", "exact match", *headers), rows)


def render_attention(bands: Mapping[str, Any]) -> str:
    """Return the Markdown of the parts that are right, a row a band of lengths, with attention and without."""
    sides = ("without attention", "with attention")
    rows = [(band, *(f"{100 * found[side]['parts_right']:.0f} %" for side in sides)) for band, found in bands.items()]
    return page_table(("characters of the name", *sides), rows)


def _by_model(rows: Mapping[str, Callable[[str], str]]) -> str:
    models = [f"`{model}`" for model in MEASURED]
    return page_table(("", *models), [(label, *map(cell, MEASURED)) for label, cell in rows.items()])


def _times(ratio: float) -> str:
    return f"{_figure(ratio)} ×"


def _figure(value: float) -> str:
    """Return a positive number with three digits, or all that stand before the point."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _median(values: Mapping[str, Any], *path: str) -> float:
    return reduce(getitem, path, values)["median"]


if __name__ == "__main__":
    print(*performance().values(), sep="\n", end="")
