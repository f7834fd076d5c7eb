"""Name text → canonical source characters. Pure, versioned, and imported by training too.

The steps, in order (Unicode Standard Annex #15 for NFC and NFKC; rules 4 and 5 of docs/names.md for users):

a. Format characters (general category Cf: zero-width joiners, soft hyphens, byte order marks) are dropped.
b. Apostrophes and look-alikes become ``'``.
c. NFKC, lower case, NFKC again: full-width letters, ligatures and long s become plain letters.
d. What is still a combining mark is dropped (a name's dots and accents that exist composed stay).

Letters outside a model's vocabulary are then folded by ``fold_character``; what cannot be folded is the caller's
to report. A change of any step changes ``NORMALIZATION_VERSION``.
"""

import unicodedata
from collections.abc import Set

import numpy as np
from numpy.typing import NDArray

from hayakana.syntax import table

NORMALIZATION_VERSION = 1

APOSTROPHES = "'\u2018\u2019\u201b\u02bc\u02bb\u02b9\u02be\u02bf\u02c8\u2032\u0060\u00b4\u1ffd\uff07\uff40"
"""All that become ``'``, and ``'`` itself."""
_APOSTROPHES = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))

_LETTERS = table("ł:l ø:o ß:ss æ:ae œ:oe þ:th ð:d đ:d ħ:h ŧ:t ı:i ŋ:ng ə:a ɛ:e ɔ:o ɓ:b ɗ:d ƙ:k ƴ:y ĸ:k ȷ:j")
"""Latin letters that NFKD does not decompose, and what they are read as where a model does not know them."""


def normalize(text: str) -> str:
    """Return the canonical source characters of ``text`` (a part of a name, or a whole one).

    Idempotent. Keeps spaces and hyphens as they are: ``parts.split`` is for those. Never raises on a ``str``.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    if not text.isprintable():
        text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    # Before NFKC, which takes ´ apart, and after it, since it makes ʼn of ŉ.
    text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).translate(_APOSTROPHES)
    text = unicodedata.normalize("NFKC", text.lower())
    text = "".join(character for character in text if not unicodedata.category(character).startswith("M"))
    return unicodedata.normalize("NFC", text)


def fold_character(character: str) -> str:
    """Return the plain letters that ``character`` is read as without its diacritics: é → e, ß → ss, ł → l.

    NFKD without combining marks, after the table of letters that NFKD leaves whole. A character that has no such
    reading is returned as it is; a bare combining mark folds to the empty string.
    """
    decomposed = unicodedata.normalize("NFKD", _LETTERS.get(character, character))
    return "".join(_LETTERS.get(base, base) for base in decomposed if not unicodedata.combining(base))


def fold(text: str, characters: Set[str]) -> str:
    """Return ``text`` with each character outside ``characters`` replaced by its ``fold_character`` if those have it.

    Characters that stay unknown are left in place, so that the caller can name them.
    """
    if characters >= set(text):
        return text
    return "".join(_fold_into(character, characters) for character in text)


def _fold_into(character: str, characters: Set[str]) -> str:
    if character in characters:
        return character
    folded = fold_character(character)
    return folded if all(letter in characters for letter in folded) else character


def code_points(text: str) -> NDArray[np.uint32]:
    """Return the code points of ``text``, lone surrogates too, as ``(length,)`` uint32."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


LONGEST_NAME = 1 << 14
"""Characters of a name, at most."""

MOST_MARKS = 30
"""Combining marks in a row, at most: characters of a non-zero combining class, decomposed."""


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
