"""The parts of the suite. A part is a module ``benchmarks.NAME`` with ``run(settings) -> dict``."""

import importlib
from importlib.util import find_spec
from typing import Any

from benchmarks.settings import Settings
from hayakana.errors import MissingExtraError

PARTS: dict[str, tuple[str, ...]] = {
    "baselines": ("names", "tensorflow", "tf2onnx"),
    "peers": ("names", "e2k", "kanalizer", "alkana", "rapidfuzz"),
    "limit": ("names",),
    "scaling": ("names",),
    "latency": ("names",),
    "stages": ("names",),
    "search": ("names",),
    "footprint": (),
    "devices": ("names",),
}
"""Name of a part → the packages that it needs beside hayakana's own."""


def check_extras(parts: tuple[str, ...]) -> None:
    """Find what ``parts`` need before the first of them runs.

    Raises:
        MissingExtraError: a package is not installed.
    """
    for part in parts:
        if missing := [package for package in PARTS[part] if find_spec(package) is None]:
            raise MissingExtraError(f"the benchmark {part} needs {', '.join(missing)}; it", extra="bench")


def run_part(part: str, settings: Settings) -> dict[str, Any]:
    """Run one part and return what it measured."""
    return importlib.import_module(f"benchmarks.{part}").run(settings)
