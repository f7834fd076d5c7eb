"""``hayakana-train calibrate``: a model and pairs in, the model's probabilities fitted to them."""

import argparse
import sys
from pathlib import Path

from hayakana.errors import MissingExtraError
from hayakana_training.cli.pairs_options import DATA_HELP, report


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "calibrate",
        help="fit a model's probabilities to a development set",
        description="Fit the probabilities of a model folder to the share of names that it gets right (Platt scaling)."
        " Write the result into its manifest, its card, and training/calibration.png. Running it again replaces"
        " what it wrote; exporting the model again removes it.",
        epilog=DATA_HELP,
    )
    parser.add_argument("model", metavar="MODEL", help="name of a bundled model, or a model folder")
    parser.add_argument(
        "--development",
        type=Path,
        required=True,
        metavar="FILE",
        help="pairs whose names were not trained on; names that the run has seen are refused",
    )
    parser.add_argument("--exclude-hashes", type=Path, metavar="HASHES", help="as for fit")
    parser.add_argument("--strict", action="store_true", help="fail if a line is malformed")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from functools import partial

    from hayakana import Transliterator
    from hayakana.model.folder import find_model

    folder = find_model(options.model)
    try:
        from hayakana_training.evaluation.calibrate import calibrate, check_unseen, describe
    except ImportError as error:
        raise MissingExtraError("calibration", extra="train") from error
    from hayakana_training.data.hints import has_hints
    from hayakana_training.data.pairs import references_by_name, without_hints
    from hayakana_training.evaluation.evaluate import read_development

    pairs, problems = read_development(options.development, exclude_hashes=options.exclude_hashes)
    report(problems, strict=options.strict)
    if has_hints(pair.name for pair in pairs):
        print(f"{options.development}: hints are ignored, probabilities are fitted to names without", file=sys.stderr)
    references = references_by_name(without_hints(pairs))
    if not check_unseen(folder, references):
        print(f"{folder} does not say what it was trained on: make sure that it was on none of these", file=sys.stderr)
    # The model is measured, and not what its table knows.
    opener = partial(Transliterator, known_names=False)
    print(describe(calibrate(folder, references, data=options.development.name, open_transliterator=opener)))
    return 0
