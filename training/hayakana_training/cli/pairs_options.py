"""What several commands share: the options that name files of pairs, and the reports about them."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hayakana_training.errors import TrainingError

if TYPE_CHECKING:
    from hayakana_training.data.loading import Data
    from hayakana_training.data.pairs import Problem
    from hayakana_training.model.config import Config

DATA_HELP = """\
Files of pairs are UTF-8 text, a pair a line: name, Katakana and (optional) count, separated by tabs, for example
"peter<TAB>ピ ー タ ー<TAB>762"; spaces between the characters of the Katakana are allowed. A fourth column may hold
hints: place or word, and the code of a language or country. docs/training.md says where the public data set is.
"""


def add_pairs_options(parser: argparse.ArgumentParser, *, train_required: bool) -> None:
    """Add the options that name files of pairs, and say how malformed lines are taken."""
    parser.add_argument(
        "--train",
        nargs="+",
        type=Path,
        required=train_required,
        default=[],
        metavar="FILE",
        help="files of training pairs, or enamdict and edict as they come",
    )
    parser.add_argument(
        "--development",
        type=Path,
        metavar="FILE",
        help="pairs that early stopping is judged on; names in it are never trained on"
        " (without it: one training name in twenty, chosen by a hash of the name)",
    )
    parser.add_argument(
        "--exclude-hashes",
        type=Path,
        metavar="FILE",
        help="leave out every name whose hash is in FILE: the first 16 hex digits of sha256 of the folded name",
    )
    parser.add_argument("--strict", action="store_true", help="stop at malformed lines instead of leaving them out")


def load_pairs(options: argparse.Namespace, config: "Config") -> "Data":
    """Load what the options name, and report malformed lines."""
    from hayakana_training.data.loading import load_data

    data = load_data(
        config, train=options.train, development=options.development, exclude_hashes=options.exclude_hashes
    )
    report(data.problems, strict=options.strict)
    data.check()
    return data


def report(problems: "Sequence[Problem]", *, strict: bool) -> None:
    """Print malformed lines to standard error.

    Raises:
        TrainingError: there are some, and ``strict`` forbids them.
    """
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} malformed lines, left out", file=sys.stderr)
    if problems and strict:
        raise TrainingError("--strict: correct the lines above, or leave --strict out to go on without them")


def log(line: str) -> None:
    """Print a line of progress to standard error, since standard output has results alone."""
    print(line, file=sys.stderr, flush=True)
