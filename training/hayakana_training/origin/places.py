"""Places with their country, and words, each with its Katakana: GeoNames, GeoLite2 and UniDic, in their own formats."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import maxminddb

from hayakana.names.choices import Kind
from hayakana.names.parts import HYPHEN
from hayakana_training.data.dictionaries import LEAST_LIKENESS_OF_NAMES
from hayakana_training.errors import TrainingError
from hayakana_training.known_names import sources
from hayakana_training.known_names.witnesses import Source


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of a name that is no person's: canonical, with its Katakana, and the country (ISO 3166-1) of a place."""

    name: str
    katakana: str
    kind: Kind
    country: str = ""


def places_of_cities(cities: Sequence[dict[str, Any]]) -> list[Entry]:
    """Return the places of GeoNames whose alternate names have a spelling in Katakana."""
    return [
        place
        for city in cities
        for katakana in city["alternatenames"]
        for place in _places(city["name"], katakana, city["countrycode"])
    ]


def geolite(path: Path) -> list[Entry]:
    """Return the cities and regions of ``GeoLite2-City.mmdb`` that have a Japanese name: it holds each many times.

    Raises:
        TrainingError: it is no such file.
    """
    try:
        with maxminddb.open_database(path) as database:
            if "City" not in database.metadata().database_type:
                raise TrainingError(f"{path} is not GeoLite2-City: docs/training.md says which file to give")
            return list(_places_of(database))
    except maxminddb.InvalidDatabaseError as error:
        raise TrainingError(
            f"{path} is not a MaxMind database ({error}): docs/training.md says which file to give"
        ) from error


def _places_of(database: maxminddb.Reader) -> Iterator[Entry]:
    seen: set[int] = set()
    for _, record in database:
        country = record.get("country", {}).get("iso_code")
        if not country:
            continue
        for place in (record.get("city"), *record.get("subdivisions", ())):
            if place and place["geoname_id"] not in seen:
                seen.add(place["geoname_id"])
                names = place.get("names", {})
                if "ja" in names and "en" in names:
                    yield from _places(names["en"], names["ja"], country)


def _places(name: str, katakana: str, country: str) -> Iterator[Entry]:
    """Yield the parts of a place whose Katakana is a spelling of it, part by part."""
    if not sources.KATAKANA_NAME.fullmatch(katakana):
        return
    for witness in sources.witnesses_of(Source.GEONAMES, "place", name, katakana, least=LEAST_LIKENESS_OF_NAMES):
        parts = witness.name.replace(HYPHEN, " ").split(" ")
        if len(parts) == len(witness.katakana):
            for part, reference in zip(parts, witness.katakana, strict=True):
                yield Entry(part, reference, "place", country)


def words(path: Path) -> list[Entry]:
    """Return the words and places of one part in ``sys.dic`` of UniDic."""
    return [
        Entry(witness.name, witness.katakana[0], witness.kind)
        for witness in sources.unidic(path)
        if len(witness.katakana) == 1 and " " not in witness.name and HYPHEN not in witness.name
    ]
