"""Pinyin → Katakana, by the guideline 中国語音節表記ガイドライン (Heibonsha, 2011) in its form for the media. Pure.

So 習近平 is シー・ジンピン, as Wikipedia, the Nikkei and the Yomiuri have it; the Asahi writes シー・チンピン. The
guideline keeps ``j`` and ``q`` apart, and so do we. Where what people write differs from it, we write that:

- ``iao`` and ``iang`` are contracted: シャオ, リャン, where the guideline has シアオ, リアン. So are all 13 bearers in
  wd_katakana's training pairs;
- ``eng`` is エン but behind ``b p f w``: デン, チェン, where the guideline has ドン, チョン. 38 bearers of 39 are
  written so.

Wade–Giles and Cantonese have other syllables with the same letters (``chang``, ``kai``, ``chan``), and are not read:
what no Pinyin can be is left to other rules and the model.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from hayakana.syntax import table

LONGEST = 24
"""Most letters of a word: four syllables of the longest."""

_FINALS = {
    "": "a ai an ang ao e ei en er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo ü üe",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo ü üe",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu ü üan üe ün",
    "q": "i ia ian iang iao ie in ing iong iu ü üan üe ün",
    "x": "i ia ian iang iao ie in ing iong iu ü üan üe ün",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
}
"""Initial → the finals that stand behind it. ``ü`` is spelled ``u`` behind j q x."""

_ROWS = {
    "": "ア イ ウ エ オ ヤ ユ",
    "b": "バ ビ ブ ベ ボ ビャ ビュ",
    "p": "パ ピ プ ペ ポ ピャ ピュ",
    "m": "マ ミ ム メ モ ミャ ミュ",
    "f": "ファ フィ フ フェ フォ フャ フュ",
    "d": "ダ ディ ドゥ デ ド ディア デュ",
    "t": "タ ティ トゥ テ ト ティア テュ",
    "n": "ナ ニ ヌ ネ ノ ニャ ニュ",
    "l": "ラ リ ル レ ロ リャ リュ",
    "g": "ガ ギ グ ゲ ゴ ギャ ギュ",
    "k": "カ キ ク ケ コ キャ キュ",
    "h": "ハ ヒ フ ヘ ホ ヒャ ヒュ",
    "j": "ジャ ジ ジュ ジェ ジョ ジャ ジュ",
    "q": "チャ チ チュ チェ チョ チャ チュ",
    "x": "シャ シ シュ シェ ショ シャ シュ",
    "zh": "ジャ ジ ジュ ジェ ジョ ジャ ジュ",
    "ch": "チャ チ チュ チェ チョ チャ チュ",
    "sh": "シャ シ シュ シェ ショ シャ シュ",
    "r": "ラ リ ル レ ロ リャ リュ",
    "z": "ザ ズ ズ ゼ ゾ ジャ ジュ",
    "c": "ツァ ツ ツ ツェ ツォ チャ チュ",
    "s": "サ ス ス セ ソ シャ シュ",
}
"""Initial → its Kana before a i u e o ya yu."""

_KANA_OF_FINALS = table(
    "a:aー o:oー e:oー i:iー u:uー ü:yuー er:アル ai:aイ ei:eイ ao:aオ ou:oウ an:aン en:eン ang:aン eng:eン ong:oン"
    " ia:iア ian:iエン iang:yaン iao:yaオ ie:iエ in:iン ing:iン iong:iオン iu:iウ ua:uワ uai:uワイ uan:uワン uang:uアン"
    " ui:uイ un:uン uo:uオ üan:yuエン üe:yuエ ün:yuン"
)
"""Final → its Kana; small Latin letters stand for the Kana that the row of the initial has before the vowel."""

_WITHOUT_INITIAL = table(
    "ya:ヤー yan:イエン yang:ヤン yao:ヤオ ye:イエ yi:イー yin:イン ying:イン yo:ヨー yong:ヨン you:ヨウ yu:ユー"
    " yuan:ユエン yue:ユエ yun:ユン wa:ワー wai:ワイ wan:ワン wang:ワン wei:ウェイ wen:ウェン weng:ウォン wo:ウオ"
    " wu:ウー"
)


def _kana(initial: str, final: str) -> str:
    kana = dict(zip(("a", "i", "u", "e", "o", "ya", "yu"), _ROWS[initial].split(), strict=True))
    if initial == "h" and final.startswith("u") and "a" in final:
        kana["u"] = "ホ"  # 華 is ホワ, 黄 is ホアン.
    if final == "eng" and initial in ("b", "p", "f"):
        return kana["o"] + "ン"
    match = re.fullmatch("(ya|yu|[aiueo])?(.*)", _KANA_OF_FINALS[final])
    assert match is not None
    return kana.get(match[1] or "", "") + match[2]


def _spellings(initial: str, final: str) -> Iterator[str]:
    """Yield the ways to write a syllable: ``ü`` is also v, yu and, where nothing else is spelled so, u."""
    if "ü" not in final:
        yield initial + final
    elif initial in ("j", "q", "x"):
        yield initial + final.replace("ü", "u")
        yield initial + final
    else:
        yield from (initial + final.replace("ü", letters) for letters in ("ü", "v", "yu"))
        if final == "üe":
            yield initial + "ue"


SYLLABLES: dict[str, str] = {
    spelling: _kana(initial, final)
    for initial, finals in _FINALS.items()
    for final in finals.split()
    for spelling in _spellings(initial, final)
} | _WITHOUT_INITIAL
"""Canonical spelling of a syllable → Katakana."""

_SURNAMES = (
    "li wang zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie song tang han"
    " feng deng cao peng zeng xiao tian dong yuan pan yu jiang cai du ye cheng su wei lü lv lyu lu ding ren shen yao"
    " zhong cui tan fan liao jin shi jia xia fu fang zou xiong bai meng qin qiu hou yin xue yan lei long tao he lai gu"
    " mao hao gong shao wan qian dai dong ou mo kong xiang chang kang wen shi niu hua ge bi zuo nie an qi zhan xin guan"
    " zhuang miao ruan qu pang xing tong ji ni you lan nan fei mei ming ai chi hong jing jiao mu lou yue qiao quan bao"
    " ban sheng geng leng ling min ning pei ping pu rong rui sang sha shu si sheng teng tu weng wo xi xian xiu"
    " xuan ying zang zhai zhen zhi zong chai che chu cong diao dou dang bian bie cen chao chong"
    " ouyang sima zhuge shangguan situ dongfang huangfu xiahou gongsun murong linghu yuwen zhangsun weichi nangong"
)
SURNAMES = frozenset(_SURNAMES.split())
"""Surnames of mainland China, the hundred most frequent first, and compound ones."""

_SURE_TEXT = (
    "wang zhang liu huang zhao zhou xu zhu guo zheng liang xie feng deng cao zeng xiao jiang cai lü lv lyu"
    " zhong cui liao jia xia zou xiong qin qiu hou xue mao shao qian xiang zuo nie qi zhan zhuang miao qu xing"
    " qiao quan sheng zhai zhen zong ouyang sima zhuge shangguan xiahou gongsun linghu yuwen xi chen yang wu"
    " wen tang hu jing peng lin li yao dong luo gao sun he lei"
)
SURE = frozenset(_SURE_TEXT.split())
"""Surnames that hardly anybody has who is not Chinese, or that are Chinese more often than anything else."""

_TELLING = re.compile("zh|x(?!ie)|q(?!ue)|[jlnbpm]iao|[jln]iang|[jx]iong|[a-z]h?uang|[ghs]uo|[ln]ü")
"""How syllables begin that hardly another language has."""

_SPEAKING = re.compile("ng$|ao$|ou$|ai$|ui$|wei$|^yi$|^yu$")
"""How many syllables of Pinyin end, and hardly a name of the West that is made of such syllables."""

_TONES = frozenset("\u0300\u0301\u0304\u030c")


def plain(word: str) -> str:
    """Return a canonical word without tone marks, ``ü`` kept."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(letter for letter in decomposed if letter not in _TONES))


def is_surname(word: str) -> bool:
    """Whether a canonical word, with tone marks or without, is a surname."""
    return plain(word) in SURNAMES


@cache
def marked_surnames() -> frozenset[str]:
    """Return the surnames of one syllable with each tone mark: on a or e, the o of ou, or the last vowel."""
    vowels = {name: re.search("[ae]|o(?=u)|[iouü](?=[^iouü]*$)", name) for name in SURNAMES if name in SYLLABLES}
    return frozenset(
        unicodedata.normalize("NFC", name[: vowel.end()] + tone + name[vowel.end() :])
        for name, vowel in vowels.items()
        if vowel is not None
        for tone in _TONES
    )


@lru_cache(maxsize=65_536)
def syllables_of(word: str) -> tuple[str, ...]:
    """Return the syllables of a canonical word, four at most; empty where it is not Pinyin.

    As Pinyin is written, a syllable inside a word begins with a consonant, unless an apostrophe stands before it:
    ``jinan`` is ji-nan, ``xi'an`` is xi-an.
    """
    letters = plain(word) if len(word) <= 2 * LONGEST else ""
    pieces = letters.split("'")
    if not letters or len(letters) > LONGEST or not all(pieces):
        return ()
    ways = [min(_ways(piece, 4), key=len, default=()) for piece in pieces]
    syllables = tuple(syllable for way in ways for syllable in way)
    return syllables if all(ways) and len(syllables) <= 4 else ()


def _ways(letters: str, most: int) -> Iterator[tuple[str, ...]]:
    for end in range(1, min(len(letters), 6) + 1):
        if letters[:end] in SYLLABLES:
            if end == len(letters):
                yield (letters,)
            elif most > 1 and letters[end] not in "aeo":
                yield from ((letters[:end], *way) for way in _ways(letters[end:], most - 1))


def written(syllables: tuple[str, ...]) -> str:
    """Return the Katakana of syllables."""
    return "".join(map(SYLLABLES.__getitem__, syllables))


def are_telling(syllables: Sequence[str]) -> bool:
    """Whether one of the syllables is spelled as hardly one of another language is: xiao, qing, zhi."""
    return any(map(_TELLING.match, syllables))


def are_speaking(syllables: Sequence[str]) -> bool:
    """Whether syllables are spelled as many given names of Chinese are, and few of the West: zedong, jintao, zemin.

    Diana and Souza end in a bare vowel. Such names need a syllable that tells.
    """
    if are_telling(syllables):
        return True
    begins_with_z = syllables[0][0] == "z" and syllables[-1][-1] in "ng"
    return len(syllables) == 2 and (_SPEAKING.search(syllables[-1]) is not None or begins_with_z)
