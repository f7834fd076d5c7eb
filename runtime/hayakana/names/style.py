"""House style: how the Katakana that hayakana writes is spelled in the end. Pure tables; no model has a say in it.

A style is a step from text to text, and several are steps in the order of ``STYLES``. Only what hayakana writes is in
style: Katakana of a lexicon is as its user wrote it, and a name that is kept as it came.

The tables are our own. The base install is numpy and onnxruntime alone, and no library has a table of what banks allow.
Pictures need to know which characters each character stands for.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from hayakana.syntax import table

STYLES = ("b-for-v", "no-final-long", "no-separators", "hiragana", "half-width")
"""The names of the styles, in the order in which they are applied."""
B_FOR_V, NO_FINAL_LONG, NO_SEPARATORS, HIRAGANA, HALF_WIDTH = STYLES

_SMALL, _LARGE = "ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ"
_BETWEEN = "・＝"

_BA = table("ヴァ:バ ヴィ:ビ ヴゥ:ブ ヴェ:ベ ヴォ:ボ ヴャ:ビャ ヴュ:ビュ ヴョ:ビョ ヴ:ブ ヷ:バ ヸ:ビ ヹ:ベ ヺ:ボ")
"""The row of ヴ as the row of バ: the cabinet's notice on loan words (1991) leaves the choice."""

_HIRAGANA = {chr(point): chr(point - 0x60) for point in [*range(0x30A1, 0x30F7), 0x30FD, 0x30FE]}
_HIRAGANA |= {"ヷ": "ゔぁ", "ヸ": "ゔぃ", "ヹ": "ゔぇ", "ヺ": "ゔぉ"}

_HALVES = {unicodedata.normalize("NFKC", chr(point)): chr(point) for point in range(0xFF66, 0xFFA0)}
"""Full width → half width, the voiced marks as they combine: ア → ｱ, U+3099 → ﾞ."""


def _half(character: str) -> str:
    return "".join(_HALVES.get(piece, piece) for piece in unicodedata.normalize("NFD", character))


_OF_BANKS = {chr(point): _half(chr(point)) for point in range(0x30A2, 0x30FB)}
_OF_BANKS |= {small: _half(large) for small, large in zip(_SMALL, _LARGE, strict=True)}
_OF_BANKS |= {"ヲ": "ｵ", "ヺ": "ｵﾞ", "ヰ": "ｲ", "ヸ": "ｲﾞ", "ヱ": "ｴ", "ヹ": "ｴﾞ", "ー": "-", "・": " ", "＝": " "}
_OF_BANKS |= {"世": "ｾｲ"}  # of numerals in figures
"""Katakana as payee names of the Zengin format have it.

That format of the Japanese Bankers Association (全銀協) allows half-width ｱ to ﾝ without ｦ and without small letters, ﾞ
and ﾟ, capital Latin letters, digits, the space and ( ) - and the full stop. So ー is a hyphen, and ・ and ＝ are spaces.
"""


@dataclass(frozen=True)
class _Step:
    """Writes each match of ``pattern`` otherwise."""

    pattern: re.Pattern[str]
    written: Callable[[re.Match[str]], str]


def _by_table(table: Mapping[str, str]) -> _Step:
    pattern = "|".join(map(re.escape, sorted(table, key=len, reverse=True)))
    return _Step(re.compile(pattern), lambda match: table[match[0]])


def _without_final_long(match: re.Match[str]) -> str:
    """Return nothing for the ー that ends a part of three sounds or more, as JIS Z 8301 did up to its edition of 2008.

    Small letters but ッ are no sounds of their own: リー and ティー have two, and keep it.
    """
    part = re.split(f"[{_BETWEEN}]", match.string[: match.start()])[-1]
    sounds = sum(kana == "ッ" or kana not in _SMALL for kana in part) + len(match[0])
    return "" if part and sounds >= 3 else match[0]


_STEPS = {
    B_FOR_V: _by_table(_BA),
    NO_FINAL_LONG: _Step(re.compile(rf"ー+(?=[{_BETWEEN}]|\Z)"), _without_final_long),
    NO_SEPARATORS: _Step(re.compile(f"[{_BETWEEN}]"), lambda _: ""),
    HIRAGANA: _by_table(_HIRAGANA),
    HALF_WIDTH: _by_table(_OF_BANKS),
}

_FULL_WIDTH = _Step(
    # A mark goes with the Kana before it, of either width, if there is one Kana for both.
    re.compile("[\u304b-\u3096\u30ab-\u30f3\uff66-\uff9d][\uff9e\uff9f]|[\uff65-\uff9f]"),
    lambda match: unicodedata.normalize("NFKC", match[0]),
)


def checked_styles(names: str | Iterable[str]) -> tuple[str, ...]:
    """Return the styles that ``names`` names, one or several, each once, in the order of ``STYLES``.

    Raises:
        TypeError: a name is no string.
        ValueError: there is no such style, or two do not go together.
    """
    wanted = [names] if isinstance(names, str) else list(names)
    for name in wanted:
        if not isinstance(name, str):
            raise TypeError(f"style must be names of styles, not {type(name).__name__}")
        if name not in STYLES:
            raise ValueError(f"no style {name[:60]!r}: the styles are {', '.join(STYLES)}")
    if HIRAGANA in wanted and HALF_WIDTH in wanted:
        raise ValueError(f"style is {HIRAGANA} and {HALF_WIDTH}: there is no half-width Hiragana, so give one of them")
    return tuple(name for name in STYLES if name in wanted)


class Style:
    """What ``names`` of ``STYLES`` make of a text, in their order. Without names nothing changes."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.steps = tuple(_STEPS[name] for name in names)

    def __call__(self, text: str) -> str:
        """Return ``text`` in style."""
        for step in self.steps:
            text = step.pattern.sub(step.written, text)
        return text

    def traced(self, text: str) -> "Traced":
        """Return the characters of ``text`` in style, each with the places in ``text`` that it stands for."""
        return _traced(text, self.steps)


AS_WRITTEN = Style()
"""No style."""

Traced = list[tuple[str, tuple[int, ...]]]
"""Characters, each with the places in another text that it stands for."""


def full_width(text: str) -> str:
    """Return ``text`` with half-width Katakana (U+FF65 to U+FF9F) made full-width; all else stays as it is."""
    return _FULL_WIDTH.pattern.sub(_FULL_WIDTH.written, text)


def traced_full_width(text: str) -> Traced:
    """Return the characters of ``full_width(text)``, each with the places in ``text`` that it stands for."""
    return _traced(text, (_FULL_WIDTH,))


def _traced(text: str, steps: Iterable[_Step]) -> Traced:
    characters: Traced = [(character, (place,)) for place, character in enumerate(text)]
    for step in steps:
        before, characters, end = characters, [], 0
        for match in step.pattern.finditer("".join(character for character, _ in before)):
            characters += before[end : match.start()]
            end = match.end()
            places = tuple(dict.fromkeys(place for _, of in before[match.start() : end] for place in of))
            characters += [(character, places) for character in step.written(match)]
        characters += before[end:]
    return characters
