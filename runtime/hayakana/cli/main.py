"""``hayakana``: parse, call, print.

Exit codes: 0 finished, 1 failed, 2 usage, 3 finished with names that could not be transliterated under ``--strict``;
130 interrupted, 141 the reader of standard output went away. Names and Katakana go through as UTF-8, whatever the
locale; ``transliterate`` keeps bytes that are not UTF-8 as they came.
"""

import argparse
import io
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

import hayakana
from hayakana.cli.batch import add_batch
from hayakana.cli.completion import SHELLS, PrintCompletion
from hayakana.cli.explain import add_explain
from hayakana.cli.info import add_info
from hayakana.cli.options import FAILED, INTERRUPTED, READER_LEFT, say
from hayakana.cli.parser import Parser
from hayakana.cli.serve import add_serve
from hayakana.cli.serve_environment import arguments_of_environment
from hayakana.cli.transliterate import add_transliterate
from hayakana.errors import HayakanaError
from hayakana.system.signals import ended_by_signals

_BEFORE_A_COMMAND = ("-h", "--help", "-V", "--version", "--print-completion", "--")

_REMEDY = "give fewer --workers, or a smaller --window"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    no_names = False
    try:
        options = _parsed(sys.argv[1:] if arguments is None else arguments)
        no_names = options.no_names
        code: int = options.run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone, as with `| head`. Python would complain again when it flushes standard output at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_LEFT
    except HayakanaError as error:
        say(error.without_names if no_names else str(error))
        return FAILED
    except MemoryError:
        say(f"memory ran out: {_REMEDY}")
        return FAILED
    except RuntimeError as error:
        if "start new thread" not in str(error):
            raise
        say(f"the system has no memory for another thread, or allows none: {_REMEDY}, or raise its limits")
        return FAILED
    except OSError as error:
        say(f"{error.filename}: {error.strerror}" if error.filename else f"cannot read or write: {error.strerror}")
        return FAILED
    return code


def run() -> NoReturn:
    """Run the command line as a process."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            sys.exit(FAILED)  # Closed by whoever started us: there is nowhere to write to.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    with ended_by_signals():
        code = main()
    sys.exit(code)


def parsers() -> tuple[Parser, Mapping[str, Parser]]:
    """Return the parser of the program, and the parsers of its commands by their names."""
    parser = Parser(
        prog="hayakana",
        usage="hayakana COMMAND [OPTIONS] ...",
        description="Names in Latin letters to Katakana: Peter Parker → ピーター・パーカー.",
    )
    parser.add_argument("-V", "--version", action="version", version=f"hayakana {hayakana.__version__}")
    parser.add_argument(
        "--print-completion",
        choices=SHELLS,
        action=PrintCompletion,
        help="print what has a shell complete commands and options (extra: completion)",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", prog="hayakana")
    add_transliterate(commands)
    add_batch(commands)
    add_explain(commands)
    add_info(commands)
    add_serve(commands)
    return parser, commands.choices


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser, commands = parsers()
    if arguments and not arguments[0].startswith("-") and arguments[0] not in commands:
        *first, last = commands
        parser.error(
            f"no command {arguments[0]!r}: give {', '.join(first)} or {last}; if it is a name:"
            f" hayakana transliterate {_in_quotes(arguments[0])}"
        )
    if arguments and arguments[0].startswith("-") and arguments[0].partition("=")[0] not in _BEFORE_A_COMMAND:
        parser.error(f"no option {arguments[0]} before a command: options follow the command that they are for")
    if list(arguments[:1]) == ["serve"]:
        arguments = ["serve", *arguments_of_environment(commands["serve"], os.environ), *arguments[1:]]
    return parser.parse_args(arguments)


def _in_quotes(name: str) -> str:
    """Return ``name`` as it is given to a shell: in the marks that a name with an apostrophe can have too."""
    return shlex.quote(name) if set(name) & set('"$`\\!') or not name.isprintable() else f'"{name}"'
