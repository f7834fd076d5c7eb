"""Characters ↔ ids, one file a vocabulary: line n (from 0) is the token with id n.

Special tokens come first and are written in angle brackets. Every vocabulary has ``<pad>`` as id 0; a target
vocabulary also has ``<bos>`` and ``<eos>``. There is no unk: a character that a model does not know is reported.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hayakana.names.normalization import code_points

PAD, BOS, EOS = "<pad>", "<bos>", "<eos>"
SOURCE_SPECIALS = (PAD,)
TARGET_SPECIALS = (PAD, BOS, EOS)
PAD_ID, BOS_ID, EOS_ID = range(len(TARGET_SPECIALS))
"""Ids of the special tokens, the same in every model; a manifest states them and is refused if they are others."""


@dataclass(frozen=True)
class Vocabulary:
    """An ordered set of tokens: special tokens, then single characters.

    Raises:
        ValueError: a token stands twice, or one that is not special is not a single character.
    """

    tokens: tuple[str, ...]
    specials: tuple[str, ...] = field(default=SOURCE_SPECIALS)

    def __post_init__(self) -> None:
        if self.tokens[: len(self.specials)] != self.specials:
            raise ValueError(f"a vocabulary must begin with {', '.join(self.specials)}")
        if len(set(self.tokens)) != len(self.tokens):
            raise ValueError("a token stands twice in a vocabulary")
        if any(len(character) != 1 or character == "\n" for character in self.characters):
            raise ValueError("a vocabulary holds special tokens and single characters only, and no line feed")

    @classmethod
    def of(cls, characters: Iterable[str], *, specials: tuple[str, ...]) -> "Vocabulary":
        """Make the vocabulary of ``characters``, sorted by code point, after ``specials``."""
        return cls((*specials, *sorted(set(characters))), specials)

    @classmethod
    def parse(cls, text: str, *, specials: tuple[str, ...]) -> "Vocabulary":
        """Parse the text of a vocabulary file: a token a line, a line may be a single space."""
        return cls(tuple(text.removesuffix("\n").split("\n")), specials)

    @classmethod
    def read(cls, path: Path, *, specials: tuple[str, ...]) -> "Vocabulary":
        """Read a vocabulary file (UTF-8)."""
        return cls.parse(path.read_text(encoding="utf-8"), specials=specials)

    def write(self, path: Path) -> None:
        """Write the file that ``read`` reads."""
        path.write_text(self.render(), encoding="utf-8", newline="\n")

    def render(self) -> str:
        """Return the text that ``parse`` parses."""
        return "".join(f"{token}\n" for token in self.tokens)

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def characters(self) -> tuple[str, ...]:
        """The tokens that are not special."""
        return self.tokens[len(self.specials) :]

    @cached_property
    def ids(self) -> dict[str, int]:
        """Character → id, without the special tokens."""
        return {token: index for index, token in enumerate(self.tokens) if index >= len(self.specials)}

    def encode(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return the ids of ``texts``, all of one length, as ``(batch, length)`` int64.

        Raises:
            KeyError: a character is not in the vocabulary.
            ValueError: the texts are not of one length.
        """
        lengths = set(map(len, texts)) or {0}
        if len(lengths) > 1:
            raise ValueError("the texts of a batch must be of one length")
        points = code_points("".join(texts))
        # The last place of the table stands for every code point beyond it.
        ids = self._ids_by_code_point[np.minimum(points, len(self._ids_by_code_point) - 1)]
        unknown = ids == _UNKNOWN
        if unknown.any():
            raise KeyError(chr(points[unknown][0]))
        return ids.reshape(len(texts), *lengths)

    def decode(self, rows: NDArray[np.integer], lengths: NDArray[np.int64]) -> list[str]:
        """Return the text of the first ``lengths[i]`` ids of each row of ``rows``, ``(batch, length)``.

        A special token is written as U+FFFE, which is no character.
        """
        batch, width = rows.shape
        points = np.empty((batch, width + 1), np.uint32)
        points[:, :width] = self._code_points[rows]
        points[np.arange(batch), lengths] = ord("\n")
        written = np.arange(width + 1) <= lengths[:, np.newaxis]
        return points[written].tobytes().decode("utf-32-le").split("\n")[:-1]

    @cached_property
    def _ids_by_code_point(self) -> NDArray[np.int64]:
        """Id of every code point up to one beyond the largest; ``_UNKNOWN`` where it is no token."""
        table = np.full(max(map(ord, self.characters), default=0) + 2, _UNKNOWN, np.int64)
        for character, index in self.ids.items():
            table[ord(character)] = index
        return table

    @cached_property
    def _code_points(self) -> NDArray[np.uint32]:
        points = [_NO_CHARACTER] * len(self.specials) + [ord(character) for character in self.characters]
        return np.array(points, np.uint32)


_UNKNOWN = -1
_NO_CHARACTER = 0xFFFE
