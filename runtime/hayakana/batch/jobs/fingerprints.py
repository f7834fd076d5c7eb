"""Of what and how a job makes its files: jobs whose fingerprints are equal give the same bytes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow

import hayakana
from hayakana.batch.formats.registry import ReadOptions
from hayakana.batch.jobs.options import JobOptions
from hayakana.batch.jobs.watched import WatchedInput
from hayakana.engine.column import NO_DETAILS
from hayakana.names.normalization import NORMALIZATION_VERSION
from hayakana.sessions.opening import runtime
from hayakana.transliterator import Transliterator, team_of


def fingerprint(
    transliterator: Transliterator, inputs: Sequence[WatchedInput], options: JobOptions, *, rows_per_file: int
) -> dict[str, Any]:
    """Return what decides each byte of the output: inputs by name, size and content, model, options, versions.

    Inputs are read through, so that whatever is read of them later is checked against that.

    Raises:
        TableError: an input is written to meanwhile.
        OSError: an input cannot be read.
    """
    team = team_of(transliterator)
    manifest = team.manifest
    columns, details = options.columns, options.columns.details
    content: dict[str, Any] = {
        "inputs": [_of_input(watched) for watched in inputs],
        "model": {
            "name": manifest.name,
            "sha256": _digest({name: entry.sha256 for name, entry in manifest.files.items()}),
            "calibration": str(manifest.calibration),
        },
        "names": {
            "separator": transliterator.separator,
            "hyphen": transliterator.hyphen,
            "lexicon": _digest(transliterator.lexicon),
            "least_probability": transliterator.least_probability,
            "known_names": team.parser.known is not None,
            **team.parser.choices.keywords(),
            "style": list(transliterator.style),
            "language": transliterator.language,
        },
        "columns": {
            "names": columns.names if isinstance(columns.names, str | None) else list(columns.names),
            "select": None if columns.select is None else list(columns.select),
            "added": list(columns.added),
            "candidates": details.candidates,
            "on_problem": columns.on_problem,
            "missing": list(columns.missing),
            "language": columns.language,
        },
        "reading": _of_read_options(options.read),
        "writing": {"format": str(options.file_format), "rows_per_file": rows_per_file, **asdict(options.write)},
        "versions": {
            "hayakana": hayakana.__version__,
            "normalization": NORMALIZATION_VERSION,
            "pyarrow": pyarrow.__version__,
            "onnxruntime": runtime().__version__,
        },
    }
    if details != NO_DETAILS:
        # The last decimal of a probability may depend on what was decoded together.
        content["workers"] = transliterator.workers
    return content


def _of_input(watched: WatchedInput) -> dict[str, Any]:
    file, digest = watched.input, watched.read_through()
    if digest is None:
        return {"file": str(file)}
    return {"file": file.name, "format": str(file.file_format), "bytes": watched.size, "sha256": digest}


def _of_read_options(read_options: ReadOptions) -> dict[str, Any]:
    """Return the options by name; jobs that have begun know the window as ``batch_size``."""
    return {"batch_size" if name == "window" else name: value for name, value in asdict(read_options).items()}


def file_digest(path: Path) -> str:
    """Return the sha256 of a file, hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(content: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("ascii")).hexdigest()
