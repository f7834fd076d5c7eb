from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID
from hayakana.names.languages import language_tag
from hayakana.names.normalization import normalize
from hayakana.names.parsing import NameParser
from hayakana_training.data.pairs import Pair, read_pairs
from hayakana_training.learning.batches import TrainingSet, build_vocabularies, fit_to_model
from hayakana_training.model.config import Config

PAIRS = [Pair("peter", "ピーター", 9), Pair("jean", "ジャン", 4), Pair("luc", "リュック"), Pair("luc", "ルック")]


def test_several_references_of_a_name_are_kept() -> None:
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


def test_rare_characters_are_folded_or_left_out(tiny_config: Config) -> None:
    tagged = Pair(language_tag("fr") + "e", "エ")
    pairs = [Pair("eo", "エオ")] * 3 + [Pair("é", "エ"), Pair("ж", "エ"), Pair("e", "ヱ"), Pair("e" * 25, "エ"), tagged]
    source, target = build_vocabularies(pairs, minimum_count=2)
    assert source.characters == ("e", "o")
    kept, dropped = fit_to_model(pairs, source, target, tiny_config)
    assert kept == [*pairs[:3], Pair("e", "エ")]
    assert sum(dropped.values()) == 4
    assert set(dropped) == {
        "hints outside the vocabulary",
        "source characters outside the vocabulary",
        "target characters outside the vocabulary",
        "longer than the limits",
    }


@pytest.mark.parametrize("name", ["José", "JOSE\u0301", "O’Brien", "Ｐｅｔｅｒ", "ﬁ"])
def test_training_and_runtime_read_a_name_alike(tmp_path: Path, name: str) -> None:
    """The classic skew: were they to differ, the model would meet letters at work that it never saw in training."""
    (tmp_path / "pairs.tsv").write_text(f"{name}\tア\n", encoding="utf-8")
    pairs, _ = read_pairs(tmp_path / "pairs.tsv")
    source, _ = build_vocabularies(pairs, minimum_count=1)
    (part,) = NameParser(frozenset(source.characters), limit=20, whole_names=False).parse(name).parts
    assert part.unit == pairs[0].name == normalize(name)
