import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.names.language_codes import LANGUAGES
from hayakana.names.languages import KIND_TAGS, language_tag
from hayakana_training.data.held_out import exclude, name_hash
from hayakana_training.data.pairs import Pair, compose_names, read_pairs, without_hints, write_pairs


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_pairs_are_read_in_all_their_forms(tmp_path: Path) -> None:
    text = "Peter\tピ ー タ ー\t762\nluc\tリュック\nluc\tルック\t2\r\nJean-Luc\tジャン＝リュック\t3\nJosé\tホセ"
    pairs, problems = read_pairs(write(tmp_path / "pairs.tsv", text))
    assert problems == []
    assert pairs == [
        Pair("peter", "ピーター", 762),
        Pair("luc", "リュック", 1),
        Pair("luc", "ルック", 2),
        Pair("jean", "ジャン", 3),
        Pair("luc", "リュック", 3),
        Pair("josé", "ホセ", 1),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("peter", "1 columns"),
        ("", "1 columns"),
        ("a\tア\t1\tfr\tx", "5 columns"),
        ("a\tア\t1\tFrench", "'French' is not a code"),
        ("a\tア\t1\tplace word", "hints 'place word'"),
        ("a\tア\t1\tfr de", "hints 'fr de'"),
        ("a\ue005\tア\t1", "private use"),
        ("peter\tピーター\tmany", "count 'many'"),
        ("peter\tピーター\t0", "count '0'"),
        ("peter\tPeter\t1", "'Peter' is not Katakana"),
        ("peter\t\t1", "is not Katakana"),
        ("peter\tピータ8\t1", "is not Katakana"),
        (" . \tピーター\t1", "no name"),
        ("jean-luc\tジャンリュック\t1", "name of 2 parts, katakana of 1"),
        ("jeanluc\tジャン＝リュック\t1", "name of 1 parts, katakana of 2"),
        (b"\xff\tA\t1", "utf-8"),
    ],
)
def test_malformed_lines_are_named(tmp_path: Path, line: str | bytes, reason: str) -> None:
    encoded = line if isinstance(line, bytes) else line.encode()
    path = write(tmp_path / "pairs.tsv", b"luc\t" + "リュック\n".encode() + encoded + b"\njean\t" + "ジャン\n".encode())
    pairs, (problem,) = read_pairs(path)
    assert [pair.name for pair in pairs] == ["luc", "jean"]
    assert str(problem).startswith(f"{path}:2: ")
    assert reason in problem.reason


FRENCH, PLACE, WORD = language_tag("fr"), KIND_TAGS["place"], KIND_TAGS["word"]


def test_hints_are_tags_in_front_of_names(tmp_path: Path) -> None:
    text = "A\tア\t1\tfr\nB-C\tア＝イ\t2\tplace FR\nd\tア\t1\tfra place\ne\tア\t1\tword\n"
    without = "f\tア\t1\t\ng\tア\t1\tperson\nh\tア\t1\tCH\n"
    pairs, problems = read_pairs(write(tmp_path / "pairs.tsv", text + without))
    assert problems == []
    assert [pair.name for pair in pairs] == [
        FRENCH + "a",
        PLACE + FRENCH + "b",
        PLACE + FRENCH + "c",
        PLACE + FRENCH + "d",
        WORD + "e",
        "f",
        "g",
        "h",
    ]
    assert [pair.name for pair in without_hints(pairs)] == list("abcdefgh")


KINDS, LANGUAGE_TAGS = ["", PLACE, WORD], ["", *map(language_tag, sorted(set(LANGUAGES.values())))]
TAGGED = st.builds("{}{}{}".format, *map(st.sampled_from, (KINDS, LANGUAGE_TAGS, ["a", "josé", "o'b"])))


@given(TAGGED, st.integers(1, 10**6).map(lambda count: count / 4))
def test_written_pairs_are_read_again(name: str, count: float) -> None:
    pairs = [Pair(name, "ア", count)]
    with tempfile.NamedTemporaryFile() as file:
        write_pairs(pairs, file)
        file.flush()
        assert read_pairs(Path(file.name)) == (pairs, [])


PAIRS = [Pair("peter", "ピーター", 9), Pair("jean", "ジャン", 4), Pair("luc", "リュック"), Pair("luc", "ルック")]


def test_composed_names_hold_no_excluded_part() -> None:
    kept = exclude(PAIRS, frozenset([name_hash("luc")]))
    composed = compose_names(kept, names=200, seed=1)
    assert len(composed) == 200
    assert not any("luc" in pair.name for pair in composed)


def test_composed_names_are_joined_alike_on_both_sides() -> None:
    composed = compose_names(PAIRS, names=500, seed=1)
    assert composed == compose_names(PAIRS, names=500, seed=1)
    assert composed != compose_names(PAIRS, names=500, seed=2)
    parsed_names = {(pair.name, pair.katakana) for pair in PAIRS}
    marks = str.maketrans("・＝", " -")
    assert any("-" in pair.name for pair in composed)
    for pair in composed:
        assert [c for c in pair.name if c in " -"] == [c for c in pair.katakana.translate(marks) if c in " -"]
        names = pair.name.replace("-", " ").split()
        katakana = pair.katakana.translate(marks).replace("-", " ").split()
        assert set(zip(names, katakana, strict=True)) <= parsed_names
