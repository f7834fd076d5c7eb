"""Names without Katakana, for teachers to label and for parity: US census names, and names that nobody bears.

The census lists of 1990 are in PyPI's ``names`` package, which anyone can get; all names are ASCII capitals.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from names import FILES

ORDER = 5
"""Characters of a context, at most."""
_BEGIN, _END = "\x02", "\x03"


def census_parts() -> list[str]:
    """Return the distinct given names and surnames, most frequent surnames first, capitalised."""
    return list(dict.fromkeys(name for key in ("last", "first:male", "first:female") for name in _read(key)))


def census_full_names(*, count: int, seed: int) -> list[str]:
    """Return ``count`` names: given and family names drawn evenly, one in ten with a hyphenated family name."""
    generator = np.random.default_rng(seed)
    given, family = _read("first:male") + _read("first:female"), _read("last")
    return [
        f"{given[first]} {family[last]}-{family[second]}" if hyphenated else f"{given[first]} {family[last]}"
        for first, last, second, hyphenated in zip(
            generator.integers(len(given), size=count).tolist(),
            generator.integers(len(family), size=count).tolist(),
            generator.integers(len(family), size=count).tolist(),
            (generator.random(count) < 0.1).tolist(),
            strict=True,
        )
    ]


def _read(key: str) -> list[str]:
    lines = Path(FILES[key]).read_text(encoding="ascii").splitlines()
    return [line.split()[0].capitalize() for line in lines if line.strip()]


class NameGenerator:
    """Draws names that are spelled like ``names``; the same names for the same seed.

    A character n-gram model: interpolated n-grams with Witten and Bell's weights (Witten and Bell, "The zero-frequency
    problem", 1991). Most names drawn are new, and still look like names.
    """

    def __init__(self, names: Iterable[str]) -> None:
        counts: dict[str, Counter[str]] = {}
        for name in names:
            text = _BEGIN * ORDER + name + _END
            for place in range(ORDER, len(text)):
                for order in range(ORDER + 1):
                    counts.setdefault(text[place - order : place], Counter())[text[place]] += 1
        self._continuations = {
            context: (list(seen), list(seen.values()), sum(seen.values())) for context, seen in counts.items()
        }

    def draw(self, *, seed: int, longest: int) -> Iterator[str]:
        """Yield names without end, some more than once, of two to ``longest`` characters."""
        source = random.Random(seed)  # noqa: S311 (nothing is secret here)
        while True:
            name = ""
            while (character := self._next(name, source)) != _END and len(name) <= longest:
                name += character
            if 2 <= len(name) <= longest:
                yield name

    def _next(self, name: str, source: random.Random) -> str:
        context = (_BEGIN * ORDER + name)[-ORDER:]
        while True:
            continuations = self._continuations.get(context)
            if continuations is not None:
                characters, counts, total = continuations
                # Witten and Bell: trust a context by how often it was seen against how many ways it went on.
                if not context or source.random() * (total + len(characters)) < total:
                    return source.choices(characters, counts)[0]
            context = context[1:]
