"""Names as users choose to have them read, before they are split: what brackets say (rule 18), and order (21). Pure."""

import re

from hayakana.names.choices import Choices
from hayakana.names.order import FILLER, given_first, may_be_turned, without_fillers

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
    if may_be_turned(word) and (choices.order == "given_first" or FILLER in word):
        return True
    return choices.disambiguators == "drop" and not _BRACKETS.isdisjoint(word)
