"""What the files of a model folder have in common: the bytes of a manifest, its checksums, the sections of a card."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hayakana.model.manifest import MANIFEST
from hayakana_training.errors import ExportError

_PARITY = "## Parity\n"


def manifest_bytes(values: Mapping[str, Any]) -> bytes:
    """Return ``manifest.json`` of ``values``."""
    return (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode()


def check_replaceable(output: Path) -> None:
    """Check that a model folder may be written to ``output``: nothing is there, or a model folder.

    Raises:
        ExportError: something else is there.
    """
    if output.exists() and not (output / MANIFEST).is_file():
        raise ExportError(f"{output} exists and is not a model folder: choose another --output")


def file_entries(contents: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what a manifest says of files with these contents, by their names."""
    return {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in contents.items()
    }


def with_section(card: str, section: str) -> str:
    """Return ``card`` with ``section``, its heading and its lines, before its parity or, without parity, last.

    A section of the same heading is removed first.
    """
    section = section.rstrip("\n") + "\n"
    heading, _, _ = section.partition("\n")
    former = re.compile(rf"^{re.escape(heading)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    without = former.sub("", card).rstrip("\n") + "\n"
    before, parity, after = without.partition(_PARITY)
    return f"{before}{section}\n{parity}{after}" if parity else f"{before}\n{section}"
