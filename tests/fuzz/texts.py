"""Names, and what people and programs have put in their place."""

import unicodedata
from random import Random

WORDS = ["Mori", "kato", "TANAKA", "sato", "Peter", "Parker", "Anna", "de", "Jr.", "St", "VIII", "J.", "IBM", "O'Neil"]
ODD = [
    *(
        "",
        " ",
        "  ",
        "\u3000",
        "-",
        "・",
        "...",
        "'",
        "\u200b",
        "\u00ad",
        "\ufeff",
        "2Pac",
        "50",
        "é",
        "ß",
        "ł",
        "ŉ",
        "ĳ",
    ),
    *(
        "山田",
        "太郎",
        "たろう",
        "カトー",
        "ｶﾄｰ",
        "々",
        "Пётр",
        "Pеter",
        "李",
        "김",
        "عمر",
        "א",
        "😀",
        "👨‍👩‍👧",
        "@SUM(1)",
        "=1+1",
    ),
    *(
        "\t",
        "\n",
        "\r",
        "\x0b",
        "\x1b[31m",
        "\x1f",
        "\x85",
        "\u2028",
        "\0",
        "\x7f",
        "\u202e",
        "\ufffd",
        "\U0002fffe",
        "\ufdd0",
    ),
    *(
        "㎏",
        "ﷺ",
        "Ⅷ",
        "①",
        "ﬁ",
        "ſ",
        "K",
        "Å",
        "Ǆ",
        "ΐ",
        "İ",
        "ı",
        "\u0345",
        "\u037e",
        "\u0387",
        "\u1ffd",
        "≠",
        "ǰ",
        "½",
    ),
    *("null", "NaN", "NA", "None", "\\N", "true", "-0", "1e999", "Robert'); DROP TABLE", "../..", "%s", "{}", "<b>"),
]
MARKS = ["\u0301", "\u0327", "\u0308", "\u0323", "\u3099", "\u20dd", "\u0654", "\u05b0", "\u1abe", "\u0345"]
SEPARATORS = [" ", " ", " ", "-", "・", "＝", "\u3000", ", ", ". ", "--", "\u2010", "/", "_", "\u00a0", "\t"]
HALVES = ["\ud800", "\udfff", "\udcff"]
"""Of surrogate pairs, which Python's strings may hold and UTF-8 may not."""


def name(random: Random, *, unicode_only: bool = False) -> str:
    """Return a name, or what stands in its place; with ``unicode_only`` one that has a UTF-8 form."""
    text = _word(random)
    for _ in range(random.choice((0, 0, 1, 1, 2, 3))):
        text += random.choice(SEPARATORS) + _word(random)
    if not random.randrange(6):
        text = random.choice((str.upper, str.lower, str.title, _wide, _decomposed))(text)
    if not random.randrange(40):
        text += random.choice(HALVES)
    if not random.randrange(60):
        text *= random.choice((10, 100, 2_000))
    return text.encode("utf-8", "replace").decode() if unicode_only else text


def _word(random: Random) -> str:
    kind = random.randrange(12)
    if kind < 5:
        return random.choice(WORDS)
    if kind < 8:
        return random.choice(ODD)
    if kind == 8:
        return (
            "".join(
                chr(random.choice((random.randrange(0x250), random.randrange(0x3000), random.randrange(0x110000))))
                for _ in range(random.randrange(1, 4))
            )
            .encode("utf-8", "replace")
            .decode()
        )
    if kind == 9:
        marks = [random.choice(MARKS) * random.choice((1, 1, 2, 31, 300)) for _ in range(random.randrange(1, 4))]
        return random.choice(("a", "e", "", "か", "Mo")) + "".join(marks)
    letters = "aeiouknmrst" if kind == 10 else "abcdefghijklmnopqrstuvwxyzéüøåñçžığß'"
    return "".join(random.choice(letters) for _ in range(random.choice((1, 2, 5, 9, 24, 25, 48, 49))))


def _wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)
