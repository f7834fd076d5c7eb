"""What the commands of ``hayakana`` share: options of names and models, exit codes, messages."""

import argparse
import functools
import operator
import sys

from hayakana.errors import HayakanaError
from hayakana.lexicon import Lexicon
from hayakana.results import MOST_CANDIDATES
from hayakana.sessions import DEVICES
from hayakana.transliterator import Transliterator

FINISHED, FAILED, USAGE, PROBLEMS, INTERRUPTED = 0, 1, 2, 3, 130
READER_LEFT = 141
"""128 and SIGPIPE, as shells count. Windows has no such signal."""

CACHE_SIZE = 65_536
"""Units that are remembered."""


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which model writes what."""
    parser.set_defaults(usage_error=parser.error, workers=1)
    parser.add_argument("--model", default="default", help="a bundled model, or a model folder (default: %(default)s)")
    parser.add_argument("--device", choices=DEVICES, default="cpu", help="default: %(default)s")
    parser.add_argument("--separator", default="・", metavar="TEXT", help="for spaces (default: %(default)s)")
    parser.add_argument("--hyphen", default="＝", metavar="TEXT", help="for hyphens (default: %(default)s)")
    parser.add_argument(
        "--lexicon",
        action="append",
        default=[],
        metavar="FILE",
        help="Katakana that wins over the model: .tsv, .csv or .json; of several, the last one wins",
    )


def add_workers(parser: "argparse._ActionsContainer") -> None:
    """Add ``--workers``."""
    parser.add_argument(
        "--workers", type=count, default=1, metavar="N", help="processes that share the work (default: %(default)s)"
    )


def count(text: str) -> int:
    """Return the number of at least 1 that ``text`` is; argparse says it if it is none."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be a number of at least 1")
    return int(text)


def candidate_count(text: str) -> int:
    """Return the number of candidates that ``text`` is; argparse says it if it is none."""
    if (number := count(text)) > MOST_CANDIDATES:
        raise argparse.ArgumentTypeError(f"{text}: must be a number of at most {MOST_CANDIDATES:,}")
    return number


def add_strict(parser: "argparse._ActionsContainer") -> None:
    """Add ``--strict``."""
    parser.add_argument(
        "--strict", action="store_true", help=f"exit with {PROBLEMS} if a name could not be transliterated"
    )


def open_transliterator(options: argparse.Namespace, *, cache_size: int = CACHE_SIZE) -> Transliterator:
    """Open what ``add_model_options`` and ``add_workers`` ask for; ends the process if options do not fit."""
    try:
        transliterator = Transliterator(
            options.model,
            device=options.device,
            separator=options.separator,
            hyphen=options.hyphen,
            lexicon=functools.reduce(operator.or_, map(Lexicon.read, options.lexicon), Lexicon()),
            workers=options.workers,
            cache_size=cache_size,
        )
    except HayakanaError:
        raise
    except ValueError as error:  # Options that do not go together.
        options.usage_error(str(error))
    if options.device == "auto":
        say(f"device {transliterator.device}")
    return transliterator


def say(message: str) -> None:
    """Print ``message`` on standard error, with the name of the program."""
    tell(f"hayakana: {message}")


def tell(message: str) -> None:
    """Print ``message`` on standard error."""
    print(message, file=sys.stderr)
