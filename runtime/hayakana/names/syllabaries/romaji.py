"""Japanese in romaji ↔ Katakana: Hepburn (ANSI Z39.11-1972), Kunrei-shiki (ISO 3602), Nihon-shiki. Pure.

- Marks say that a vowel is long: ``ō ô oh oo ou``. A long o is オウ,
  and オオ where a word begins with it: サトウ for Satō and Satoh, オオタニ for Ōtani and Ohtani. ``ū`` is ウウ: ユウコ.
- Without marks nothing says so. What usual names, and the elements that names are made of, have long is long: Sato is
  サトウ, Shinzo シンゾウ, Koji コウジ. All other vowels are short.
- ``n`` is ン before a consonant, at the end, and with an apostrophe; so is ``m`` before b, m and p.
"""

import itertools
import re
from functools import cache, lru_cache

from hayakana.names.normalization import normalize
from hayakana.names.syllabaries import japanese_names

LONGEST = 32
"""Most letters of a word."""

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

_BY_SPELLING = (
    {f"{consonant}{vowel}": kana for consonant, row in _BASE.items() for vowel, kana in zip(_VOWELS, row, strict=True)}
    | {spelling: kana for kana, spelling in _KANA.items() if kana not in "ヂヅヲヰヱンー"}
    | {
        spelling + vowel: f"{kana}{small}"
        for spelling, kana in {
            **{f"{consonant}y": row[1] for consonant, row in _BASE.items() if consonant},
            **{"sh": "シ", "ch": "チ", "j": "ジ", "jy": "ジ", "ty": "チ", "zy": "ジ"},
        }.items()
        for small, vowel in _SMALL.items()
    }
    | {"wo": "ヲ", "dzu": "ヅ"}
)
"""Spelling of a mora → its Kana, in all three systems."""

_MORA = re.compile(
    "(?P<double>(?=(kk|ss|tt|pp|tch|cch|gg|dd|bb|zz|jj|ff))[a-z])?"
    f"(?P<mora>{'|'.join(sorted(_BY_SPELLING, key=len, reverse=True))})"
    "(?P<long>(?<=o)(?:h(?![aiueoy])|o|u(?!e))|(?<=u)u|-)?"
    "|(?P<nasal>n(?:'|(?![aiueoy])))|(?P<m>m(?=[bmp]))"
)
_MARKED = {
    letter: f"{vowel}-"
    for vowel, letters in zip("aiueo", ("āâ", "īî", "ūû", "ēê", "ōô"), strict=True)
    for letter in letters
}


def katakana(hiragana: str) -> str:
    """Return Hiragana as Katakana."""
    return "".join(chr(ord(c) + 0x60) if "\u3041" <= c <= "\u3096" else c for c in hiragana)


def is_japanese(text: str) -> bool:
    """Whether ``text`` is Katakana that Japanese words are made of: none of ファ, ヴ, ティ and the like."""
    return _NATIVE.fullmatch(text) is not None and not re.search("[^キシチニヒミリギジビピヂ][ャュョ]", text)


@lru_cache(maxsize=65_536)
def spelled_out(word: str) -> str | None:
    """Return the Katakana of a canonical word, its vowels long where marks say so; None where it is no romaji."""
    if not word or len(word) > LONGEST:
        return None
    letters = word if word.isascii() else "".join(_MARKED.get(letter, letter) for letter in word)
    texts, end = [], 0
    for match in _MORA.finditer(letters):
        if match.start() != end:
            return None
        end = match.end()
        if match["mora"] is None:
            texts.append("ン")
            continue
        mora = match["mora"]
        texts.append(("ッ" if match["double"] else "") + _BY_SPELLING[mora])
        if match["long"]:
            begins = mora == "o" and match.start() == 0
            texts.append({"a": "ア", "i": "イ", "u": "ウ", "e": "エ", "o": "オ" if begins else "ウ"}[mora[-1]])
    text = "".join(texts)
    return text if end == len(letters) and text[0] not in "ンッ" else None


def spellings(text: str) -> list[str]:
    """Return the ways ``text``, native Katakana, is romanised in names, canonical, the plainest first; or none."""
    syllables = _syllables(text)
    if syllables is None:
        return []
    full = "".join(syllables)
    ways = _of_long_vowels(full) if "-" in full or _LONG.search(full) else [full]
    ways += [re.sub("n(?=[bmp])", "m", way) for way in ways if "n" in way]  # Namba beside Nanba
    ways += [way.replace("n'", "n") for way in ways if "'" in way]  # Shinichi beside Shin'ichi
    return list(dict.fromkeys(normalize(way) for way in ways))


def _of_long_vowels(romaji: str) -> list[str]:
    """Return the ways to write the long vowels of ``romaji``, which are ``_LONG`` in it."""
    ways = [
        _LONG.sub(lambda found: found[0][0], romaji),  # Otani, Yuko
        _LONG.sub(lambda found: _MACRON[found[0][0]], romaji),  # Ōtani, Yūko
        romaji.replace("-", ""),  # Ootani, Yuuko
    ]
    if any(found[0][0] == "o" for found in _LONG.finditer(romaji)):
        ways.append(_LONG.sub(lambda found: "oh" if found[0][0] == "o" else found[0][0], romaji))  # Ohtani
    return ways


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


def differ_in_length_alone(first: str, second: str) -> bool:
    """Whether two texts in Katakana are alike but for which vowels are long."""
    return first == second or (spellings(first)[:1] or ["1"]) == (spellings(second)[:1] or ["2"])


@cache
def usual_names() -> dict[str, str]:
    """Return the spellings of usual names, canonical → Katakana."""
    usual: dict[str, str] = {}
    for text in itertools.chain(japanese_names.SURNAMES, japanese_names.GIVEN_NAMES):
        for spelling in spellings(text):
            usual.setdefault(spelling, text)
    return usual


_LONG_ELEMENTS = (
    (re.compile("(?<=[^ヒグ])ゾ$"), "ゾウ"),
    (re.compile("(?<=[チタジブシゴ])ロ$"), "ロウ"),
    (re.compile("(ョ|[キチリニヒミ]ュ)(?![ウオンックキツ])"), r"\1ウ"),
    (re.compile("^([シジキ]ュ)(?=(?:ジ|イチ|ヘイ|ゾウ|ゴ|ヤ|タ|スケ|コ)(?:ロウ)?$)"), r"\1ウ"),
    (re.compile("^([コソヨ])(?=(?:ジ|イチ|ヘイ|スケ|タ|ゾウ|タロウ|シロウ)(?:ロウ)?$)"), r"\1ウ"),
    (re.compile("^ヨ(?=コ$)"), "ヨウ"),
    (re.compile("^ユ(?=(?:ジ|イチ|スケ|タ|ト|ヤ|ゴ|サク|ゾウ|タロウ|ジロウ|ダイ|コ)(?:ロウ)?$)"), "ユウ"),
)
"""Elements of names whose vowel is long, whatever marks there are: -zō, -rō, Ryō-, -jō, Kō-, Yū- and the like."""


@cache
def _composed() -> re.Pattern[str]:
    """Return what matches the plain spellings of names that are composed of usual elements."""

    def either(texts: list[str]) -> str:
        return "|".join(dict.fromkeys(spelling for text in texts for spelling in spellings(text)))

    surnames = f"(?:{either(japanese_names.SURNAME_BEGINNINGS)})(?:{either(japanese_names.SURNAME_ENDINGS)})"
    given = f"(?:{either(japanese_names.GIVEN_BEGINNINGS)})'?(?:{either(japanese_names.GIVEN_ENDINGS)})"
    return re.compile(f"{surnames}|{given}")


@lru_cache(maxsize=65_536)
def is_plausible(word: str) -> bool:
    """Whether a canonical word is a usual Japanese name, or one that is composed as they are: not every ``Mike`` is."""
    if word in usual_names():
        return True
    return len(word) <= LONGEST and _composed().fullmatch(word) is not None and spelled_out(word) is not None


@cache
def telling_names() -> frozenset[str]:
    """Return the spellings of usual names, of three morae at least, that are hardly borne elsewhere."""
    return frozenset(name for name in usual_names() if len(_MORA.findall(name)) >= 3) - _BORNE_ELSEWHERE


_BORNE_ELSEWHERE = frozenset(
    ["naomi", "erika", "amano", "morita", "karina", "marina", "mariana", "serena", "sasaki", "mariko", "aida", "senna"]
)


@lru_cache(maxsize=65_536)
def read(word: str) -> str | None:
    """Return the Katakana of a canonical word in romaji, its vowels as long as in names; None where it is none."""
    if (usual := usual_names().get(word)) is not None:
        return usual
    text = spelled_out(re.sub("(?<=[aeiu]n)(?=ichi(?:ro)?$)", "'", word) if len(word) <= LONGEST else word)
    if text is None or _LONG.search("".join(_syllables(text) or ())):
        return text  # Marks say which vowels are long.
    for element, long in _LONG_ELEMENTS:
        text = element.sub(long, text)
    return text
