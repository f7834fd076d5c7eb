"""Roman numerals in names: rule 11 of docs/names.md. Pure.

A numeral counts rulers and generations where a name ends, before a suffix, and before a word that says of what or from
where. Between other parts it is a number, as in Boyz II Men, unless a ruler's name stands before it.
"""

from dataclasses import dataclass

from hayakana.names.parts import CanonicalName
from hayakana.names.titles import SUFFIXES

_ONES = ["", "イッ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハッ", "キュウ"]
_NUMBERS_TO_19 = (
    "ゼロ ワン トゥー スリー フォー ファイヴ シックス セヴン エイト ナイン テン イレヴン トゥエルヴ サーティーン"
    " フォーティーン フィフティーン シックスティーン セヴンティーン エイティーン ナインティーン"
)
_TENS = "トゥエンティ サーティ フォーティ フィフティ シックスティ セヴンティ エイティ ナインティ"
_ENGLISH, _ENGLISH_TENS = _NUMBERS_TO_19.split(), _TENS.split()
_ONE_BY_ONE = ["オー", *_ENGLISH[1:10]]
_ORDINALS = {1: "ファースト", 2: "セカンド", 3: "サード", 5: "フィフス", 8: "エイス", 9: "ナインス", 12: "トゥエルフス"}

NUMBERS = {
    tens + ones: 10 * ten + digit
    for ten, tens in enumerate(("", "x", "xx", "xxx"))
    for digit, ones in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if len(tens + ones) > 1
}
"""Roman numerals from 2 to 39 and what they count. V and X, and I, are letters."""

IN_ANY_CASE = frozenset(numeral for numeral in NUMBERS if len(numeral) > 2 and numeral not in ("xix", "xxx"))
"""Numerals that no name is spelled like, so that they count in small letters too: John Smith Iii."""

LETTERS_TOO = {"i": 1, "v": 5, "x": 10}
"""They are numerals before OF alone."""

OF = "of"

_NAMES_TOO = {"iv", "vi", "ix", "xi"}
"""Numerals that are names as well."""

_WORDS_BETWEEN = "de di da do of von van der den and et y e the ab zu"
_BETWEEN = frozenset(_WORDS_BETWEEN.split())
"""Words that say of what or from where; what stands before them is a whole name."""

_ENDS = frozenset(",;:/|([{")
"""Punctuation that ends a name before something else is said of it."""

_NAMES_OF_RULERS = (
    "albert alexander alexandre alfonso amenhotep baldwin benedict boniface carl carlos catherine charles christian"
    " clement conrad constantine cosimo darius edward elizabeth eric erik ferdinand fernando francis frederick"
    " friedrich fuad george georges gregory gustav haakon harald heinrich henri henry hussein innocent isabel"
    " isabella ivan james jean joan john josef joseph juan juana karl konrad leo leopold louis ludwig magnus maria"
    " margaret margrethe maximilian mehmed michael murad napoleon nicholas olav oscar otto paul pedro peter philip"
    " philippe pius ptolemy ramesses ramses richard robert rudolf selim sigismund sixtus stanislaus stephen suleiman"
    " theodosius thutmose urban victoria victor vittorio vladimir wilhelm wilhelmina willem william xerxes"
)
_RULERS = frozenset(_NAMES_OF_RULERS.split())
"""Names of rulers and popes of many numbers: behind them, a numeral is a ruler's even before a surname."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A Roman numeral of a name: what it counts, and whether that is rulers and generations."""

    number: int
    is_ordinal: bool

    @property
    def words(self) -> str:
        """Its Katakana."""
        return f"{_japanese(self.number)}セイ" if self.is_ordinal else english(str(self.number))


def numeral_at(name: CanonicalName, index: int, *, only_capitals: bool) -> Numeral | None:
    """Return the numeral that the part of ``name`` at ``index``, which is in capitals, is; None where it is none.

    ``only_capitals`` says that a name of several parts has no small letter. There, a numeral that is a name too is one.
    """
    letters, following = name.parts[index], name.parts[index + 1 :]
    is_letter = letters in LETTERS_TOO
    number = NUMBERS.get(letters) or LETTERS_TOO.get(letters)
    if number is None or index == 0 or (only_capitals and letters in _NAMES_TOO):
        return None
    if is_letter and not (following and following[0] == OF and len(name.parts[index - 1]) > 1):
        return None
    ends_a_name = (
        not following
        or not _ENDS.isdisjoint(name.runs[index + 1])
        or following[0] in _BETWEEN
        or all(part in SUFFIXES for part in following)
    )
    is_ordinal = ends_a_name or name.parts[index - 1] in _RULERS
    return None if letters in _NAMES_TOO and not is_ordinal else Numeral(number, is_ordinal)


def english(figures: str) -> str:
    """Return how a number is said in English, in Katakana: years in pairs, more than four figures one by one."""
    if len(figures) > 4 or (figures.startswith("0") and len(figures) > 1):
        return "".join(_ONE_BY_ONE[int(figure)] for figure in figures)
    if len(figures) < 3:
        return _below_100(int(figures))
    before, pair = int(figures[:-2]), int(figures[-2:])
    if pair == 0:
        return f"{_below_100(before // 10)}サウザンド" if before % 10 == 0 else f"{_below_100(before)}ハンドレッド"
    if len(figures) == 4 and before % 10 == 0:
        return f"{_below_100(before // 10)}サウザンド{_below_100(pair)}"
    return _below_100(before) + (f"オー{_below_100(pair)}" if pair < 10 else _below_100(pair))


def english_ordinal(figures: str) -> str:
    """Return the ordinal number of ``figures`` in English, in Katakana."""
    said, number = english(figures), int(figures[-2:])
    last = number if number < len(_ENGLISH) else number % 10
    if last in _ORDINALS and said.endswith(_ENGLISH[last]):
        return said.removesuffix(_ENGLISH[last]) + _ORDINALS[last]
    return f"{said}エス" if said.endswith("ティ") else f"{said}ス"


def _below_100(number: int) -> str:
    tens, ones = divmod(number, 10)
    if number < len(_ENGLISH):
        return _ENGLISH[number]
    return _ENGLISH_TENS[tens - 2] + (_ENGLISH[ones] if ones else "")


def _japanese(number: int) -> str:
    tens, ones = divmod(number, 10)
    before = ("", "ジュウ", "ニジュウ", "サンジュウ")[tens]
    return before + _ONES[ones] if ones else f"{('', '', 'ニ', 'サン')[tens]}ジュッ"
