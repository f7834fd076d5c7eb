"""Damage: of bytes, and of JSON."""

import copy
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

TOKENS = [
    *(token.encode() for token in ("\0", "\n", "\r", "\r\n", '"', '""', ",", "\t", ";", "|", "\\", "\ufeff", " ", "ｱ")),
    *(token.encode() for token in ("\x1a", "\x85", "\u2028", "\x1e", "{", "}", "[", "]", ":", "null", "NaN", "1e999")),
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\x80",
    b"\0\0\0\0",
    b"\xff\xff\xff\x7f",
]
"""Bytes that mean something to somebody."""


def mutated(content: bytes, random: Random, others: Sequence[bytes] = ()) -> bytes:
    """Return ``content`` with some damage; it may be spliced with one of ``others``."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        content = random.choice(_MUTATIONS)(content, random, [*others, content])
    return content


def _flipped(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    if not content:
        return content
    place = random.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << random.randrange(8))]) + content[place + 1 :]


def _set(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    place = random.randrange(len(content) + 1)
    return content[:place] + bytes([random.randrange(256)]) + content[place + 1 :]


def _cut(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def _beheaded(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return content[random.randrange(len(content) + 1) :]


def _without(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start, end = _range(content, random)
    return content[:start] + content[end:]


def _repeated(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start, end = _range(content, random)
    times = random.choice((2, 2, 3, 50, 2_000))
    return content[:start] + content[start:end][:1_000] * times + content[end:]


def _with_token(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    place = random.choice((0, len(content), random.randrange(len(content) + 1)))
    return content[:place] + random.choice(TOKENS) * random.choice((1, 1, 1, 2, 40)) + content[place:]


def _token_over(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    place, token = random.randrange(len(content) + 1), random.choice(TOKENS)
    return content[:place] + token + content[place + len(token) :]


def _spliced(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    other = random.choice(others)
    return content[: random.randrange(len(content) + 1)] + other[random.randrange(len(other) + 1) :]


def _followed(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    return content + random.choice(others)


def _swapped(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start, end = _range(content, random)
    middle = (start + end) // 2
    return content[:start] + content[middle:end] + content[start:middle] + content[end:]


def _with_other_number(content: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    """Sizes and counts of binary formats stand in a few bytes."""
    place, size = random.randrange(len(content) + 1), random.choice((1, 2, 4, 8))
    number = random.choice((b"\0", b"\xff", b"\x7f", b"\x80", b"\x01")) * size
    return content[:place] + number + content[place + size :]


_MUTATIONS: list[Callable[[bytes, Random, Sequence[bytes]], bytes]] = [
    _flipped,
    _set,
    _cut,
    _beheaded,
    _without,
    _repeated,
    _with_token,
    _token_over,
    _spliced,
    _followed,
    _swapped,
    _with_other_number,
]


def _range(content: bytes, random: Random) -> tuple[int, int]:
    start = random.randrange(len(content) + 1)
    return start, min(len(content), start + random.choice((1, 2, 8, 100, 1_000)))


_ODD: list[Any] = [
    *(None, True, False, -1, 0, 1, 2, 7, 48, 255, 1 << 31, 1 << 53, 1 << 63, 10**30, -(1 << 63), 0.5, 1e308),
    *(float("nan"), float("inf"), "", "x", "1", "../x", "/dev/zero", "part-00000-00000.csv", "a" * 10_000, "\ud800"),
    *("é\0", [], {}, [[]], [None], {"": {}}, [0] * 1_000, "0" * 64, "batch", "tensor(float)"),
]
"""Values of every type and size."""


def mutated_json(text: str, random: Random) -> bytes:
    """Return a JSON text with something else in it than there was, most of the time JSON again."""
    value = json.loads(text)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        value = _mutated_value(value, random)
    form = json.dumps(value, indent=random.choice((None, 1)))
    odd = random.randrange(20)
    if odd == 0:
        deep = random.choice((100, 1_000, 100_000))
        return (
            form.replace("null", "[" * deep + "]" * deep, 1).replace("1", '{"a":' * deep + "1" + "}" * deep, 1).encode()
        )
    if odd == 1:
        return mutated(form.encode(), random)
    if odd == 2:
        return form.replace("0", "1" * random.choice((20, 400, 5_000)), 1).encode()
    if odd == 3:
        return form.encode(random.choice(("utf-8-sig", "utf-16", "utf-32")), "surrogatepass")
    if odd == 4:
        return form.replace("{", '{"format_version": 2, ', 1).encode()
    return form.encode()


def _mutated_value(value: Any, random: Random) -> Any:
    """Return a copy of ``value`` with one change, at any depth."""
    if not isinstance(value, dict | list) or not value or random.randrange(8) == 0:
        return _other(value, random)
    value = copy.copy(value)
    key = random.choice(list(value) if isinstance(value, dict) else range(len(value)))
    kind = random.randrange(10)
    if kind == 0:
        del value[key]
    elif kind == 1:
        _add(value, key, random)
    elif kind == 2:
        other = random.choice(list(value) if isinstance(value, dict) else range(len(value)))
        value[key], value[other] = value[other], value[key]
    else:
        value[key] = _mutated_value(value[key], random)
    return value


def _add(value: Any, key: Any, random: Random) -> None:
    """Add a member to an object, or to a list one that it has already."""
    if isinstance(value, list):
        value.insert(random.randrange(len(value) + 1), value[key])
    else:
        value[random.choice(("", "x", f"{key}2", "name", "location"))] = random.choice(_ODD)


def _other(value: Any, random: Random) -> Any:
    if isinstance(value, str) and value and random.randrange(2):
        return random.choice((value[:-1], value + "x", value.upper(), value[::-1], value.replace("0", "1")))
    if type(value) is int and random.randrange(2):
        return random.choice((value + 1, value - 1, -value, value * 2, float(value), str(value), value * 10**6))
    return random.choice(_ODD)
