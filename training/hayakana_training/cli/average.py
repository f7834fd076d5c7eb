"""``hayakana-train average``: runs of one descent in, a run of their mean weights out."""

import argparse
from pathlib import Path

from hayakana_training.cli.backends import check_backend, import_backend
from hayakana_training.cli.pairs_options import DATA_HELP, log, report
from hayakana_training.cli.values import share_of
from hayakana_training.errors import TrainingError


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "average",
        help="average the weights of runs that went on from one another",
        description="Average the weights of several runs: each must have started from the run before it. Write the mean"
        " as a run, and judge it on the development set. Choose --shares on the development set too.",
        epilog=DATA_HELP,
    )
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="runs of the same sizes and vocabularies")
    parser.add_argument(
        "--shares", nargs="+", type=share_of, metavar="S", help="how much each run counts (default: all alike)"
    )
    parser.add_argument(
        "--development", type=Path, required=True, metavar="FILE", help="pairs whose names were not trained on"
    )
    parser.add_argument("--exclude-hashes", type=Path, metavar="HASHES", help="as for fit")
    parser.add_argument("--strict", action="store_true", help="fail if a line is malformed")
    parser.add_argument("--output", type=Path, required=True, metavar="RUN", help="folder of the run to write")
    parser.set_defaults(run=run, usage_error=parser.error)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    shares = options.shares or [1.0] * len(options.runs)
    if len(shares) != len(options.runs):
        options.usage_error(f"{len(options.runs)} runs and {len(shares)} shares: give each run a share")
    check_backend()
    from hayakana_training.evaluation.evaluate import read_development
    from hayakana_training.model.run_folder import check_run

    if options.output.exists() and any(options.output.iterdir()):
        raise TrainingError(f"{options.output} is not empty: choose another --output")
    for folder in options.runs:
        check_run(folder)
    pairs, problems = read_development(options.development, exclude_hashes=options.exclude_hashes)
    report(problems, strict=options.strict)
    import_backend()
    from hayakana_training.learning.average import average

    average(options.runs, shares, development=pairs, output=options.output, log=log)
    return 0
