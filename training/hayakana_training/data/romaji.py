"""Japanese names in romaji, by rule: Katakana ↔ the spellings that names have on passports, in papers and in print.

Modified Hepburn (ANSI Z39.11-1972, and the Japanese passport regulations, which drop long vowels): おおたに is Ōtani,
Otani, Ohtani, Ootani; ゆうこ is Yūko, Yuko, Yuuko. One Katakana is given for each spelling, that of the most frequent
reading, since a name has one answer.
"""

import configparser
import itertools
import re
from collections.abc import Mapping
from pathlib import Path

from hayakana.names.normalization import normalize
from hayakana_training.data.pairs import DICTIONARY_COUNT, Pair

ELEMENTS = Path(__file__).with_name("japanese_names.txt")

_VOWELS = "aiueo"
_BASE = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "g": "ガギグゲゴ",
    "s": "サシスセソ",
    "z": "ザジズゼゾ",
    "t": "タチツテト",
    "d": "ダヂヅデド",
    "n": "ナニヌネノ",
    "h": "ハヒフヘホ",
    "b": "バビブベボ",
    "p": "パピプペポ",
    "m": "マミムメモ",
    "r": "ラリルレロ",
}
_IRREGULAR = {"シ": "shi", "ジ": "ji", "チ": "chi", "ツ": "tsu", "ヂ": "ji", "ヅ": "zu", "フ": "fu"}
_KANA = (
    {kana: f"{consonant}{vowel}" for consonant, row in _BASE.items() for vowel, kana in zip(_VOWELS, row, strict=True)}
    | _IRREGULAR
    | {"ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ヰ": "i", "ヱ": "e", "ン": "n", "ー": "-"}
)
_SMALL = {"ャ": "a", "ュ": "u", "ョ": "o"}
_LONG = re.compile("ou(?!e)|oo|uu|aa|[aiueo]-")
_MACRON = {"o": "ō", "u": "ū", "a": "ā", "e": "ē", "i": "ī"}
_NATIVE = re.compile("[" + "".join(_KANA) + "ャュョッ]+")


def katakana(hiragana: str) -> str:
    """Return Hiragana as Katakana."""
    return "".join(chr(ord(c) + 0x60) if "\u3041" <= c <= "\u3096" else c for c in hiragana)


def is_japanese(text: str) -> bool:
    """Whether ``text`` is Katakana that Japanese words are made of: none of ファ, ヴ, ティ and the like."""
    return _NATIVE.fullmatch(text) is not None and not re.search("[^キシチニヒミリギジビピヂ][ャュョ]", text)


def spellings(text: str) -> list[str]:
    """Return the ways ``text``, native Katakana, is romanised in names, canonical, the plainest first; or none."""
    syllables = _syllables(text)
    if syllables is None:
        return []
    full = "".join(syllables)
    long = list(_LONG.finditer(full))
    ways = [
        _LONG.sub(lambda found: found[0][0], full),  # Otani, Yuko
        _LONG.sub(lambda found: _MACRON[found[0][0]], full),  # Ōtani, Yūko
        full.replace("-", ""),  # Ootani, Yuuko
    ]
    if any(found[0][0] == "o" for found in long):
        ways.append(_LONG.sub(lambda found: "oh" if found[0][0] == "o" else found[0][0], full))  # Ohtani
    ways += [re.sub("n(?=[bmp])", "m", way) for way in ways]  # Namba beside Nanba
    ways += [way.replace("n'", "n") for way in ways]  # Shinichi beside Shin'ichi
    return list(dict.fromkeys(normalize(way) for way in ways))


def pairs(counts: Mapping[str, int]) -> list[Pair]:
    """Return a pair for each spelling of the Katakana in ``counts``, which says how common each Katakana is."""
    best: dict[str, tuple[int, str]] = {}
    for text, count in counts.items():
        for spelling in spellings(text):
            if count > best.get(spelling, (0, ""))[0]:
                best[spelling] = (count, text)
    return [Pair(spelling, text, DICTIONARY_COUNT) for spelling, (_, text) in best.items() if len(text) > 1]


def japanese_name_pairs() -> list[Pair]:
    """Return some 11,000 romanised spellings of Japanese surnames and given names, composed by rule: nobody's data.

    They tell models that may be trained on nothing but public-domain pairs how romaji is read. Models trained on
    enamdict get real names from there, through the same rules. Of names spelled alike, the usual one wins over a
    composed one.
    """
    parser = configparser.ConfigParser(allow_no_value=True, delimiters=("=",))
    parser.read(ELEMENTS, encoding="utf-8")
    elements = {section: " ".join(parser[section]).split() for section in parser.sections()}
    composed = map(
        "".join,
        itertools.chain(
            itertools.product(elements["surname beginnings"], elements["surname endings"]),
            itertools.product(elements["given beginnings"], elements["given endings"]),
        ),
    )
    usual = elements["surnames"] + elements["given names"]
    return pairs(dict.fromkeys(composed, 1) | dict.fromkeys(usual, 2))


def _syllables(text: str) -> list[str] | None:
    """Return a romanised syllable a Kana, with ン as n or n', and ッ as the consonant that follows; None if none."""
    if not is_japanese(text) or text[0] in "ンッーャュョ":
        return None
    written: list[str] = []
    double = False
    for kana in text:
        if kana in _SMALL:
            stem = written[-1].removesuffix("i")
            written[-1] = stem + ("" if stem.endswith(("sh", "ch", "j")) else "y") + _SMALL[kana]
            continue
        if kana == "ッ":
            double = True
            continue
        syllable = _KANA[kana]
        if written and written[-1] == "n" and syllable[0] in "aiueoy":
            written[-1] = "n'"
        if double:
            syllable, double = ("t" if syllable.startswith("ch") else syllable[0]) + syllable, False
        written.append(syllable)
    return written
