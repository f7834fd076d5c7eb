"""Romanised Korean → Katakana: Revised Romanization, McCune–Reischauer, and the loose spellings of passports. Pure.

Katakana is what Japanese newspapers and Wikipedia write: the sounds of the name, as the South Korean ministry's Kana
orthography of 1987 (국어의 가나 문자 표기법, chapter 3) has them.

- Lax ㄱ ㄷ ㅂ ㅈ are voiced between voiced sounds, and unvoiced elsewhere: カン, ソン・ガンホ.
- A surname is written as it is alone. A given name begins as it sounds behind its surname: クネ behind パク, ジョンウン
  behind キム. It does so in the order of the West too, since a person has one name.
- A coda goes to the vowel that follows, and so do ㄴ and ㅁ before ㅎ, which is weak: ジュノ, ゴニ, ソギョル. ㅇ stays:
  ジョンウン. Nothing goes from a surname to a given name: キム・イルソン.
- ㅓ and ㅗ are オ, ㅜ and ㅡ are ウ, ㅐ and ㅔ are エ.

Letters do not tell all: ``k`` and ``ch`` have two consonants each, ``u`` is ㅜ, ㅡ or ㅓ. Each is read as the syllable
that is usual in names. What a name has otherwise is a fact, which is looked up.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

LONGEST = 24
"""Most letters of a given name: three syllables of the longest."""

_ROWS = {
    "": "ア イ ウ エ オ ヤ ユ ヨ ワ ウィ ウェ ウォ",
    "k": "カ キ ク ケ コ キャ キュ キョ クァ クィ クェ クォ",
    "g": "ガ ギ グ ゲ ゴ ギャ ギュ ギョ グァ グィ グェ グォ",
    "n": "ナ ニ ヌ ネ ノ ニャ ニュ ニョ ヌァ ヌィ ヌェ ヌォ",
    "t": "タ ティ トゥ テ ト テャ テュ ティョ トゥァ トゥィ トゥェ トゥォ",
    "d": "ダ ディ ドゥ デ ド デャ デュ ディョ ドゥァ ドゥィ ドゥェ ドゥォ",
    "r": "ラ リ ル レ ロ リャ リュ リョ ルァ ルィ ルェ ルォ",
    "m": "マ ミ ム メ モ ミャ ミュ ミョ ムァ ムィ ムェ ムォ",
    "p": "パ ピ プ ペ ポ ピャ ピュ ピョ プァ プィ プェ プォ",
    "b": "バ ビ ブ ベ ボ ビャ ビュ ビョ ブァ ブィ ブェ ブォ",
    "s": "サ シ ス セ ソ シャ シュ ショ スァ スィ スェ スォ",
    "c": "チャ チ チュ チェ チョ チャ チュ チョ チュア チュイ チェ チュオ",
    "j": "ジャ ジ ジュ ジェ ジョ ジャ ジュ ジョ ジュア ジュイ ジェ ジュオ",
    "h": "ハ ヒ フ ヘ ホ ヒャ ヒュ ヒョ ファ フィ フェ フォ",
}
_VOWELS = ["a", "i", "u", "e", "o", "ya", "yu", "yo", "wa", "wi", "we", "wo"]
_KANA = {onset: dict(zip(_VOWELS, row.split(), strict=True)) for onset, row in _ROWS.items()}
_VOICED = {"k": "g", "t": "d", "p": "b", "c": "j"}
_CODAS = {"": "", "k": "ク", "n": "ン", "t": "ト", "r": "ル", "m": "ム", "p": "プ", "ng": "ン"}
_MOVING = {"k": "g", "n": "n", "r": "r", "m": "m", "p": "b"}
"""Coda → the onset that it becomes before a vowel."""

_ONSETS = {
    **{letters: letters for letters in ("n", "m", "h", "s", "r", "")},
    **dict.fromkeys(["ss", "sh"], "s"),
    **dict.fromkeys(["k", "g", "kk", "gg"], "k"),
    **dict.fromkeys(["t", "d", "tt", "dd"], "t"),
    **dict.fromkeys(["p", "b", "pp", "bb"], "p"),
    **dict.fromkeys(["ch", "j", "jj", "tch"], "c"),
    "l": "r",
}
_NUCLEI = {
    **dict.fromkeys(["a", "ah"], "a"),
    **dict.fromkeys(["i", "ee", "yi", "yee", "ih"], "i"),
    **dict.fromkeys(["u", "oo", "ou", "eu", "ŭ", "woo", "wu", "wou"], "u"),
    **dict.fromkeys(["e", "ae", "ai", "ay", "eh", "aeh"], "e"),
    **dict.fromkeys(["o", "oh", "eo", "eoh", "ŏ", "uh"], "o"),
    **dict.fromkeys(["ya", "yah"], "ya"),
    **dict.fromkeys(["yu", "yoo", "you"], "yu"),
    **dict.fromkeys(["yo", "yoh", "yeo", "yeoh", "yŏ", "yuh"], "yo"),
    **dict.fromkeys(["ye", "yae", "yeh"], "ye"),
    **dict.fromkeys(["wa", "wah", "oa"], "wa"),
    **dict.fromkeys(["wi", "wee", "ui", "eui", "ŭi"], "wi"),
    **dict.fromkeys(["we", "wae", "oe", "oi", "weh"], "we"),
    **dict.fromkeys(["wo", "weo", "wŏ"], "wo"),
}
_CODAS_OF_LETTERS = {
    **{letters: letters for letters in ("", "n", "m", "ng")},
    **dict.fromkeys(["k", "g", "ck"], "k"),
    **dict.fromkeys(["p", "b"], "p"),
    **dict.fromkeys(["l", "r"], "r"),
    **dict.fromkeys(["t", "d"], "t"),
}

_U_FOR_EO_TEXT = (
    "sung sun sul sub sup suk jung chung duk bum beom um chul dug bub byun byung byul hyun hyung hyuk hyul"
    " hyup hyub kyung gyung kyul gyul myung myun pyung pyun ryuk ryung yung kun gun"
)
_U_FOR_EO = frozenset(_U_FOR_EO_TEXT.split())
"""Syllables of passports whose ``u`` is ㅓ or ㅕ: Sung is 성, Hyun is 현."""

_ASPIRATED = re.compile("t(?:ae|aek|ak|an|am)|pil|pyo|pyeong|pung|ch(?!i$|in$|ong$|oong$|ung$|u$|o$)[a-z]+")
"""Syllables whose first consonant is ㅌ, ㅍ or ㅊ in names, and so stays unvoiced: Tae is 태, Chan is 찬."""

_USUAL_TEXT = (
    "ア アン アム イ イル イン イク イム ウ ウン ウク ウォン ウル ウム エ オク オン オム オ ヤン ヨ ヨン ヨル"
    " ヨプ ヨク ヨム ユ ユン ユル ユク イェ ワン ワ ウォル ウィ ウィル カ カン カム カプ ク クァン クァク クク"
    " クォン クン クム キ キル キョ キョム キョン キョル キュ キュン ケ コ コン ナ ナム ナン ナク ニョン ヌル"
    " ノ タ タム タル タン テ テク トク ト トン トゥ トゥク トル ラ ラム ラン リ リム リン リャン リョ リョン"
    " リョル リョク リュ リュル ル レ ロ ロク ロム マ マン マル ミ ミル ミン ム ムク ムン メ モ モク ミョン"
    " パク パン パル パム パン ピ ピン ピル ペ ペク ポ ポク ポム ポル ポン プ ピョ ピョル ピョン サ サム サン"
    " サンフ シ シク シム シン シル ス スク スル スン スム セ セク セム ソ ソク ソル ソム ソン ソプ チャ"
    " チャン チ チン チル チュ チュク チュン チェ チェク チョ チョル チョム チョン ハ ハク ハム ハン ヒ ヒム"
    " フ フィ フン ヘ ヘン ヒャン ヒョ ヒョク ヒョル ヒョプ ヒョン ファ ファン フェ ホ ホン"
)
_USUAL = frozenset(_USUAL_TEXT.split())
"""Syllables of given names, as they are written alone."""

_TELLING = re.compile(
    "(?<![tdlr])eo|eu|yoo|hye|(?<=[hkgmb])yu[nk]|(?<=[jshwym])oo(?!$)|[swj]oo|(?<=[jtdhs])ae|wook|hee$|[gk]yu|jong"
)
"""What a syllable of Korean has and hardly one of Chinese in any romanisation, or of the West."""


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable by its sounds, consonants unvoiced; ``is_lax`` says whether its onset may be voiced."""

    onset: str
    vowel: str
    coda: str
    is_lax: bool


def _alternatives(letters: Sequence[str]) -> str:
    return "|".join(sorted(letters, key=len, reverse=True))


_SYLLABLE = re.compile(
    f"({_alternatives([*_ONSETS])})({_alternatives([*_NUCLEI])})({_alternatives([*_CODAS_OF_LETTERS])})"
)


@lru_cache(maxsize=4_096)
def syllable(letters: str) -> Syllable | None:
    """Return the syllable that canonical ``letters`` spell; None where they are none, or several."""
    match = _SYLLABLE.fullmatch(letters) if len(letters) < LONGEST else None
    if match is None or letters == "h":
        return None
    onset, vowel, coda = _ONSETS[match[1]], _NUCLEI[match[2]], _CODAS_OF_LETTERS[match[3]]
    if match[2] == "you" and coda:  # Young is 영, and You alone 유.
        vowel = "yo"
    if letters in _U_FOR_EO:
        vowel = {"u": "o", "yu": "yo"}[vowel] if vowel in ("u", "yu") else vowel
    if vowel == "wi" and onset == "h" and match[2] != "wi":
        vowel = "i"  # Hui and Heui are 희.
    if vowel == "ye" and onset:
        vowel = "e"
    if vowel == "we" and onset not in ("", "k", "h"):
        vowel = "e"
    is_lax = onset in _VOICED and len(match[1].replace("ch", "c")) == 1 and not _ASPIRATED.fullmatch(letters)
    return Syllable(onset, vowel, coda, is_lax)


_IN_PAIRS = {("dae", "jung"): "joong"}
"""Pairs of syllables whose second one is of another vowel than it is alone: 大中."""


def spoken(letters: Sequence[str]) -> list[Syllable]:
    """Return the syllables of a given name by their letters, each a syllable."""
    pairs = zip(("", *letters), letters, strict=False)
    return [found for pair in pairs if (found := syllable(_IN_PAIRS.get(pair, pair[1]))) is not None]


def alone(of_letters: Syllable) -> str:
    """Return a syllable as it is written alone."""
    return "".join(written([of_letters], behind_voiced=False))


def written(syllables: Sequence[Syllable], *, behind_voiced: bool) -> list[str]:
    """Return the Katakana of each syllable of a given name, which stands ``behind_voiced`` sounds or not."""
    texts: list[str] = []
    is_voiced, last = behind_voiced, None
    for current in syllables:
        onset, kana = current.onset, None
        is_weak = not onset or (
            onset == "h" and current.vowel[0] != "w" and last is not None and last.coda in ("n", "m")
        )
        if last is not None and is_weak and last.coda in _MOVING:
            onset, texts[-1] = _MOVING[last.coda], texts[-1].removesuffix(_CODAS[last.coda])
        elif is_voiced and current.is_lax:
            onset = _VOICED[onset]
        if current.vowel == "ye":
            kana = _KANA[onset]["i"] + "ェ"
        texts.append((kana or _KANA[onset][current.vowel]) + _CODAS[current.coda])
        is_voiced, last = current.coda not in ("k", "t", "p"), current
    return texts


@lru_cache(maxsize=4_096)
def is_usual(letters: str) -> bool:
    """Whether ``letters`` are a syllable that is usual in given names, as it is usually spelled."""
    found = syllable(letters)
    return found is not None and alone(found) in _USUAL and _UNUSUAL.match(letters) is None


_UNUSUAL = re.compile(r"(.)\1|tch|[^hckg]oe|[^sjchy]e[a-z]?$|.*[^aeou]?[aeou]h[mnlk]|john|ryan|lee$|leo$")
"""Spellings of the West: doubled consonants, Joe, John, Leo."""


def is_telling(letters: str) -> bool:
    """Whether ``letters``, a syllable, are spelled as hardly one of another language is."""
    return _TELLING.search(letters) is not None


@lru_cache(maxsize=65_536)
def syllables_of(word: str) -> tuple[str, ...]:
    """Return the letters of each syllable of a given name that is written together; empty where it is none.

    All of them are usual, three at most. Of several ways, the way with fewest syllables counts, then the way whose
    syllables begin with a consonant, ``ng`` not split: Yu-na, Jong-un.
    """
    if not word or len(word) > LONGEST:
        return ()
    return min(_ways(word, 3), key=_oddity, default=())


def _oddity(way: tuple[str, ...]) -> tuple[int, int, int]:
    begins_with_vowel = sum(letters[0] in "aeiouŏŭ" and before[-2:] != "ng" for before, letters in pairwise(way))
    splits_ng = sum(before[-1] == "n" and letters[0] == "g" for before, letters in pairwise(way))
    return len(way), splits_ng, begins_with_vowel


def _ways(word: str, most: int) -> Iterator[tuple[str, ...]]:
    """Yield the ways to split ``word`` into usual syllables, ``most`` at most."""
    for end in range(1, min(len(word), 7) + 1):
        letters = word[:end]
        if is_usual(letters):
            if end == len(word):
                yield (letters,)
            elif most > 1:
                yield from ((letters, *way) for way in _ways(word[end:], most - 1))
