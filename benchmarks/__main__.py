"""``python -m benchmarks [PART ...]``: run all parts or some, print them, write JSON, Markdown and plots."""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.parts import PARTS, check_extras, run_part
from benchmarks.record import RESULTS, SUITE, code_digest, machine, read_json, write_json, write_text
from benchmarks.report import report
from benchmarks.settings import Settings
from hayakana.errors import MissingExtraError

PICTURES = Path(__file__).parent.parent / "docs" / "pictures" / "benchmarks"


def main() -> None:
    """Run what the command line asks for; each part is written as soon as it is measured."""
    arguments = _parser().parse_args()
    parts = tuple(arguments.parts) or tuple(PARTS)
    output = arguments.output or (RESULTS / "quick.json" if arguments.quick else SUITE)
    try:
        check_extras(parts)
        result = begin(output, parts, quick=arguments.quick)
    except (MissingExtraError, MixedResultsError) as error:
        sys.exit(str(error))
    code = code_digest()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            folder=Path(folder),
            quick=arguments.quick,
            device=arguments.device,
            pairs=arguments.pairs,
            exclude_hashes=arguments.exclude_hashes,
        )
        for part in parts:
            print(f"{part} …", file=sys.stderr, flush=True)
            started = time.perf_counter()
            measured = run_part(part, settings)
            took = {"took_s": round(time.perf_counter() - started, 1), "code_sha256": code}
            result["parts"][part] = {**measured, **took}
            write_json(output, result)
            write_text(output.with_suffix(".md"), report(result))
    print(report(result), end="")
    _draw(result, PICTURES if output == SUITE else output.with_suffix(""))


class MixedResultsError(Exception):
    """A file already holds parts that were measured otherwise."""


def begin(output: Path, parts: tuple[str, ...], *, quick: bool) -> dict[str, Any]:
    """Return the result to fill: what ``output`` holds, if it was measured here and with these versions.

    Old figures of ``parts`` are among it: they stay until there are new ones. Each part says which code it ran.

    Raises:
        MixedResultsError: it holds other parts from another machine or other versions.
    """
    fresh = {"machine": machine(), "quick": quick, "parts": {}}
    if not output.is_file():
        return fresh
    there = read_json(output)
    if (there["machine"], there["quick"]) == (fresh["machine"], quick):
        return {**fresh, "parts": there["parts"]}
    if kept := [part for part in there["parts"] if part not in parts]:
        raise MixedResultsError(
            f"{output.name} holds {', '.join(kept)} from another machine or other versions:"
            " run all parts, or give another --output"
        )
    return fresh


def _draw(result: dict[str, Any], folder: Path) -> None:
    try:
        from benchmarks.plots import draw
    except ImportError:
        print(MissingExtraError("drawing the plots", extra="bench"), file=sys.stderr)
        return
    draw(result["parts"], folder)


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"no part {name!r}: choose from {', '.join(PARTS)}")
    return name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", type=_part, help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="small sizes: does everything run? Not to be quoted")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="cuda also compares devices")
    parser.add_argument("--output", type=Path, help="default: results/suite.json, with --quick results/quick.json")
    parser.add_argument("--pairs", type=Path, help="name, tab, Katakana a line: quality beside speed in peers")
    parser.add_argument("--exclude-hashes", type=Path, help="names that are left out of --pairs, by hash")
    return parser


if __name__ == "__main__":
    main()
