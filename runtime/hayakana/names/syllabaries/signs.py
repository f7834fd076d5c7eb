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
from hayakana.names.parts import canonical_name
from hayakana.names.syllabaries import korean, pinyin, romaji
from hayakana.names.syllabaries.korean_surnames import SURNAMES

SURNAME_KO, SYLLABLE_KO, GIVEN_KO, SURNAME_ZH, SYLLABLE_ZH, GIVEN_ZH, TELLING_JA = (1 << bit for bit in range(7))
OF_KOREAN, OF_CHINESE = SURNAME_KO | SYLLABLE_KO, SURNAME_ZH | SYLLABLE_ZH
"""Signs, bits of a byte: of surnames, of single syllables, and of given names of two syllables that tell."""


_LIKE_KOREAN = re.compile("(?:[bcdghjklmnprstw]{0,3}[aeiouyw]{1,5}h?(?:ng|ck|[bdgklmnprt])?){1,2}")
_LIKE_PINYIN = re.compile("(?:(?:[zcs]h|[b-df-hj-np-tw-z])?[aeiouvy]{1,4}(?:ng?|r)?'?){1,2}")
"""What one or two syllables look like: a first look that most names of the West do not pass."""


@lru_cache(maxsize=65_536)
def signs(part: str) -> int:
    """Return the signs of a canonical part, with its marks or folded; 0 for most parts."""
    found = SURNAME_KO if part in SURNAMES else 0
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
    return found | (TELLING_JA if part in romaji.telling_names() else 0)


@lru_cache(maxsize=65_536)
def signs_of_word(word: str) -> int:
    """Return the signs of a word as it came. Two syllables in a word of several parts are a given name."""
    if word.isascii() and word.isalpha():
        return signs(word.lower())
    parts = canonical_name(mended(word)).parts
    found = reduce(or_, map(signs, parts), 0)
    if len(parts) > 1:
        found |= (GIVEN_KO if found & SYLLABLE_KO else 0) | (GIVEN_ZH if found & SYLLABLE_ZH else 0)
    return found


def is_anchor(word: str) -> bool:
    """Whether a word as it came is, or has, one of ``anchors``."""
    if word.isascii() and word.isalpha():
        return word.lower() in anchors()
    return not anchors().isdisjoint(canonical_name(mended(word)).parts)


@cache
def anchors() -> frozenset[str]:
    """Return the canonical parts of which every unmistakable name has one, with their marks and without."""
    return frozenset(SURNAMES) | pinyin.SURNAMES | pinyin.marked_surnames() | romaji.telling_names()


def may_be_unmistakable(parts: Sequence[str]) -> bool:
    """Whether a name of canonical ``parts``, folded or not, may be unmistakable; it is not where this says no."""
    if len(parts) == 2:
        return _OF_PAIRS[signs(parts[0]) | signs(parts[1])]
    found = list(map(signs, parts))
    of_korean, of_chinese = (sum(sign & wanted > 0 for sign in found) > 2 for wanted in (OF_KOREAN, OF_CHINESE))
    return len(found) > 1 and _may_be(reduce(or_, found), of_korean=of_korean, of_chinese=of_chinese)


def _may_be(together: int, *, of_korean: bool, of_chinese: bool) -> bool:
    """Whether signs together are those of a name; ``of_korean`` and ``of_chinese`` say that three words have some."""
    return bool(
        (together & SURNAME_KO and (together & GIVEN_KO or of_korean))
        or (together & SURNAME_ZH and (together & GIVEN_ZH or of_chinese))
        or together & TELLING_JA
    )


_OF_PAIRS = [_may_be(together, of_korean=False, of_chinese=False) for together in range(1 << 7)]


def which_may_be_unmistakable(found: NDArray[np.uint8], lengths: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which of several names may be unmistakable, ``(names,)``.

    ``found`` are the signs of their words (``signs_of_word``), name after name. ``lengths`` are how many words each
    name has: one at least.
    """
    starts = np.cumsum(lengths) - lengths
    together = np.bitwise_or.reduceat(found, starts)
    are_several = [np.add.reduceat(found & of > 0, starts, dtype=np.int32) > 2 for of in (OF_KOREAN, OF_CHINESE)]
    of_korean, of_chinese = (together & GIVEN_KO > 0) | are_several[0], (together & GIVEN_ZH > 0) | are_several[1]
    may_be: NDArray[np.bool_] = (
        ((together & SURNAME_KO > 0) & of_korean)
        | ((together & SURNAME_ZH > 0) & of_chinese)
        | (together & TELLING_JA > 0)
    )
    return may_be & (lengths > 1)
