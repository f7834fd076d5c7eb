"""``hayakana``: parse, call, print.

Exit codes: 0 finished, 1 failed, 2 usage, 3 finished with names that could not be transliterated under ``--strict``,
130 interrupted, 141 the reader of standard output went away. Names and Katakana go through as UTF-8, whatever the
locale; ``transliterate`` keeps bytes that are not UTF-8 as they came.
"""

import argparse
import io
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import NoReturn

import hayakana
from hayakana import HayakanaError, Transliteration
from hayakana.alignment.pictures import SUFFIXES, save
from hayakana.cli.batch import add_batch
from hayakana.cli.options import (
    FAILED,
    FINISHED,
    INTERRUPTED,
    PROBLEMS,
    READER_LEFT,
    add_messages,
    add_model_options,
    add_strict,
    add_workers,
    open_transliterator,
    say,
    say_that_files_are_names,
)
from hayakana.cli.parser import Parser, candidate_count, path, path_text
from hayakana.model.folder import bundled_models, find_model, load_model
from hayakana.sessions.opening import runtime
from hayakana.system.signals import ended_by_signals

_REMEDY = "give fewer --workers, or a smaller --window"

_READ_SIZE = 1 << 22
"""Bytes of standard input taken at a time, at most."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        options = _parsed(sys.argv[1:] if arguments is None else arguments)
        code: int = options.run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone, as with `| head`. Python would complain again when it flushes standard output at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_LEFT
    except HayakanaError as error:
        say(error.without_names if options.no_names else str(error))
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


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = Parser(
        prog="hayakana",
        usage="hayakana COMMAND [OPTIONS] ...",
        description="Names in Latin letters to Katakana: Peter Parker → ピーター・パーカー.",
    )
    parser.add_argument("-V", "--version", action="version", version=f"hayakana {hayakana.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", prog="hayakana")
    _add_transliterate(commands)
    add_batch(commands)
    _add_explain(commands)
    _add_info(commands)
    if arguments and not arguments[0].startswith("-") and arguments[0] not in commands.choices:
        *first, last = commands.choices
        parser.error(
            f"no command {arguments[0]!r}: give {', '.join(first)} or {last}; if it is a name:"
            f" hayakana transliterate {_in_quotes(arguments[0])}"
        )
    if arguments and arguments[0].startswith("-") and arguments[0] not in ("-h", "--help", "-V", "--version", "--"):
        parser.error(f"no option {arguments[0]} before a command: options follow the command that they are for")
    return parser.parse_args(arguments)


def _in_quotes(name: str) -> str:
    """Return ``name`` as it is given to a shell: in the marks that a name with an apostrophe can have too."""
    return shlex.quote(name) if set(name) & set('"$`\\!') or not name.isprintable() else f'"{name}"'


def _add_transliterate(commands: "argparse._SubParsersAction[Parser]") -> None:

    transliterate = commands.add_parser(
        "transliterate",
        usage="hayakana transliterate [OPTIONS] [NAME...]",
        help="print the Katakana of names, a line for a line",
        description="Print the Katakana of each NAME, or of each line of standard input. What cannot be read is"
        " printed as it came, and standard error says why.",
    )
    transliterate.add_argument("names", nargs="*", metavar="NAME", help="names (default: the lines of standard input)")
    asked = transliterate.add_mutually_exclusive_group()
    asked.add_argument(
        "--probabilities", action="store_true", help="after each Katakana a tab and the probability that it is right"
    )
    asked.add_argument(
        "--n-best",
        type=candidate_count,
        default=0,
        metavar="N",
        help="on each line the N most probable Katakana, each with its probability, all separated by tabs",
    )
    add_model_options(transliterate)
    add_workers(transliterate)
    add_strict(transliterate)
    add_messages(transliterate)
    transliterate.set_defaults(run=_transliterate)


def _add_explain(commands: "argparse._SubParsersAction[Parser]") -> None:
    explain = commands.add_parser(
        "explain",
        usage="hayakana explain [OPTIONS] NAME...",
        help="show which letters each Katakana was written on",
        description="Print the alignment of each NAME, or draw its attention as a heat map (extra: plot).",
    )
    explain.add_argument("names", nargs="+", metavar="NAME")
    explain.add_argument("-o", "--output", type=_picture, metavar="FILE", help="picture to write: .png, .svg or .pdf")
    add_model_options(explain)
    explain.set_defaults(run=_explain)


def _add_info(commands: "argparse._SubParsersAction[Parser]") -> None:
    info = commands.add_parser(
        "info",
        usage="hayakana info [MODEL]",
        help="show versions, devices and models",
        description="Show versions, execution providers of onnxruntime and the bundled models, or the card of MODEL.",
    )
    info.add_argument("model", nargs="?", type=path_text, metavar="MODEL", help="a bundled model, or a model folder")
    info.set_defaults(run=_info, no_names=False)


def _picture(text: str) -> Path:
    picture = path(text)
    if picture.suffix not in SUFFIXES:
        raise argparse.ArgumentTypeError(f"{text}: a picture ends in {', '.join(SUFFIXES)}")
    return picture


def _transliterate(options: argparse.Namespace) -> int:
    problems = done = 0
    say_that_files_are_names(options.names, options)
    chunks: Iterator[list[str]] = iter([options.names]) if options.names else _lines_of_stdin()
    with open_transliterator(options) as transliterator:
        for names in chunks:
            results = transliterator.transliterate_detailed(
                names, probabilities=options.probabilities, candidates=options.n_best
            )
            for number, result in enumerate(results, start=done + 1):
                if result.error is None:
                    continue
                problems += 1
                # That a blank line is blank need not be said.
                if result.name.strip() and not options.quiet:
                    say(_problem(result, number, options))
            done += len(results)
            lines = "".join(f"{_line(result)}\n" for result in results)
            sys.stdout.buffer.write(lines.encode("utf-8", "surrogateescape"))
            sys.stdout.buffer.flush()
    return PROBLEMS if problems and options.strict else FINISHED


def _problem(result: Transliteration, number: int, options: argparse.Namespace) -> str:
    """Return what is said of a name without Katakana."""
    if options.no_names:
        return f"{'argument' if options.names else 'line'} {number}: no Katakana: {result.status}"
    return str(result.error) if options.names else f"line {number}: {result.error}"


def _line(result: Transliteration) -> str:
    """Return what is printed for a name: its Katakana, what was asked for with it; itself where it has none."""
    if result.text is None:
        return result.name
    if result.candidates:
        return "\t".join(f"{candidate.text}\t{candidate.probability:.4f}" for candidate in result.candidates)
    return result.text if result.probability is None else f"{result.text}\t{result.probability:.4f}"


def _lines_of_stdin() -> Iterator[list[str]]:
    """Yield the lines of standard input as they arrive, as many at once as there are, without their line feeds."""
    unended = b""
    while chunk := os.read(0, _READ_SIZE):
        *lines, unended = (unended + chunk).split(b"\n")
        if lines:
            yield [line.decode("utf-8", "surrogateescape") for line in lines]
    if unended:
        yield [unended.decode("utf-8", "surrogateescape")]


def _explain(options: argparse.Namespace) -> int:
    say_that_files_are_names(options.names, options)
    with open_transliterator(options) as transliterator:
        alignments = [transliterator.explain(name) for name in options.names]
    if options.output is None:
        for alignment in alignments:
            print(f"{alignment.name} → {alignment.text}: {alignment}")
        return FINISHED
    save(alignments, options.output)
    return FINISHED


def _info(options: argparse.Namespace) -> int:
    if options.model is not None:
        print(load_model(find_model(options.model)).card)
        return FINISHED
    onnxruntime = runtime()
    wheels = [f"{wheel} {version}" for wheel in ("onnxruntime", "onnxruntime-gpu") if (version := _version(wheel))]
    print(f"hayakana {hayakana.__version__}, Python {sys.version.split()[0]}, numpy {_version('numpy')}")
    print(f"{' and '.join(wheels)}: {', '.join(onnxruntime.get_available_providers())}")
    if len(wheels) > 1:
        say("both wheels of onnxruntime are installed and overwrite each other; pip uninstall both, then install one")
    for name, folder in bundled_models().items():
        manifest = load_model(folder).manifest
        exact_match = manifest.metrics["development"]["development_exact_match"]
        measured_on = "names" if manifest.unit == "part" else "names, one in five of several parts"
        print(
            f"model {name}: unit {manifest.unit}, {manifest.training['weights']:,} weights, licence {manifest.licence},"
            f" exact match {exact_match:.3f} on development {measured_on}"
        )
    return FINISHED


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
