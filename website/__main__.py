"""``python -m website``: writes the site, or the page of the options."""

import argparse
import sys
from pathlib import Path

from website import options
from website.build import BuildError, build

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m website", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("options", help="write docs/options.md from the parsers of the programs")
    command.set_defaults(run=_write_options)
    command = commands.add_parser("build", help="write the site to build/site, and fail if anything is wrong with it")
    command.add_argument(
        "--engine", type=Path, help="folder dist of onnxruntime-web (default: that of examples/browser)"
    )
    command.set_defaults(run=_build)
    arguments = parser.parse_args()
    arguments.run(arguments)


def _write_options(_: argparse.Namespace) -> None:
    (ROOT / "docs" / "options.md").write_text(options.page(), encoding="utf-8")


def _build(arguments: argparse.Namespace) -> None:
    try:
        print(build(ROOT, engine=arguments.engine))
    except BuildError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
