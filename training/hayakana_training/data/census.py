"""Names that anyone can get: the US census lists of 1990 in PyPI's ``names`` package, all of them ASCII capitals."""

from pathlib import Path

import names
import numpy as np


def census_parts() -> list[str]:
    """Return the distinct given names and surnames, most frequent surnames first, capitalised."""
    listed = [name for key in ("last", "first:male", "first:female") for name in _read(key)]
    return list(dict.fromkeys(listed))


def census_full_names(*, count: int, seed: int) -> list[str]:
    """Return ``count`` names: given and family names drawn evenly, one in ten with a hyphenated family name."""
    random = np.random.default_rng(seed)
    given, family = _read("first:male") + _read("first:female"), _read("last")
    return [
        f"{given[first]} {family[last]}-{family[other]}" if hyphenated else f"{given[first]} {family[last]}"
        for first, last, other, hyphenated in zip(
            random.integers(len(given), size=count).tolist(),
            random.integers(len(family), size=count).tolist(),
            random.integers(len(family), size=count).tolist(),
            (random.random(count) < 0.1).tolist(),
            strict=True,
        )
    ]


def _read(key: str) -> list[str]:
    lines = Path(names.FILES[key]).read_text(encoding="ascii").splitlines()
    return [line.split()[0].capitalize() for line in lines if line.strip()]
