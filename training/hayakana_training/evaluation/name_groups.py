"""Groups of names that a model may find easier or harder: by length, by letters, by what the reference is written with.

Pure. A table of groups shows where a model fails; the groups of one heading may overlap.
"""

import bisect
import string
from collections.abc import Callable, Mapping, Sequence

Belongs = Callable[[str, Sequence[str]], bool]
"""Whether a name (canonical source text) with its references is in a group."""

NAME_LENGTHS = (4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30)
"""Where a band of name lengths begins; the first one begins at 1."""
REFERENCE_LENGTHS = (3, 4, 5, 6, 7, 8, 10, 14, 20)
"""The same for the Katakana; of several references the first counts."""


def band(length: int, starts: Sequence[int]) -> str:
    """Return the band that ``length`` lies in, such as ``"4"``, ``"10–11"`` or, for the last one, ``"30 or more"``."""
    place = bisect.bisect_right(starts, length)
    if place == len(starts):
        return f"{starts[-1]} or more"
    first, last = starts[place - 1] if place else 1, starts[place] - 1
    return str(first) if first == last else f"{first}–{last}"


def has_other_letters(name: str) -> bool:
    """Return whether ``name`` has letters beyond a–z: with diacritics, or letters of their own, such as ł and ß."""
    return any(character.isalpha() and character not in string.ascii_lowercase for character in name)


_LETTERS: Mapping[str, Belongs] = {
    "a–z alone": lambda name, _: set(string.ascii_lowercase).issuperset(name),
    "diacritics or other letters": lambda name, _: has_other_letters(name),
    "apostrophe": lambda name, _: "'" in name,
    "several parts": lambda name, _: " " in name or "-" in name,
}
_KATAKANA: Mapping[str, Belongs] = {
    "ー, inside": lambda _, references: "ー" in references[0][:-1],
    "ー, at the end": lambda _, references: references[0].endswith("ー"),
    "no ー": lambda _, references: "ー" not in references[0],
    "ッ": lambda _, references: "ッ" in references[0],
    "ヴ": lambda _, references: "ヴ" in references[0],
    "small ァィゥェォ": lambda _, references: any(character in "ァィゥェォ" for character in references[0]),
    "small ャュョ": lambda _, references: any(character in "ャュョ" for character in references[0]),
}


def groups(names: Sequence[str], references: Sequence[Sequence[str]]) -> dict[str, dict[str, list[int]]]:
    """Return heading → group → the places of its names; a group without names is left out.

    Of several references of a name, the first decides.
    """
    return {
        "name length": _bands([len(name) for name in names], NAME_LENGTHS),
        "letters": _members(_LETTERS, names, references),
        "reference length": _bands([len(accepted[0]) for accepted in references], REFERENCE_LENGTHS),
        "reference written with": _members(_KATAKANA, names, references),
    }


def _bands(lengths: Sequence[int], starts: Sequence[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        found.setdefault(band(lengths[place], starts), []).append(place)
    return found


def _members(
    members: Mapping[str, Belongs], names: Sequence[str], references: Sequence[Sequence[str]]
) -> dict[str, list[int]]:
    pairs = list(enumerate(zip(names, references, strict=True)))
    found = {label: [place for place, pair in pairs if belongs(*pair)] for label, belongs in members.items()}
    return {label: places for label, places in found.items() if places}
