"""``python -m website``: writes the site, or the page of the options."""

import argparse
from pathlib import Path

from website import options

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m website", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("options", help="write docs/options.md from the parsers of the programs")
    command.set_defaults(run=_write_options)
    arguments = parser.parse_args()
    arguments.run(arguments)


def _write_options(_: argparse.Namespace) -> None:
    (ROOT / "docs" / "options.md").write_text(options.page(), encoding="utf-8")


if __name__ == "__main__":
    main()
