"""A user's own Katakana: how it is read, what it matches, and that it wins."""

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hayakana import Lexicon, LexiconError, Status, Transliterator
from hayakana.names.parts import canonical_name

ENTRIES = {"2pac": "ツーパック", "peter parker": "ピーター・B・パーカー"}


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("one.tsv", "2Pac\tツーパック\nPeter Parker\tピーター・B・パーカー\n"),
        ("bom.TSV", "\ufeff2Pac\tツーパック \r\n\r\n# a comment\t\r\n#\r\nPETER  Parker\tピーター・B・パーカー"),
        ("header.tsv", "# mine\nName\tKatakana\n2Pac\tツーパック\nPeter Parker\tピーター・B・パーカー\n"),
        ("one.csv", '2Pac,ツーパック\n"Peter, Parker",ピーター・B・パーカー\n# it\'s "odd, a comment\n'),
        (
            "header.csv",
            "name,katakana\n2Pac,ツーパック\nPeter Parker,ピーター・B・パーカー\npeter parker,ピーター・B・パーカー\n",
        ),
        ("one.json", json.dumps({"2Pac": "ツーパック", "Peter Parker": "ピーター・B・パーカー"})),
        ("bom.json", '\ufeff{"2Pac": "ツーパック",\n"Peter Parker": "ピーター・B・パーカー"}\n'),
    ],
)
def test_files(tmp_path: Path, name: str, text: str) -> None:
    path = written(tmp_path, name, text)
    assert Lexicon.read(path) == Lexicon.read(str(path)) == Lexicon.of(ENTRIES)


@pytest.mark.parametrize("name", ["none.tsv", "none.csv"])
def test_a_file_without_entries(tmp_path: Path, name: str) -> None:
    assert len(Lexicon.read(written(tmp_path, name, "# nothing\n\n"))) == 0
    assert Lexicon.read(written(tmp_path, "none.json", "{}")) == Lexicon()


def test_a_quotation_mark_in_tsv_is_a_character(tmp_path: Path) -> None:
    path = written(tmp_path, "quoted.tsv", 'William "Bill" Gates\t"ゲイツ"\n')
    assert Lexicon.read(path).entries == {"william bill gates": '"ゲイツ"'}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.tsv", "Anna\tアナ\nBob\n", r"line 2: 1 column in place of 2: put one tab"),
        ("a.tsv", "Anna\tアナ\n\n# c\nBob\tb\tc\n", r"line 4: 3 columns in place of 2"),
        ("a.csv", "Parker, Peter,ピーター\n", r"line 1: 3 columns .* quotation marks around a name that has a comma"),
        ("a.csv", 'Anna,アナ\n"Bob,ボブ\n', r"line 2: .*quotation marks"),
        ("a.csv", 'Anna,"ア\nナ"\n', r"line 1: .* cannot be printed, U\+000A: drop it"),
        ("a.tsv", "\tアナ\n", r"line 1: a name with nothing to read in it, ''"),
        ("a.tsv", "Anna\tアナ\n!!!\tアナ\n", r"line 2: a name with nothing to read in it, '!!!'"),
        ("a.tsv", "Anna\t \n", r"line 1: no Katakana for 'Anna'"),
        ("a.tsv", "Anna\tア\u200bナ\n", r"U\+200B"),
        ("a.tsv", "Anna\tア\ue000\n", r"U\+E000"),
        (
            "a.tsv",
            "Anna\tアナ\n\nANNA\tアンナ\n",
            r"line 3: 'ANNA' is アンナ here and アナ in line 1: drop one of them",
        ),
        ("a.tsv", b"Anna\tA\nBob\t\xff\n", r"line 2: not UTF-8"),
        ("a.json", b'{"Anna": "A",\n"B\xff": "B"}', r"line 2: not UTF-8"),
        ("a.json", '["Anna"]', r"line 1: no JSON object of strings: expected '\{' at character 1: write"),
        ("a.json", '{"Anna": "アナ",\n "Bob": 7}', r"line 2: .* a value that is no string at character 2"),
        ("a.json", '{"Anna": "アナ",\n "Bob" "x"}', r"line 2: .*':' at character 8"),
        ("a.json", '{"Anna": "アナ",\n "anna": "アンナ"}', r"line 2: 'anna' is アンナ here and アナ in line 1"),
        ("a.json", '{"Anna": "ア\\nナ"}', r"U\+000A"),
        ("a.json", '{"Anna": "\\ud800"}', r"U\+D800"),
        ("a.json", '{"Anna": ' + "[" * 100_000, r"nested too deeply|no JSON object of strings"),
        ("a.txt", "Anna\tアナ", r"by suffix: \.tsv, \.csv or \.json"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, name: str, text: str | bytes, message: str) -> None:
    path = written(tmp_path, name, text)
    with pytest.raises(LexiconError, match=message) as caught:
        Lexicon.read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert isinstance(caught.value, ValueError)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Lexicon.read(tmp_path / "none.tsv")


def test_entries_of_a_mapping() -> None:
    assert Lexicon.of({"２ＰＡＣ": "ツーパック", "Peter_Parker": "ピーター・B・パーカー"}).entries == ENTRIES
    with pytest.raises(LexiconError, match="entry 'ANNA': 'ANNA' is ア here and イ in entry 'Anna'"):
        Lexicon.of({"Anna": "イ", "ANNA": "ア"})
    with pytest.raises(TypeError, match="two strings, not int"):
        Lexicon.of({"Anna": 7})
    with pytest.raises(TypeError, match="positional argument"):
        Lexicon({"Anna": "ア"})


def test_of_two_lexicons_the_second_wins() -> None:
    first, second = Lexicon.of({"Anna": "ア", "Bob": "ボ"}), Lexicon.of({"ANNA": "アナ", "Eve": "イヴ"})
    assert (first | second).entries == {"anna": "アナ", "bob": "ボ", "eve": "イヴ"}
    assert (second | first).entries["anna"] == "ア"
    assert first | Lexicon() == Lexicon() | first == first
    with pytest.raises(TypeError):
        first | {"Anna": "ア"}
    assert repr(first) == "<Lexicon of 2 entries>"
    assert pickle.loads(pickle.dumps(first)) == first


TEXTS = st.text(st.sampled_from("aBéß'’ -.かナ山2Ж\u0301\u200b\n"), max_size=12)


@given(TEXTS)
def test_canonical_names_are_canonical(name: str) -> None:
    canonical = canonical_name(name)
    assert canonical_name(canonical.text).text == canonical.text
    assert len(canonical.separators) == max(0, len(canonical.parts) - 1)


LEXICON = {
    "2Pac": "ツーパック",
    "Mori": "モーリ",
    "Kató": "カトー",
    "Ľana": "リャナ",
    "Mori-Kato": "モリカト",
    "Peter Parker": "スパイダーマン",
    "山田": "ヤマダ",
    "Пётр": "ピョートル",
    "J": "ジャン",
    "IBM": "アイビー",
    "k" * 30: "クク",
}


@pytest.fixture(scope="module")
def listed(tiny_folder: Path) -> Transliterator:
    return Transliterator(tiny_folder, lexicon=Lexicon.of(LEXICON))


@pytest.mark.parametrize(
    ("name", "katakana", "status"),
    [
        ("2PAC", "ツーパック", Status.LEXICON),
        ("2Pac Mori", "ツーパック・モーリ", Status.LEXICON),
        ("2Pac Tanaka", "ツーパック・タナカ", Status.OK),
        ("mori", "モーリ", Status.LEXICON),
        ("Mori Tanaka", "モーリ・タナカ", Status.OK),
        ("Kato\u0301", "カトー", Status.LEXICON),
        ("Kato", "カト", Status.OK),
        ("Ľana", "リャナ", Status.LEXICON),
        ("MORI\u2010KATO", "モリカト", Status.LEXICON),
        ("Mori Kato", "モーリ・カト", Status.OK),
        ("(Peter)  parker.", "スパイダーマン", Status.LEXICON),
        ("山田", "ヤマダ", Status.LEXICON),
        ("山田 太郎", "ヤマダ・太郎", Status.LEXICON),
        ("太郎", "太郎", Status.KEPT),
        ("山田太郎", "山田太郎", Status.KEPT),
        ("Пётр Mori", "ピョートル・モーリ", Status.LEXICON),
        ("J. Mori", "ジャン・モーリ", Status.LEXICON),
        ("IBM", "アイビー", Status.LEXICON),
        ("k" * 30, "クク", Status.LEXICON),
        ("3Pac", None, Status.UNREADABLE),
    ],
)
def test_the_lexicon_wins(listed: Transliterator, name: str, katakana: str | None, status: Status) -> None:
    for count in (1, 20):
        results = listed.transliterate_detailed([name] * count)
        assert {(result.text, result.status) for result in results} == {(katakana, status)}
    if katakana is not None:
        assert listed(name) == katakana


def test_where_the_model_has_no_such_letter_the_plain_entry_is_taken(tiny_folder: Path) -> None:
    transliterator = Transliterator(tiny_folder, lexicon=Lexicon.of({"Lana": "ラーナ", "Lana Mori": "ラナモリ"}))
    names = ["Ľana", "Ľana Mori", "Lana"]
    assert transliterator.transliterate(names) == ["ラーナ", "ラナモリ", "ラーナ"]
    assert transliterator.transliterate(names * 10) == ["ラーナ", "ラナモリ", "ラーナ"] * 10


def test_a_model_of_whole_names_takes_whole_names() -> None:
    lexicon = Lexicon.of({"Peter": "ペテロ", "Jon Snow": "雪", "2Pac": "ツーパック"})
    with Transliterator("seed", lexicon=lexicon) as transliterator:
        results = transliterator.transliterate_detailed(["Peter", "JON  snow", "2Pac", "Peter Parker"] * 5)
    assert [(result.text, str(result.status)) for result in results[:4]] == [
        ("ペテロ", "lexicon"),
        ("雪", "lexicon"),
        ("ツーパック", "lexicon"),
        ("ピーター・パーカー", "ok"),
    ]
    assert results[4:8] == results[:4]


@pytest.mark.slow
def test_it_travels(tiny_folder: Path, tmp_path: Path) -> None:
    path = written(tmp_path, "mine.tsv", "Mori\tモーリ\n")
    transliterator = Transliterator(tiny_folder, lexicon=path)
    path.unlink()
    assert pickle.loads(pickle.dumps(transliterator))("Mori") == "モーリ"
    names = ["mori", "2Pac", "", "kato", "Mori Kato", "山田"] * 4
    with Transliterator(
        tiny_folder, lexicon=Lexicon.of({"Mori": "モーリ", "2Pac": "ツーパック"}), workers=2
    ) as workers:
        results = workers.transliterate_detailed(names)
    alone = Transliterator(tiny_folder, lexicon=Lexicon.of({"Mori": "モーリ", "2Pac": "ツーパック"}))
    expected = alone.transliterate_detailed(names)
    assert [(result.text, result.status) for result in results] == [(one.text, one.status) for one in expected]
    assert {result.status for result in results} == {Status.LEXICON, Status.EMPTY, Status.OK, Status.KEPT}


@pytest.mark.parametrize("lexicon", [{"Mori": "モーリ"}, 7, ["mine.tsv"]])
def test_a_lexicon_is_a_lexicon_or_a_path(tiny_folder: Path, lexicon: object) -> None:
    with pytest.raises(TypeError, match=r"a Lexicon or a path, not .* see Lexicon\.of"):
        Transliterator(tiny_folder, lexicon=lexicon)


def test_explain_shows_what_is_listed_as_one(listed: Transliterator) -> None:
    explained = listed.explain("2Pac Tanaka")
    assert explained.text == "ツーパック・タナカ"
    assert explained.pairs()[:2] == [("ツーパック", "2Pac"), ("・", " ")]
    assert explained.weights.sum(axis=1) == pytest.approx(1)
    assert "".join(letters for _, letters in explained.pairs()) == "2Pac Tanaka"
    assert listed.explain("peter parker").pairs() == [("スパイダーマン", "peter parker")]
    assert listed.explain("R. Tanaka").pairs()[0] == ("アール", "R")


PARTS = st.sampled_from(
    ["mori", "Kato", "KATÓ", "2Pac", "tanaka", "山田", "J", "y", "IBM", "II", "Jr.", "Пётр", "7", "Ľana"]
)
KANA = st.text("アイカナ・ー", min_size=1, max_size=4)
LISTS = st.lists(
    st.lists(PARTS, max_size=3).flatmap(lambda parts: st.sampled_from([" ", "-"]).map(lambda s: s.join(parts)))
)


@settings(max_examples=60)
@given(LISTS, st.dictionaries(LISTS.filter(bool).map(lambda names: names[0]).filter(str.strip), KANA, max_size=4))
def test_a_listed_name_is_what_the_lexicon_says_in_any_list(
    tiny_folder: Path, names: list[str], entries: dict[str, str]
) -> None:
    entries = {name: katakana for name, katakana in entries.items() if canonical_name(name).text}
    by_canonical = {canonical_name(name).text: katakana for name, katakana in entries.items()}
    lexicon = Lexicon()
    for name, katakana in entries.items():
        lexicon |= Lexicon.of({name: katakana})
    assert lexicon.entries == by_canonical
    names = [*names, *entries]
    with Transliterator(tiny_folder, lexicon=lexicon) as transliterator:
        one_by_one = [transliterator.transliterate_detailed([name])[0] for name in names]
        results = transliterator.transliterate_detailed(names * 3)
    assert [(result.text, result.status) for result in results] == [(one.text, one.status) for one in one_by_one] * 3
    for result in one_by_one:
        if (katakana := by_canonical.get(canonical_name(result.name).text)) is not None:
            assert (result.text, result.status) == (katakana, Status.LEXICON)
