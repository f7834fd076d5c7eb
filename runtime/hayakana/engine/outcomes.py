"""What parsing made of the names of a window, and the probabilities of names, which follow from their units."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from hayakana.engine.column import ORIGINS
from hayakana.errors import UntransliterableNameError
from hayakana.names.parsed import ParsedName
from hayakana.names.plain_names import PlainNames
from hayakana.results import Origin

Outcome = ParsedName | UntransliterableNameError
"""A name that was parsed, or why it was not."""


def units_of(outcome: Outcome) -> list[str]:
    """Return the units of a name that was parsed; none of another."""
    if isinstance(outcome, UntransliterableNameError):
        return []
    return [part.unit for part in outcome.parts if part.unit is not None]


def all_units(plain: PlainNames, parsed: Mapping[int, Outcome]) -> list[str]:
    """Return the units of a window: first of its plain names, then of all other names."""
    return plain.units + [unit for outcome in parsed.values() for unit in units_of(outcome)]


def log_probability_without_units(outcome: Outcome) -> float:
    """Return the logarithm of the probability of the parts that have no unit."""
    if isinstance(outcome, UntransliterableNameError):
        return 0.0
    return sum(part.log_probability for part in outcome.parts if part.unit is None)


def probabilities_of(
    plain: PlainNames, parsed: Mapping[int, Outcome], scores: NDArray[np.float64], *, count: int
) -> NDArray[np.float64]:
    """Return the probability of each of ``count`` names: the product of its parts', of units in ``scores``."""
    owners = plain.owners() + [place for place, outcome in parsed.items() for _ in units_of(outcome)]
    of_known = list(map(log_probability_without_units, parsed.values()))
    weights = np.concatenate([scores, of_known])
    return np.exp(np.bincount(np.array([*owners, *parsed], np.int64), weights=weights, minlength=count))


def origins_of(
    plain: PlainNames, parsed: Mapping[int, Outcome], of_units: Iterable[Origin], *, count: int
) -> list[str]:
    """Return where each part of the text of ``count`` names comes from; see ``KatakanaColumn``."""
    letters = map(ORIGINS.__getitem__, of_units)
    origins = [""] * count
    for place in plain.owners():
        origins[place] += next(letters)
    for place, outcome in parsed.items():
        if isinstance(outcome, ParsedName):
            origins[place] = "".join(
                ORIGINS[part.origin] if part.unit is None else next(letters) for part in outcome.parts
            )
    return origins
