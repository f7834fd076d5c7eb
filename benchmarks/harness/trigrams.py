"""Any number of distinct names that look like names: drawn from a character trigram model, vectorised.

The census lists end at 91,000 distinct parts; to see how cost grows up to ten million, there must be ten million. A
name is packed into one integer, five bits a letter from the left, so that ten million of them are 80 MB and are told
apart by sorting numbers.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LONGEST = 12
"""Letters of a packed name: twelve times five bits. Of the census parts, one in 2,000 is longer."""
_LETTERS = 27
"""a to z are 1 to 26; 0 stands before and after a name."""
_LEVELS = 4096
"""Probabilities are rounded to this fraction."""
_PIECE = 1 << 20
"""Names that are drawn at once, which bounds the memory of a draw."""


def third_letters(names: Sequence[str]) -> NDArray[np.uint8]:
    """Return, for every two letters, ``_LEVELS`` third letters, each as often as it follows them in ``names``.

    The table is ``(27 ** 2, _LEVELS)``: one look-up draws for any mixture of pairs. Names with anything but the letters
    a to z, in either case, are left out.
    """
    counts = np.zeros((_LETTERS**2, _LETTERS))
    for name in filter(re.compile("[A-Za-z]*").fullmatch, names):
        padded = [0, 0, *(ord(letter) - 96 for letter in name.lower()), 0]
        for first, second, third in zip(padded, padded[1:], padded[2:], strict=False):
            counts[first * _LETTERS + second, third] += 1
    levels = (np.arange(_LEVELS) + 0.5) / _LEVELS
    table = np.zeros((_LETTERS**2, _LEVELS), np.uint8)
    for pair in np.flatnonzero(counts.any(axis=1)):
        cumulative = counts[pair].cumsum() / counts[pair].sum()
        table[pair] = np.searchsorted(cumulative, levels, side="right")
    return table


def draw(third: NDArray[np.uint8], count: int, *, seed: int) -> NDArray[np.uint64]:
    """Return ``count`` distinct packed names of 2 to ``LONGEST`` letters in random order, the same for a seed.

    ``third`` is what ``third_letters`` returns, and must be able to write more than ``count`` names. Since the order is
    random, the first names have the same lengths as all of them. Common names come up again and again, so this draws
    several times as many.
    """
    random = np.random.default_rng(seed)
    drawn = np.empty(0, np.uint64)
    while len(drawn) < count:
        rows = 3 * (count - len(drawn)) + 1000
        sizes = [min(_PIECE, rows - start) for start in range(0, rows, _PIECE)]
        drawn = _distinct(np.concatenate([drawn, *(_distinct(_draw_piece(third, random, size)) for size in sizes)]))
    return random.permutation(drawn)[:count]


def _draw_piece(third: NDArray[np.uint8], random: np.random.Generator, rows: int) -> NDArray[np.uint64]:
    """Return up to ``rows`` packed names, some of them equal; names that grow too long are dropped."""
    packed = np.zeros(rows, np.uint64)
    pair = np.zeros(rows, np.int64)
    done = [np.empty(0, np.uint64)]
    for position in range(LONGEST + 1):
        level = random.integers(_LEVELS, size=len(pair), dtype=np.uint16)
        letter = third.ravel()[pair * _LEVELS + level]
        ended = letter == 0
        if position > 1:
            done.append(packed[ended])
        if position == LONGEST:
            break
        going = np.flatnonzero(~ended)
        packed, pair, letter = packed[going], pair[going], letter[going]
        packed |= letter.astype(np.uint64) << np.uint64(5 * (LONGEST - 1 - position))
        pair = pair % _LETTERS * _LETTERS + letter
    return np.concatenate(done)


def _distinct(packed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the different numbers, ascending; ``np.unique`` took ten times as long for ten million."""
    ascending = np.sort(packed)
    return ascending[np.concatenate([[True], ascending[1:] != ascending[:-1]])]


def unpack(packed: NDArray[np.uint64]) -> list[str]:
    """Return the names, capitalised."""
    shifts = np.arange(5 * (LONGEST - 1), -1, -5, dtype=np.uint64)
    letters = (packed[:, np.newaxis] >> shifts & np.uint64(31)).astype(np.uint8)
    letters += np.where(letters > 0, np.uint8(96), np.uint8(0))
    letters[:, 0] -= 32
    return np.ascontiguousarray(letters).view(f"S{LONGEST}").ravel().astype(f"U{LONGEST}").tolist()
