"""``hayakana explain``: which letters each Katakana was written on, in words or as a picture."""

import argparse
from pathlib import Path

from hayakana.alignment.pictures import SUFFIXES, save
from hayakana.cli.options import FINISHED, add_model_options, open_transliterator, say_that_files_are_names
from hayakana.cli.parser import Parser, path


def add_explain(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command to the parser."""
    explain = commands.add_parser(
        "explain",
        usage="hayakana explain [OPTIONS] NAME...",
        help="show which letters each Katakana was written on",
        description="Print the alignment of each NAME, or draw its attention as a heat map (extra: plot).",
    )
    explain.add_argument("names", nargs="+", metavar="NAME", help="a name, in quotes if it has spaces")
    explain.add_argument("-o", "--output", type=_picture, metavar="FILE", help="picture to write: .png, .svg or .pdf")
    add_model_options(explain)
    explain.set_defaults(run=_explain)


def _picture(text: str) -> Path:
    picture = path(text)
    if picture.suffix not in SUFFIXES:
        raise argparse.ArgumentTypeError(f"{text}: a picture ends in {', '.join(SUFFIXES)}")
    return picture


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
