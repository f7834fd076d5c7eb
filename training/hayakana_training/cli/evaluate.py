"""``hayakana-train evaluate``: a model and pairs in, a table of scores out."""

import argparse
import json
from pathlib import Path

from hayakana.errors import MissingExtraError
from hayakana_training.cli.pairs_options import DATA_HELP, report


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "evaluate",
        help="measure a model on a file of pairs",
        description="Measure exact match of the first, the first two and the first three answers. Measure"
        " mean reciprocal rank, mean F-score (NEWS shared tasks) and character error rate. All are of all names, by"
        " length and by spelling, as written and with free variants folded (ヴァ = バ and the like). List the most"
        " frequent confusions. Names that have hints are asked with them and without, and compared by kind and by"
        " language.",
        epilog=DATA_HELP,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="pairs: name, Katakana, count, hints")
    parser.add_argument("--model", default="default", help="name of a bundled model, or a model folder")
    parser.add_argument("--exclude-hashes", type=Path, metavar="HASHES", help="as for fit")
    parser.add_argument(
        "--known-names", action="store_true", help="look known names up, as users do; without it, the model is measured"
    )
    parser.add_argument("--strict", action="store_true", help="fail if a line is malformed")
    parser.add_argument("--json", action="store_true", help="print JSON in place of the table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    try:
        from hayakana_training.evaluation.evaluate import evaluate, opener_of
        from hayakana_training.evaluation.report import as_json, as_text
    except ImportError as error:
        raise MissingExtraError("evaluation", extra="train") from error

    evaluation, problems = evaluate(
        opener_of(options.model, known_names=options.known_names), options.file, exclude_hashes=options.exclude_hashes
    )
    report(problems, strict=options.strict)
    if options.json:
        values = {"model": options.model, "file": str(options.file), **as_json(evaluation)}
        print(json.dumps(values, indent=2, ensure_ascii=False))
        return 0
    print(as_text(evaluation), end="")
    return 0
