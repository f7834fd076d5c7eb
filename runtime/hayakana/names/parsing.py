"""The rule book: which parts of a name go through the model, which are known without it, and what cannot be read.

Pure: a name in, a ``ParsedName`` or an error out. Rules are called by their number in docs/names.md. Two other readers
apply the same rules to names without judgement: ``PlainNameParser`` (tables over code points) and
``batch.arrow.answers`` (Arrow's kernels). They leave to ``NameParser`` whatever needs judgement.
tests/runtime/names/test_rule_book.py holds the three against each other.

A model whose unit is the name reads the parts joined with a space or a hyphen. Rules that read a part are not for it:
3, 7 to 11, 14 to 17, 19, 22 and 23.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from hayakana.errors import EmptyNameError, NameTooLongError, UnreadableNameError, listed, shorten
from hayakana.names.choices import Choices
from hayakana.names.damage import damage_in, mended
from hayakana.names.known_names import KnownNames, first_part, last_part
from hayakana.names.known_tables import CERTAIN
from hayakana.names.normalization import LONGEST_NAME, MOST_MARKS, fold, mark_too_many, normalize
from hayakana.names.order import as_chosen, is_part_of_a_choice
from hayakana.names.parsed import ParsedName, ParsedPart
from hayakana.names.parts import (
    AMPERSANDS,
    HYPHEN,
    JOINED,
    SPACE,
    CanonicalName,
    canonical_name,
    is_elided,
    is_japanese,
    split,
)
from hayakana.names.pieces import pieces_of
from hayakana.names.rules import goes_by_others, readings, separators_by_syllables, stands_alone
from hayakana.names.spelling import may_go_by_case
from hayakana.names.style import full_width
from hayakana.names.symbols import symbols_of_letters
from hayakana.results import Origin


@dataclass(frozen=True)
class NameParser:
    """Parses names for one model: the characters it knows, its longest unit, and whether that is a whole name.

    ``lexicon`` is canonical name → Katakana. Of ``known`` names, names of several parts are looked up here. Single
    parts are looked up where units are decoded. ``languages`` (ISO 639-1) are those whose hint is followed; what such a
    hint puts in front of units is none of these parsers' business.
    """

    characters: frozenset[str]
    limit: int
    whole_names: bool
    lexicon: Mapping[str, str] = field(default_factory=dict)
    choices: Choices = field(default_factory=Choices)
    known: KnownNames | None = None
    languages: frozenset[str] = frozenset()

    def parse(self, name: str, language: str = "") -> ParsedName:
        """Return ``name`` parsed. What goes by the unit alone is not read here: rules 7 and 10, and some of 9 and 22.

        ``language`` is that of a hint, ISO 639-1; empty where there is none.

        Raises:
            EmptyNameError: there is no letter in it.
            UnreadableNameError: it holds characters that the model does not know, or too many combining marks in a row.
            NameTooLongError: a unit is longer than the limit, or the name than ``LONGEST_NAME``.
        """
        if len(name) > LONGEST_NAME:
            raise NameTooLongError(
                f"cannot read {shorten(name)}: it has {len(name):,} characters, a name may have {LONGEST_NAME:,}",
                name=name,
                limit=LONGEST_NAME,
            )
        if (mark := mark_too_many(name)) is not None:
            raise _too_many_marks(name, mark)
        canonical = canonical_name(name)
        if (katakana := self._from_lexicon(canonical.text)) is not None:
            return ParsedName(name, (ParsedPart(name, None, katakana, Origin.LEXICON),), ())
        if is_japanese(name) and (self.whole_names or not any(map(self._from_lexicon, canonical.parts))):
            return ParsedName(name, (_kept(name),), ())
        text, is_turned = self._prepared(name)
        if text != name:
            canonical = canonical_name(text)
            if (katakana := self._from_lexicon(canonical.text)) is not None:
                return ParsedName(name, (ParsedPart(name, None, katakana, Origin.LEXICON),), (), is_turned)
        if not canonical.parts:
            raise EmptyNameError(f"nothing to read in {shorten(name)}: it has no letter", name=name)
        if (known := self._known_whole(canonical)) is not None:
            return ParsedName(name, *known, is_turned)
        parts, separators = self._parts(canonical, language)
        unknown = [character for part in parts for character in self._unknown(part)]
        if unknown:
            raise _unreadable(name, "".join(dict.fromkeys(unknown)))
        if self.whole_names:
            parts = [ParsedPart(name, fold(canonical.text, self.characters))]
        for part in parts:
            if len(part.unit or "") > self.limit:
                raise self._too_long(name, part)
        return ParsedName(name, tuple(parts), () if self.whole_names else tuple(separators), is_turned)

    def _prepared(self, name: str) -> tuple[str, bool]:
        """Return ``name`` mended (rule 20) and as it was chosen (18, 21), and whether it was turned round.

        Raises:
            UnreadableNameError: it holds what is no name, or too many combining marks in a row.
        """
        text, is_turned = as_chosen(mended(name), self.choices)
        if (damage := damage_in(text)) is not None:
            raise _unreadable(name, damage.characters, reason=f"it holds {damage.what}:")
        if text != name and (mark := mark_too_many(text)) is not None:
            raise _too_many_marks(name, mark)
        return text, is_turned

    def stands_alone(self, word: str) -> bool:
        """Whether ``word``, which has no space, is parsed alike in every name that is made of such words.

        Those names are these words with spaces between them, and are parsed as the words are. Words that may be parsed
        otherwise in another name do not stand alone. These are: short words that may go by their case or are in Kana
        and Kanji; words that an entry of the lexicon for several parts begins with; words with a part that has nothing
        to read, whose separators count for the parts beside it.

        ``de`` and ``van`` stand alone where no other word is a sign for them: see ``particles.signs``. So do the words
        of names by syllables: see ``syllabaries.signs``.
        """
        if self.whole_names:
            return False
        if word.isascii() and word.isalpha() and len(word) > 1 and not (word.isupper() and may_go_by_case(word)):
            # Sooner than below, and most words are like this.
            return not goes_by_others(word) and not self._begins_an_entry(word.lower())
        if mark_too_many(word) is not None:
            return False
        word = mended(word)
        name = canonical_name(word)
        return (
            0 < len(name.parts) == len(split(word))
            and stands_alone(name)
            and not is_elided(word)
            and word == word.strip(AMPERSANDS)
            and "<<" not in word  # It may be all of a name in a travel document, or a piece of damage.
            and not is_part_of_a_choice(word, self.choices)
            and not self._begins_an_entry(name.parts[0])
            and self._known_whole(name) is None
        )

    def ends_of(self, word: str) -> tuple[str, str]:
        """Return the first and the last part of ``word``, which stands alone, as known names have them."""
        if word.isascii() and word.replace(HYPHEN, "").isalpha():
            canonical = word.lower()
            return (first_part(canonical), last_part(canonical)) if HYPHEN in word else (canonical, canonical)
        parts = canonical_name(word).parts
        return parts[0], parts[-1]

    def _begins_an_entry(self, canonical: str) -> bool:
        firsts = self._firsts_of_several
        return bool(firsts) and (canonical in firsts or fold(canonical, self.characters) in firsts)

    @cached_property
    def _firsts_of_several(self) -> frozenset[str]:
        """The first parts of the lexicon's names of several parts."""
        firsts = {name: name.replace(HYPHEN, SPACE).partition(SPACE)[0] for name in self.lexicon}
        return frozenset(first for name, first in firsts.items() if first != name)

    def _parts(self, name: CanonicalName, language: str) -> tuple[list[ParsedPart], Sequence[str]]:
        """Return the parts of a name and what stands between them: rules 3 to 5, and the rules of ``readings``."""
        if self.whole_names:
            texts_and_parts = zip(name.written, name.parts, strict=True)
            return [ParsedPart(text, fold(part, self.characters)) for text, part in texts_and_parts], name.separators
        found = readings(name, self.choices, language, self._known_part)
        parts: list[ParsedPart] = []
        between: list[str] = []
        parts_of_name = zip(name.written, name.parts, found.texts, found.percents, strict=True)
        for separator, (text, canonical, katakana, percent) in zip(("", *found.separators), parts_of_name, strict=True):
            pieces = self._part(text, canonical, katakana, percent)
            between += (separator, *[JOINED] * (len(pieces) - 1))
            parts += pieces
        return parts, between[1:]

    def _part(self, text: str, canonical: str, by_rule: str | None, percent: int) -> list[ParsedPart]:
        """Return a part, or its pieces: from the lexicon (rule 1), by rule, kept (3), or folded for the model (5)."""
        if (katakana := self._from_lexicon(canonical)) is not None:
            return [ParsedPart(text, None, katakana, Origin.LEXICON)]
        if by_rule is not None:
            return [ParsedPart(text, None, by_rule, Origin.RULE, percent)]
        if is_japanese(text):
            return [_kept(text)]
        pieces = pieces_of(text, self.choices.digits)
        if len(pieces) == 1 and pieces[0].katakana is None:
            return [ParsedPart(text, fold(canonical, self.characters))]
        return [
            ParsedPart(piece.text, fold(normalize(piece.text), self.characters))
            if piece.katakana is None
            else ParsedPart(piece.text, None, piece.katakana, Origin.RULE)
            for piece in pieces
        ]

    def _known_whole(self, name: CanonicalName) -> tuple[tuple[ParsedPart, ...], tuple[str, ...]] | None:
        """Return the parts and separators of a name of several parts that is known whole (rule 22); None for another.

        A name with a part in the lexicon is not asked for: the user's Katakana wins.
        """
        if self.known is None or len(name.parts) < 2 or any(map(self._from_lexicon, name.parts)):
            return None
        (found,) = self.known.whole_names([name.text])
        if found is None:
            return None
        texts = re.split("[・＝]", found.katakana)
        if len(texts) != len(name.parts):  # New York is ニューヨーク.
            return (ParsedPart(name.text, None, found.katakana, Origin.KNOWN, found.percent),), ()
        percents = [found.percent] + [CERTAIN] * (len(texts) - 1)
        parts = (
            ParsedPart(written, None, text, Origin.KNOWN, percent)
            for written, text, percent in zip(name.written, texts, percents, strict=True)
        )
        return tuple(parts), separators_by_syllables(name)

    def _known_part(self, canonical: str) -> str | None:
        """Return the Katakana that is known of a part (rule 22), whatever its language."""
        (found,) = (None,) if self.known is None else self.known.parts([canonical])
        return None if found is None else found.katakana

    def _from_lexicon(self, canonical: str) -> str | None:
        """Return the Katakana of the lexicon (rule 1), for the name as it is or for its plain form (rule 5)."""
        if not self.lexicon:
            return None
        katakana = self.lexicon.get(canonical)
        return self.lexicon.get(fold(canonical, self.characters)) if katakana is None else katakana

    def _unknown(self, part: ParsedPart) -> list[str]:
        """Return the characters of ``part`` that make it unreadable (6, 13), as they were written where possible."""
        if part.unit is None:
            return []
        symbols = symbols_of_letters(part.text)
        if symbols or self.characters.issuperset(part.unit):
            return symbols
        written = [c for c in part.text if not self.characters.issuperset(fold(normalize(c), self.characters))]
        return written or [c for c in part.unit if c not in self.characters]

    def _too_long(self, name: str, part: ParsedPart) -> NameTooLongError:
        what = "the name" if self.whole_names else f"the part {shorten(part.text)}"
        return NameTooLongError(
            f"cannot read {shorten(name)}: {what} has {len(part.unit or '')} characters, the model reads {self.limit}",
            name=name,
            limit=self.limit,
        )


def _kept(text: str) -> ParsedPart:
    return ParsedPart(text, None, full_width(text), Origin.KEPT)


def _unreadable(name: str, characters: str, *, reason: str = "no reading for") -> UnreadableNameError:
    shown = listed(characters, shown=lambda c: f"{c if c.isprintable() else repr(c)} (U+{ord(c):04X})", most=8)
    return UnreadableNameError(f"cannot read {shorten(name)}: {reason} {shown}", name=name, characters=characters)


def _too_many_marks(name: str, mark: str) -> UnreadableNameError:
    return _unreadable(name, mark, reason=f"more than {MOST_MARKS} combining marks in a row, up to")
