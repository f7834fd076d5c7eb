"""A pair, and what its Katakana may be."""

import re
from dataclasses import dataclass

KATAKANA_PART = re.compile("[\u30a1-\u30faー]+")

DICTIONARY_COUNT = 0.25
"""Dictionaries follow older spelling habits (バ for va), so where they differ, a bearer's spelling should win."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One reading of a name: canonical source text, Katakana, and how many bear it.

    An entry of a dictionary, which is no bearer, counts as ``DICTIONARY_COUNT``.
    """

    name: str
    katakana: str
    count: float = 1
