"""Symbols that NFKC makes letters of, such as ™ and ª: rule 13 of docs/names.md. Pure.

Marks of trade and of rights at the edge of a part are not read. ª and º end Spanish and Portuguese short forms, which
are read as the word that they stand for. Any other such symbol is not read aloud: it makes a name unreadable.
"""

import re

from hayakana.syntax import table

MARKS_OF_RIGHTS = "™®©℗℠"
"""They are not read at the edge of a part."""

_SQUARES = (
    "\u20a8\u2100\u2101\u2105\u2106\u2116\u2120-\u2122\u213b\u3250\u32cc-\u32cf\u3371-\u33df\u33ff"
    "\U0001f12d\U0001f12e\U0001f14a-\U0001f14f\U0001f16a-\U0001f16c\U0001f190"
)
"""Symbols that NFKC spells with several letters; ㍱ to ㏟ have some among them that it spells with Kanji."""

_NOT_READ = re.compile(f"[ªº{MARKS_OF_RIGHTS}{_SQUARES}]")

_SHORT_FORMS = table(
    "antº:Antonio dª:Doña drª:Doctora fcª:Francisca fcº:Francisco frcº:Francisco gª:García mª:María profª:Profesora"
    " srª:Señora stª:Santa staª:Santa stº:Santo stoº:Santo"
)
_SHORT_FORM = re.compile(r"(?<!\w)([A-Za-z]{1,4})\.?([ªº])(?!\w)")
_TRADE_MARK_IN_BRACKETS = re.compile(r"(?<=\w)\((?:TM|tm|SM)\)")


def with_symbols_read(name: str) -> str:
    """Return ``name`` with short forms in full, and without a trade mark in brackets."""
    if "(" in name:
        name = _TRADE_MARK_IN_BRACKETS.sub("", name)
    if "ª" in name or "º" in name:
        name = _SHORT_FORM.sub(lambda found: _SHORT_FORMS.get((found[1] + found[2]).lower(), found[0]), name)
    return name


def symbols_of_letters(text: str) -> list[str]:
    """Return the symbols of ``text`` that would become letters."""
    return [] if text.isascii() else _NOT_READ.findall(text)
