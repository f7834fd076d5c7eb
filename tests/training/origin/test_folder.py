"""Sources in, the folder of tagged pairs out, with some of Faker's languages."""

import json
from dataclasses import fields
from pathlib import Path

import pytest
from tests.maxmind import write_database

from hayakana.names.languages import untagged
from hayakana_training.cli.main import main
from hayakana_training.data.held_out import name_hash
from hayakana_training.data.pairs import Problem, read_pairs
from hayakana_training.origin.folder import TagSettings, tag
from hayakana_training.origin.gathering import Sources

PEOPLE = {
    "fr": {
        "dubois": "デュボワ",
        "lefebvre": "ルフェーヴル",
        "moreau": "モロー",
        "rousseau": "ルソー",
        "girard": "ジラール",
    },
    "hu": {"szabó": "サボー", "nagy": "ナジ", "kovács": "コヴァーチ", "horváth": "ホルヴァート", "németh": "ネーメト"},
}
EDICT = """\
　？？？ /EDICT, EDICT_SUB(P), EDICT2 Japanese-English Electronic Dictionary Files/
コーヒー /(n) coffee/(P)/
バナナ /(n) banana/(P)/
ピアノ /(n) piano/(P)/
"""
ENAMDICT = """\
　？？？ /ENAMDICT - Japanese Proper Name Dictionary File/
ナジ /(s) Nagy/
ミレイ /(s) Millay/
加藤 [かとう] /(s) Katou/
"""
PLACES = {
    "FR": {
        "Nantes": "ナント",
        "Orléans": "オルレアン",
        "Toulon": "トゥーロン",
        "Limoges": "リモージュ",
        "Lille": "リール",
    },
    "HU": {"Szeged": "セゲド", "Debrecen": "デブレツェン", "Miskolc": "ミシュコルツ", "Sopron": "ショプロン"},
    "CH": {"Basel": "バーゼル", "Bern": "ベルン"},
}
CITIES = [
    {"name": name, "countrycode": country, "alternatenames": [katakana], "population": 1}
    for country, names in PLACES.items()
    for name, katakana in names.items()
]
HELD_OUT, DEVELOPMENT = ["rousseau", "orleans", "banana"], ["nemeth", "toulon"]


FEW = TagSettings(locales={"fr": ("fr_FR",), "hu": ("hu_HU",)}, most_romaji=50, least_pairs=2, one_in=2)


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    lines = [f"{name}\t{katakana}\t4" for names in PEOPLE.values() for name, katakana in names.items()]
    (tmp_path / "people.tsv").write_text("\n".join([*lines, "wrong\tヤヤ\t1", "malformed"]) + "\n", encoding="utf-8")
    (tmp_path / "dropped.tsv").write_text("name\tkatakana\tcount\nwrong\tヤヤ\t1\n", encoding="utf-8")
    (tmp_path / "edict").write_bytes(EDICT.encode("euc_jp"))
    (tmp_path / "enamdict").write_bytes(ENAMDICT.encode("euc_jp"))
    (tmp_path / "development.tsv").write_text("".join(f"{name}\tア\n" for name in DEVELOPMENT), encoding="utf-8")
    (tmp_path / "hashes").write_text("".join(f"{name_hash(name)}\n" for name in HELD_OUT), encoding="utf-8")
    (tmp_path / "cities.json").write_text(json.dumps(dict(enumerate(CITIES))), encoding="utf-8")
    (tmp_path / "sys.dic").write_bytes("\0名詞,普通名詞,一般,*,*,*,ティー,ティー-tea,ティー\0".encode())
    roth = {"geoname_id": 1, "names": {"en": "Roth", "ja": "ロート"}}
    write_database(tmp_path / "places.mmdb", [{"country": {"iso_code": "DE"}, "city": roth}])
    return Sources(
        [tmp_path / "people.tsv", tmp_path / "enamdict", tmp_path / "edict"],
        tmp_path / "development.tsv",
        exclude_hashes=tmp_path / "hashes",
        dropped=tmp_path / "dropped.tsv",
        geonames=tmp_path / "cities.json",
        geolite=tmp_path / "places.mmdb",
        unidic=tmp_path / "sys.dic",
    )


def tag_few(sources: Sources, folder: Path) -> list[Problem]:
    """Tag names of a few languages; return the malformed lines."""
    problems: list[Problem] = []
    tag(sources, folder, seed=0, log=lambda _: None, report=problems.extend, settings=FEW)
    return problems


def by_command(sources: Sources, folder: Path, *more: str) -> int:
    """Return the exit code of the command, which takes all of Faker's languages."""
    paths = {item.name: getattr(sources, item.name) for item in fields(sources)}
    train = map(str, paths.pop("train"))
    options = [word for name, path in paths.items() for word in (f"--{name.replace('_', '-')}", str(path))]
    return main(["tag", "--train", *train, *options, *more, "--output", str(folder)])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_folder_is_whole_the_same_each_time_and_without_held_out_names(sources: Sources, tmp_path: Path) -> None:
    assert [problem.line for problem in tag_few(sources, tmp_path / "tags")] == [12]
    written = contents(tmp_path / "tags")
    report = json.loads(written["data.json"])
    names: dict[str, set[str]] = {}
    for name, count in filter(all, report["files"].items()):
        pairs, problems = read_pairs(tmp_path / "tags" / name)
        assert (len(pairs), problems) == (count, [])
        names[name] = {untagged(pair.name) for pair in pairs}
    assert set(written) == {*names, "data.json"}
    hashes = {name_hash(name) for some in names.values() for name in some}
    assert not hashes & {name_hash(name) for name in [*HELD_OUT, *DEVELOPMENT, "wrong"]}
    # What is set aside is in nothing that is trained on.
    aside = {name for file, some in names.items() if "development" in file for name in some}
    assert aside
    assert not aside & {name for file, some in names.items() if "development" not in file for name in some}
    assert names["tagged.tsv"] >= {"dubois", "szabó", "coffee", "piano"}
    assert report["languages"].keys() >= {"fr", "hu"}
    assert report["classifier_of_letters"]["right"] > 0.8
    assert report["sources"]["geolite"] == "places.mmdb"
    assert str(tmp_path) not in written["data.json"].decode()
    tag_few(sources, tmp_path / "again")
    assert contents(tmp_path / "again") == written


def test_development_sets_have_the_hints_that_users_give(sources: Sources, tmp_path: Path) -> None:
    tag_few(sources, tmp_path / "tags")
    lines = (tmp_path / "tags" / "places_development.tsv").read_text(encoding="utf-8").splitlines()
    hints = {"FR": "place fr", "HU": "place hu", "CH": "place"}
    expected = {name.casefold(): hints[country] for country, names in PLACES.items() for name in names}
    assert lines
    for name, _, count, hint in (line.split("\t") for line in lines):
        assert (count, hint) == ("1", expected.get(name, "place de"))


def test_people_alone_are_enough(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "tags").mkdir()
    (tmp_path / "tags" / "places.tsv").write_text("of an earlier run", encoding="utf-8")
    tag_few(Sources(sources.train[:1], sources.development), tmp_path / "tags")
    assert set(contents(tmp_path / "tags")) == {"tagged.tsv", "last_stage.tsv", "data.json"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("people.tsv", "nagy\tナジ\t1\thu\n"), "not tagged again"),
        (("people.tsv", "malformed\n"), "no pairs of people"),
        (("dropped.tsv", "nagy\tナジ\n"), "not a list of what was dropped"),
        (("cities.json", "[]"), "no cities"),
        (("places.mmdb", "text"), "not a MaxMind database"),
    ],
)
def test_wrong_sources_are_refused_in_one_sentence(
    sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], message: str
) -> None:
    (tmp_path / change[0]).write_text(change[1], encoding="utf-8")
    assert by_command(sources, tmp_path / "tags") == 1
    assert message in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "tags").exists()


def test_strict_stops_at_malformed_lines(sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert by_command(sources, tmp_path / "tags", "--strict") == 1
    assert "people.tsv:12: 1 columns" in capsys.readouterr().err
    assert not (tmp_path / "tags").exists()
