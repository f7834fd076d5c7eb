"""Any number of distinct names that look like names: drawn from a character trigram model, vectorised.

The census lists end at 91,000 distinct parts; to see how cost grows up to ten million, there must be ten million. A
name is packed into one integer, five bits a letter from the left, so that ten million of them are 80 MB and are told
apart by sorting numbers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LONGEST = 12
"""Letters of a packed name: twelve times five bits. Of the census parts, one in 2,000 is longer."""
_LETTERS = 27
"""a to z are 1 to 26; 0 stands before and after a name."""
_PIECE = 1 << 20
"""Names that are drawn at once, which bounds the memory of a draw."""


@dataclass(frozen=True)
class TrigramModel:
    """``cumulative`` holds, for every two letters, the cumulative probability of the third, plus the pair's number.

    It is flat and ascending, ``(27 ** 3,)`` float64, so that one ``searchsorted`` draws for any mixture of pairs.
    """

    cumulative: NDArray[np.float64]

    @classmethod
    def of(cls, names: Sequence[str]) -> "TrigramModel":
        """Count the trigrams of ``names``; those that are not all letters a to z in either case are left out."""
        counts = np.zeros((_LETTERS**2, _LETTERS))
        for name in names:
            letters = [ord(letter) - 96 for letter in name.lower()]
            if not all(0 < letter < _LETTERS for letter in letters):
                continue
            padded = [0, 0, *letters, 0]
            for first, second, third in zip(padded, padded[1:], padded[2:], strict=False):
                counts[first * _LETTERS + second, third] += 1
        totals = counts.sum(axis=1, keepdims=True)
        probabilities = np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)
        cumulative = np.minimum(probabilities.cumsum(axis=1), 1)
        cumulative[:, -1] = 1
        return cls((cumulative + np.arange(_LETTERS**2)[:, np.newaxis]).ravel())

    def draw(self, count: int, *, seed: int) -> NDArray[np.uint64]:
        """Return ``count`` distinct packed names of 2 to ``LONGEST`` letters in random order, the same for a seed.

        Since the order is random, any first part of them has the same lengths as the whole.
        """
        random = np.random.default_rng(seed)
        drawn = np.empty(0, np.uint64)
        while len(drawn) < count:
            missing = count - len(drawn)
            rows = min(_PIECE, missing + missing // 4 + 1000)
            pieces = [self._draw_piece(random, rows) for _ in range(-(-missing // rows))]
            drawn = np.unique(np.concatenate([drawn, *pieces]))
        return random.permutation(drawn)[:count]

    def _draw_piece(self, random: np.random.Generator, rows: int) -> NDArray[np.uint64]:
        """Return up to ``rows`` packed names, some of them equal; names that grow too long are dropped."""
        packed = np.zeros(rows, np.uint64)
        pair = np.zeros(rows, np.int64)
        done = [np.empty(0, np.uint64)]
        for position in range(LONGEST + 1):
            value = pair + random.random(len(pair))
            letter = np.searchsorted(self.cumulative, value, side="right") - pair * _LETTERS
            ended = letter == 0
            if position > 1:
                done.append(packed[ended])
            if position == LONGEST:
                break
            packed, pair, letter = packed[~ended], pair[~ended], letter[~ended]
            packed |= letter.astype(np.uint64) << np.uint64(5 * (LONGEST - 1 - position))
            pair = pair % _LETTERS * _LETTERS + letter
        return np.concatenate(done)


def unpack(packed: NDArray[np.uint64]) -> list[str]:
    """Return the names, capitalised."""
    shifts = np.arange(5 * (LONGEST - 1), -1, -5, dtype=np.uint64)
    letters = (packed[:, np.newaxis] >> shifts & np.uint64(31)).astype(np.uint8)
    letters += np.where(letters > 0, np.uint8(96), np.uint8(0))
    letters[:, 0] -= 32
    return np.ascontiguousarray(letters).view(f"S{LONGEST}").ravel().astype(f"U{LONGEST}").tolist()


def unpack_in_pieces(packed: NDArray[np.uint64], *, piece: int) -> Iterator[list[str]]:
    """Yield the names of ``packed``, at most ``piece`` at a time."""
    for start in range(0, len(packed), piece):
        yield unpack(packed[start : start + piece])
