"""Names as users choose to have them read, before they are split: rule 18, what brackets at the end say. Pure."""

import re

from hayakana.names.choices import Choices

_IN_BRACKETS = re.compile(r"[\s,]*(?:\([^()]*\)|（[^（）]*）|\[[^\[\]]*\])\s*$")
_BRACKETS = frozenset("()[]（）")


def as_chosen(name: str, choices: Choices) -> str:
    """Return ``name`` as ``choices`` have it: without what stands in brackets at its end."""
    if choices.disambiguators == "drop":
        while (found := _IN_BRACKETS.search(name)) is not None and name[: found.start()].strip():
            name = name[: found.start()]
    return name


def is_part_of_a_choice(word: str, choices: Choices) -> bool:
    """Whether the words beside ``word`` may have a say in what ``as_chosen`` makes of it."""
    return choices.disambiguators == "drop" and not _BRACKETS.isdisjoint(word)
