"""CSV, TSV and JSON as hayakana reads them, without Arrow, and tables that stand in its code."""

import csv
import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json.decoder import WHITESPACE  # type: ignore[attr-defined]
from typing import Any, Final, cast

_SHA256 = re.compile("[0-9a-f]{64}")

LARGEST_COUNT: Final = (1 << 53) - 1
"""Largest whole number that every JSON parser reads exactly (RFC 8259, section 6)."""


class JsonError(ValueError):
    """A text is not JSON, or a value is missing or has another type or size than it should."""


@dataclass(frozen=True, slots=True)
class Json:
    """A value and the place where it stands; ``place`` is empty for the whole text.

    All methods but ``error`` raise ``JsonError``, which says where, if a value is missing or is not what they ask for.
    """

    value: object
    place: str = ""

    def member(self, name: str) -> "Json":
        """Return a member of an object."""
        if (member := self.optional(name)) is None:
            raise JsonError(f"{self._inside(name)} is missing")
        return member

    def optional(self, name: str) -> "Json | None":
        """Return a member of an object; None where it is missing or null."""
        value = self.object().get(name)
        return None if value is None else Json(value, self._inside(name))

    def members(self) -> Iterator[tuple[str, "Json"]]:
        """Yield the names and values of an object."""
        for name, value in self.object().items():
            yield name, Json(value, self._inside(name))

    def elements(self) -> list["Json"]:
        """Return the elements of an array."""
        if not isinstance(self.value, list):
            raise self.error("is not an array")
        return [Json(value, f"{self.place}[{index}]") for index, value in enumerate(self.value)]

    def object(self) -> dict[str, Any]:
        """Return the object as it was parsed."""
        if not isinstance(self.value, dict):
            raise self.error("is not an object")
        return cast(dict[str, Any], self.value)

    def text(self, *, allowed: Sequence[str] | None = None) -> str:
        """Return a string without half of a surrogate pair, one of ``allowed`` where that is given."""
        if not isinstance(self.value, str):
            raise self.error("is not a string")
        if allowed is not None and self.value not in allowed:
            raise self.error(f"is none of {', '.join(allowed)}")
        if any("\ud800" <= character <= "\udfff" for character in self.value):
            raise self.error("holds half of a surrogate pair")
        return self.value

    def sha256(self) -> str:
        """Return a sha256 in hexadecimal, in small letters."""
        text = self.text()
        if not _SHA256.fullmatch(text):
            raise self.error("is not a sha256 in hexadecimal")
        return text

    def count(self, *, least: int = 0, most: int = LARGEST_COUNT) -> int:
        """Return a whole number from ``least`` to ``most``."""
        if type(self.value) is not int:
            raise self.error("is not a whole number")
        if not least <= self.value <= most:
            raise self.error(f"is not a whole number from {least} to {most}")
        return self.value

    def real(self) -> float:
        """Return a finite number."""
        try:
            number = float(self.value) if type(self.value) in (int, float) else math.nan  # type: ignore[arg-type]
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.error("is not a finite number")
        return number

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.error("is neither true nor false")
        return self.value

    def error(self, complaint: str) -> JsonError:
        """Return the error that says ``complaint`` of this value."""
        return JsonError(f"{self.place or 'the text'}: {_shortened(self.value)} {complaint}")

    def _inside(self, name: str) -> str:
        shown = name if name.isprintable() and len(name) <= _LONGEST_SHOWN else _shortened(name)
        return f"{self.place}.{shown}" if self.place else shown


_LONGEST_SHOWN = 60


def parse(content: bytes) -> Json:
    """Parse JSON in UTF-8 (RFC 8259).

    The work is linear in the size of ``content``, which the caller bounds (``regular_files.read_regular_file``).

    Raises:
        JsonError: it is not UTF-8 or not JSON, it is nested too deeply, or a name stands twice in an object.
    """
    try:
        return Json(json.loads(content.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse_constant))
    except RecursionError as error:
        raise JsonError("the text is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise JsonError(f"byte {error.start} of the text is not UTF-8") from error
    except JsonError:
        raise
    except ValueError as error:  # JSON's own, and Python's for a number of thousands of digits.
        raise JsonError(f"the text is not JSON: {error}") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise JsonError(f"{_shortened(twice)} stands twice in an object")
    return members


def _refuse_constant(constant: str) -> float:
    raise JsonError(f"{constant} is not JSON")


def _shortened(value: object) -> str:
    """Return ``value`` for a message, without writing out what is large."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    if isinstance(value, int) and value.bit_length() > 4 * _LONGEST_SHOWN:
        return "a number of many digits"
    text = repr(value[: _LONGEST_SHOWN + 1] if isinstance(value, str) else value)
    return text if len(text) <= _LONGEST_SHOWN + 2 else f"{text[:_LONGEST_SHOWN]}…"


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


class Csv(csv.Dialect):
    """RFC 4180, with line feeds."""

    delimiter, quotechar, lineterminator = ",", '"', "\n"
    doublequote, strict, quoting = True, True, csv.QUOTE_MINIMAL


class Tsv(csv.Dialect):
    """IANA text/tab-separated-values: no quoting, a quotation mark is a character like any other."""

    delimiter, quotechar, lineterminator = "\t", None, "\n"
    strict, quoting = True, csv.QUOTE_NONE


def table(text: str) -> dict[str, str]:
    """Return the table that stands in code as ``"key:value key:value"``."""
    return dict(entry.split(":") for entry in text.split())
