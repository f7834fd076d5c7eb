"""A name ↔ its parts and separators.

``Jean-Luc Picard`` is three parts, ``Jean``, ``Luc`` and ``Picard``, with a hyphen and a space between them. Katakana
joins them with ＝ (U+FF1D) and ・ (U+30FB): ジャン＝リュック・ピカード.

Every run of separators counts once: as a hyphen if it is one hyphen alone, as a space otherwise. So ``J. R. R.
Tolkien``, ``O.J.``, ``Parker, Peter`` and ``William "Bill" Gates`` split where a reader pauses. Separators before the
first part and after the last one are not read. Double quotation marks are separators. Single ones and apostrophes are
not read at the edge of a part (rule 12 of docs/names.md), and stay inside it: ``'James'``, ``O'Brien``.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hayakana.names.normalization import APOSTROPHES, normalize
from hayakana.names.symbols import MARKS_OF_RIGHTS, with_symbols_read

SPACE = " "
HYPHEN = "-"
JOINED = ""
"""Between parts that nothing separates: what rules make two parts of."""

# U+0387 and U+037E are · and ; to Unicode, and become them in NFC.
_SPACES = r"\s\u00b7\u0387\u037e\u2022\u2027\u30fb\uff65" + re.escape(
    '.,;:/_"()[]{}|!?…“”„«»‹›、。，．；：！？（）「」『』［］' + "‚‟＂〝〞〟❝❞❠❮❯⹂🙶🙷🙸\u2329\u232a〈〉《》﹁﹂﹃﹄"
)
_HYPHENS = r"\-\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d\u30a0\uff1d="
# No run ends in the = of ≠, which is = and U+0338 to Unicode. Looked for where runs end, this costs names nothing.
_SEPARATORS = re.compile(f"[{_SPACES}{_HYPHENS}]+(?!(?<==)\u0338)")
_ONE_HYPHEN = re.compile(f"[{_HYPHENS}]")

_JAPANESE_LETTERS = r"\u3041-\u3096\u3099-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f々〆〇" + (
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def split(name: str) -> tuple[str, ...]:
    """Return the parts of ``name`` as they came; a name without a letter has none."""
    return tuple(filter(None, _SEPARATORS.split(name)))


def _sign(run: str) -> str:
    """Return what a run of separators counts as."""
    return HYPHEN if _ONE_HYPHEN.fullmatch(run) else SPACE


def join(parts: Sequence[str], separators: Sequence[str], *, space: str, hyphen: str) -> str:
    """Join ``parts`` with ``space`` where the name had a space and ``hyphen`` where it had a hyphen."""
    joined = list(parts[:1])
    for separator, part in zip(separators, parts[1:], strict=True):
        joined += (written_separator(separator, space=space, hyphen=hyphen), part)
    return "".join(joined)


def written_separator(separator: str, *, space: str, hyphen: str) -> str:
    """Return what a separator is written as."""
    return space if separator == SPACE else hyphen if separator == HYPHEN else separator


@cache
def _japanese_name() -> re.Pattern[str]:
    """Return the pattern of names in Kana and Kanji, whose ranges take some milliseconds to compile."""
    return re.compile(f"[{_SPACES}{_HYPHENS}]*[{_JAPANESE_LETTERS}][{_JAPANESE_LETTERS}{_SPACES}{_HYPHENS}]*")


def is_japanese(text: str) -> bool:
    """Whether ``text`` is written in Kana and Kanji (with separators, if any), so that there is nothing to do.

    A text with control characters or line breaks is not: these are separators, so that what is written is one line
    without them. Nor is one with a code point that Unicode has no character for, among the Kanji though it stands.
    """
    return (
        not text.isascii()
        and _japanese_name().fullmatch(text) is not None
        and _CONTROL.search(text) is None
        and "Cn" not in map(unicodedata.category, text)
    )


_OTHER_APOSTROPHES = str.maketrans(
    dict.fromkeys("\u02bd\u02ba\u02ca\u02cb\u02cc\u02ee\u0559\u055a\u05f3\u05f4\u1fbd\u2035\u2036\u2037❛❜❟\ua78c", "'")
)
"""Those that ``normalize`` leaves as they are. They are apostrophes before it: it belongs to the models."""

_EDGES = APOSTROPHES + "".join(map(chr, _OTHER_APOSTROPHES)) + "\u2033\u2034\u2057"
AMPERSANDS = "&＆﹠"
PLUSES = "+＋"
_AMPERSAND_BETWEEN_LETTERS = re.compile(rf"(?<=[^\W\d_])([{AMPERSANDS}])(?=[^\W\d_])(?!#|[A-Za-z]+;)")

_MARKS_OF_RIGHTS = frozenset(MARKS_OF_RIGHTS)
_SEVERAL_APOSTROPHES = re.compile("''+")

_SILENT = "' "
"""What a part can hold without having anything to read: apostrophes, and the space that NFKC makes of a bare ¨."""

_ELIDED = "d l o dell dall nell sull".replace(" ", "|")
_WORD_ELIDED = f"(?<![\\w{re.escape(_EDGES)}])(?:{_ELIDED})[{re.escape(_EDGES)}]"
_ELIDED_BEFORE_A_SPACE = re.compile(rf"({_WORD_ELIDED})\s+(?=\w)", re.IGNORECASE)
_ENDS_ELIDED = re.compile(f"{_WORD_ELIDED}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CanonicalName:
    """The parts of a name that have something to read, as they came and normalised, and the separators between them.

    ``quoted`` are the parts normalised, with the apostrophes at their edges. ``runs`` are the separators as they came,
    before each part and behind the last one, so one more than parts.
    """

    written: tuple[str, ...]
    parts: tuple[str, ...]
    separators: tuple[str, ...]
    quoted: tuple[str, ...]
    runs: tuple[str, ...]

    def between(self, start: int, end: int) -> "CanonicalName":
        """Return the name of the parts from ``start`` to ``end``, which is not among them."""
        return CanonicalName(
            self.written[start:end],
            self.parts[start:end],
            self.separators[start : end - 1],
            self.quoted[start:end],
            self.runs[start : end + 1],
        )

    @property
    def text(self) -> str:
        """The name as one text; empty if there is nothing to read in it."""
        return join(self.parts, self.separators, space=SPACE, hyphen=HYPHEN)


def canonical_name(name: str) -> CanonicalName:
    """Return the canonical parts of ``name``; apostrophes and invisible characters alone are no part."""
    if not (name.isascii() and name.replace(SPACE, "").isalpha()):
        name = _ELIDED_BEFORE_A_SPACE.sub(r"\1", with_symbols_read(name))
        name = _AMPERSAND_BETWEEN_LETTERS.sub(r" \1 ", name)
    pieces, separators_as_written = _SEPARATORS.split(name), _SEPARATORS.findall(name)
    written: list[str] = []
    parts: list[str] = []
    quoted: list[str] = []
    separators: list[str] = []
    runs, run = [], ""
    for text, next_run in zip(pieces, [*separators_as_written, ""], strict=True):
        if not text.isascii():
            text = text.translate(_OTHER_APOSTROPHES)
            if not _MARKS_OF_RIGHTS.isdisjoint(text):  # Rule 13.
                text = text.strip(MARKS_OF_RIGHTS + _EDGES)
        part = normalize(text)
        if not part.strip(_SILENT):
            run += text + next_run
            continue
        separators.append(_sign(run))
        runs.append(run)
        quoted.append(part)
        if "'" in part:  # Rule 12.
            text, part = text.strip(_EDGES), _SEVERAL_APOSTROPHES.sub("'", part.strip("'"))
        written.append(text)
        parts.append(part)
        run = next_run
    return CanonicalName(tuple(written), tuple(parts), tuple(separators[1:]), tuple(quoted), (*runs, run))


def is_elided(word: str) -> bool:
    """Whether ``word`` ends in an article or preposition that belongs to the next word, as in ``d' Arc``."""
    return _ENDS_ELIDED.search(word) is not None
