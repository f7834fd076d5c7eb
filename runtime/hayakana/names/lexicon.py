"""A user's own Katakana for names and parts of names, which wins over the model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from hayakana.errors import LexiconError, brief, shorten
from hayakana.names.lexicon_files import Row, read_rows
from hayakana.names.normalization import LONGEST_NAME, MOST_MARKS, mark_too_many
from hayakana.names.parts import canonical_name


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names and parts of names with their Katakana. Made by ``read`` and ``of`` alone; ``Lexicon()`` has no entry.

    Names are compared in canonical form, part by part: case, width, kinds of apostrophes and runs of separators make no
    difference, letters with and without marks and hyphens and spaces do. ``first | second`` has the entries of both;
    where both have one for a name, the second wins.
    """

    # No argument: names that are not canonical would be in it and never be found.
    entries: Mapping[str, str] = field(default_factory=dict, init=False)
    """Canonical name → Katakana."""

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Return the lexicon in a file: .tsv or .csv with a name and its Katakana a line, or .json with an object.

        Lines that are empty or begin with ``#`` are no entries, nor is a first line of ``name`` and ``katakana``.

        Raises:
            LexiconError: the file is not UTF-8 or not of that form; a name has nothing to read in it, or two entries
                that differ; or its Katakana is empty or cannot be printed. The message has the line.
            OSError: the file cannot be opened.
        """
        path = Path(path)
        try:
            return cls._of_canonical(_checked(read_rows(path)))
        except LexiconError as error:
            raise LexiconError(f"{path}: {error}", quoted=error.quoted) from error

    @classmethod
    def of(cls, entries: Mapping[str, str]) -> Self:
        """Return the lexicon of name → Katakana.

        Raises:
            LexiconError: as ``read``.
            TypeError: a name or its Katakana is no string.
        """
        for text in (text for entry in entries.items() for text in entry):
            if not isinstance(text, str):
                raise TypeError(
                    f"an entry of a lexicon must be two strings, not {type(text).__name__}: {brief(repr(text))}"
                )
        rows = (Row(f"entry {shorten(name)}", name, katakana) for name, katakana in entries.items())
        return cls._of_canonical(_checked(rows))

    @classmethod
    def _of_canonical(cls, entries: Mapping[str, str]) -> Self:
        lexicon = cls()
        object.__setattr__(lexicon, "entries", entries)
        return lexicon

    def __or__(self, other: "Lexicon") -> "Lexicon":
        if not isinstance(other, Lexicon):
            return NotImplemented
        return Lexicon._of_canonical({**self.entries, **other.entries})

    def __len__(self) -> int:
        return len(self.entries)

    def __repr__(self) -> str:
        return f"<Lexicon of {len(self)} entries>"


_LONGEST_KATAKANA = 1_000
"""Characters of the Katakana of an entry, at most: a name may have 5,000 parts, each with an entry."""


def _checked(rows: Iterable[Row]) -> dict[str, str]:
    """Return canonical name → Katakana.

    Raises:
        LexiconError: an entry is not as it should be, or two contradict each other.
    """
    entries: dict[str, str] = {}
    places: dict[str, str] = {}
    for row in rows:
        shown = shorten(row.name)
        if len(row.name) > LONGEST_NAME or mark_too_many(row.name):
            raise LexiconError(
                f"{row.where}: the name {shown} has more than {LONGEST_NAME:,} characters or {MOST_MARKS}"
                " combining marks in a row: no name that is read has so many, so drop the entry",
                quoted=(shown,),
            )
        name, katakana = canonical_name(row.name).text, row.katakana.strip()
        if not name:
            raise LexiconError(
                f"{row.where}: a name with nothing to read in it, {shown}: write one or drop the entry", quoted=(shown,)
            )
        if not katakana:
            raise LexiconError(f"{row.where}: no Katakana for {shown}: write it or drop the entry", quoted=(shown,))
        if len(katakana) > _LONGEST_KATAKANA:
            raise LexiconError(
                f"{row.where}: the Katakana of {shown} has more than {_LONGEST_KATAKANA:,} characters: shorten it",
                quoted=(shown,),
            )
        if odd := [character for character in katakana if not character.isprintable() and character != "\u3000"]:
            raise LexiconError(
                f"{row.where}: the Katakana of {shown} has a character that cannot be printed,"
                f" U+{ord(odd[0]):04X}: drop it",
                quoted=(shown,),
            )
        if entries.setdefault(name, katakana) != katakana:
            both = f"{shown} is {katakana} here and {entries[name]}"
            raise LexiconError(f"{row.where}: {both} in {places[name]}: drop one of them", quoted=(both,))
        places.setdefault(name, row.where)
    return entries
