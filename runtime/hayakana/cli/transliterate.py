"""``hayakana transliterate``: names in, a line of Katakana for each."""

import argparse
import os
import sys
from collections.abc import Iterator

from hayakana.cli.options import (
    FINISHED,
    PROBLEMS,
    add_least_probability,
    add_messages,
    add_model_options,
    add_strict,
    add_workers,
    open_transliterator,
    say,
    say_that_a_terminal_is_read,
    say_that_files_are_names,
)
from hayakana.cli.parser import Parser, candidate_count
from hayakana.errors import shorten
from hayakana.results import Status, Transliteration

_READ_SIZE = 1 << 22
"""Bytes of standard input taken at a time, at most."""


def add_transliterate(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command to the parser."""
    transliterate = commands.add_parser(
        "transliterate",
        usage="hayakana transliterate [OPTIONS] [NAME...]",
        help="print the Katakana of names, a line for a line",
        description="Print the Katakana of each NAME, or of each line of standard input. What cannot be read is"
        " printed as it came, and standard error says why.",
    )
    transliterate.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="a name, in quotes if it has spaces (default: the lines of standard input)",
    )
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
    add_least_probability(transliterate)
    add_model_options(transliterate)
    add_workers(transliterate)
    add_strict(transliterate)
    add_messages(transliterate)
    transliterate.set_defaults(run=_transliterate)


def _transliterate(options: argparse.Namespace) -> int:
    problems = done = 0
    say_that_files_are_names(options.names, options)
    if not options.names:
        say_that_a_terminal_is_read(options)
    chunks: Iterator[list[str]] = iter([options.names]) if options.names else _lines_of_stdin()
    with open_transliterator(options) as transliterator:
        for names in chunks:
            results = transliterator.transliterate_detailed(
                names,
                probabilities=options.probabilities or options.least_probability > 0,
                candidates=options.n_best,
            )
            for number, result in enumerate(results, start=done + 1):
                if result.error is None and result.status != Status.UNSURE:
                    continue
                problems += result.error is not None
                # That a blank line is blank need not be said.
                if result.name.strip() and not options.quiet:
                    say(_remark(result, number, options))
            done += len(results)
            lines = "".join(f"{_line(result, options)}\n" for result in results)
            sys.stdout.buffer.write(lines.encode("utf-8", "surrogateescape"))
            sys.stdout.buffer.flush()
    return PROBLEMS if problems and options.strict else FINISHED


def _remark(result: Transliteration, number: int, options: argparse.Namespace) -> str:
    """Return what is said of a name without Katakana, or whose Katakana is unsure."""
    if result.error is None:
        assert result.probability is not None
        what = f"unsure: probability {result.probability:.4f}"
        said = what if options.no_names else f"{shorten(result.name)} is {what}"
    else:
        said = f"no Katakana: {result.status}" if options.no_names else str(result.error)
    if options.names and not options.no_names:
        return said
    return f"{'argument' if options.names else 'line'} {number}: {said}"


def _line(result: Transliteration, options: argparse.Namespace) -> str:
    """Return what is printed for a name: its Katakana, what was asked for with it; itself where it has none."""
    if result.text is None:
        return result.name
    if result.candidates:
        return "\t".join(f"{candidate.text}\t{candidate.probability:.4f}" for candidate in result.candidates)
    return f"{result.text}\t{result.probability:.4f}" if options.probabilities else result.text


def _lines_of_stdin() -> Iterator[list[str]]:
    """Yield the lines of standard input as they arrive, as many at once as there are, without their line feeds."""
    unended = b""
    while chunk := os.read(0, _READ_SIZE):
        *lines, unended = (unended + chunk).split(b"\n")
        if lines:
            yield [line.decode("utf-8", "surrogateescape") for line in lines]
    if unended:
        yield [unended.decode("utf-8", "surrogateescape")]
