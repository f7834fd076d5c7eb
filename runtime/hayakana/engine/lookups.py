"""What units are written as without the model: from the user's lexicon, by rule, or from the table of known names."""

import math
from collections.abc import Callable, Mapping, Sequence

from hayakana.decoding.products import Scored
from hayakana.names.known_names import KnownNames
from hayakana.names.known_tables import CERTAIN
from hayakana.names.languages import bare_units, language_in
from hayakana.names.particles import WORDS_OF_LANGUAGES
from hayakana.names.spelling import katakana_of_units
from hayakana.names.style import AS_WRITTEN, Style
from hayakana.results import Origin


class Lookups:
    """Looks units up in this order: ``lexicon``, rules, ``known`` names. What hayakana writes is in ``style``.

    Units come with the tags that hints put in front of them. The lexicon and most rules go by what stands behind these.
    A model of whole names has its own way of reading letters and titles, and its units are never read by rule.
    """

    def __init__(
        self,
        lexicon: Mapping[str, str],
        *,
        whole_names: bool = False,
        known: KnownNames | None = None,
        style: Style = AS_WRITTEN,
    ) -> None:
        self._lexicon, self._whole_names, self._known = lexicon, whole_names, known
        self._styled: Callable[[str], str] = style if style.steps else str  # which is sooner than no step

    def look_up(self, units: Sequence[str]) -> dict[str, Scored]:
        """Return the units among distinct ``units`` that need no model, each with its text and how sure it is."""
        return {unit: text for unit, (_, text) in self._found(units).items()}

    def origins(self, units: Sequence[str]) -> list[Origin]:
        """Return where the text of each of ``units`` comes from."""
        found = self._found(list(dict.fromkeys(units)))
        return [found[unit][0] if unit in found else Origin.MODEL for unit in units]

    def _found(self, units: Sequence[str]) -> dict[str, tuple[Origin, Scored]]:
        bare = bare_units(units)
        found: dict[str, tuple[Origin, Scored]] = {}
        if self._lexicon:
            pairs = zip(units, bare, strict=True)
            found = {
                unit: (Origin.LEXICON, Scored(self._lexicon[plain], 0.0))
                for unit, plain in pairs
                if plain in self._lexicon
            }
        if not self._whole_names:
            by_rule = _by_hint(units, bare) if bare is not units else {}
            for unit, text in zip(units, katakana_of_units(bare), strict=True):
                if text is not None:
                    by_rule.setdefault(unit, text)
            found = {unit: (Origin.RULE, Scored(self._styled(text), 0.0)) for unit, text in by_rule.items()} | found
        if self._known is not None:
            others = [unit for unit in units if unit not in found]
            found |= {
                unit: (Origin.KNOWN, Scored(text, math.log(known.percent / CERTAIN)))
                for unit, known in zip(others, self._known.parts(others), strict=True)
                if known is not None and (text := self._styled(known.katakana))
            }
        return found


def _by_hint(units: Sequence[str], bare: Sequence[str]) -> dict[str, str]:
    """Return the Katakana of ``units`` that their language decides, by rule 14; ``bare`` are the units without tags."""
    words = (WORDS_OF_LANGUAGES.get(language_in(unit), {}).get(plain) for unit, plain in zip(units, bare, strict=True))
    return {unit: text for unit, text in zip(units, words, strict=True) if text is not None}


NOTHING = Lookups({}, whole_names=True)
"""Looks nothing up: all units are the model's."""
