"""The rules that read a part by what it is in its name: by case, by what stands beside it, by its form. Pure.

Each rule is a function of a name that gives the Katakana of the parts it reads. ``readings`` has their order.
``stands_alone`` says of a part whether all of them read it alike in every name.
"""

from hayakana.names.parts import HYPHEN, SPACE, CanonicalName, is_japanese
from hayakana.names.spelling import by_case, may_go_by_case

Readings = list[str | None]
"""The Katakana of each part of a name; None where the rule does not read it."""

_AND = ("'n'", "'n", "n'")
_ARTICLES = {"'t": "ト", "'s": "ス"}
"""Words that an apostrophe cuts short to a letter (rule 12): Rock 'n' Roll, Gerard 't Hooft."""


def readings(name: CanonicalName) -> Readings:
    """Return the Katakana of the parts that go by their place, case or form, None for all other parts."""
    found = by_case(name)
    last = len(found) - 1
    for index, (quoted, written) in enumerate(zip(name.quoted, name.written, strict=True)):
        if quoted in _AND and 0 < index < last:
            found[index] = "ン"
        elif quoted in _ARTICLES and index < last and written.islower():
            found[index] = _ARTICLES[quoted]
    return found


def stands_alone(name: CanonicalName) -> bool:
    """Whether nothing beside the parts of ``name`` in a longer name has a say in how they are read."""
    return all(map(_stands_alone, name.written, name.parts, name.quoted))


def _stands_alone(part: str, canonical: str, quoted: str) -> bool:
    if is_japanese(part) or SPACE in canonical or HYPHEN in canonical or quoted in _AND or quoted in _ARTICLES:
        return False
    if all(map(str.isupper, part)):
        return not may_go_by_case(canonical)
    return len(canonical) > 1  # A small letter may be the word between two names.
