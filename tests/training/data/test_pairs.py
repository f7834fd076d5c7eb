import hashlib
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID
from hayakana.names.normalization import normalize
from hayakana.names.parsing import NameParser
from hayakana_training.data.pairs import (
    Pair,
    TrainingSet,
    build_vocabularies,
    compose_names,
    exclude,
    fit_to_model,
    name_hash,
    read_hashes,
    read_pairs,
    split_development,
)
from hayakana_training.model.config import Config

PAIRS = [Pair("peter", "ピーター", 9), Pair("jean", "ジャン", 4), Pair("luc", "リュック"), Pair("luc", "ルック")]


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
        ("a\tア\t1\tx", "4 columns"),
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
    hashes = read_hashes(write(tmp_path / "hashes", f"{name_hash('jose')}\n{name_hash('luc')}\n"))
    pairs, _ = read_pairs(write(tmp_path / "pairs.tsv", "José\tホセ\nJean-Luc\tジャン＝リュック\n"))
    assert exclude(pairs, hashes) == [Pair("jean", "ジャン")]


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


def test_the_development_split_is_by_name() -> None:
    pairs = [Pair(f"name{index}", "ア") for index in range(2_000)] * 2
    train, development = split_development(pairs)
    assert len(train) + len(development) == 4_000
    assert 120 < len(development) < 300
    assert not {pair.name for pair in train} & {pair.name for pair in development}
    shuffled = random.Random(1).sample(pairs, len(pairs))  # noqa: S311
    assert {pair.name for pair in split_development(shuffled)[1]} == {pair.name for pair in development}


def test_rare_characters_are_folded_or_left_out(tiny_config: Config) -> None:
    pairs = [Pair("eo", "エオ")] * 3 + [Pair("é", "エ"), Pair("ж", "エ"), Pair("e", "ヱ"), Pair("e" * 25, "エ")]
    source, target = build_vocabularies(pairs, minimum_count=2)
    assert source.characters == ("e", "o")
    kept, dropped = fit_to_model(pairs, source, target, tiny_config)
    assert kept == [*pairs[:3], Pair("e", "エ")]
    assert sum(dropped.values()) == 3
    assert set(dropped) == {
        "source characters outside the vocabulary",
        "target characters outside the vocabulary",
        "longer than the limits",
    }


def test_several_readings_are_kept() -> None:
    source, target = build_vocabularies(PAIRS, minimum_count=1)
    training_set = TrainingSet(PAIRS, source, target, count_power=0)
    assert len(training_set) == 4


@given(
    st.lists(st.tuples(st.text("abc", min_size=1, max_size=5), st.text("アイウ", min_size=1, max_size=4)), min_size=1),
    st.integers(1, 4),
    st.integers(0, 3),
)
def test_batches_hold_every_pair_once_and_no_source_padding(
    pairs: list[tuple[str, str]], batch_size: int, epoch: int
) -> None:
    given_pairs = [Pair(name, katakana, 4) for name, katakana in pairs]
    source, target = build_vocabularies(given_pairs, minimum_count=1)
    training_set = TrainingSet(given_pairs, source, target, count_power=0.5)
    batches = list(training_set.batches(batch_size=batch_size, seed=1, epoch=epoch))
    assert len(batches) == training_set.steps(batch_size=batch_size)
    seen = []
    for batch in batches:
        assert (batch.source_ids != PAD_ID).all()
        assert (batch.previous_ids[:, 0] == BOS_ID).all()
        assert np.array_equal(batch.weights, np.where(batch.target_ids != PAD_ID, 2, 0))
        for source_row, previous, ids in zip(batch.source_ids, batch.previous_ids, batch.target_ids, strict=True):
            length = int((ids != PAD_ID).sum())
            assert ids[length - 1] == EOS_ID
            assert previous[1:length].tolist() == ids[: length - 1].tolist()
            name = "".join(source.tokens[index] for index in source_row)
            seen.append((name, "".join(target.tokens[index] for index in ids[: length - 1])))
    assert sorted(seen) == sorted(pairs)


def test_the_order_of_an_epoch_is_the_seed_and_the_epoch() -> None:
    pairs = [Pair(f"{a}{b}", "ア") for a in "abcdefgh" for b in "abcdefgh"]
    source, target = build_vocabularies(pairs, minimum_count=1)
    training_set = TrainingSet(pairs, source, target, count_power=0)

    def order(seed: int, epoch: int) -> list[list[int]]:
        batches = training_set.batches(batch_size=4, seed=seed, epoch=epoch)
        return [row.tolist() for batch in batches for row in batch.source_ids]

    assert order(1, 0) == order(1, 0)
    assert order(1, 0) != order(1, 1)
    assert order(1, 0) != order(2, 0)


@pytest.mark.parametrize("name", ["José", "JOSE\u0301", "O’Brien", "Ｐｅｔｅｒ", "ﬁ"])
def test_training_and_runtime_read_a_name_alike(tmp_path: Path, name: str) -> None:
    """The classic skew: were they to differ, the model would meet letters at work that it never saw in training."""
    pairs, _ = read_pairs(write(tmp_path / "pairs.tsv", f"{name}\tア\n"))
    source, _ = build_vocabularies(pairs, minimum_count=1)
    (part,) = NameParser(frozenset(source.characters), limit=20, whole_names=False).parse(name).parts
    assert part.unit == pairs[0].name == normalize(name)
