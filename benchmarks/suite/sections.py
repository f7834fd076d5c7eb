"""The sections of the suite: a section is a module of its name with ``MODELS`` and ``run(settings) -> dict``."""

import importlib
import time
from importlib.util import find_spec
from typing import Any

from benchmarks.harness.record import head
from benchmarks.harness.settings import Settings
from hayakana.errors import MissingExtraError
from hayakana.model.folder import bundled_models

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
}
"""Name of a section → the packages that it needs beside hayakana's own."""


def check_extras(sections: tuple[str, ...]) -> None:
    """Find what ``sections`` need before the first of them runs.

    Raises:
        MissingExtraError: a package is not installed.
    """
    for section in sections:
        if missing := [package for package in SECTIONS[section] if find_spec(package) is None]:
            raise MissingExtraError(f"the benchmark {section} needs {', '.join(missing)}; it", extra="bench")


def run_section(section: str, settings: Settings) -> dict[str, Any]:
    """Run one section and return its head, what it measured, and the seconds that it took."""
    module = importlib.import_module(f"benchmarks.suite.{section}")
    begun, started = head({model: bundled_models()[model] for model in module.MODELS}), time.perf_counter()
    return {"head": begun, **module.run(settings), "took_s": round(time.perf_counter() - started, 1)}
