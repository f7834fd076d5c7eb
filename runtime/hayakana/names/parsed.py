"""What parsing makes of a name: its parts, each with the unit that is read or with its Katakana. Pure."""

import math
from dataclasses import dataclass, replace

from hayakana.names.known_tables import CERTAIN
from hayakana.names.style import Style
from hayakana.results import Origin

_AS_THEY_ARE = Origin.KEPT, Origin.LEXICON
"""Origins of what hayakana does not write itself."""


@dataclass(frozen=True, slots=True)
class ParsedPart:
    """A part of a name, or all of it: ``text`` as it came, and its ``unit`` or, where it has none, its Katakana.

    ``percent`` is the probability of that Katakana, in hundredths. The origin of a part with a unit goes by its unit.
    """

    text: str
    unit: str | None
    katakana: str = ""
    origin: Origin = Origin.MODEL
    percent: int = CERTAIN

    @property
    def log_probability(self) -> float:
        """The logarithm of the probability of a part without a unit."""
        return math.log(self.percent / CERTAIN)


@dataclass(frozen=True, slots=True)
class ParsedName:
    """The parts of a name and the separators between them (``parts.SPACE``, ``HYPHEN`` or ``JOINED``), one fewer.

    ``is_turned`` says that the parts are in another order than in the name.
    """

    name: str
    parts: tuple[ParsedPart, ...]
    separators: tuple[str, ...]
    is_turned: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether all of it is Kana and Kanji already."""
        return all(part.origin is Origin.KEPT for part in self.parts)

    @property
    def is_from_lexicon(self) -> bool:
        """Whether all of it that is not kept is from the lexicon."""
        return not self.is_kept and all(part.origin in _AS_THEY_ARE for part in self.parts)

    def written_by(self, style: Style) -> "ParsedName":
        """Return it with Katakana in ``style``, but for what is kept or from the lexicon."""
        parts = (
            part if part.origin in _AS_THEY_ARE else replace(part, katakana=style(part.katakana)) for part in self.parts
        )
        return replace(self, parts=tuple(parts))
