"""How a name is read: which pieces go through the model, which are kept, and what cannot be read.

Pure: a name in, a ``Reading`` or an error out. The rules, for a model whose unit is the part:

1. A name in Kana and Kanji is kept as it is, whole.
2. Otherwise the name is split into parts (``parts.split``). A part in Kana and Kanji is kept; any other is normalised,
   and letters that the model does not know are folded (é → e where the model has no é).
3. Parts with nothing to read in them (apostrophes or invisible characters alone) are punctuation and are left out.
4. A character that is still unknown makes the whole name unreadable, a part longer than the limit makes it too long.

A model whose unit is the name reads the parts joined with one space or hyphen; it keeps nothing but rule 1.
"""

from dataclasses import dataclass

from hayakana.errors import EmptyNameError, NameTooLongError, UnreadableNameError
from hayakana.normalization import fold, normalize
from hayakana.parts import HYPHEN, SPACE, is_japanese, join, split

_SILENT = "' "
"""What a part can hold without having anything to read: apostrophes, and the space that NFKC makes of a bare ¨."""


@dataclass(frozen=True, slots=True)
class Piece:
    """``text`` as it came, and the ``unit`` that the model reads for it; None where the text is kept."""

    text: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """The pieces of a name and the separators between them (``parts.SPACE`` or ``parts.HYPHEN``), one fewer."""

    name: str
    pieces: tuple[Piece, ...]
    separators: tuple[str, ...]

    @property
    def is_kept(self) -> bool:
        """Whether the model has nothing to do."""
        return all(piece.unit is None for piece in self.pieces)


@dataclass(frozen=True)
class Reader:
    """Reads names for one model: the characters it knows, its longest unit, and whether that is a whole name."""

    known: frozenset[str]
    limit: int
    whole_names: bool

    def read(self, name: str) -> Reading:
        """Return the reading of ``name``.

        Raises:
            EmptyNameError: there is no letter in it.
            UnreadableNameError: it holds characters that the model does not know.
            NameTooLongError: a unit is longer than the limit.
        """
        if is_japanese(name):
            return Reading(name, (Piece(name, None),), ())
        pieces, separators = self._pieces(name)
        if not pieces:
            raise EmptyNameError(f"nothing to read in {shorten(name)}: it has no letter", name=name)
        unknown = [character for piece in pieces for character in self._unknown(piece)]
        if unknown:
            raise _unreadable(name, "".join(dict.fromkeys(unknown)))
        if self.whole_names:
            units = [piece.unit or "" for piece in pieces]
            pieces, separators = [Piece(name, join(units, separators, space=SPACE, hyphen=HYPHEN))], []
        for piece in pieces:
            if len(piece.unit or "") > self.limit:
                raise self._too_long(name, piece)
        return Reading(name, tuple(pieces), tuple(separators))

    def _pieces(self, name: str) -> tuple[list[Piece], list[str]]:
        parts = split(name)
        pieces: list[Piece] = []
        separators: list[str] = []
        for separator, part in zip(("", *parts.separators), parts.parts, strict=False):
            keep = not self.whole_names and is_japanese(part)
            unit = None if keep else fold(normalize(part), self.known)
            if unit is not None and not unit.strip(_SILENT):
                continue
            if pieces:
                separators.append(separator)
            pieces.append(Piece(part, unit))
        return pieces, separators

    def _unknown(self, piece: Piece) -> list[str]:
        """Return the characters of ``piece`` that make it unreadable, as they were written where that can be told."""
        if piece.unit is None or self.known.issuperset(piece.unit):
            return []
        written = [c for c in piece.text if not self.known.issuperset(fold(normalize(c), self.known))]
        return written or [c for c in piece.unit if c not in self.known]

    def _too_long(self, name: str, piece: Piece) -> NameTooLongError:
        what = "the name" if self.whole_names else f"the part {shorten(piece.text)}"
        return NameTooLongError(
            f"cannot read {shorten(name)}: {what} has {len(piece.unit or '')} characters, the model reads {self.limit}",
            name=name,
            limit=self.limit,
        )


def _unreadable(name: str, characters: str) -> UnreadableNameError:
    listed = ", ".join(f"{_printable(c)} (U+{ord(c):04X})" for c in characters[:8])
    return UnreadableNameError(
        f"cannot read {shorten(name)}: no reading for {listed}{', …' if len(characters) > 8 else ''}",
        name=name,
        characters=characters,
    )


def shorten(text: str, *, limit: int = 60) -> str:
    """Return ``text`` quoted for a message, in ``limit`` characters at most, and printable whatever is in it."""
    return repr(text if len(text) <= limit else f"{text[: limit - 1]}…")


def _printable(character: str) -> str:
    return character if character.isprintable() else repr(character)
