"""What a source says of a name: ``Witness``; and the sources, each with its licence and who is named for it."""

from dataclasses import dataclass
from enum import Enum

from hayakana.names.choices import Kind

_OF_EDRDG = "the property of the Electronic Dictionary Research and Development Group (edrdg.org)"


class Source(Enum):
    """A source of names and their Katakana: its key, its licence, and what has to be said of it."""

    BEARERS = (
        "bearers",
        "CC0-1.0",
        "wd_katakana (Merhav and Ash, COLING 2018; github.com/steveash/NETransliteration-COLING2018)",
    )
    ENAMDICT = "enamdict", "CC-BY-SA-4.0", f"ENAMDICT, {_OF_EDRDG}"
    EDICT = "edict", "CC-BY-SA-4.0", f"EDICT, {_OF_EDRDG}"
    GEONAMES = "geonames", "CC-BY-4.0", "GeoNames (geonames.org)"
    UNIDIC = "unidic", "BSD-3-Clause", "UniDic (The UniDic Consortium, clrd.ninjal.ac.jp/unidic)"
    CLDR = "cldr", "Unicode-3.0", "Unicode CLDR (cldr.unicode.org)"

    def __init__(self, key: str, licence: str, attribution: str) -> None:
        self.key, self.licence, self.attribution = key, licence, attribution


COMMON = 2
"""The weight of a word that EDICT marks as common."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A name of one part or several, canonical, and the Katakana of its parts; or one text for a name of several.

    ``weight`` is how many people bear it, how many people live there, or how many spellings in Kanji it has. A word of
    EDICT that is marked as common has the weight ``COMMON``. ``is_japanese`` says that the name is one of Japan.
    """

    source: Source
    kind: Kind
    name: str
    katakana: tuple[str, ...]
    weight: float = 1
    is_japanese: bool = False
    is_unclassified: bool = False
    """Whether the source does not say of what kind the name is; most such names are people's."""
    is_separated: bool = False
    """Whether the source wrote the parts apart, ベンジャミン・フランクリン. Such entries were edited with more care."""
