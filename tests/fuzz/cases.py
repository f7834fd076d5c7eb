"""What comes in through a door: files and options; kept as a folder where it was too much for what it met."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parent / "cases"
"""Cases that were found, one a folder; each is a test."""

_OURS = ("case.json", "failure.txt")
"""Beside the files of a case."""


@dataclass(frozen=True)
class Case:
    """``options`` are JSON, and mean what the door makes of them; ``files`` lie in a folder, by name."""

    door: str
    options: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What tells it from others, in eight characters."""
        content = [self._head(), *(f"{name}:{data.hex()}" for name, data in sorted(self.files.items()))]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()[:8]

    def save(self, folder: Path) -> Path:
        """Write it into a folder of its own in ``folder``, which is returned."""
        place = folder / f"{self.door}-{self.digest}"
        place.mkdir(parents=True, exist_ok=True)
        (place / "case.json").write_text(self._head(), encoding="ascii")
        self.lay_out(place)
        return place

    def lay_out(self, folder: Path) -> None:
        """Write its files into ``folder``."""
        for name, data in self.files.items():
            (folder / name).write_bytes(data)

    @staticmethod
    def load(place: Path) -> "Case":
        """Return what ``save`` has written to ``place``."""
        head = json.loads((place / "case.json").read_text(encoding="ascii"))
        files = {path.name: path.read_bytes() for path in place.iterdir() if path.name not in _OURS}
        return Case(head["door"], head["options"], files)

    def _head(self) -> str:
        # ASCII, so that half of a surrogate pair, which names can have, is kept.
        return json.dumps({"door": self.door, "options": self.options}, indent=1, sort_keys=True) + "\n"
