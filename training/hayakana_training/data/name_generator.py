"""Names that nobody bears, spelled as the names of a list are: a character n-gram model, and drawing from it.

The unlabelled names that teachers label for a student. Interpolated n-grams with Witten and Bell's weights (Witten and
Bell, "The zero-frequency problem", 1991), so that what is drawn is mostly new and still looks like a name.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator

ORDER = 5
"""Characters of a context, at most."""
_BEGIN, _END = "\x02", "\x03"


class NameGenerator:
    """Draws names like ``names``; the same ones for the same seed."""

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
            known = self._continuations.get(context)
            if known is not None:
                characters, counts, total = known
                # Witten and Bell: trust a context by how often it was seen against how many ways it went on.
                if not context or source.random() * (total + len(characters)) < total:
                    return source.choices(characters, counts)[0]
            context = context[1:]
