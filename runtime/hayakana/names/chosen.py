"""Names as users choose to have them read, before they are split: what brackets say (rule 18), and order (21). Pure."""

import re

from hayakana.names.choices import Choices
from hayakana.names.order import FILLER, given_first, may_be_turned, without_fillers

_IN_BRACKETS = re.compile(r"[\s,]*(?:\([^()]*\)|（[^（）]*）|\[[^\[\]]*\])\s*$")
_BRACKETS = frozenset("()[]（）")


def as_chosen(name: str, choices: Choices) -> tuple[str, bool]:
    """Return ``name`` as ``choices`` have it, without what stands in brackets at its end, and whether it was turned."""
    if choices.disambiguators == "drop":
        while (found := _IN_BRACKETS.search(name)) is not None and name[: found.start()].strip():
            name = name[: found.start()]
    if choices.order == "given_first" and (turned := given_first(name)) != name:
        return turned, True
    return without_fillers(name), False


def is_part_of_a_choice(word: str, choices: Choices) -> bool:
    """Whether the words beside ``word`` may have a say in what ``as_chosen`` makes of it."""
    if may_be_turned(word) and (choices.order == "given_first" or FILLER in word):
        return True
    return choices.disambiguators == "drop" and not _BRACKETS.isdisjoint(word)
