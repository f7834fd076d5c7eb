"""Lists that callers give, checked: names, and the codes of languages that go with them."""

from collections.abc import Iterable, Mapping, Sequence

from hayakana.errors import shorten


def as_names(names: Iterable[str]) -> Sequence[str]:
    """Return ``names`` as a sequence; a string in their place would be read letter by letter, so it is refused."""
    if isinstance(names, str | bytes) or not isinstance(names, Iterable):
        remedy = "call it with [name]" if isinstance(names, str | bytes) else "call it with a list"
        raise TypeError(f"names must be an iterable of strings, not one {type(names).__name__}: {remedy}")
    if isinstance(names, Mapping | set | frozenset):  # Views of a dict's keys have the order of the dict.
        raise TypeError(f"names must be in an order, which a {type(names).__name__} is not for: give a list of strings")
    of_strings = list(names)
    if set(map(type, of_strings)) - {str}:  # much sooner than a look at each
        for name in of_strings:
            if not isinstance(name, str):
                raise TypeError(f"a name must be a str, not {type(name).__name__}: {shorten(repr(name))}")
    return of_strings


def as_codes(codes: Iterable[str | None], *, count: int) -> Sequence[str | None]:
    """Return ``codes`` of languages as a sequence, one for each of ``count`` names."""
    if isinstance(codes, str | bytes | Mapping | set | frozenset) or not isinstance(codes, Iterable):
        raise TypeError(
            f"languages must be a list with a code for each name, not one {type(codes).__name__}: for all names alike"
            " there is the option language"
        )
    of_names = list(codes)
    if len(of_names) != count:
        raise ValueError(f"there are {count:,} names and {len(of_names):,} languages: give one for each name")
    return of_names
