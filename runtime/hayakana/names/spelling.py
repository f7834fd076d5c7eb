"""What is read by rule and never by the model, for models that read parts: rules 7 to 11 of docs/names.md. Pure.

``KATAKANA_OF_UNITS`` goes by the unit alone: ``j`` is ジェイ, ``jr`` is ジュニア. ``by_case`` goes by
capitals. They say that IBM is an acronym and the II of George II a numeral, unless a whole name is in capitals.
"""

import re
from collections.abc import Iterable

from hayakana.names.letters import LETTERS, MARKED_LETTERS, spelled
from hayakana.names.normalization import fold_character
from hayakana.names.numerals import NUMBERS, Numeral, numeral_at
from hayakana.names.particles import WORDS
from hayakana.names.parts import CanonicalName, is_japanese
from hayakana.names.titles import IN_CAPITALS, TITLES, degrees_in_capitals

KATAKANA_OF_UNITS = LETTERS | MARKED_LETTERS | TITLES | WORDS
"""Unit → Katakana: rules 7 and 10, and words of 14."""

_WORDS = {"a": "ア", "e": "エ", "i": "イ", "o": "オ", "u": "ウ", "y": "イ"}
"""Small words between names (rule 8), as in Ortega y Gasset. In capitals they are initials."""

_BEGINNINGS = (
    "b[hjlrw] c[hlnrstvz] d[dghjlmnrvwz] f[hjlrw] g[bdhjlmnrsvwz] h[fjlmnrstvwz] j[bhn] k[ghjlmnrsvw] l[hjlvw]"
    " m[bcfghjlmnprstvwz] n[dghjknrstwz] p[fhjlnrst] r[hntwz] s[bcdfghjklmnpqrtvwz] t[hjklmrsvwxz] v[djlrst]"
    " w[hlr] x[hz] z[bdghlmnrsvw]"
).replace(" ", "|")
_ENDINGS = (
    "b[bdhlnst] c[ghklqstxz] d[dhjlnrstz] f[flnst] g[dghklnrst] h[bdglmnrstv] j[cdklmnprst] k[hklrst]"
    " l[bcdfghjklmnpstvxz] m[bhlmnprst] n[cdghklnstxz] p[fhlpst] qj r[bcdfgjklmnprstvxz] s[chjklmnpqrstz]"
    " t[bfhlnrstxz] v[cdrs] w[dklnst] x[ltx] z[dhklmnrz]"
).replace(" ", "|")
"""Pairs of consonants that begin a name before a vowel, or end one after a vowel, somewhere in wd_katakana's 68,115."""

_VOWEL, _CONSONANT = "[aeiouy]", "[b-df-hj-np-tv-xz]"
_ACRONYM = re.compile(
    f"{_CONSONANT}{{2,5}}|{_VOWEL}[cjq]"
    f"|(?!{_BEGINNINGS}){_CONSONANT}{{2}}{_VOWEL}|{_VOWEL}(?!{_ENDINGS}){_CONSONANT}{{2}}"
)
LONGEST_ACRONYM, LONGEST_BY_CASE = 5, max(map(len, NUMBERS))


_CONSONANTS_ALONE = re.compile("(?!mc)[b-df-hj-np-tv-xz][b-df-hjkmnp-qs-tv-xz]{1,3}[b-df-hj-np-tv-xz]")
"""Three to five consonants that no name is made of: none of wd_katakana's is. R and L inside make a syllable: Vlk."""


def katakana_of_units(units: Iterable[str]) -> list[str | None]:
    """Return the Katakana of each of ``units`` that is read by itself alone; None of any other unit.

    The units of ``KATAKANA_OF_UNITS`` do, and units that can only be spelled (rule 9, in any case): gps, http.
    """
    return [
        KATAKANA_OF_UNITS.get(unit)
        or (spelled(unit) if 3 <= len(unit) <= 5 and _CONSONANTS_ALONE.fullmatch(unit) else None)
        for unit in units
    ]


def may_go_by_case(part: str) -> bool:
    """Whether ``by_case`` could have Katakana for ``part``, written in capital letters, in some name."""
    letters = part.lower()
    return letters in NUMBERS or letters in IN_CAPITALS or _ACRONYM.fullmatch(letters) is not None


def by_case(name: CanonicalName) -> list[str | Numeral | None]:
    """Return what is read by case (rules 8, 9, 11), as Katakana or as a numeral; None for all other parts.

    Capitals mean nothing in a name of several parts that has no small letter: there, acronyms are spelled only if they
    have two letters, and a numeral that is a name as well is one.
    """
    parts, canonical = name.written, name.parts
    text = "".join(parts)
    has_capital, has_small = any(map(str.isupper, text)), any(map(str.islower, text))
    found: list[str | Numeral | None] = [None] * len(parts)
    if not has_capital:
        return found
    only_capitals = not has_small and sum(not is_japanese(part) for part in parts) > 1
    degrees = degrees_in_capitals(name)
    for index, (part, letters) in enumerate(zip(parts, canonical, strict=True)):
        if all(map(str.isupper, part)):
            found[index] = numeral_at(name, index, only_capitals=only_capitals) or degrees.get(index)
            if found[index] is None and _is_acronym(letters, only_capitals=only_capitals):
                found[index] = spelled(letters)
        elif len(letters) == 1 and part.islower() and 0 < index < len(parts) - 1:
            between_names = len(canonical[index - 1]) > 1 and len(canonical[index + 1]) > 1
            found[index] = _WORDS.get(fold_character(letters)) if between_names else None
    return found


def _is_acronym(letters: str, *, only_capitals: bool) -> bool:
    """Whether a part in capitals is spelled (rule 9)."""
    if letters in TITLES or letters == "ng" or (only_capitals and (len(letters) > 2 or letters == "mc")):
        return False
    return _ACRONYM.fullmatch(letters) is not None
