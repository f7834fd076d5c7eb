"""``hayakana-train clean``: pairs in, the pairs that are not wrong out."""

import argparse
from pathlib import Path

from hayakana_training.cli.backends import check_tensorflow, import_tensorflow
from hayakana_training.cli.pairs_options import DATA_HELP, add_pairs_options, load_pairs, log


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "clean",
        help="leave wrong pairs out",
        description="Train a small model on each half of the pairs, and judge the half that it has not seen. Write to"
        " FOLDER pairs.tsv, which fit takes, and dropped.tsv, what was left out.",
        epilog=DATA_HELP,
    )
    parser.add_argument("--preset", default="judge", help="of the two models (default: %(default)s)")
    add_pairs_options(parser, train_required=True)
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="folder of the pairs and the runs")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from hayakana_training.model.config import Config

    config = Config.read(options.preset)
    check_tensorflow()
    data = load_pairs(options, config)
    import_tensorflow()
    from hayakana_training.teaching.cleaning import clean

    clean(config, data, folder=options.output, log=log)
    return 0
