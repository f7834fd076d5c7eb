"""Accuracy against speed: model folders side by side, with one worker and with several.

python -m benchmarks.studies.frontier MODEL [MODEL ...] --pairs development.tsv [--exclude-hashes HASHES]

Exact match is that of greedy decoding on all names of the pairs. Speed is that of a list of distinct parts from the
census lists, each model and number of workers in a process of its own, in turns, the cache empty: one worker on one
core, several on all of them.
"""

import argparse
import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.harness.child import last_core
from benchmarks.harness.race import Contender, open_lists
from benchmarks.harness.record import PICTURES, RESULTS, describe_file, head, origin, page, publish, table
from benchmarks.harness.rounds import WORKERS, interleave, number, summaries
from benchmarks.harness.samples import SEED, SOURCE, distinct_parts, length_histogram
from benchmarks.reports.plots import write_plot
from hayakana import Transliterator
from hayakana.model.folder import find_model, load_model
from hayakana.system.processors import usable_processors
from hayakana_training.evaluation.evaluate import read_references
from hayakana_training.evaluation.metrics import score


def main() -> None:
    """Measure, print a table, and write JSON, Markdown and plot."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.frontier", description=__doc__)
    parser.add_argument("models", nargs="+", metavar="MODEL", help="name of a bundled model, or a model folder")
    parser.add_argument("--pairs", type=Path, required=True, help="name, tab, Katakana a line; not trained on")
    parser.add_argument("--exclude-hashes", type=Path, help="names that are left out of --pairs, by hash")
    parser.add_argument("--quick", action="store_true", help="small sizes: does everything run? Not to be quoted")
    parser.add_argument("--output", type=Path, help="default: results/frontier.json, or quick_frontier.json")
    arguments = parser.parse_args()
    output = arguments.output or RESULTS / ("quick_frontier.json" if arguments.quick else "frontier.json")
    folders = {folder.name: folder for folder in map(find_model, arguments.models)}
    if len(folders) < len(arguments.models):
        parser.error("two models have folders of one name: they could not be told apart")
    values = {
        "head": head(folders),
        "quick": arguments.quick,
        **run(folders, arguments.pairs, exclude_hashes=arguments.exclude_hashes, quick=arguments.quick),
    }
    publish(output, values, render)
    # The picture that the documentation shows is of the result that is kept, and of no other.
    is_kept = output == RESULTS / "frontier.json"
    write_plot(draw, values, PICTURES / "frontier" if is_kept else output.with_suffix(""))


def run(folders: Mapping[str, Path], pairs: Path, *, exclude_hashes: Path | None, quick: bool) -> dict[str, Any]:
    """Measure each model in ``folders``, by name: weights, exact match, and distinct parts a second by workers."""
    references, _ = read_references(pairs, exclude_hashes=exclude_hashes)
    names = distinct_parts(1_000 if quick else 40_000)
    manifests = {name: load_model(folder).manifest for name, folder in folders.items()}
    quality = {name: _quality(folder, references) for name, folder in folders.items()}
    with contextlib.ExitStack() as stack:
        sides = {}
        for name, folder in folders.items():
            for workers in WORKERS:
                core = last_core() if workers == 1 else None
                child = open_lists(stack, model=str(folder), workers=workers, core=core)
                sides[f"{name}, {_workers(workers)}"] = Contender(child, {"names": names}).side
        rates = summaries(interleave(sides, rounds=2 if quick else 5))
    return {
        "inside_the_clock": "names as str in, Katakana as str out; models loaded, warm, nothing remembered",
        "data": {
            "quality": describe_file(pairs),
            "names_left_out_by_hash": exclude_hashes is not None,
            "speed": SOURCE,
            "seed": SEED,
            "length_histogram": length_histogram(names),
        },
        "settings": {"cores": usable_processors(), "names": len(names), "names_in_quality": len(references)},
        "figures": {
            name: {
                "unit": manifests[name].unit,
                "weights": manifests[name].training["weights"],
                **quality[name],
                "names_per_second": {str(workers): rates[f"{name}, {_workers(workers)}"] for workers in WORKERS},
            }
            for name in folders
        },
    }


def _workers(number: int) -> str:
    return f"{number} worker{'s' if number > 1 else ''}"


def _quality(folder: Path, references: Mapping[str, list[str]]) -> dict[str, float]:
    with Transliterator(folder, known_names=False) as transliterator:
        texts = transliterator.transliterate(list(references), on_error="empty")
    found = score(texts, list(references.values()))
    return {"exact_match": found.exact_match, "character_error_rate": found.character_error_rate}


def render(values: Mapping[str, Any]) -> str:
    """Return the Markdown table, a model a row."""
    speeds = [f"{_workers(workers)}: parts a second" for workers in WORKERS]
    rows = []
    for name, found in values["figures"].items():
        rates = [
            f"{number(rate['median'])} ({number(rate['min'])}–{number(rate['max'])})"
            for rate in found["names_per_second"].values()
        ]
        scores = [f"{found[key]:.4f}" for key in ("exact_match", "character_error_rate")]
        rows.append((name, found["unit"], f"{found['weights']:,}", *scores, *rates))
    title = f"Accuracy against speed{' (--quick: not to be quoted)' if values['quick'] else ''}"
    names = f"Exact match on {values['settings']['names_in_quality']:,} names"
    what = f"{names}; median of all rounds, smallest to largest in brackets."
    headers = ("model", "unit", "weights", "exact match", "character error rate", *speeds)
    return page(title, what, origin(values["head"]), table(headers, rows, words=2))


def draw(axes: Any, values: Mapping[str, Any]) -> None:
    """Draw exact match by speed: a point a model and number of workers, its area by the model's weights."""
    figures = values["figures"]
    largest = max(found["weights"] for found in figures.values())
    areas = [max(20.0, 400 * found["weights"] / largest) for found in figures.values()]
    for workers, color in zip(WORKERS, ("tab:blue", "tab:orange"), strict=True):
        speeds = [found["names_per_second"][str(workers)]["median"] for found in figures.values()]
        exact = [found["exact_match"] for found in figures.values()]
        axes.scatter(speeds, exact, s=areas, color=color, alpha=0.5, linewidth=0)
        # For the legend, where the areas of the points would differ.
        axes.scatter([], [], s=60, color=color, alpha=0.5, linewidth=0, label=_workers(workers))
    for name, found in figures.items():
        rates = found["names_per_second"]
        place = (rates[str(WORKERS[0])]["median"], found["exact_match"])
        text = f"{name}, {found['weights'] / 1000:,.0f} k"
        axes.annotate(text, place, xytext=(0, 12), textcoords="offset points", ha="center", fontsize=8)
    axes.set(xscale="log", xlabel="distinct parts a second", ylabel="exact match on the development set")
    axes.margins(0.15)
    axes.legend(loc="best")


if __name__ == "__main__":
    main()
