"""What hints are worth: places and words that no model was trained on, asked with their hints and without.

python -m benchmarks.studies.hints places_development.tsv words_development.tsv [--output hints.json]

``hayakana-train tag`` sets both files aside, by a hash of their names. The network is measured, without known names.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.harness.record import RESULTS, describe_file, head, origin, page, publish, table
from benchmarks.reports.summary import FOLLOWING
from hayakana.model.folder import bundled_models
from hayakana_training.evaluation.evaluate import ALL_HINTS, evaluate, opener_of

LEAST_NAMES = 30
"""Of fewer names of a language nothing is said."""


def main() -> None:
    """Measure, print the table, and write results/hints.json and hints.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.hints", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="pairs with hints, as tag sets them aside")
    parser.add_argument("--output", type=Path, default=RESULTS / "hints.json")
    arguments = parser.parse_args()
    models = {model: folder for model, folder in bundled_models().items() if model in FOLLOWING}
    values = {
        "head": head(models),
        "data": {path.stem: describe_file(path) for path in arguments.files},
        "files": {path.stem: {model: measure(model, path) for model in FOLLOWING} for path in arguments.files},
    }
    publish(arguments.output, values, render)


def measure(model: str, path: Path) -> dict[str, Any]:
    """Return the exact match of the names that have hints, by hint: names, without hints, and with all of theirs."""
    evaluation, _ = evaluate(opener_of(model, known_names=False), path)
    return {
        hint: {
            "names": found.without.scores.names,
            "without": found.without.scores.exact_match,
            "with_hints": found.with_hints.scores.exact_match,
        }
        for hint, found in evaluation.hints.items()
        if hint == ALL_HINTS or found.without.scores.names >= LEAST_NAMES
    }


def render(values: Mapping[str, Any]) -> str:
    """Return the Markdown, a row a file, model and hint."""
    rows = [
        (file, f"`{model}`", hint, f"{found['names']:,}", f"{found['without']:.3f}", f"{found['with_hints']:.3f}")
        for file, by_model in values["files"].items()
        for model, by_hint in by_model.items()
        for hint, found in by_hint.items()
    ]
    headers = ("file", "model", "names that have the hint", "names", "without hints", "with all of theirs")
    return page("Hints", origin(values["head"]), table(headers, rows, words=3))


if __name__ == "__main__":
    main()
