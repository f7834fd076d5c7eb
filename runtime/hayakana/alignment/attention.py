"""The alignment of one name: which source characters each character of its Katakana was written on."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hayakana.names.parts import written_separator
from hayakana.names.style import Traced

_ATTACHED = frozenset("ァィゥェォャュョヮーぁぃぅぇぉゃゅょゎﾞﾟ-")
"""Small Kana, the long vowel mark (- in half width) and marks of voice: they belong to the Kana before them."""


@dataclass(frozen=True, eq=False)
class AlignedPart:
    """A part of a name, or a separator: source, Katakana, and weights ``(len(target), len(source))`` float32.

    A part that ``is_whole`` was not written letter by letter: every Kana stands on all its letters alike.
    """

    source: str
    target: str
    weights: NDArray[np.float32]
    is_whole: bool = False


def aligned_whole(source: str, target: str) -> AlignedPart:
    """Return a part that was not written letter by letter."""
    return AlignedPart(source, target, np.full((len(target), len(source)), 1 / len(source), np.float32), is_whole=True)


def aligned_itself(source: str, traced: Traced) -> AlignedPart:
    """Return a part that is kept, each character on the characters of ``source`` that it stands for."""
    return in_style(AlignedPart(source, source, np.eye(len(source), dtype=np.float32)), traced)


def in_style(part: AlignedPart, traced: Traced) -> AlignedPart:
    """Return ``part`` with characters in place of its Katakana; what several stood on, their character stands on."""
    target = "".join(character for character, _ in traced)
    weights = np.stack([part.weights[list(places)].mean(axis=0) for _, places in traced])
    return AlignedPart(part.source, target, weights)


@dataclass(frozen=True, eq=False)
class Alignment:
    """Attention weights of one name (Luong et al. 2015, equation 7), ``weights[t, s]`` for target t on source s.

    ``weights`` is ``(len(target), len(source))`` float32 and each row sums to 1. With a part model it has one block a
    part; a separator of the Katakana stands on the separator of the name.
    """

    name: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    weights: NDArray[np.float32]
    blocks: tuple[tuple[int, int], ...]
    """(Katakana, source) lengths of the blocks along the diagonal: part, separator, part, and so on."""
    whole: frozenset[int] = frozenset()
    """Which blocks, by their number, no model has written: from the lexicon or by rule, Katakana and letters as one."""

    @property
    def text(self) -> str:
        """The Katakana."""
        return "".join(self.target)

    def pairs(self) -> list[tuple[str, str]]:
        """Return (Kana, source letters): ジョ with Jo, ン with n.

        Small Kana and ー go with the Kana before them. The letters are shared out in their order, so that as much
        weight as possible falls on the pairs. Every Kana has a letter while there are enough. Letters of one part never
        go to another; a separator goes with the name's.
        """
        pairs: list[tuple[str, str]] = []
        row = column = 0
        for index, (height, width) in enumerate(self.blocks):
            target = "".join(self.target[row : row + height])
            source = "".join(self.source[column : column + width])
            if index % 2 or index in self.whole:
                pairs += [(target, source)] if target else []
            else:
                pairs += _pairs(target, source, self.weights[row : row + height, column : column + width])
            row, column = row + height, column + width
        return pairs

    def __str__(self) -> str:
        return ", ".join(f"{kana} ← {letters}" if letters else kana for kana, letters in self.pairs())


def align(name: str, parts: Sequence[AlignedPart], separators: Sequence[str], *, space: str, hyphen: str) -> Alignment:
    """Put the parts of a name together, with its separators between them."""
    between = [
        _aligned_separator(separator, written_separator(separator, space=space, hyphen=hyphen))
        for separator in separators
    ]
    ordered = [part for pair in itertools.zip_longest(parts, between) for part in pair if part is not None]
    source = tuple(character for part in ordered for character in part.source)
    target = tuple(character for part in ordered for character in part.target)
    weights = np.zeros((len(target), len(source)), dtype=np.float32)
    row = column = 0
    for part in ordered:
        height, width = part.weights.shape
        weights[row : row + height, column : column + width] = part.weights
        row, column = row + height, column + width
    whole = frozenset(index for index, part in enumerate(ordered) if part.is_whole)
    return Alignment(name, source, target, weights, tuple(part.weights.shape for part in ordered), whole)


def _pairs(target: str, source: str, weights: NDArray[np.float32]) -> list[tuple[str, str]]:
    kana: list[list[int]] = []
    for row, character in enumerate(target):
        if kana and character in _ATTACHED:
            kana[-1].append(row)
        else:
            kana.append([row])
    owners = _share_out(np.stack([weights[rows].sum(axis=0) for rows in kana]))
    return [
        (
            "".join(target[row] for row in rows),
            "".join(letter for letter, owner in zip(source, owners, strict=True) if owner == index),
        )
        for index, rows in enumerate(kana)
    ]


def _aligned_separator(source: str, target: str) -> AlignedPart:
    return AlignedPart(source, target, np.ones((len(target), len(source)), dtype=np.float32))


def _share_out(scores: NDArray[np.float32]) -> list[int]:
    """Return for each column the row that owns it, rows in order, with the greatest sum of ``scores[row, column]``.

    Every row owns a column where there are as many columns as rows; otherwise rows may be passed over. One pass over
    the columns: ``best[row]`` is the best sum so far with the last column owned by ``row``.
    """
    rows, columns = scores.shape
    passing_over = columns < rows
    best = np.where((np.arange(rows) == 0) | passing_over, scores[:, 0], -np.inf).astype(np.float64)
    came_from = np.zeros((columns, rows), dtype=np.int64)
    here = np.arange(rows)
    for column in range(1, columns):
        if passing_over:
            # The best of this row and all before it; of equals the first.
            before = np.maximum.accumulate(np.where(best == np.maximum.accumulate(best), here, 0))
            came_from[column] = before
        else:
            step = np.concatenate([[-np.inf], best[:-1]])
            came_from[column] = np.where(step > best, here - 1, here)
        best = best[came_from[column]] + scores[:, column]
    row = int(np.argmax(best)) if passing_over else rows - 1
    owners = [row]
    for column in range(columns - 1, 0, -1):
        row = int(came_from[column, row])
        owners.append(row)
    return owners[::-1]
