"""What other programs do to names: rule 20 of docs/names.md. Pure.

``mended`` undoes damage where only one name can have been meant: UTF-8 that was read as another encoding, entities of
HTML, escapes. ``damage_in`` says what is left that is no name: it is refused, since a model would read it aloud.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from urllib.parse import unquote_to_bytes

_MOST_LAYERS = 3
"""Times that a name may have been damaged in the same way, one upon the other."""

_HARMLESS = re.compile(r"[A-Za-z '\-.,]*")
_ENTITY = re.compile(r"&(?:#\d{1,7}(?:;|(?!\d))|#[xX][0-9a-fA-F]{1,6}(?:;|(?![0-9a-fA-F]))|[A-Za-z][A-Za-z0-9]{1,31};)")
_BACKSLASHES = r"(?<!\\)\\++"
"""All that stand in a row: with a search from each of them, a long row would take time by the square."""
_ESCAPED_MARK = re.compile(rf"{_BACKSLASHES}(['\"/&])")
_UNICODE_ESCAPE = re.compile(
    rf"{_BACKSLASHES}u[0-9a-fA-F]{{4}}(?:\\++u[0-9a-fA-F]{{4}})*|{_BACKSLASHES}x[0-9a-fA-F]{{2}}|_x[0-9a-fA-F]{{4}}_"
)
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_QUOTED_PRINTABLE = re.compile(r"(?:=[0-9A-F]{2})+")
_OCTAL = re.compile(r"(?:\\[2-3][0-7]{2})+")
_TEX = re.compile(
    r"\{\\([`'^\"~=.uvHck])\s?\{?([A-Za-z])\}?\}|\\([`'^\"~=.])\{([A-Za-z])\}|(?<=[A-Za-z])\\(\")([aeiouAEIOU])(?=[a-z])"
)
_MARKS = dict(
    zip("`'^\"~=.uvHck", "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0328", strict=True)
)


@dataclass(frozen=True, slots=True)
class Damage:
    """What a text holds that no name has, in words, and the characters that tell it."""

    what: str
    characters: str


def mended(name: str) -> str:
    """Return ``name`` without the damage that can be undone for certain."""
    if _HARMLESS.fullmatch(name):
        return name
    composed = text = unicodedata.normalize("NFC", name)
    for _ in range(_MOST_LAYERS):
        before = text
        for mend in _MENDS:
            text = mend(text)
        if text == before:
            break
    return name if text == composed else text


def damage_in(name: str) -> Damage | None:
    """Return what of ``name``, once it was mended, is no name's; None where nothing is."""
    if _HARMLESS.fullmatch(name) and "." not in name:
        return None
    name = unicodedata.normalize("NFC", name)
    for what, search in _DAMAGES:
        if (found := search(name)) is not None:
            marks = [character for character in found if not character.isalnum() and not character.isspace()]
            return Damage(what, "".join(dict.fromkeys(marks)) or found)
    return None


def _single_byte(encoding: str) -> dict[str, int]:
    """Return the byte that each character above ASCII was; bytes without a character were read as controls."""
    table = {chr(byte): byte for byte in range(0x80, 0xA0)}
    for byte in range(0x80, 0x100):
        if character := bytes([byte]).decode(encoding, "ignore"):
            table[character] = byte
    return table


def _misread_pattern(table: dict[str, int]) -> re.Pattern[str]:
    def characters(first: int, last: int) -> str:
        return "[" + re.escape("".join(c for c, byte in table.items() if first <= byte <= last)) + "]"

    following = characters(0x80, 0xBF)
    two, three = characters(0xC2, 0xDF) + following, characters(0xE0, 0xEF) + following + "{2}"
    return re.compile(f"(?:{three}|{two})+")


@cache
def _misread() -> list[tuple[dict[str, int], re.Pattern[str]]]:
    """Return the tables of encodings, and what UTF-8 that was read as one of them looks like."""
    return [(table, _misread_pattern(table)) for table in map(_single_byte, ("cp1252", "cp1250"))]


@cache
def _firsts() -> frozenset[str]:
    """Return the characters that misread UTF-8 begins with."""
    return frozenset(character for table, _ in _misread() for character, byte in table.items() if 0xC2 <= byte <= 0xEF)


TELLING_LETTERS = frozenset("ÃÂĂĹŒŸƒªº")
"""Letters that misread text is made of, and names hardly, so that these tell it. Names with them are not plain."""


_E_BEFORE_QUOTATION_MARKS = frozenset("É‘É’É“É”É´É«É»".encode("cp1252").decode())
"""What UTF-8 makes of these: ɑ ɒ ɓ ɔ ɴ ɫ ɻ."""


def _reread(text: str) -> str:
    """Return ``text`` with UTF-8 that was read as a single-byte encoding read as UTF-8: ZoÃ« is Zoë."""
    if text.isascii() or _firsts().isdisjoint(text):
        return text
    for table, pattern in _misread():
        text = pattern.sub(partial(_meant, table, text.isupper()), text)
    return text


def _meant(table: dict[str, int], are_capitals: bool, found: re.Match[str]) -> str:  # noqa: FBT001  (of a partial)
    """Return what was misread as ``found``, or that itself where it may be what was meant.

    Two letters in a row are no sign between capitals, TOMÁŠ, and without one of the letters that tell.
    """
    misread = found[0]
    text = _reread(bytes(map(table.__getitem__, misread)).decode("utf-8", "replace"))
    are_letters = any(first.isalpha() and second.isalpha() for first, second in itertools.pairwise(misread))
    may_be_meant = are_letters and (are_capitals or TELLING_LETTERS.isdisjoint(misread))
    return misread if may_be_meant or not _is_of_names(text) else text


def _is_of_names(text: str) -> bool:
    """Whether ``text`` is made of Latin letters and of the marks that stand in names.

    Some, misread, are É before a quotation mark, which is more common than these letters.
    """
    return _E_BEFORE_QUOTATION_MARKS.isdisjoint(text) and all(
        unicodedata.name(character, "").startswith("LATIN ") or character in "\u00a0’‘“”–—·´®™©ªº«»'"
        for character in text
    )


def _unescaped(found: re.Match[str]) -> str:
    """Return the characters of escapes of Python, JSON or Excel; those as they were if they are no text."""
    units = [int(digits, 16) for digits in re.findall(r"[0-9a-fA-F]{2,4}", found[0])]
    text = b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le", "replace")
    return text if text.isprintable() else found[0]


def _of_html(found: re.Match[str]) -> str:
    from html import unescape  # Slow to import, and seldom needed.

    return unescape(found[0])


def _decoded(content: bytes, written: str) -> str:
    text = content.decode("utf-8", "replace")
    return text if text.isprintable() and "\ufffd" not in text else written


def _of_percent(found: re.Match[str]) -> str:
    return _decoded(unquote_to_bytes(found[0]), found[0])


def _of_quoted_printable(found: re.Match[str]) -> str:
    text = _decoded(bytes.fromhex(found[0].replace("=", "")), found[0])
    return found[0] if text.isascii() else text


def _of_octal(found: re.Match[str]) -> str:
    return _decoded(bytes(int(byte, 8) for byte in found[0].split("\\")[1:]), found[0])


def _of_tex(found: re.Match[str]) -> str:
    mark, letter = (group for group in found.groups() if group is not None)
    return unicodedata.normalize("NFC", letter + _MARKS[mark])


_MENDS: tuple[Callable[[str], str], ...] = (
    lambda name: _ENTITY.sub(_of_html, name) if "&" in name else name,
    lambda name: _UNICODE_ESCAPE.sub(_unescaped, name) if "\\" in name or "_x" in name else name,
    lambda name: _TEX.sub(_of_tex, _OCTAL.sub(_of_octal, name)) if "\\" in name else name,
    lambda name: _ESCAPED_MARK.sub(r"\1", name) if "\\" in name else name,
    lambda name: _PERCENT.sub(_of_percent, name) if "%" in name else name,
    lambda name: _QUOTED_PRINTABLE.sub(_of_quoted_printable, name) if "=" in name else name,
    _reread,
)

_SUFFIXES = (
    "jpe?g|png|gif|bmp|tiff?|svg|webp|pdf|docx?|xlsx?|pptx?|odt|ods|csv|tsv|txt|rtf|json|jsonl|xml|ya?ml|html?|php|aspx?|js"
    "|css|zip|rar|gz|tar|tgz|7z|exe|dll|bat|sh|py|sql|db|log|bak|tmp|mp3|mp4|m4a|avi|mov|mkv|wav|flac|parquet|eml|ics|vcf"
)
_DOMAINS = r"com|net|org|edu|gov|info|biz|co\.uk|co\.jp|ac\.jp|or\.jp"
_COUNTRIES = "io|de|fr|es|it|nl|ru|jp|uk|us|eu|ch|at|br|mx|tv"
_LETTER = r"[^\W\d_]"
_OF_A_WORD = rf'(?<!\S)[^\s"]*{_LETTER}"{_LETTER}[^\s"]*(?!\S)'
_MISREAD_SIGNS = r"[ÂÃ][\x80-\xbfÂ€‚ƒ„…†‡ˆ‰‹•™›]|â€|ï¿½|ðŸ|(?<=[a-zß-ÿ])[ÂÃ](?![A-Za-zÀ-ÿ])|[\x80-\x84\x86-\x9f]"
_LABEL = r"[A-Za-z0-9\-]"
_DOMAIN_END = re.compile(rf"{_LABEL}{{2}}\.(?:{_DOMAINS})(?![\w.])")
_LABELS_BACKWARDS = re.compile(rf"(?:{_LABEL}|\.(?={_LABEL}))*")
_AFTER_A_HYPHEN = re.compile(rf"-(?={_LABEL})")


def _domain(name: str) -> str | None:
    """Return the first domain in ``name``, which begins behind no letter, digit or full stop of another alphabet.

    The way back from each end goes over its own labels alone, so that the work is linear.
    """
    for found in _DOMAIN_END.finditer(name):
        before = _LABELS_BACKWARDS.match(name[: found.start()][::-1])
        start = found.start() - (len(before[0]) if before else 0)
        if start and re.match(r"[\w.]", name[start - 1]):
            hyphen = _AFTER_A_HYPHEN.search(name, start, found.start() + 1)
            if hyphen is None:
                continue
            start = hyphen.end()
        return name[start : found.end()]
    return None


def _searched(pattern: str) -> Callable[[str], str | None]:
    """Return what finds ``pattern``, or its group, in a name. The work must be linear: a name has 16,384 characters."""
    compiled = cache(partial(re.compile, pattern))  # When it is first asked: most programs never do.

    def search(name: str) -> str | None:
        found = compiled().search(name)
        return None if found is None else found[found.lastindex or 0]

    return search


_SCHEME = r"(?<![A-Za-z0-9+.\-])[0-9+.\-]*([A-Za-z][A-Za-z0-9+.\-]*://)"
_OF_A_COUNTRY = rf"(?<![a-z0-9\-])(?:(?<![\w.])|[a-z0-9]*-)([a-z0-9\-]{{2,}}+\.(?:{_COUNTRIES}))(?=/|\s*$)"
_DAMAGES = (
    ("an e-mail address", _searched(r"(?<!\S)\S[^\s@]*@\S+\.\S+")),
    ("a web address", _searched(rf"(?i:{_SCHEME}|\bwww\.\w)")),
    ("a web address", _domain),
    ("a web address", _searched(_OF_A_COUNTRY)),
    ("the name of a file", _searched(rf"\w\.(?:{_SUFFIXES}|{_SUFFIXES.upper()})(?![\w.])")),
    ("the name of a file", _searched(r"^\s*[A-Za-z]:[\\/]|(?<!\S)~?/\w+/")),
    ("an entity of HTML or XML", _searched(r"&(?:#\w+;?|[A-Za-z][A-Za-z0-9]*;)")),
    ("text in a wrong encoding", _searched(_MISREAD_SIGNS)),
    ("a symbol inside a word", _searched(rf"(?<={_LETTER})[?!|{{}}<>¿¡]+(?={_LETTER})")),
    ("a quotation mark inside a word", _searched(_OF_A_WORD)),
)
"""What is no name, in words of a message, and what finds it."""
