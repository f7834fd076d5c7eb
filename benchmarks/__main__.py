"""``python -m benchmarks [SECTION ...]``: run all sections or some, print them, write JSON, Markdown and plots."""

import argparse
import importlib
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.harness.record import PICTURES, RESULTS, SUITE, head, read, write
from benchmarks.harness.rounds import Settings
from benchmarks.reports.plots import draw
from benchmarks.reports.report import report
from hayakana.model.folder import bundled_models

INSTALL = "pip install -r requirements/bench.txt"
SECTIONS: dict[str, tuple[str, ...]] = {
    "baselines": ("names", "tensorflow", "tf2onnx"),
    "peers": ("names", "e2k", "kanalizer", "alkana", "rapidfuzz"),
    "limit": ("names",),
    "scaling": ("names",),
    "latency": ("names",),
    "stages": ("names",),
    "search": ("names",),
    "footprint": (),
    "devices": ("names",),
    "service": ("names", "starlette", "uvicorn", "httptools", "msgspec", "prometheus_client"),
}
"""Name of a section → the packages that it needs beside hayakana's own.

A section is a module of ``suite`` with ``MODELS`` and ``run(settings) -> dict``.
"""


def main() -> None:
    """Run what the command line asks for; each section is written as soon as it is measured."""
    arguments = _parser().parse_args()
    sections = tuple(arguments.sections) or tuple(SECTIONS)
    output = arguments.output or (RESULTS / "quick.json" if arguments.quick else SUITE)
    check_packages(sections)
    result = begin(output, sections, quick=arguments.quick)
    with tempfile.TemporaryDirectory() as folder:
        chosen = {key: getattr(arguments, key) for key in ("quick", "device", "pairs", "exclude_hashes")}
        settings = Settings(folder=Path(folder), **chosen)
        for section in sections:
            print(f"{section} …", file=sys.stderr, flush=True)
            result["sections"][section] = run_section(section, settings)
            write(output, result, report(result))
    print(report(result), end="")
    draw(result["sections"], PICTURES if output == SUITE else output.with_suffix(""))


def check_packages(sections: tuple[str, ...]) -> None:
    """Find what ``sections`` need before the first of them runs; end with an install line where it is missing."""
    for section in sections:
        if missing := [package for package in SECTIONS[section] if find_spec(package) is None]:
            sys.exit(f"the benchmark {section} needs {', '.join(missing)}: {INSTALL}")


def run_section(section: str, settings: Settings) -> dict[str, Any]:
    """Run one section and return its head, what it measured, and the seconds that it took."""
    module = importlib.import_module(f"benchmarks.suite.{section}")
    begun, started = head({model: bundled_models()[model] for model in module.MODELS}), time.perf_counter()
    return {"head": begun, **module.run(settings), "took_s": round(time.perf_counter() - started, 1)}


def begin(output: Path, sections: tuple[str, ...], *, quick: bool) -> dict[str, Any]:
    """Return the result to fill: what ``output`` holds, if it was measured here and with these versions.

    Old figures of ``sections`` are among it: they stay until there are new ones. Where it holds other sections from
    another machine or other versions, the program ends.
    """
    there = read(output) if output.is_file() else {"quick": quick, "sections": {}}
    here, kept = head({}), {}
    for section, values in there["sections"].items():
        if there["quick"] == quick and all(values["head"][key] == here[key] for key in ("machine", "versions")):
            kept[section] = values
        elif section not in sections:
            sys.exit(
                f"{output.name} holds {section} from another machine or other versions:"
                " run all sections, or give another --output"
            )
    return {"quick": quick, "sections": kept}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[[], *SECTIONS], metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="small sizes: does everything run? Not to be quoted")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="cuda also compares devices")
    parser.add_argument("--output", type=Path, help="default: results/suite.json, with --quick results/quick.json")
    parser.add_argument("--pairs", type=Path, help="name, tab, Katakana a line: quality beside speed in peers")
    parser.add_argument("--exclude-hashes", type=Path, help="names that are left out of --pairs, by hash")
    return parser


if __name__ == "__main__":
    main()
