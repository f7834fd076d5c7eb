"""How much a name may be, looked at before anything else is done with it, so that the work on a name is bounded. Pure.

Normalisation sorts the combining marks of a run, in a time that grows with the square of their number. The Stream-Safe
Text Format (Unicode Standard Annex 15, section 13) allows 30 in a row, more than any writing system needs.
"""

import unicodedata

LONGEST_NAME = 1 << 14
"""Characters of a name, at most."""

MOST_MARKS = 30
"""Combining marks in a row, at most: characters of a non-zero combining class, decomposed."""


def is_too_long(name: str) -> bool:
    """Whether ``name`` has more characters than are read."""
    return len(name) > LONGEST_NAME


def mark_too_many(name: str) -> str | None:
    """Return the first combining mark of ``name`` that follows too many in a row; None where there is none.

    The work is linear in the length of ``name``.
    """
    if name.isascii() or (len(name) <= _SHORT and _count_marks(unicodedata.normalize("NFKD", name)) <= MOST_MARKS):
        return None
    marks = 0
    for character in name:
        # Decomposed one by one, since it is a run of them that takes so long to sort.
        for base in unicodedata.normalize("NFKD", character):
            marks = marks + 1 if unicodedata.combining(base) else 0
            if marks > MOST_MARKS:
                return character
    return None


_SHORT = 200
"""Characters of a name, at most, that is decomposed as a whole, which is several times as fast."""


def _count_marks(decomposed: str) -> int:
    return sum(map(bool, map(unicodedata.combining, decomposed)))
