"""What is read by rule and never by the model, for models that read parts: rules 7 to 11 of docs/names.md. Pure.

``KATAKANA_OF_UNITS`` goes by the unit alone: ``j`` is ジェイ, ``jr`` is ジュニア. ``by_case`` goes by
capitals. They say that IBM is an acronym and the II of George II a numeral, unless a whole name is in capitals.
"""

import re

from hayakana.names.normalization import fold_character, normalize
from hayakana.names.parts import CanonicalName, is_japanese

_NAMES_OF_LETTERS = (
    "エー ビー シー ディー イー エフ ジー エイチ アイ ジェイ ケイ エル エム"
    " エヌ オー ピー キュー アール エス ティー ユー ヴィー ダブリュー エックス ワイ ゼット"
)
LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", _NAMES_OF_LETTERS.split(), strict=True))

TITLES = {
    "jr": "ジュニア",
    "jnr": "ジュニア",
    "sr": "シニア",
    "snr": "シニア",
    "mr": "ミスター",
    "mrs": "ミセス",
    "ms": "ミズ",
    "dr": "ドクター",
    "st": "セント",
    "mt": "マウント",
}

_LATIN_LETTERS = range(0xC0, 0x250), range(0x1E00, 0x1F00)
_MARKED = {
    letter: LETTERS[plain]
    for letter in (normalize(chr(point)) for points in _LATIN_LETTERS for point in points)
    # Ó is the Irish patronymic rather than an initial.
    if letter != "ó" and len(letter) == 1 and (plain := fold_character(letter)) in LETTERS
}

KATAKANA_OF_UNITS = LETTERS | _MARKED | TITLES
"""Unit → Katakana: rules 7 and 10. A letter with a mark is called as the plain letter."""

_WORDS = {"a": "ア", "e": "エ", "i": "イ", "o": "オ", "u": "ウ", "y": "イ"}
"""Small words between names (rule 8), as in Ortega y Gasset. In capitals they are initials."""

_ONES = ["", "イッ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハッ", "キュウ"]
_NUMERALS = {
    tens + ones: (("", "ジュウ", "ニジュウ", "サンジュウ")[ten] + _ONES[digit] if digit else f"{_ONES[ten]}ジュッ")
    + "セイ"
    for ten, tens in enumerate(("", "x", "xx", "xxx"))
    for digit, ones in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if len(tens + ones) > 1
}
"""Roman numerals from 2 to 39 (rule 11) and how they count rulers and generations. V and X, and I, are letters."""

_NAMES_TOO = {"iv", "vi", "ix", "xi"}
"""Numerals that are names as well."""

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
LONGEST_ACRONYM, LONGEST_BY_CASE = 5, max(map(len, _NUMERALS))


def may_go_by_case(part: str) -> bool:
    """Whether ``by_case`` could have Katakana for ``part``, written in capital letters, in some name."""
    letters = part.lower()
    return letters in _NUMERALS or _ACRONYM.fullmatch(letters) is not None


def by_case(name: CanonicalName) -> list[str | None]:
    """Return the Katakana of the parts that are read by their case (rules 8, 9, 11), None for all other parts.

    Capitals mean nothing in a name of several parts that has no small letter: there, acronyms are spelled only if they
    have two letters, and a numeral that is a name as well is one.
    """
    parts, canonical = name.written, name.parts
    text = "".join(parts)
    has_capital, has_small = any(map(str.isupper, text)), any(map(str.islower, text))
    if not has_capital:
        return [None] * len(parts)
    only_capitals = not has_small and sum(not is_japanese(part) for part in parts) > 1
    last = len(parts) - 1
    texts: list[str | None] = []
    for index, (part, letters) in enumerate(zip(parts, canonical, strict=True)):
        katakana = None
        if all(map(str.isupper, part)):
            if index == last > 0 and not (only_capitals and letters in _NAMES_TOO):
                katakana = _NUMERALS.get(letters)
            if katakana is None and _is_acronym(letters, only_capitals=only_capitals):
                katakana = "".join(LETTERS[letter] for letter in letters)
        elif len(letters) == 1 and part.islower() and 0 < index < last:
            between_names = len(canonical[index - 1]) > 1 and len(canonical[index + 1]) > 1
            katakana = _WORDS.get(fold_character(letters)) if between_names else None
        texts.append(katakana)
    return texts


def _is_acronym(letters: str, *, only_capitals: bool) -> bool:
    """Whether a part in capitals is spelled (rule 9)."""
    if letters in TITLES or letters == "ng" or (only_capitals and (len(letters) > 2 or letters == "mc")):
        return False
    return _ACRONYM.fullmatch(letters) is not None
