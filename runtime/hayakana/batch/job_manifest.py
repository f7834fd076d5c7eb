"""The manifest of a folder that a job fills: which job it is, and which of its files are whole."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from hayakana.atomic import atomic_file
from hayakana.batch.report import Example, Tally
from hayakana.errors import OutputExistsError

MANIFEST = "_hayakana.json"
"""Engines leave out files whose names begin with an underscore when they read a folder."""

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Part:
    """A file that is whole: its checksum (hexadecimal), its size, what its rows are."""

    name: str
    sha256: str
    bytes: int
    rows: int
    statuses: Mapping[str, int]
    examples: Mapping[str, list[Example]]

    @property
    def tally(self) -> Tally:
        """Rows by status, and the first examples of each problem."""
        return Tally(Counter(self.statuses), dict(self.examples))


@dataclass(frozen=True)
class InputParts:
    """The files that hold the rows of one input, in order, and whether they hold all of them."""

    parts: tuple[Part, ...] = ()
    complete: bool = False

    @property
    def rows(self) -> int:
        """How many rows are there."""
        return sum(part.rows for part in self.parts)


@dataclass(frozen=True)
class JobManifest:
    """What a folder holds. ``fingerprint`` says of what and how it is made: equal ones give the same bytes."""

    fingerprint: Mapping[str, Any]
    inputs: tuple[InputParts, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether the job is done."""
        return all(one.complete for one in self.inputs)

    def with_input(self, index: int, parts: InputParts) -> "JobManifest":
        """Return it with other ``parts`` of an input."""
        inputs = list(self.inputs)
        inputs[index] = parts
        return replace(self, inputs=tuple(inputs))

    def write(self, folder: Path) -> None:
        """Write it into ``folder``; whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        content = {"format_version": FORMAT_VERSION, "complete": self.complete, **asdict(self)}
        with atomic_file(folder / MANIFEST) as file:
            file.write((json.dumps(content, ensure_ascii=True, indent=1) + "\n").encode("ascii"))

    @staticmethod
    def read(folder: Path) -> "JobManifest | None":
        """Return that of ``folder``; None where there is none.

        Raises:
            OutputExistsError: it cannot be read as one.
        """
        try:
            content = json.loads((folder / MANIFEST).read_text(encoding="ascii"))
            if content["format_version"] != FORMAT_VERSION:
                raise ValueError(f"format_version is {content['format_version']}, not {FORMAT_VERSION}")
            return JobManifest(content["fingerprint"], tuple(_input(one) for one in content["inputs"]))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise OutputExistsError(
                f"{folder / MANIFEST} is no manifest of this version of hayakana ({error}): name another folder"
            ) from error


def _input(content: dict[str, Any]) -> InputParts:
    return InputParts(tuple(map(_part, content["parts"])), content["complete"])


def _part(content: dict[str, Any]) -> Part:
    examples = {status: [Example(**one) for one in several] for status, several in content["examples"].items()}
    return Part(**{**content, "examples": examples})


def difference(there: Mapping[str, Any], wanted: Mapping[str, Any], *, path: str = "") -> str | None:
    """Return the first thing in which two fingerprints differ, in words; None where they are the same."""
    for key in dict.fromkeys((*there, *wanted)):
        one, other = there.get(key), wanted.get(key)
        if one == other:
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            return difference(one, other, path=f"{path}{key}: ")
        if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            return difference(dict(_numbered(one)), dict(_numbered(other)), path=f"{path}{key} ")
        return f"{path}{key} was {json.dumps(one, ensure_ascii=False)} and is {json.dumps(other, ensure_ascii=False)}"
    return None


def _numbered(items: list[Any]) -> list[tuple[str, Any]]:
    return [(f"{number}", item) for number, item in enumerate(items, start=1)]
