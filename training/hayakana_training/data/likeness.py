"""How much Katakana sounds like a spelling in Latin letters, judged by their consonants alone. Pure, and no model.

It tells Katakana that spell a foreign word from words that only mean the same. It finds where the parts of a name
written together begin. The measure is a weighted edit distance (Needleman and Wunsch, 1970) between the consonants of
both sides: ラ, リ, ル, レ, ロ go with r and l, ン with n and m, and so on; a silent h costs next to nothing.
"""

import functools
from collections.abc import Sequence

from hayakana.names.normalization import fold_character, normalize

_ROWS = {
    "k": "カキクケコヵヶ",
    "g": "ガギグゲゴ",
    "s": "サスセソ",
    "sh": "シ",
    "z": "ザズゼゾヅ",
    "j": "ジヂ",
    "t": "タテト",
    "ch": "チ",
    "ts": "ツ",
    "d": "ダデド",
    "n": "ナニヌネノ",
    "nn": "ン",
    "h": "ハヒヘホ",
    "f": "フ",
    "b": "バビブベボ",
    "p": "パピプペポ",
    "m": "マミムメモ",
    "r": "ラリルレロ",
    "w": "ワヰヱヲウ",
    "y": "ヤユヨイ",
    "v": "ヴヷヸヹヺ",
}
_CONSONANTS = {kana: consonant for consonant, row in _ROWS.items() for kana in row}

_SPELLED = {
    "k": "kcqgh",
    "g": "gkcqjh",
    "s": "sczt",
    "sh": "scztjkh",
    "z": "zsdct",
    "j": "jgdzsyc",
    "t": "tds",
    "ch": "ctzjsk",
    "ts": "tzcs",
    "d": "dt",
    "n": "nm",
    "nn": "nm",
    "h": "hjgcfkr",
    "f": "fhpvw",
    "b": "bvpw",
    "p": "pbf",
    "m": "mn",
    "r": "rld",
    "w": "wvb",
    "y": "yjgl",
    "v": "vwbf",
}
"""Which letters a consonant of Katakana may be spelled with."""

_SILENT_LETTER = {"h": 0.1, "w": 0.1, "y": 0.1, "j": 0.3, "r": 0.2, "g": 0.4, "d": 0.5, "t": 0.5, "s": 0.5, "l": 0.5}
_SILENT_CONSONANT = {"w": 0.0, "y": 0.0, "nn": 0.5, "h": 0.6}
_ANY_LETTER, _ANY_CONSONANT, _OTHER = 0.7, 0.9, 1.2
"""Costs of a letter or a consonant that has no counterpart, and of two that do not go together."""


def likeness(name: str, katakana: str) -> float:
    """Return how well ``katakana`` sounds like ``name``, from 1 (every consonant has its letter) downwards to 0."""
    letters, consonants = _letters(name), consonants_of(katakana)
    longest = max(len(letters), len(consonants), 2)
    return max(0.0, 1 - _distance(letters, consonants) / longest)


def align_parts(names: Sequence[str], katakana: str, *, least: float) -> list[str] | None:
    """Cut ``katakana`` into one piece a name so that the pieces sound most like the names.

    None where some piece would be less like its name than ``least``. Pieces begin with a Kana that can begin a word.
    """
    ends = [i for i in range(1, len(katakana)) if katakana[i] not in "ァィゥェォャュョヮッーン"] + [len(katakana)]

    @functools.cache
    def best(part: int, start: int) -> tuple[float, tuple[int, ...]]:
        if part == len(names) - 1:
            score = likeness(names[part], katakana[start:])
            return (score if score >= least else -1.0), (len(katakana),)
        found: tuple[float, tuple[int, ...]] = (-1.0, ())
        for end in ends:
            if end <= start or end == len(katakana):
                continue
            score = likeness(names[part], katakana[start:end])
            if score < least:
                continue
            following, cuts = best(part + 1, end)
            if following >= 0 and score + following > found[0]:
                found = (score + following, (end, *cuts))
        return found

    score, cuts = best(0, 0)
    if score < 0:
        return None
    return [katakana[start:end] for start, end in zip((0, *cuts), cuts, strict=False)]


@functools.lru_cache(maxsize=1 << 16)
def _letters(name: str) -> str:
    """The consonant letters of a name, each run of one letter once; x is k and s."""
    plain = "".join(fold_character(character) for character in normalize(name)).replace("x", "ks")
    return "".join(
        letter
        for place, letter in enumerate(plain)
        if letter.isalpha() and letter not in "aeiou" and plain[place - 1 : place] != letter
    )


def consonants_of(katakana: str) -> tuple[str, ...]:
    """Return the consonants of ``katakana``, one a Kana that has one: ``("k", "nn")`` of カン."""
    return tuple(_CONSONANTS[kana] for kana in katakana if kana in _CONSONANTS)


def _distance(letters: str, consonants: tuple[str, ...]) -> float:
    row = [0.0]
    for consonant in consonants:
        row.append(row[-1] + _SILENT_CONSONANT.get(consonant, _ANY_CONSONANT))
    for letter in letters:
        silent = _SILENT_LETTER.get(letter, _ANY_LETTER)
        above, row = row, [row[0] + silent]
        for place, consonant in enumerate(consonants):
            match = 0.0 if letter in _SPELLED[consonant] else _OTHER
            row.append(
                min(
                    above[place] + match,
                    above[place + 1] + silent,
                    row[place] + _SILENT_CONSONANT.get(consonant, _ANY_CONSONANT),
                )
            )
    return row[-1]
