"""What every result says at its head: when, where, how and of which models it was measured."""

import datetime
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness.child import ROOT
from hayakana.extras import version_of
from hayakana.model.folder import load_model
from hayakana.system.files import atomic_file

RESULTS = ROOT / "benchmarks" / "results"
SUITE = RESULTS / "suite.json"
PICTURES = ROOT / "docs" / "pictures" / "benchmarks"
_PACKAGES = (
    *("hayakana", "numpy", "onnxruntime", "onnxruntime-gpu", "tensorflow", "keras", "tf2onnx"),
    *("e2k", "kanalizer", "alkana", "names"),
)


def head(models: Mapping[str, Path]) -> dict[str, Any]:
    """Return the head of a result on ``models``, name → folder; to be called before anything is measured."""
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "command": _command(),
        **_commit(),
        "machine": _machine(),
        "versions": _versions(),
        "models": {name: checksums(folder) for name, folder in models.items()},
    }


def checksums(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file of a model that is run, as its manifest states them: the card is not."""
    files = load_model(folder).manifest.files
    return {file: entry.sha256 for file, entry in files.items() if not file.endswith(".md")}


def describe_file(path: Path) -> dict[str, str]:
    """Return the name and the sha256 of a file of data."""
    return {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def origin(head: Mapping[str, Any]) -> str:
    """Return ``head`` in a sentence, without machine, versions and models."""
    if "command" not in head:
        return "Commit, date and command were not recorded."
    changes = ", with uncommitted changes" if head["uncommitted_changes"] else ""
    return f"Commit {head['commit'] or 'unknown'}{changes}, {head['date']}: `{head['command']}`."


def read(path: Path) -> dict[str, Any]:
    """Read a result file."""
    return json.loads(path.read_text(encoding="utf-8"))


def write(path: Path, values: dict[str, Any], report: str) -> None:
    """Write a result file, and ``report`` beside it as Markdown, each whole or not at all.

    Lists of numbers are on one line, since repetitions are for programs to read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for file_path, text in ((path, _render(values, "") + "\n"), (path.with_suffix(".md"), report)):
        with atomic_file(file_path) as file:
            file.write(text.encode())


def publish(path: Path, values: dict[str, Any], render: Callable[[Mapping[str, Any]], str]) -> None:
    """Write a result file and its report, and print the report."""
    write(path, values, render(values))
    print(render(values), end="")


def page(title: str, *paragraphs: str) -> str:
    """Return Markdown: ``title`` and ``paragraphs``, a blank line before each; an empty paragraph is left out."""
    return "\n\n".join([f"# {title}", *filter(None, map(str.strip, paragraphs))]) + "\n"


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1, pad: str = "") -> str:
    """Return a table in Markdown, whose columns after the first ``words`` hold numbers.

    ``pad`` stands around the dashes below the headers: nothing in results, a space in the pages of ``docs/``.
    """
    dashes = ["---" if column < words else "--:" for column in range(len(headers))]
    lines = [
        "|".join(f" {header} " if header else f" {pad}" for header in headers),
        "|".join(f"{pad}{rule}{pad}" for rule in dashes),
        *(f" {' | '.join(row)} " for row in rows),
    ]
    return "".join(f"|{line}|\n" for line in lines)


def _command() -> str:
    """Return the command line that started this program, without folders: they say where somebody keeps things."""
    return " ".join(["python", *(re.sub(r"(^|=)[^=]*/", r"\1", argument) for argument in sys.orig_argv[1:])])


def _commit() -> dict[str, Any]:
    """Return the commit that is checked out, and whether anything but results differs from it; None outside of git."""
    status = ["status", "--porcelain", "--", ".", ":!benchmarks/results", ":!docs/pictures"]
    try:
        commit, changes = (
            subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S607  (git, where the user has it)
            for arguments in (["rev-parse", "HEAD"], status)
        )
    except (OSError, subprocess.CalledProcessError):
        return {"commit": None, "uncommitted_changes": None}
    return {"commit": commit.strip(), "uncommitted_changes": bool(changes)}


def _machine() -> dict[str, Any]:
    """Return processor, cores, memory and versions; no name and no path of the machine."""
    cpu, cpuinfo = platform.processor() or platform.machine(), Path("/proc/cpuinfo")
    if cpuinfo.is_file() and (models := re.findall(r"^model name\s*: (.*)$", cpuinfo.read_text(), re.MULTILINE)):
        cpu = models[0].strip()
    return {
        "processor": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _versions() -> dict[str, str]:
    """Return the versions of the packages that are installed."""
    return {package: version for package in _PACKAGES if (version := version_of(package))}


def _render(value: Any, indent: str) -> str:
    if not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False)
    inner = indent + "  "
    lines = ",\n".join(f"{inner}{json.dumps(key, ensure_ascii=False)}: {_render(value[key], inner)}" for key in value)
    return f"{{\n{lines}\n{indent}}}"
