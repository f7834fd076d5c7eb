"""``hayakana-train``: parses the command line and runs a command."""

import argparse
import sys
from collections.abc import Mapping

from hayakana.errors import HayakanaError
from hayakana_training.cli import average, calibrate, clean, evaluate, export, fit, known_names, label, romaji, tag

DESCRIPTION = """\
Train a transliteration model on name pairs, export it for the runtime, and measure it.

The usual order:
  hayakana-train fit --preset default --train train.tsv --development dev.tsv --output runs/default
  hayakana-train export runs/default --output models/default --name default --licence CC0-1.0
  hayakana-train evaluate dev.tsv --model models/default
  hayakana-train calibrate models/default --development dev.tsv
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 failed, 2 usage, 130 interrupted."""
    parser, _ = parsers()
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        return 130
    except (HayakanaError, OSError) as error:
        print(f"hayakana-train: {error}", file=sys.stderr)
        return 1


def parsers() -> tuple[argparse.ArgumentParser, Mapping[str, argparse.ArgumentParser]]:
    """Return the parser of the program, and the parsers of its commands by their names."""
    parser = argparse.ArgumentParser(
        prog="hayakana-train", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (fit, clean, tag, label, average, romaji, export, evaluate, calibrate, known_names):
        command.add(commands)
    return parser, commands.choices


if __name__ == "__main__":
    sys.exit(main())
