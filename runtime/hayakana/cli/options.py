"""What the commands of ``hayakana`` share: options of names and models, exit codes, messages."""

import argparse
import functools
import operator
import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import fields

from hayakana.cli.parser import language_code, number, path, path_text, separator, worker_count
from hayakana.engine.options import Options
from hayakana.errors import HayakanaError, listed
from hayakana.names.choices import POSSIBLE
from hayakana.names.languages import language_of
from hayakana.names.lexicon import Lexicon
from hayakana.names.style import STYLES
from hayakana.sessions.opening import DEVICES
from hayakana.transliterator import Transliterator

FINISHED, FAILED, PROBLEMS, INTERRUPTED = 0, 1, 3, 130
READER_LEFT = 141
"""128 and SIGPIPE, as shells count. Windows has no such signal."""

OPTIONS = [option.name for option in fields(Options) if option.name not in ("lexicon", "batch_size", "cache_size")]
"""Options of ``Transliterator`` that are here what they are there, by the same name. A lexicon is a list of files here,
and a user of the command line has no need of the two sizes."""


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which model writes what."""
    parser.add_argument(
        "--model",
        type=path_text,
        default=Options.model,
        help="a bundled model, or a model folder (default: %(default)s)",
    )
    add_reading_options(parser)


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what a model writes, whichever it is."""
    parser.set_defaults(usage_error=parser.error, workers=Options.workers, quiet=False, no_names=False)
    parser.set_defaults(least_probability=Options.least_probability)
    parser.add_argument("--device", choices=DEVICES, default=Options.device, help="default: %(default)s")
    parser.add_argument(
        "--separator",
        type=separator,
        default=Options.separator,
        metavar="TEXT",
        help="for spaces (default: %(default)s)",
    )
    parser.add_argument(
        "--hyphen", type=separator, default=Options.hyphen, metavar="TEXT", help="for hyphens (default: %(default)s)"
    )
    parser.add_argument(
        "--lexicon",
        action="append",
        type=path,
        default=[],
        metavar="FILE",
        help="Katakana that wins over the model: .tsv, .csv or .json; of several, the last one wins",
    )
    parser.add_argument(
        "--style",
        action="append",
        choices=STYLES,
        default=[],
        help=f"how Katakana is spelled, {', '.join(STYLES)}; repeatable",
        metavar="NAME",
    )

    add_choices(parser.add_argument_group("how names are read"))


def add_choices(parser: "argparse._ActionsContainer") -> None:
    """Add the options that say how names are read where more than one way is right."""
    parser.add_argument(
        "--no-known-names",
        dest="known_names",
        action="store_false",
        help="ask the model alone, where known names are looked up first otherwise",
    )
    parser.add_argument(
        "--language",
        type=language_code,
        default=Options.language,
        metavar="CODE",
        help="a hint: the language that names are of, fr, or the country, FR; hayakana info MODEL has the languages"
        " that a model knows",
    )
    for option, what in _CHOICES.items():
        parser.add_argument(
            f"--{option}",
            choices=POSSIBLE[option],
            default=getattr(Options, option),
            help=f"{what} (default: %(default)s)",
        )


_CHOICES = {
    "numerals": "Roman numerals in words or figures: Henry VIII as ヘンリー・ハッセイ or ヘンリー8世",
    "digits": "digits read in English, kept as they are, or refused: Maroon 5",
    "disambiguators": "what stands in brackets at the end of a name read or left out: Madonna (entertainer)",
    "kind": "what a name is where it is known as several: Milan is ミラン as a person and ミラノ as a place",
    "order": "names such as Miller, Walter left as written, or turned round, given name first, with the status turned",
}
"""Option → what is said of it; ``POSSIBLE`` has its values."""


def add_least_probability(parser: "argparse._ActionsContainer") -> None:
    """Add ``--least-probability``."""
    parser.add_argument(
        "--least-probability",
        type=functools.partial(number, least=0, most=1),
        default=Options.least_probability,
        metavar="P",
        help="Katakana whose probability is below P, from 0 to 1, is unsure",
    )


def add_workers(parser: "argparse._ActionsContainer") -> None:
    """Add ``--workers``."""
    parser.add_argument(
        "--workers",
        type=worker_count,
        default=Options.workers,
        metavar="N",
        help="processes that share the work; auto: a process for each processor that hayakana may use (default:"
        " %(default)s)",
    )


def add_strict(parser: "argparse._ActionsContainer") -> None:
    """Add ``--strict``."""
    parser.add_argument(
        "--strict", action="store_true", help=f"exit with {PROBLEMS} if a name could not be transliterated"
    )


def add_messages(parser: "argparse._ActionsContainer") -> None:
    """Add the options that say what is left out of standard error."""
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing on standard error but what has failed")
    parser.add_argument(
        "--no-names", action="store_true", help="leave names out of whatever is said of them, as for the log of a job"
    )


def open_transliterator(options: argparse.Namespace, *, cache_size: int = Options.cache_size) -> Transliterator:
    """Open what ``add_model_options`` and ``add_workers`` ask for; ends the process if options do not fit."""
    try:
        transliterator = Transliterator(
            **{option: getattr(options, option) for option in OPTIONS},
            lexicon=functools.reduce(operator.or_, map(Lexicon.read, options.lexicon), Lexicon()),
            cache_size=cache_size,
        )
    except HayakanaError:
        raise
    except ValueError as error:  # Options that do not go together.
        options.usage_error(str(error))
    if options.device == "auto" and not options.quiet:
        say(f"device {transliterator.device}")
    if options.language and not transliterator.language and not options.quiet:
        say(_of_no_use(options.language, transliterator))
    return transliterator


def _of_no_use(code: str, transliterator: Transliterator) -> str:
    """Return why a hint does nothing, and which would do something."""
    language = language_of(code)
    reason = f"the model does not know {language}" if language else "names with that code are of no certain language"
    known = listed(transliterator.languages)
    return f"--language {code} does nothing, since {reason}; languages that the model knows: {known}"


def say(message: str) -> None:
    """Print ``message`` on standard error, with the name of the program."""
    tell(f"hayakana: {message}")


def tell(message: str) -> None:
    """Print ``message`` on standard error."""
    print(message, file=sys.stderr)


def say_that_files_are_names(names: Sequence[str], options: argparse.Namespace) -> None:
    """Say what reads files, where one of ``names`` is the name of a file: the first such one, since one will do."""
    if options.quiet:
        return
    for place, name in enumerate(names, start=1):
        if os.path.isfile(name):  # noqa: PTH113  (Path raises OSError for what is too long for a file)
            shown, quoted = (f"argument {place}", "FILE") if options.no_names else (name, shlex.quote(name))
            say(
                f"{shown} is a file, and was read as a name; files are read by hayakana batch {quoted} OUTPUT, and by"
                f" hayakana transliterate < {quoted}"
            )
            return


def say_that_a_terminal_is_read(options: argparse.Namespace) -> None:
    """Say that names are waited for, where standard input is a terminal: to its user, the program seems to hang."""
    if not options.quiet and os.isatty(0):
        say(f"names are read from this terminal: end them with {'Ctrl-Z and Enter' if os.name == 'nt' else 'Ctrl-D'}")
