import json
from pathlib import Path

import pytest
from tests.maxmind import write_database

from hayakana_training.errors import TrainingError
from hayakana_training.known_names.sources import read_cities
from hayakana_training.origin.places import Entry, geolite, places_of_cities, words

CITIES = {
    "1": {"name": "Nantes", "countrycode": "FR", "population": 1, "alternatenames": ["Nantes", "ナント", "南特"]},
    "2": {
        "name": "Saint-Étienne",
        "countrycode": "FR",
        "population": 1,
        "alternatenames": ["サン・テティエンヌ", "サンテティエンヌ"],
    },
    "3": {"name": "Vienna", "countrycode": "AT", "population": 1, "alternatenames": ["ドナウ"]},
}


def place(identifier: int, english: str, japanese: str = "") -> dict[str, object]:
    return {"geoname_id": identifier, "names": {"en": english, **({"ja": japanese} if japanese else {})}}


RECORDS = [
    {"country": {"iso_code": "IT"}, "city": place(1, "Piacenza", "ピアチェンツァ")},
    {"country": {"iso_code": "IT"}, "city": place(2, "Udine"), "subdivisions": [place(3, "Sardinia", "サルデーニャ")]},
    {"country": {"iso_code": "FR"}, "city": place(1, "Piacenza", "ピアチェンツァ")},
    {"city": place(4, "Nowhere", "ノーウェア")},
    {"country": {"iso_code": "DE"}, "city": place(5, "Roth", "ロート"), "subdivisions": [place(6, "Rome", "聖都")]},
]


def test_places_have_their_country_and_one_katakana_a_part(tmp_path: Path) -> None:
    (tmp_path / "cities.json").write_text(json.dumps(CITIES), encoding="utf-8")
    # ドナウ is no spelling of Vienna, and サンテティエンヌ does not say where its parts end.
    assert places_of_cities(read_cities(tmp_path / "cities.json")) == [
        Entry("nantes", "ナント", "place", "FR"),
        Entry("saint", "サン", "place", "FR"),
        Entry("etienne", "テティエンヌ", "place", "FR"),
    ]


def test_a_place_of_a_database_is_read_once_and_only_with_its_country(tmp_path: Path) -> None:
    write_database(tmp_path / "places.mmdb", RECORDS)
    assert geolite(tmp_path / "places.mmdb") == [
        Entry("piacenza", "ピアチェンツァ", "place", "IT"),
        Entry("sardinia", "サルデーニャ", "place", "IT"),
        Entry("roth", "ロート", "place", "DE"),
    ]


def test_words_are_of_one_part(tmp_path: Path) -> None:
    lemmas = ["コーヒー,コーヒー-coffee", "パリ,パリ-Paris", "ニューヨーク,ニューヨーク-New_York"]
    text = "\0".join(f"名詞,普通名詞,一般,*,*,*,{lemma},コーヒー" for lemma in lemmas)
    (tmp_path / "sys.dic").write_bytes(text.encode())
    assert words(tmp_path / "sys.dic") == [Entry("coffee", "コーヒー", "word"), Entry("paris", "パリ", "place")]


@pytest.mark.parametrize("content", ["[]", "{}", '{"1": {"name": "x"}}', "nothing"])
def test_other_files_than_cities_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "cities.json").write_text(content, encoding="utf-8")
    with pytest.raises(TrainingError, match=r"docs/training\.md"):
        read_cities(tmp_path / "cities.json")


def test_other_databases_are_refused(tmp_path: Path) -> None:
    write_database(tmp_path / "asn.mmdb", RECORDS, database_type="GeoLite2-ASN")
    with pytest.raises(TrainingError, match="not GeoLite2-City"):
        geolite(tmp_path / "asn.mmdb")
    (tmp_path / "text.mmdb").write_text("text", encoding="utf-8")
    with pytest.raises(TrainingError, match="not a MaxMind database"):
        geolite(tmp_path / "text.mmdb")
