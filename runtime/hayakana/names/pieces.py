"""A part in pieces that are read apart and written together: rule 17 and the digits of rule 16. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from hayakana.names.choices import Digits
from hayakana.names.letters import spelled
from hayakana.names.numerals import english, english_ordinal

_SPELLED = "(?:[B-DF-HJ-NP-TV-XZ]{2,4}|AI|UI|OS|X)(?![A-Za-z])"
_HUMPS = re.compile(rf"([A-Z][a-z]{{2,}})((?:[A-Z][a-z]{{2,}}|In|Up|On|It|{_SPELLED})+)")
_HUMP = re.compile(r"[A-Z][a-z]+|[A-Z]{1,4}")
_ONE_LETTER_AND_A_WORD = re.compile(r"([ei])([A-Z][a-z]{2,})")
_PREFIXES = (
    "mac van von del des dos das der den ter ten ver vander vanden vande fitz della dell dal dalla nic bin ben ibn abu"
)
_NO_PIECES = frozenset(_PREFIXES.split())
"""With these, a capital inside a word is how a name is spelled: MacArthur, VanDyke. So is one behind two letters."""

_NUMBER_OR_REST = re.compile(r"[0-9０-９]+(?:(?:st|nd|rd|th)(?![^\W\d_]))?|[^0-9０-９]+", re.IGNORECASE)
_DIGIT = re.compile("[0-9０-９]")
_MOST_SPELLED = 4
"""Capitals beside digits, or behind a word, that are spelled, at most: UB40, NetBSD."""


def humps(text: str) -> list[str]:
    """Return the words that capitals inside ``text`` begin: Git and Hub. Names such as McDonald and DeVito are one."""
    if text.istitle() or text.islower() or text.isupper():
        return [text]
    if found := _HUMPS.fullmatch(text):
        return [text] if found[1].lower() in _NO_PIECES else [found[1], *_HUMP.findall(found[2])]
    found = _ONE_LETTER_AND_A_WORD.fullmatch(text)
    return [text] if found is None else [found[1], found[2]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a part as it came, and its Katakana if it is read by rule."""

    text: str
    katakana: str | None = None


def pieces_of(text: str, digits: Digits) -> list[Piece]:
    """Return the pieces of a part: at its numbers, where ``digits`` are read, or at the capitals inside it."""
    if digits != "refuse" and _DIGIT.search(text):
        return [Piece(found, _number(found, digits) or _capitals(found)) for found in _NUMBER_OR_REST.findall(text)]
    first, *following = humps(text)
    return [Piece(first), *(Piece(word, _capitals(word)) for word in following)]


def _number(text: str, digits: Digits) -> str | None:
    """Return what a number becomes; None where ``text`` is none."""
    plain = unicodedata.normalize("NFKC", text).lower()
    figures = plain.rstrip("stndrh")
    if not (figures.isascii() and figures.isdecimal()):
        return None
    if digits == "keep":
        return figures
    return english(figures) if figures == plain else english_ordinal(figures)


def _capitals(text: str) -> str | None:
    """Return the Katakana of a few capitals beside digits or behind a word, which are spelled; None for other text."""
    is_spelled = 1 < len(text) <= _MOST_SPELLED and text.isascii() and text.isalpha() and text.isupper()
    return spelled(text.lower()) if is_spelled else None
