"""What other programs do to names: mended where that is certain, refused where it is not."""

import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.errors import UnreadableNameError
from hayakana.names.damage import TELLING_LETTERS, damage_in, mended
from hayakana.names.parsing import NameParser

NAMES = (
    "Zoë Müller|José García|O'Brien|D'Angelo|Renée Étienne|François|Łukasz Wałęsa|Dvořák|Nguyễn Văn|Ångström"
    "|Smith & Hill"
)


def misread(name: str, encoding: str) -> str:
    """UTF-8 that is read as another encoding; what that has no character for is read as a control, as browsers do."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in name.encode())


DAMAGES = {
    "cp1252": lambda name: misread(name, "cp1252"),
    "latin-1": lambda name: misread(name, "latin-1"),
    "cp1252 twice": lambda name: misread(misread(name, "cp1252"), "cp1252"),
    "cp1250": lambda name: misread(name, "cp1250"),
    "entities": html.escape,
    "entities twice": lambda name: html.escape(html.escape(name)),
    "numbers": lambda name: name.replace("'", "&#39;").encode("ascii", "xmlcharrefreplace").decode(),
    "JSON": lambda name: json.dumps(name)[1:-1],
    "SQL": lambda name: name.replace("'", "\\'"),
    "percent": lambda name: quote(name, safe="' &"),
    "Excel": lambda name: "".join(c if c.isascii() else f"_x{ord(c):04X}_" for c in name),
    "quoted printable": lambda name: "".join(
        c if c.isascii() else "".join(f"={byte:02X}" for byte in c.encode()) for c in name
    ),
    "octal": lambda name: "".join(c if c.isascii() else "".join(f"\\{byte:o}" for byte in c.encode()) for c in name),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
@pytest.mark.parametrize("name", NAMES.split("|"))
def test_damage_is_mended(name: str, damage: object) -> None:
    damaged = damage(name)
    assert mended(damaged) == name
    assert damage_in(name) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ZOÃ‹", "ZOË"),
        ("Oâ€™Brien", "O’Brien"),
        ('M\\"uller', "Müller"),
        ("{\\'E}mile", "Émile"),
        ('William \\"Bill\\" Gates', 'William "Bill" Gates'),
        ("Ana&nbsp;Luisa", "Ana\u00a0Luisa"),
    ],
)
def test_other_damage_that_is_mended(name: str, expected: str) -> None:
    assert mended(name) == expected


@pytest.mark.parametrize(
    "name", ["JOÃO", "SÃO PAULO", "TOMÁŠ", "MÍŠA", "Ângela", "Âge", "Äšjö", "R&B", "100%", "a=b", "Ä", "É."]
)
def test_what_is_no_damage_stays(name: str) -> None:
    assert mended(name) == name
    assert damage_in(name) is None


@given(st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), max_size=12))
def test_letters_are_no_damage_unless_they_tell(name: str) -> None:
    if mended(name) != name:
        assert not TELLING_LETTERS.isdisjoint(name)


REFUSED = {
    "an e-mail address": ["anna@example.com", "Anna Hill <anna@example.com>"],
    "a web address": ["www.example.com", "http://example.com/x", "example.com", "anna.hill.net Anna", "example.co.uk"],
    "the name of a file": ["anna.jpg", "ANNA.PDF", "my names.csv", "C:\\names", "/home/anna/x", "anna.tar.gz"],
    "an entity of HTML or XML": ["&nosuch;", "Anna &#x110000000; Hill"],
    "text in a wrong encoding": ["voilÃ ", "Anna ï¿½", "Mâ€ller", "A\x84b"],
    "a symbol inside a word": ["M?ller", "P!nk", "Ke|ly", "An{na"],
    "a quotation mark inside a word": ['O"Brien', 'Anna O"Brien'],
}


@pytest.mark.parametrize(("what", "name"), [(what, name) for what, names in REFUSED.items() for name in names])
def test_what_is_no_name_is_refused(what: str, name: str) -> None:
    for parser in (
        NameParser(frozenset("abcdefghijklmnopqrstuvwxyz'"), 20, whole_names=False),
        NameParser(frozenset("abcdefghijklmnopqrstuvwxyz' -"), 40, whole_names=True),
    ):
        with pytest.raises(UnreadableNameError, match=what) as caught:
            parser.parse(name)
        assert caught.value.characters
        assert caught.value.name == name


@pytest.mark.parametrize(
    "name",
    [
        "Yahoo!",
        "Who?",
        "¿Anna?",
        "J.R. Hill",
        "John.Smith",
        "Ana.Maria",
        "AC/DC",
        '"Weird Al" Stone',
        'William"Bill"Hill',
        "St.de Luca",
        "maria.de souza",
        "Rev.It",
        "e.e. cummings",
        "Hill Inc.",
        "Anna/Maria",
        "S:t Eriks",
        "[Anna] {Hill}",
    ],
)
def test_punctuation_of_names_is_no_damage(name: str) -> None:
    assert damage_in(name) is None


@given(st.text(st.sampled_from("aZé'\\&;#39x=%C3_uÃ©Â¼â€™\u0301. ?!\"@/:"), max_size=14))
def test_mending_ends_and_what_is_mended_stays(name: str) -> None:
    assert len(mended(name)) <= max(len(name), 1) * 2
    damage_in(mended(name))
