"""Which names may be Korean, Chinese or Japanese beyond doubt, by signs of their words. Pure.

``whole_names.unmistakable`` looks at a name closely. Names whose words do not have the signs for it together need no
look. Signs are bits of a byte a word, so that a million names are asked in a few operations on arrays.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache, reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

from hayakana.names.damage import mended
from hayakana.names.normalization import fold_character
from hayakana.names.parts import canonical_name
from hayakana.names.syllabaries import korean, pinyin, romaji
from hayakana.names.syllabaries.korean_surnames import SURNAMES

SURNAME_KO, SYLLABLE_KO, GIVEN_KO, SURNAME_ZH, SYLLABLE_ZH, GIVEN_ZH, TELLING_JA, PLAUSIBLE_JA = (
    1 << bit for bit in range(8)
)
"""Signs, bits of a byte: of surnames, of single syllables, of given names that tell, and of names in romaji."""

_SYLLABLES_KO, _SYLLABLES_ZH = SURNAME_KO | SYLLABLE_KO, SURNAME_ZH | SYLLABLE_ZH | GIVEN_ZH
_PAIRS = ((SURNAME_KO, GIVEN_KO), (SURNAME_ZH, GIVEN_ZH), (TELLING_JA, PLAUSIBLE_JA))
"""What a word and the other word of a name must have."""

_LIKE_KOREAN = re.compile("(?:[bcdghjklmnprstw]{0,3}[aeiouyw]{1,5}h?(?:ng|ck|[bdgklmnprt])?){1,2}")
_LIKE_PINYIN = re.compile("(?:(?:[zcs]h|[b-df-hj-np-tw-z])?[aeiouvy]{1,4}(?:ng?|r)?'?){1,2}")
"""What one or two syllables look like: a first look that most names of the West do not pass."""


_MAY_BE_MARKED = re.compile("(?<=[lnq])u")
"""The vowel that is ü in some syllables of Pinyin, which a model that lacks it reads as u."""
_LONGEST_PINYIN = 12
"""Letters of two syllables: zhuangzhuang."""


@cache
def _surnames_of_korea() -> frozenset[str]:
    """Return the surnames of Korea, with their marks and folded."""
    return frozenset(SURNAMES) | frozenset("".join(map(fold_character, surname)) for surname in SURNAMES)


@lru_cache(maxsize=65_536)
def signs(part: str) -> int:
    """Return the signs of a canonical part; folded, it has the signs that it may have had with its marks."""
    found = SURNAME_KO if part in _surnames_of_korea() else 0
    syllables = korean.syllables_of(part) if not part.isascii() or _LIKE_KOREAN.fullmatch(part) else ()
    if len(syllables) == 1:
        found |= SYLLABLE_KO
    elif len(syllables) == 2 and any(map(korean.is_telling, syllables)):
        found |= GIVEN_KO
    found |= SURNAME_ZH if pinyin.is_surname(part) else 0
    of_pinyin = pinyin.syllables_of(part) if not part.isascii() or _LIKE_PINYIN.fullmatch(part) else ()
    if of_pinyin and len(of_pinyin) <= 2 and pinyin.are_speaking(of_pinyin):
        found |= GIVEN_ZH
    elif len(of_pinyin) == 1:
        found |= SYLLABLE_ZH
    if part.isascii() and not found & GIVEN_ZH and len(part) <= _LONGEST_PINYIN:
        marked = (f"{part[: u.start()]}ü{part[u.end() :]}" for u in _MAY_BE_MARKED.finditer(part))
        found |= reduce(or_, map(signs, marked), 0) & GIVEN_ZH
    found |= TELLING_JA if part in romaji.telling_names() else 0
    return found | (PLAUSIBLE_JA if romaji.is_plausible(part) else 0)


@lru_cache(maxsize=65_536)
def signs_of_word(word: str) -> int:
    """Return the signs of a word as it came, whose parts have hyphens between them: two syllables are a given name."""
    if word.isascii() and word.isalpha():
        return signs(word.lower())
    of_parts = list(map(signs, canonical_name(mended(word)).parts))
    if len(of_parts) < 2:
        return of_parts[0] if of_parts else 0
    is_korean = all(sign & SYLLABLE_KO for sign in of_parts)
    return (GIVEN_KO if is_korean else 0) | (GIVEN_ZH if all(sign & _SYLLABLES_ZH for sign in of_parts) else 0)


def is_anchor(word: str) -> bool:
    """Whether a word as it came is one of ``anchors``; one of several parts is no surname."""
    if word.isascii() and word.isalpha():
        return word.lower() in anchors()
    parts = canonical_name(mended(word)).parts
    return len(parts) == 1 and parts[0] in anchors()


@cache
def anchors() -> frozenset[str]:
    """Return canonical parts, with their marks and without: every unmistakable name has one of them."""
    return _surnames_of_korea() | pinyin.SURNAMES | pinyin.marked_surnames() | romaji.telling_names()


def may_be_unmistakable(parts: Sequence[str]) -> bool:
    """Whether a name of canonical ``parts``, folded or not, may be unmistakable; it is not where this says no."""
    if len(parts) == 2:
        return _are_pair(signs(parts[0]), signs(parts[1]))
    found = list(map(signs, parts))
    together = reduce(or_, found, 0)
    of_korean, of_chinese = (sum(sign & of > 0 for sign in found) > 2 for of in (_SYLLABLES_KO, _SYLLABLES_ZH))
    return bool(
        (together & SURNAME_KO and (together & GIVEN_KO or of_korean))
        or (together & SURNAME_ZH and (together & GIVEN_ZH or of_chinese))
        or together & TELLING_JA
    )


@lru_cache(maxsize=65_536)
def _are_pair(first: int, second: int) -> bool:
    return any((first & one and second & other) or (second & one and first & other) for one, other in _PAIRS)


def which_may_be_unmistakable(found: NDArray[np.uint8], lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of several names may be unmistakable, ``(names,)``.

    ``found`` are the signs of their words (``signs_of_word``), name after name. ``lengths`` are how many words each
    name has: two at least.
    """
    starts = np.cumsum(lengths) - lengths
    first, second, together = found[starts], found[starts + 1], np.bitwise_or.reduceat(found, starts)
    may_be = (lengths > 2) & ((together & TELLING_JA) > 0)
    for one, other in _PAIRS:
        may_be |= ((first & one) > 0) & ((second & other) > 0) | ((second & one) > 0) & ((first & other) > 0)
    for surname, given, syllable in ((SURNAME_KO, GIVEN_KO, _SYLLABLES_KO), (SURNAME_ZH, GIVEN_ZH, _SYLLABLES_ZH)):
        are_several = np.add.reduceat((found & syllable) > 0, starts, dtype=np.int32) > 2
        may_be |= (lengths > 2) & ((together & surname) > 0) & (((together & given) > 0) | are_several)
    return may_be
