"""Names as users choose to have them read, before they are split: what brackets say (rule 18), and order (21). Pure.

``given_first`` turns names round whose family name, or noun, stands before a comma, and names of machine-readable
travel documents. A comma before a suffix, a degree or a form of a company turns nothing round.
"""

import re
from collections.abc import Sequence

from hayakana.names.choices import Choices
from hayakana.names.parts import canonical_name
from hayakana.names.titles import IN_CAPITALS, SUFFIXES, dotted_degrees

FILLER = "<"
_COMMAS = re.compile("[,，]")
_LETTERS_AND_FILLERS = "[A-Z]+(?:<[A-Z]+)*"
_TRAVEL_DOCUMENT = re.compile(rf"[^\w<]*(?:P<[A-Z]{{3}})?({_LETTERS_AND_FILLERS})<<({_LETTERS_AND_FILLERS})<*[^\w<]*")

_NUMERAL = re.compile("X{0,3}(?:IX|IV|V?I{0,3})")
_IN_LISTS = frozenset(["&", "+", "and", "und", "et", "e", "y", "en"])
_PARTICLES = frozenset(["van", "von", "de", "den", "der", "ten", "ter", "zu", "te", "du", "dos", "da", "di"])
_BEHIND_NAMES = SUFFIXES.union(["ltd", "ltda", "inc", "corp", "llc", "llp", "plc", "gmbh", "co", "cie", "srl", "spa"])

_OPENING = {")": "(", "）": "（", "]": "["}
_BRACKETS = frozenset("()[]（）")
_SPACES_AND_COMMAS = re.compile(r"[\s,]*")


def as_chosen(name: str, choices: Choices) -> tuple[str, bool]:
    """Return ``name`` as ``choices`` have it, without what stands in brackets at its end, and whether it was turned."""
    if choices.disambiguators == "drop":
        name = _without_brackets(name)
    if choices.order == "given_first" and (turned := given_first(name)) != name:
        return turned, True
    return without_fillers(name), False


def _without_brackets(name: str) -> str:
    """Return ``name`` without brackets at its end and what stands in them; a name of brackets alone keeps its first.

    Brackets are looked for from the end, pair by pair: a search for them would take time by the square.
    """
    while True:
        text = name.rstrip()
        opening = _OPENING.get(text[-1:])
        if opening is None:
            return name
        before, found, inside = text[:-1].rpartition(opening)
        between = _SPACES_AND_COMMAS.match(before[::-1])
        before = before[: len(before) - (len(between[0]) if between else 0)]
        if not found or text[-1] in inside or not before:
            return name
        name = before


def is_part_of_a_choice(word: str, choices: Choices) -> bool:
    """Whether the words beside ``word`` may have a say in what ``as_chosen`` makes of it."""
    if FILLER in word or (choices.order == "given_first" and _COMMAS.search(word)):
        return True
    return choices.disambiguators == "drop" and not _BRACKETS.isdisjoint(word)


def without_fillers(name: str) -> str:
    """Return a name of a travel document, ``SMITH<<JOHN<PAUL``, with spaces for its fillers; any other as it is."""
    found = _document_of(name)
    return name if found is None else f"{found[1]} {found[2]}".replace("<", " ")


def given_first(name: str) -> str:
    """Return ``name`` with the given name first; as it is where that is not certain."""
    if (found := _document_of(name)) is not None:
        return f"{found[2]} {found[1]}".replace("<", " ")
    pieces = [piece.strip() for piece in _COMMAS.split(name)]
    while pieces and not pieces[-1]:
        pieces.pop()
    if len(pieces) < 2 or not all(pieces):
        return name
    first, *following = pieces
    suffixes = [piece for piece in following if _is_suffix(piece, of=first)]
    given = [piece for piece in following if piece not in suffixes]
    if len(given) != 1 or not _is_given(canonical_name(given[0]).parts, has_several=" " in first):
        return name
    return " ".join([given[0], first, *suffixes])


def _is_given(parts: Sequence[str], *, has_several: bool) -> bool:
    """Whether what stands behind a comma stands before the name: no list goes on in it, nor a whole name's particle."""
    return (
        bool(parts) and _IN_LISTS.isdisjoint(parts) and not (has_several and all(part in _PARTICLES for part in parts))
    )


def _document_of(name: str) -> re.Match[str] | None:
    return _TRAVEL_DOCUMENT.fullmatch(name) if "<<" in name else None


def _is_suffix(piece: str, *, of: str) -> bool:
    """Whether what stands between commas belongs behind the name before it: Jr., Ph.D., III, Ltd.

    Behind one part alone, letters with full stops are initials: Salinger, J.D.
    """
    name = canonical_name(piece)
    may_be_initials = len(canonical_name(of).parts) == 1 and all(len(part) == 1 for part in name.parts)
    if not may_be_initials and dotted_degrees(canonical_name(f"{of} {of}, {piece}")):
        return True
    return bool(name.parts) and all(
        part in _BEHIND_NAMES or (text.isupper() and (part in IN_CAPITALS or _NUMERAL.fullmatch(text) is not None))
        for text, part in zip(name.written, name.parts, strict=True)
    )
