"""Which letters each Kana of a part was written on, as pictures and ``Transliterator.explain`` show it."""

from collections.abc import Set

from hayakana.alignment.attention import AlignedPart, aligned_itself, aligned_whole, in_style
from hayakana.engine.units import UnitDecoder
from hayakana.errors import NameTooLongError, shorten
from hayakana.names.normalization import fold, normalize
from hayakana.names.parsed import ParsedPart
from hayakana.names.style import Style, traced_full_width
from hayakana.results import Origin

_LONGEST = 4_096
"""Characters of a name that is explained, at most: its weights take a number for each pair of characters."""


def check_explained(name: str) -> None:
    """Check that ``name`` is not too long to be shown.

    Raises:
        NameTooLongError: it is.
    """
    if len(name) > _LONGEST:
        raise NameTooLongError(
            f"cannot explain {shorten(name)}: it has {len(name):,} characters, and at most {_LONGEST:,} are shown",
            name=name,
            limit=_LONGEST,
        )


def aligned_part(part: ParsedPart, units: UnitDecoder, characters: Set[str], style: Style) -> AlignedPart | None:
    """Return the alignment of a part; None where the model did not finish it.

    A kept part stands on itself, a part that needs no model on all of its letters alike.
    """
    if part.origin is Origin.KEPT:
        return aligned_itself(part.text, traced_full_width(part.text))
    if part.unit is None:
        return aligned_whole(part.text, part.katakana)
    if (katakana := units.without_model(part.unit)) is not None:
        return aligned_whole(part.text, katakana)
    text, weights = units.attended(part.unit)
    if text is None or not (traced := style.traced(text)):
        return None
    letters = _as_written(part.text, part.unit, characters)
    return in_style(AlignedPart(letters, text, weights[: len(text)]), traced)


def _as_written(text: str, unit: str, characters: Set[str]) -> str:
    """Return the letters of ``unit`` as the user wrote them, if each letter of ``text`` was read as one."""
    one_for_one = all(len(fold(normalize(letter), characters)) == 1 for letter in text)
    return text if one_for_one and len(text) == len(unit) else unit
