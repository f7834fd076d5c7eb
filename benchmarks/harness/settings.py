"""What a run is asked for; every section reads its sizes from here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

T = TypeVar("T")

WORKERS = (1, 2)
"""Numbers of workers with which models are compared side by side."""


@dataclass(frozen=True)
class Settings:
    """One run.

    Args:
        folder: where a section may put temporary files; it exists.
        quick: small sizes and two rounds: shows that everything runs, gives no figure worth quoting.
        device: ``"cuda"`` also runs the section that compares devices.
        pairs: names with their Katakana, a pair a line separated by a tab, on which quality is measured beside speed.
        exclude_hashes: names that are left out of ``pairs``, as ``data.pairs.read_hashes`` of training reads them.
        seed: what every sample of names is drawn with.
    """

    folder: Path
    quick: bool = False
    device: Literal["cpu", "cuda"] = "cpu"
    pairs: Path | None = None
    exclude_hashes: Path | None = None
    seed: int = 1

    @property
    def rounds(self) -> int:
        """How often every side of a comparison runs."""
        return self.pick(full=5, quick=2)

    def pick(self, *, full: T, quick: T) -> T:
        """Return the value for this kind of run."""
        return quick if self.quick else full
