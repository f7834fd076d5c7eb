"""Which letters each Kana of a part was written on, as pictures and ``Transliterator.explain`` show it."""

from collections.abc import Set

import numpy as np
from numpy.typing import NDArray

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


def aligned_part(
    part: ParsedPart, units: UnitDecoder, characters: Set[str], style: Style, *, tags: str
) -> AlignedPart | None:
    """Return the alignment of a part; None where the model did not finish it.

    A kept part stands on itself, a part that needs no model on all of its letters alike. ``tags`` are what hints put in
    front of its unit. No letter stands for them.
    """
    if part.origin is Origin.KEPT:
        return aligned_itself(part.text, traced_full_width(part.text))
    if part.unit is None:
        return aligned_whole(part.text, part.katakana)
    if (katakana := units.without_model(tags + part.unit)) is not None:
        return aligned_whole(part.text, katakana)
    text, weights = units.attended(tags + part.unit)
    if text is None or not (traced := style.traced(text)):
        return None
    letters = _as_written(part.text, part.unit, characters)
    return in_style(AlignedPart(letters, text, _of_letters(weights[: len(text)], tags=len(tags))), traced)


def _of_letters(weights: NDArray[np.float32], *, tags: int) -> NDArray[np.float32]:
    """Return the weights, ``(Kana, letters)``, of the letters behind so many ``tags``, which sum to 1 for each Kana."""
    if not tags:
        return weights
    of_letters = weights[:, tags:]
    sums = of_letters.sum(axis=1, keepdims=True)
    alike = np.full_like(of_letters, 1 / of_letters.shape[1])  # Where all of the weight was on the tags.
    return np.asarray(np.divide(of_letters, sums, out=alike, where=sums > 0), np.float32)


def _as_written(text: str, unit: str, characters: Set[str]) -> str:
    """Return the letters of ``unit`` as the user wrote them, if each letter of ``text`` was read as one."""
    one_for_one = all(len(fold(normalize(letter), characters)) == 1 for letter in text)
    return text if one_for_one and len(text) == len(unit) else unit
