import hashlib
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.names.languages import KIND_TAGS, language_tag, untagged
from hayakana_training.data.held_out import exclude, name_hash, read_hashes, split_development
from hayakana_training.data.pairs import Pair, read_pairs


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Peter", "peter"),
        ("José", "jose"),
        ("Łódź", "lodz"),
        ("Strauß", "strauss"),
        ("O’Brien", "o'brien"),
        ("Þór", "thor"),
        ("Œuf", "oeuf"),
        ("A–B", "a-b"),
    ],
)
def test_the_hash_is_of_the_folded_name(name: str, folded: str) -> None:
    assert name_hash(name) == hashlib.sha256(folded.encode()).hexdigest()[:16]


def test_excluded_names_are_left_out_however_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "hashes").write_text(f"{name_hash('jose')}\n{name_hash('luc')}\n", encoding="utf-8")
    (tmp_path / "pairs.tsv").write_text("José\tホセ\nJean-Luc\tジャン＝リュック\n", encoding="utf-8")
    hashes = read_hashes(tmp_path / "hashes")
    pairs, _ = read_pairs(tmp_path / "pairs.tsv")
    assert exclude(pairs, hashes) == [Pair("jean", "ジャン")]


TAGS = ["", KIND_TAGS["place"], language_tag("fr"), KIND_TAGS["word"] + language_tag("de")]


@given(st.text(), st.sampled_from(TAGS))
def test_a_hash_is_that_of_the_name_without_its_tags(name: str, tags: str) -> None:
    assert name_hash(tags + name) == name_hash(name)


def test_no_excluded_name_gets_in_by_its_hints(tmp_path: Path) -> None:
    lines = ["José\tホセ\t1\tes", "josé\tホセ\t1\tplace ES", "jose\tホセ\t1\tword", "luc\tリュック\t1\tfr"]
    (tmp_path / "pairs.tsv").write_text("\n".join(lines), encoding="utf-8")
    pairs, problems = read_pairs(tmp_path / "pairs.tsv")
    assert (len(pairs), problems) == (4, [])
    assert exclude(pairs, frozenset([name_hash("jose")])) == [Pair(language_tag("fr") + "luc", "リュック")]


def test_the_development_split_is_by_name_whatever_its_hints() -> None:
    pairs = [Pair(tags + f"name{index}", "ア") for index in range(500) for tags in TAGS]
    sets = [{untagged(pair.name) for pair in part} for part in split_development(pairs)]
    assert all(sets)
    assert sets[0].isdisjoint(sets[1])


def test_the_development_split_is_by_name() -> None:
    pairs = [Pair(f"name{index}", "ア") for index in range(2_000)] * 2
    train, development = split_development(pairs)
    assert len(train) + len(development) == 4_000
    assert 120 < len(development) < 300
    assert not {pair.name for pair in train} & {pair.name for pair in development}
    shuffled = random.Random(1).sample(pairs, len(pairs))
    assert {pair.name for pair in split_development(shuffled)[1]} == {pair.name for pair in development}
