"""Which least probability sends which share of the names to a person, and what is right of these and of the others.

python -m benchmarks.studies.doubt --borne train.tsv --rare development.tsv [--exclude-hashes HASHES]
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness.record import RESULTS, describe_file, head, origin, page, publish, table
from hayakana import Transliterator
from hayakana.model.folder import bundled_models
from hayakana_training.data.pairs import Pair
from hayakana_training.evaluation.evaluate import read_development

METHOD = """\
`--borne` has parts of names with the number of their bearers, who count each: so customers come. The models were
trained on them, and the tables of known names, which are looked up as users have it, know most of them. Whole names are
two such parts, drawn by their bearers. `--rare` has names that no model was trained on, each counted once. A name
without Katakana goes to a person anyhow and is counted apart. "Right" is the one spelling that the data has."""
"""What the lists of names are, for ``--help`` and for the report."""

SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3)
"""Shares of the names that are sent to a person, the least sure ones."""

BORNE, WHOLE, RARE = "parts as borne", "whole names as borne", "rare parts"

_WHOLE_NAMES, _SEED = 20_000, 20_261_127

Floats = NDArray[np.float64]


def main() -> None:
    """Measure, print the tables, and write results/doubt.json and doubt.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.doubt", description=f"{__doc__}{METHOD}")
    parser.add_argument("--borne", type=Path, required=True, help="name, Katakana, bearers")
    parser.add_argument("--rare", type=Path, required=True, help="name, Katakana: names that were not trained on")
    parser.add_argument("--exclude-hashes", type=Path, help="names that are left out of both, by hash")
    parser.add_argument("--output", type=Path, default=RESULTS / "doubt.json")
    arguments = parser.parse_args()
    models = bundled_models()
    begun = head(models)
    borne, _ = read_development(arguments.borne, exclude_hashes=arguments.exclude_hashes)
    rare, _ = read_development(arguments.rare, exclude_hashes=arguments.exclude_hashes)
    values = {
        "head": begun,
        "data": {BORNE: describe_file(arguments.borne), RARE: describe_file(arguments.rare)},
        "whole_names": {"drawn": _WHOLE_NAMES, "seed": _SEED},
        "names_left_out_by_hash": arguments.exclude_hashes is not None,
        "models": {model: measure(folder, borne, rare) for model, folder in models.items()},
    }
    publish(arguments.output, values, render)


def measure(folder: Path, borne: Sequence[Pair], rare: Sequence[Pair]) -> dict[str, Any]:
    """Return the figures of a model: list → what ``of_list`` gives."""
    lists = {
        BORNE: borne,
        WHOLE: whole_names(borne, count=_WHOLE_NAMES),
        RARE: [replace(pair, count=1) for pair in rare],
    }
    with Transliterator(folder) as transliterator:
        return {label: of_list(transliterator, pairs) for label, pairs in lists.items()}


def whole_names(parts: Sequence[Pair], *, count: int) -> list[Pair]:
    """Return ``count`` names of two parts, drawn by the bearers of these, the same in every run."""
    bearers = np.array([pair.count for pair in parts], np.float64)
    drawn = np.random.default_rng(_SEED).choice(len(parts), (count, 2), p=bearers / bearers.sum())
    pairs = ((parts[first], parts[last]) for first, last in drawn)
    return [Pair(f"{first.name} {last.name}", f"{first.katakana}・{last.katakana}") for first, last in pairs]


def of_list(transliterator: Transliterator, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return how much is right, and for each of ``SHARES`` what ``at`` gives."""
    answers = transliterator.transliterate_detailed([pair.name for pair in pairs], probabilities=True)
    weights = np.array([pair.count for pair in pairs], np.float64)
    has_text = np.array([answer.text is not None for answer in answers])
    right = np.array([answer.text == pair.katakana for answer, pair in zip(answers, pairs, strict=True)])
    probabilities = np.array([answer.probability or 0.0 for answer in answers], np.float64)
    probabilities, right, answered = probabilities[has_text], right[has_text], weights[has_text]
    return {
        "names": len(pairs),
        "weight": float(weights.sum()),
        "share_without_katakana": float(1 - answered.sum() / weights.sum()),
        "share_right": _share(answered, right),
        "at": {
            f"{share:.0%}": at(least_for(share, probabilities, answered), probabilities, right, answered)
            for share in SHARES
        },
    }


def least_for(share: float, probabilities: Floats, weights: Floats) -> float:
    """Return the least probability, in steps of 0.001, below which ``share`` of the names is, or more."""
    order = np.argsort(probabilities, kind="stable")
    reached = np.searchsorted(np.cumsum(weights[order]), share * weights.sum() * (1 - 1e-12))
    return min(float(np.floor(probabilities[order][reached] * 1_000) + 1) / 1_000, 1.0)


def at(least: float, probabilities: Floats, right: NDArray[np.bool_], weights: Floats) -> dict[str, float]:
    """Return what a least probability sends to a person, what is right of that and of the others, and errors found."""
    unsure = probabilities < least
    wrong = weights[~right].sum()
    return {
        "least_probability": least,
        "share_unsure": _share(weights, unsure),
        "share_right_of_unsure": _share(weights[unsure], right[unsure]),
        "share_right_of_others": _share(weights[~unsure], right[~unsure]),
        "share_of_errors_among_unsure": float(weights[~right & unsure].sum() / wrong) if wrong else 0.0,
    }


def _share(weights: Floats, chosen: NDArray[np.bool_]) -> float:
    return float(weights[chosen].sum() / weights.sum()) if weights.sum() else 0.0


def render(values: Mapping[str, Any]) -> str:
    """Return the Markdown tables, a list a table and a model a row."""
    paragraphs = [
        METHOD,
        "A cell has the least probability, and in brackets what is right of the names that it sends to a person → of\n"
        "all other names.",
        origin(values["head"]),
    ]
    headers = ("model", "right", *(f"{share:.0%} to a person" for share in SHARES))
    borne, rare = values["data"][BORNE], values["data"][RARE]
    for label, data in {BORNE: borne, WHOLE: borne, RARE: rare}.items():
        by_model = {model: found[label] for model, found in values["models"].items()}
        some = next(iter(by_model.values()))
        rows = [
            (f"`{model}`", f"{found['share_right']:.1%}", *map(_cell, found["at"].values()))
            for model, found in by_model.items()
        ]
        paragraphs += [
            f"## {label.capitalize()}",
            f"{some['names']:,} names of `{data['file']}`, which count {some['weight']:,.0f}.",
            table(headers, rows),
        ]
    return page("Doubt", *paragraphs)


def _cell(found: Mapping[str, float]) -> str:
    of_unsure, of_others = found["share_right_of_unsure"], found["share_right_of_others"]
    return f"{found['least_probability']:.3f} ({of_unsure:.0%} → {of_others:.1%})"


if __name__ == "__main__":
    main()
