"""The members of a JSON object with where they stand, and each value as the text it was written in."""

import json
from collections.abc import Iterator
from json.decoder import WHITESPACE  # type: ignore[attr-defined]
from typing import cast


def members(text: str) -> Iterator[tuple[str, int, str]]:
    """Yield (name, where it stands in ``text``, text of the value) of a JSON object (RFC 8259).

    Raises:
        json.JSONDecodeError: it is no object, or a name is no string or has half of a surrogate pair.
        RecursionError: it is nested too deeply.
    """
    # Numbers are only looked over, so that one of 5,000 digits is as good as any.
    decoder = json.JSONDecoder(parse_int=str, parse_float=str)

    def skip(position: int) -> int:
        return cast(int, WHITESPACE.match(text, position).end())

    def expect(character: str, position: int) -> int:
        if text[position : position + 1] != character:
            raise json.JSONDecodeError(f"expected {character!r}", text, position)
        return skip(position + 1)

    position = first = expect("{", skip(0))
    while text[position : position + 1] != "}":
        if position != first:
            position = expect(",", position)
        start = position
        name, end = decoder.raw_decode(text, start)
        if not isinstance(name, str):
            raise json.JSONDecodeError("a name that is no string", text, start)
        if not is_unicode(name):
            raise json.JSONDecodeError("a name with half of a surrogate pair", text, start)
        position = expect(":", skip(end))
        _, end = decoder.raw_decode(text, position)
        yield name, start, text[position:end]
        position = skip(end)
    if skip(position + 1) != len(text):
        raise json.JSONDecodeError("more after the object", text, position)


def is_unicode(text: str) -> bool:
    """Whether ``text`` has a UTF-8 form: no half of a surrogate pair."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
