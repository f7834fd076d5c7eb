from pathlib import Path

import numpy as np
import pytest

from hayakana.model.vocabulary import EOS_ID
from hayakana.names.languages import KIND_TAGS, language_tag
from hayakana_training.data.labels import KEPT_IDS, Labels, SoftTargets, read_labels
from hayakana_training.data.pairs import Pair
from hayakana_training.errors import TrainingError
from hayakana_training.model.runs import Run
from hayakana_training.teaching.untaught import CONFIDENCE, with_untaught

FRENCH, PLACE = language_tag("fr"), KIND_TAGS["place"]
LABELLED = [Pair("mori", "モリ", 4)]
TAGGED = [
    Pair(FRENCH + "kato", "カト", 2),
    Pair(PLACE + FRENCH + "n\u00e1ra", "ナラ", 0.5),
    Pair("osaka", "オサカ", 0.25),
    Pair(language_tag("ru") + "мори", "モリ"),
    Pair(PLACE + "mori", "モヰ"),
    Pair(PLACE + "m" * 99, "モリ"),
]


@pytest.fixture
def labels(tiny_run: Run) -> Labels:
    shape = (3, KEPT_IDS)
    soft = SoftTargets.of(np.ones(shape, np.uint16), np.full(shape, 0.1, np.float16), LABELLED)
    return Labels(LABELLED, soft, tiny_run.source_vocabulary, tiny_run.target_vocabulary, {"teachers": []})


def test_tagged_pairs_are_learned_from_their_references(labels: Labels, tiny_run: Run, tmp_path: Path) -> None:
    joined, left_out = with_untaught(labels, TAGGED, tiny_run.config)
    assert sum(left_out.values()) == 3
    assert joined.pairs == [*LABELLED, TAGGED[0], Pair(PLACE + FRENCH + "nara", "ナラ", 0.5), TAGGED[2]]
    # The tag of Russian has no pair left, so the model has none to learn it from.
    assert set(joined.source_vocabulary.characters) - set(labels.source_vocabulary.characters) == {FRENCH, PLACE}
    assert joined.target_vocabulary == labels.target_vocabulary
    assert (joined.soft.ids[:3] == labels.soft.ids).all()
    for place, pair in enumerate(joined.pairs[1:], start=1):
        rows = joined.soft.rows(place)
        ids = [*(labels.target_vocabulary.ids[kana] for kana in pair.katakana), EOS_ID]
        assert joined.soft.ids[rows, 0].tolist() == ids
        assert joined.soft.probabilities[rows].astype(float).sum(axis=1) == pytest.approx(CONFIDENCE, abs=1e-3)
        assert not joined.soft.probabilities[rows, 1:].any()
    joined.write(tmp_path / "labels.npz")
    again = read_labels(tmp_path / "labels.npz")
    assert (again.pairs, again.source_vocabulary) == (joined.pairs, joined.source_vocabulary)


def test_nothing_that_can_be_held_is_an_error(labels: Labels, tiny_run: Run) -> None:
    with pytest.raises(TrainingError, match="none of the tagged pairs"):
        with_untaught(labels, TAGGED[3:], tiny_run.config)
