"""Hints of a pair, as files write them ↔ the tags that stand in front of its name.

A hint says what a name is: ``place`` or ``word``, a language or a country by its code, or both: ``place fr``. The tag
of the kind comes first, then that of the language, as the runtime puts them in front of units
(``hayakana.names.languages``).
"""

from collections.abc import Iterable, Set

from hayakana.names.choices import POSSIBLE, Choices, Kind
from hayakana.names.languages import KIND_TAGS, language_in, language_of, language_tag, tags_before, untagged

KINDS: dict[Kind, str] = {kind: "" if kind == Choices.kind else tag for kind, tag in KIND_TAGS.items()}
"""Kind → its tag. A person's name has none: it is what nothing is said of."""
_KINDS_OF_TAGS: dict[str, Kind] = {tag: kind for kind, tag in KINDS.items() if tag}


def tags_of(hints: str) -> str:
    """Return the tags that ``hints`` stand for: codes as users give them, and kinds, separated by spaces.

    A code that hints at no language (``CH``, where names are of several) has no tag.

    Raises:
        ValueError: there is something else than a kind or a code, or there are two kinds or two codes.
    """
    words = hints.split()
    kinds = [kind for kind in KINDS for word in words if word == kind]
    codes = [word for word in words if word not in KINDS]
    if len(kinds) > 1 or len(codes) > 1:
        raise ValueError(f"hints {hints!r:.60}: give one kind ({', '.join(POSSIBLE['kind'])}), one code, or both")
    language = language_of(codes[0]) if codes else None
    return (KINDS[kinds[0]] if kinds else "") + (language_tag(language) if language else "")


def hints_of(name: str) -> str:
    """Return the hints that the tags in front of ``name`` stand for; empty where there are none."""
    return " ".join(filter(None, (kind_in(name), language_in(name))))


def kind_in(name: str) -> Kind | None:
    """Return the kind whose tag stands in front of ``name``; None where there is none."""
    return _KINDS_OF_TAGS.get(name[:1])


def has_hints(names: Iterable[str]) -> bool:
    """Whether any of ``names`` has a tag in front of it."""
    return any(map(tags_before, names))


def with_known_tags(name: str, characters: Set[str]) -> str:
    """Return ``name`` without tags that are not among ``characters``: such a hint does nothing."""
    return "".join(tag for tag in tags_before(name) if tag in characters) + untagged(name)
