"""How letters are called: rule 7 of docs/names.md. A table."""

from hayakana.names.normalization import fold_character, normalize

_NAMES_OF_LETTERS = (
    "エー ビー シー ディー イー エフ ジー エイチ アイ ジェイ ケイ エル エム"
    " エヌ オー ピー キュー アール エス ティー ユー ヴィー ダブリュー エックス ワイ ゼット"
)
LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", _NAMES_OF_LETTERS.split(), strict=True))

_LATIN_LETTERS = range(0xC0, 0x250), range(0x1E00, 0x1F00)
MARKED_LETTERS = {
    letter: LETTERS[plain]
    for letter in (normalize(chr(point)) for points in _LATIN_LETTERS for point in points)
    # Ó is the Irish patronymic rather than an initial.
    if letter != "ó" and len(letter) == 1 and (plain := fold_character(letter)) in LETTERS
}
"""A letter with a mark is called as the plain letter."""


def spelled(letters: str) -> str:
    """Return plain small letters as they are called, in their order."""
    return "".join(LETTERS[letter] for letter in letters)
