"""Exact match, mean F-score and character error rate of the shipped models on a file of pairs.

python -m benchmarks.quality development.tsv [heldout_hashes]
"""

import dataclasses
import sys
from pathlib import Path

from benchmarks.record import describe_file, write
from hayakana import Transliterator
from hayakana_training.evaluation import evaluate

MODELS = ("default", "seed")


def main(file: str, exclude_hashes: str | None = None) -> None:
    """Measure, print, and write results/quality.json."""
    path = Path(file)
    values: dict[str, object] = {
        "data": describe_file(path),
        "names_left_out_by_hash": exclude_hashes is not None,
    }
    for model in MODELS:
        with Transliterator(model) as transliterator:
            scores, problems = evaluate(
                transliterator, path, exclude_hashes=Path(exclude_hashes) if exclude_hashes else None
            )
        values[model] = {**dataclasses.asdict(scores), "malformed_lines": len(problems)}
    print(write("quality", values).read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(*sys.argv[1:])
