"""Sources in, the table of a model folder out: who is believed, and that it is written whole."""

import gzip
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from hayakana import Transliterator
from hayakana.model.folder import load_model
from hayakana.names.known_tables import KnownName
from hayakana.names.languages import KIND_TAGS, language_tag
from hayakana_training.cli.main import main
from hayakana_training.data.pairs import Pair
from hayakana_training.errors import TrainingError
from hayakana_training.known_names import sources
from hayakana_training.known_names.choosing import Chosen, choose, loose
from hayakana_training.known_names.folder import DROPPED
from hayakana_training.known_names.languages import PERCENT, of_languages
from hayakana_training.known_names.witnesses import Source, Witness

ENAMDICT = """\
　？？？ /ENAMDICT - Japanese Proper Name Dictionary File/
アルベルトアインシュタイン /(h) Albert Einstein/
アルベルト・アインシュタイン /(h) Albert Einstein/
アルバート /(g) Albert/
アインシュタイン /(s) Einstein/
金正恩 [キムジョンウン] /(h) Kim Jong-un (1983.1.8-)/
ミラノ /(p) Milan/
カトウ /(s) Kato/
加藤 [かとう] /(s) Katou/
アーノンクール /(h) Nikolaus Harnoncourt/
"""
EDICT = """\
　？？？ /EDICT, EDICT_SUB(P), EDICT2 Japanese-English Electronic Dictionary Files/
ニューヨーク /(n) New York/(P)/
コーヒー /(n) (uk) coffee/(P)/
バナナ /(n) banana/(P)/
タマネギ /(n) (uk) onion (Allium cepa)/
"""
CITIES = {
    "1": {"name": "Nīce", "alternatenames": ["Nice", "ニース", "Nizza"], "population": 338_620, "countrycode": "FR"},
    "2": {"name": "Milan", "alternatenames": ["ミラン"], "population": 7_000, "countrycode": "US"},
    "3": {"name": "Tokyo", "alternatenames": ["Edo", "Tōkyō"], "population": 9_000_000, "countrycode": "JP"},
    "4": {"name": "Sakai", "alternatenames": ["Sakay"], "population": 800_000, "countrycode": "JP"},
    "5": {"name": "Lushi", "alternatenames": [], "population": 7_000, "countrycode": "JP"},
}
UNIDIC = "\0名詞,普通名詞,一般,*,*,*,コーヒー,コーヒー-coffee,コーヒー,コーヒー\0助詞,x,*,*,*,*,ヲ,ヲ-wo,ヲ\0".encode()


def pair(name: str, katakana: str, bearers: float) -> Witness:
    return Witness(Source.BEARERS, "person", name, (katakana,), bearers)


def entry(name: str, katakana: str, source: Source = Source.ENAMDICT, kind: str = "person", **more: object) -> Witness:
    return Witness(source, kind, name, tuple(katakana.split("・")), **more)


def chosen(*witnesses: Witness, ranked: Sequence[str] = ()) -> Chosen:
    return choose(witnesses, lambda names: dict.fromkeys(names, ranked))


def test_bearers_are_not_counted_twice_by_their_hints(tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("anna\tアンナ\t2\nanna\tアンナ\t2\tde\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="without the fourth column"):
        sources.bearers(tmp_path / "pairs.tsv")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "enamdict").write_bytes(ENAMDICT.encode("euc_jp"))
    (tmp_path / "edict").write_bytes(EDICT.encode("euc_jp"))
    (tmp_path / "cities500.json").write_text(json.dumps(CITIES), encoding="utf-8")
    (tmp_path / "sys.dic").write_bytes(UNIDIC)
    (tmp_path / "wd.tsv").write_text("albert\tアルバート\t9\nmilan\tミラン\t40\nbanana\tヤヤ\t1\n", encoding="utf-8")
    for language, name in (("en", "Chile"), ("ja", "チリ")):
        content = {"main": {language: {"localeDisplayNames": {"territories": {"CL": name, "001": "世界"}}}}}
        (tmp_path / f"{language}.json").write_text(json.dumps(content), encoding="utf-8")
    return {path.name: path for path in tmp_path.iterdir()}


# --- sources ---


def test_what_the_sources_say(files: dict[str, Path]) -> None:
    said = {
        (witness.kind, witness.name, witness.katakana)
        for witness in (
            *sources.enamdict(files["enamdict"]),
            *sources.edict(files["edict"]),
            *sources.geonames(files["cities500.json"]),
            *sources.unidic(files["sys.dic"]),
            *sources.cldr(files["en.json"], files["ja.json"]),
        )
    }
    assert said >= {
        ("person", "albert", ("アルバート",)),
        ("person", "albert einstein", ("アルベルト", "アインシュタイン")),
        ("person", "kim jong-un", ("キム", "ジョン", "ウン")),
        ("place", "milan", ("ミラノ",)),
        ("place", "new york", ("ニューヨーク",)),
        ("place", "nīce", ("ニース",)),
        ("place", "tokyo", ("トウキョウ",)),
        ("place", "sakai", ("サカイ",)),
        ("place", "chile", ("チリ",)),
        ("word", "coffee", ("コーヒー",)),
    }
    names = {name for _, name, _ in said}
    assert not names & {"onion", "nikolaus harnoncourt", "wo"}, "another word, other consonants, no noun"


def test_a_file_of_another_kind_is_refused(files: dict[str, Path], tmp_path: Path) -> None:
    arguments = ["known-names", str(tmp_path), "--bearers", str(files["wd.tsv"])]
    assert main([*arguments, "--enamdict", str(files["wd.tsv"])]) == 1
    assert main([*arguments, "--geonames", str(files["wd.tsv"])]) == 1
    assert main([*arguments, "--geonames", str(files["en.json"])]) == 1
    assert main([*arguments, "--cldr", str(files["ja.json"]), str(files["ja.json"])]) == 1


def test_malformed_lines_are_reported(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    (files["wd.tsv"].parent / "tagged.tsv").write_text("charles\n", encoding="utf-8")
    arguments = ["known-names", "nowhere", "--bearers", str(files["wd.tsv"])]
    assert main([*arguments, "--tagged", str(files["wd.tsv"].parent / "tagged.tsv"), "--strict"]) == 1
    assert "tagged.tsv:1: 1 columns" in capsys.readouterr().err


# --- who is believed ---


def test_bearers_come_first() -> None:
    found = chosen(pair("albert", "アルバート", 9), entry("albert", "アルベルト"))
    assert found.parts == {"albert": KnownName("アルバート", 100)}
    assert [reason for _, reason in found.dropped] == ["another Katakana is better"]


@pytest.mark.parametrize(
    ("witnesses", "ranked", "katakana"),
    [
        ([pair("camus", "カミュ", 1)], [], None),
        ([pair("camus", "カミュ", 1)], ["カムス", "カミュ"], "カミュ"),
        ([pair("camus", "カミュ", 1), entry("camus", "カミユー")], [], "カミュ"),
        ([pair("camus", "カミュ", 2)], [], "カミュ"),
        ([pair("federer", "ヴァヴリネック", 1)], ["ヴァヴリネック"], None),
        ([pair("federer", "ヴァヴリネック", 2)], [], None),
        ([pair("joseph", "ヨセフ", 30)], [], "ヨセフ"),
    ],
)
def test_one_bearer_needs_a_second_witness_and_consonants_match(
    witnesses: list[Witness], ranked: list[str], katakana: str | None
) -> None:
    found = chosen(*witnesses, ranked=ranked)
    assert [known.katakana for known in found.parts.values()] == ([katakana] if katakana else [])
    assert (not katakana) == ("no second witness" in {reason for _, reason in found.dropped})


def test_a_japanese_reading_wins_over_few_bearers() -> None:
    japanese = entry("kato", "カトウ", weight=30, is_japanese=True)
    assert chosen(pair("kato", "カト", 2), japanese).parts["kato"].katakana == "カトウ"
    assert chosen(pair("kato", "カト", 9), japanese).parts["kato"].katakana == "カト"


def test_people_before_places_before_words_and_the_other_way_round() -> None:
    city = entry("milan", "ミラノ", Source.GEONAMES, "place", weight=10**6)
    word = entry("milan", "ミラーン", Source.EDICT, "word")
    found = chosen(pair("milan", "ミラン", 40), city, word)
    assert (found.parts["milan"].katakana, found.places["milan"].katakana) == ("ミラン", "ミラノ")
    assert found.words["milan"].katakana == "ミラーン"
    assert chosen(city, word).parts["milan"].katakana == "ミラノ"
    village = entry("milan", "ミラノ", Source.GEONAMES, "place", weight=10)
    assert chosen(village).parts == {}
    assert chosen(village).places["milan"].katakana == "ミラノ"


def test_certain_is_only_what_bearers_or_sources_agree_on() -> None:
    both = chosen(pair("anna", "アンナ", 1), entry("anna", "アンナ")).parts["anna"]
    alone = chosen(entry("anna", "アンナ")).parts["anna"]
    few, many = (chosen(pair("anna", "アンナ", count)).parts["anna"] for count in (2, 6))
    assert (both.percent, many.percent) == (100, 100)
    assert max(alone.percent, few.percent) < 100


def test_what_rules_read_is_no_known_name() -> None:
    found = chosen(pair("w", "ウィリアム", 9), pair("jr", "ジュニア", 9))
    assert not found.parts
    assert {reason for _, reason in found.dropped} == {"read by rule"}


def test_whole_names_say_what_their_parts_do_not() -> None:
    parts = pair("albert", "アルバート", 99), pair("einstein", "アインシュタイン", 9), pair("camus", "カミュ", 9)
    unseparated = entry("albert einstein", "アルベルト・アインスタイン")
    assert chosen(*parts, unseparated).whole_names["albert einstein"].katakana == "アルベルト・アインスタイン"
    separated = entry("albert einstein", "アルベルト・アインシュタイン", is_separated=True)
    assert (
        chosen(*parts, unseparated, separated).whole_names["albert einstein"].katakana == "アルベルト・アインシュタイン"
    )
    same = entry("albert camus", "アルバート・カミュ")
    assert chosen(*parts, same).whole_names == {}
    # Another spelling of the same sounds is spelled as bearers are; a cut is mended where a part is known.
    galileo = pair("galileo", "ガリレオ", 9), pair("galilei", "ガリレイ", 9), pair("maria", "マリア", 9)
    odd = entry("galileo galilei", "ガリレ・オガリレー"), entry("maria galilei", "マリヤー・ガリレイ")
    assert chosen(*galileo, *odd).whole_names == {}


@pytest.mark.parametrize(
    ("gloss", "katakana", "whole"),
    [
        ("Robert E. Lee", "ロバートイリー", "ロバート・イー・リー"),
        ("Cardoso e Cunha", "カルドソイクーニャ", "カルドソ・イ・クーニャ"),
    ],
)
def test_an_initial_of_a_whole_name_is_spelled_as_its_letter_and_a_small_word_is_not(
    gloss: str, katakana: str, whole: str
) -> None:
    parts = [
        pair("robert", "ロバート", 9),
        pair("lee", "リー", 9),
        pair("cardoso", "カルドソ", 9),
        pair("cunha", "クーニャ", 9),
    ]
    said = sources.witnesses_of(Source.ENAMDICT, "person", gloss, katakana, least=0.5, is_person=True)
    assert [known.katakana for known in chosen(*parts, *said).whole_names.values()] == [whole]


def test_loose_spellings_are_one() -> None:
    assert loose("ヴィットーリオ") == loose("ビトリオ")
    assert loose("ヴィットーリオ") != loose("マリオ")


# --- the folder ---


def test_a_table_is_written_whole_and_again(
    tiny_folder: Path, tmp_path: Path, files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "tiny"
    shutil.copytree(tiny_folder, folder)
    options = ["--bearers", "wd.tsv", "--enamdict", "enamdict", "--edict", "edict", "--geonames", "cities500.json"]
    options += ["--unidic", "sys.dic", "--cldr", "en.json", "ja.json"]
    paths = [str(files.get(option, option)) for option in options]
    for _ in range(2):
        assert main(["known-names", str(folder), *paths]) == 0
        with Transliterator(folder) as transliterator:
            assert transliterator("Albert Einstein") == "アルベルト・アインシュタイン"
            assert transliterator.transliterate(["Albert", "New York", "coffee"]) == [
                "アルバート",
                "ニューヨーク",
                "コーヒー",
            ]
        with Transliterator(folder, kind="place") as transliterator:
            assert transliterator("Milan") == "ミラノ"
    model = load_model(folder)
    assert model.manifest.known_names is not None
    assert {source["name"] for source in model.manifest.known_names["sources"]} == {
        source.key for source in Source if source is not Source.UNIDIC
    }
    assert model.card.count("## Known names") == 1
    assert "models/tiny" in model.card
    assert str(tmp_path) not in model.card
    dropped = gzip.decompress((folder / DROPPED).read_bytes()).decode().splitlines()
    assert "banana\tヤヤ\tbearers\tno second witness" in dropped
    assert "parts of names and" in capsys.readouterr().err


def test_a_model_of_whole_names_is_refused(
    tmp_path: Path, files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(Path(__file__).parents[3] / "models" / "seed", tmp_path / "seed")
    assert main(["known-names", str(tmp_path / "seed"), "--bearers", str(files["wd.tsv"])]) == 1
    assert "reads whole names" in capsys.readouterr().err


# --- of languages ---


def test_under_a_hint_a_name_is_what_people_of_that_language_write() -> None:
    french, english = language_tag("fr"), language_tag("en")
    parts = {"charles": KnownName("チャールズ", 100), "michel": KnownName("ミシェル", 100)}
    pairs = [
        Pair(french + "charles", "シャルル"),
        Pair(french + "charles", "シャル"),
        Pair(french + "charles", "フランソワ"),
        Pair(english + "charles", "チャールズ"),
        Pair(english + "charles", "チャールス"),
        Pair(french + "michel", "ミッシェル"),
        Pair(french + "marie", "マリー"),
        Pair(KIND_TAGS["place"] + "charles", "シャルルヴィル"),
        Pair(KIND_TAGS["place"] + french + "michel", "ミヒェル"),
    ]
    witnesses = [pair("charles", "シャル", 2), entry("charles", "シャルル"), *[entry("charles", "シャルル")] * 2]
    found = of_languages(parts, pairs, witnesses)
    assert found == {french + "charles": KnownName("シャルル", PERCENT)}


def test_a_table_has_them_under_the_tag(files: dict[str, Path], tiny_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_folder, folder)
    (tmp_path / "tagged.tsv").write_text("albert\tアルベール\t0.25\tfr\n", encoding="utf-8")
    arguments = [
        "known-names",
        str(folder),
        "--bearers",
        str(files["wd.tsv"]),
        "--tagged",
        str(tmp_path / "tagged.tsv"),
    ]
    assert main(arguments) == 0
    known = load_model(folder).known_names
    assert known is not None
    (usual, french) = known.parts(["albert", language_tag("fr") + "albert"])
    assert usual is not None
    assert french is not None
    assert (usual.katakana, french.katakana) == ("アルバート", "アルベール")
