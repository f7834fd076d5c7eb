"""What the options of ``hayakana-train`` may hold, and what is said where they hold something else."""

import argparse
import math

from hayakana.errors import shorten

_MOST = (1 << 32) - 1
"""The largest seed that all generators of random numbers take; more names are never drawn either."""


def count_of(text: str) -> int:
    """Return the number that ``text`` is, from 0 to 4,294,967,295: a seed, or how many names are drawn."""
    digits = text.lstrip("0") or "0" if text.isascii() and text.isdecimal() else ""
    if not 0 < len(digits) <= len(str(_MOST)) or int(digits) > _MOST:
        raise argparse.ArgumentTypeError(f"{shorten(text)}: must be a whole number from 0 to {_MOST:,}")
    return int(digits)


def share_of(text: str) -> float:
    """Return the share that ``text`` is, a number above 0."""
    share = _number_of(text)
    if not 0 < share < math.inf:
        raise argparse.ArgumentTypeError(f"{shorten(text)}: must be a number above 0")
    return share


def temperature_of(text: str) -> float:
    """Return the temperature that ``text`` is, from 0.1 to 10."""
    temperature = _number_of(text)
    if not 0.1 <= temperature <= 10:
        raise argparse.ArgumentTypeError(f"{shorten(text)}: must be a number from 0.1 to 10")
    return temperature


def _number_of(text: str) -> float:
    """Return the number that ``text`` is, or NaN, which lies in no range."""
    try:
        return float(text)
    except ValueError:
        return math.nan
