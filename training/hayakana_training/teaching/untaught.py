"""Pairs that teachers know nothing of join what they labelled: those with hints, above all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hayakana.model.vocabulary import EOS_ID, SOURCE_SPECIALS, Vocabulary
from hayakana.names.languages import tags_before
from hayakana_training.data.labels import KEPT_IDS, Labels, SoftTargets
from hayakana_training.data.pairs import Pair
from hayakana_training.errors import TrainingError
from hayakana_training.learning.batches import fit_to_model
from hayakana_training.model.config import Config

CONFIDENCE = 0.97
"""The share of a reference's character in the distribution to learn; the remainder is spread, since some are wrong."""


def with_untaught(labels: Labels, pairs: Sequence[Pair], config: Config) -> tuple[Labels, Counter[str]]:
    """Return ``labels`` with ``pairs`` behind them, to be learned from their references alone.

    The source vocabulary gets the tags of ``pairs``; their other characters must be in it, or fold into it. What a
    model of ``config`` cannot hold is left out, and counted by reason.

    Raises:
        TrainingError: none of the pairs can be held.
    """
    source, target = labels.source_vocabulary, labels.target_vocabulary
    kept, left_out = fit_to_model(pairs, _with_tags(source, pairs), target, config)
    if not kept:
        raise TrainingError("the teachers' vocabularies hold none of the tagged pairs: give pairs like theirs")
    rows = [identifier for pair in kept for identifier in (*(target.ids[kana] for kana in pair.katakana), EOS_ID)]
    ids = np.zeros((len(rows), KEPT_IDS), np.uint16)
    probabilities = np.zeros((len(rows), KEPT_IDS), np.float16)
    ids[:, 0], probabilities[:, 0] = rows, CONFIDENCE
    everything = labels.pairs + kept
    soft = SoftTargets.of(
        np.concatenate([labels.soft.ids, ids]), np.concatenate([labels.soft.probabilities, probabilities]), everything
    )
    return replace(labels, pairs=everything, soft=soft, source_vocabulary=_with_tags(source, kept)), left_out


def _with_tags(vocabulary: Vocabulary, pairs: Sequence[Pair]) -> Vocabulary:
    """Return ``vocabulary`` with all tags that stand in front of the names of ``pairs``."""
    tags = {tag for pair in pairs for tag in tags_before(pair.name)}
    return Vocabulary.of([*vocabulary.characters, *tags], specials=SOURCE_SPECIALS)
