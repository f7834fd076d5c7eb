"""Pairs of a name and its Katakana, the files that hold them, and whole names composed from them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from hayakana.names.languages import letters_among, untagged
from hayakana.names.normalization import normalize
from hayakana.names.parts import HYPHEN, split
from hayakana_training.data.hints import hints_of, tags_of

KATAKANA_PART = re.compile("[\u30a1-\u30faー]+")
KATAKANA_SPACE, KATAKANA_HYPHEN = "・", "＝"

DICTIONARY_COUNT = 0.25
"""Dictionaries follow older spelling habits (バ for va), so where they differ, a bearer's spelling should win."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A name and a reference of it: canonical source text, Katakana, and how many people bear the name.

    An entry of a dictionary, which nobody bears, counts as ``DICTIONARY_COUNT``. Where there are hints of kind or
    language, ``name`` begins with their tags (``hints``): with other hints it is another name to a model.
    """

    name: str
    katakana: str
    count: float = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """A malformed line, which gave no pair, and what is wrong with it."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


def read_pairs(path: Path) -> tuple[list[Pair], list[Problem]]:
    """Read ``name ⇥ katakana [⇥ count [⇥ hints]]`` lines (UTF-8; the Katakana's characters may be space-separated).

    Every line gives pairs or a problem. A name of several parts gives a pair for each part if its Katakana has as many
    parts, separated by ・ or ＝; hints are for all of them.
    """
    pairs: list[Pair] = []
    problems: list[Problem] = []
    for number, line in enumerate(path.read_bytes().removesuffix(b"\n").split(b"\n"), start=1):
        try:
            pairs += _parse(line.decode("utf-8").removesuffix("\r"))
        except ValueError as error:
            problems.append(Problem(path, number, str(error)))
    return pairs, problems


def _parse(line: str) -> list[Pair]:
    columns = line.split("\t")
    if not 2 <= len(columns) <= 4:
        raise ValueError(f"{len(columns)} columns, expected name, katakana, count and hints")
    count = columns[2] if len(columns) > 2 else "1"
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", count) or float(count) == 0:
        raise ValueError(f"count {count!r} is not a positive number")
    tags = tags_of(columns[3]) if len(columns) > 3 else ""
    names = split(columns[0])
    references = re.split(f"[{KATAKANA_SPACE}{KATAKANA_HYPHEN}]", columns[1].replace(" ", ""))
    if not names:
        raise ValueError("no name")
    if letters_among(columns[0]) != frozenset(columns[0]):
        raise ValueError("a character of a private use area in a name: hints have a column of their own")
    if len(names) != len(references):
        raise ValueError(f"name of {len(names)} parts, katakana of {len(references)}")
    for reference in references:
        if not KATAKANA_PART.fullmatch(reference):
            raise ValueError(f"{reference!r} is not Katakana")
    return [
        Pair(tags + normalize(name), reference, float(count)) for name, reference in zip(names, references, strict=True)
    ]


def write_pairs(pairs: Iterable[Pair], file: IO[bytes]) -> None:
    """Write the lines that ``read_pairs`` reads."""
    file.writelines(("\t".join(_columns(pair)) + "\n").encode() for pair in pairs)


def _columns(pair: Pair) -> list[str]:
    columns = [untagged(pair.name), pair.katakana, np.format_float_positional(pair.count, trim="-")]
    hints = hints_of(pair.name)
    return [*columns, hints] if hints else columns


def merged(pairs: Iterable[Pair]) -> list[Pair]:
    """Return the distinct pairs of name and Katakana in their order, each with the sum of its counts."""
    counts: dict[tuple[str, str], float] = {}
    for pair in pairs:
        key = pair.name, pair.katakana
        counts[key] = counts.get(key, 0) + pair.count
    return [Pair(name, katakana, count) for (name, katakana), count in counts.items()]


def without_hints(pairs: Iterable[Pair]) -> list[Pair]:
    """Return ``pairs`` without their tags: each pair of name and Katakana once, with the sum of its counts."""
    return merged(Pair(untagged(pair.name), pair.katakana, pair.count) for pair in pairs)


def references_by_name(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """Return the distinct names in their order, each with the references that it is scored against."""
    references: dict[str, list[str]] = {}
    for pair in pairs:
        references.setdefault(pair.name, []).append(pair.katakana)
    return references


def compose_names(pairs: Sequence[Pair], *, names: int, seed: int) -> list[Pair]:
    """Compose ``names`` names of two or three parts, the parts drawn by the square root of their counts.

    Four in five are "given family"; one in five has a middle part, joined by a space or, as in Jean-Luc Picard, a
    hyphen. The Katakana is joined with ・ and ＝.
    """
    random = np.random.default_rng(seed)
    weights = np.sqrt([pair.count for pair in pairs])
    drawn = random.choice(len(pairs), size=(names, 3), p=weights / weights.sum())
    patterns = random.choice(3, size=names, p=[0.8, 0.1, 0.1])
    composed = []
    for indices, pattern in zip(drawn.tolist(), patterns.tolist(), strict=True):
        first, second, third = (pairs[index] for index in indices)
        if pattern == 0:
            composed.append(_joined(first, second, " "))
        else:
            composed.append(_joined(_joined(first, second, " " if pattern == 1 else HYPHEN), third, " "))
    return composed


def _joined(left: Pair, right: Pair, separator: str) -> Pair:
    katakana = KATAKANA_HYPHEN if separator == HYPHEN else KATAKANA_SPACE
    return Pair(f"{left.name}{separator}{right.name}", f"{left.katakana}{katakana}{right.katakana}")
