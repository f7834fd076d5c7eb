"""Minimum risk: a model learns which of its own candidates are nearest to the readings of a name.

Shen et al., "Minimum Risk Training for Neural Machine Translation" (ACL 2016), section 3: the risk of a name is the sum
over candidates c of Q(c) · Δ(c), where Q is the model's probability of c, renormalised over the candidates, and Δ what
c costs: here the edits to the nearest reading. The candidates are the best of a beam search by the model that training
starts from, rather than samples, and stay what they were. Some cross-entropy with a reading is added, without which the
model loses what no candidate shows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from hayakana.batching import length_buckets
from hayakana.beam import beam_search
from hayakana.vocabulary import PAD_ID, Vocabulary
from hayakana_training.config import Config
from hayakana_training.data import shuffled_buckets, teacher_forcing
from hayakana_training.graphs import TensorFlowDecoderStep, TensorFlowEncoder, build_graphs
from hayakana_training.model import TransliterationModel
from hayakana_training.pairs import Pair
from hayakana_training.runs import Run

CANDIDATES = 8
"""Of a name, at most; and the size of the beam that finds them."""
CROSS_ENTROPY_SHARE = 0.2
"""Weight of the cross-entropy, in nats a name, beside the risk, in edits a name."""

SEARCH_BATCH_SIZE = 512


def best_candidates(run: Run, names: Sequence[str]) -> dict[str, list[str]]:
    """Return the most probable Katakana of each of ``names``, which ``run`` can hold, the best first."""
    graphs = build_graphs(run.model)
    encoder, step = TensorFlowEncoder(graphs), TensorFlowDecoderStep(graphs)
    target = run.target_vocabulary
    found = {}
    for rows in length_buckets([len(name) for name in names], batch_size=SEARCH_BATCH_SIZE):
        batch = [names[row] for row in rows]
        hypotheses = beam_search(
            encoder,
            step,
            run.source_vocabulary.encode(batch),
            max_length=run.config.target_limit,
            beam_size=CANDIDATES,
            count=CANDIDATES,
        )
        for name, of_name in zip(batch, hypotheses, strict=True):
            texts = ([target.tokens[token] for token in one.target_ids] for one in of_name)
            # A special token is no Katakana.
            found[name] = ["".join(text) for text in texts if target.ids.keys() >= set(text)]
    return found


class MinimumRisk:
    """An ``Objective``: the expected edits of ``candidates``, and a share of cross-entropy with the most usual reading.

    ``pairs`` fit the vocabularies, ``candidates`` has those of each of their names. A name with fewer than two, among
    which there is nothing to choose, is left out. ``Config.batch_size`` counts names: each has ``CANDIDATES`` rows and
    one for its reading.
    """

    def __init__(
        self,
        pairs: Iterable[Pair],
        candidates: Mapping[str, Sequence[str]],
        source: Vocabulary,
        target: Vocabulary,
        config: Config,
    ) -> None:
        readings: dict[str, list[Pair]] = {}
        for pair in pairs:
            if len(candidates[pair.name]) > 1:
                readings.setdefault(pair.name, []).append(pair)
        self._config = config
        self._sources = [np.array([source.ids[c] for c in name], np.int32) for name in readings]
        self._weights = np.array(
            [sum(pair.count for pair in of_name) ** config.count_power for of_name in readings.values()], np.float32
        )
        self._edits = np.full((len(readings), CANDIDATES), np.inf, np.float32)
        self._targets: list[list[NDArray[np.int32]]] = []
        for row, (name, of_name) in enumerate(readings.items()):
            texts = candidates[name]
            self._edits[row, : len(texts)] = [
                min(Levenshtein.distance(text, pair.katakana) for pair in of_name) for text in texts
            ]
            most_usual = max(of_name, key=lambda pair: pair.count).katakana
            texts = [*texts, *[""] * (CANDIDATES - len(texts)), most_usual]
            self._targets.append([np.array([target.ids[c] for c in text], np.int32) for text in texts])
        self._cross_entropy = keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=config.label_smoothing, reduction="none"
        )
        self._lengths = list(map(len, self._sources))
        self.steps = sum(1 for _ in length_buckets(self._lengths, batch_size=config.batch_size))
        ids, texts_ids = tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((None, None, None), tf.int32)
        edits, weights = tf.TensorSpec((None, None), tf.float32), tf.TensorSpec((None,), tf.float32)
        self.signature = [ids, texts_ids, texts_ids, edits, weights]

    def __len__(self) -> int:
        return len(self._sources)

    def describe(self) -> dict[str, Any]:
        """Return what ``data.json`` says of it."""
        return {"names": len(self), "candidates": CANDIDATES, "cross_entropy_share": CROSS_ENTROPY_SHARE}

    def batches(self, epoch: int) -> Iterator[tuple[NDArray[np.generic], ...]]:
        """Yield every name once.

        A batch is source ids, ``(batch, source_length)``; previous and target ids of the candidates and, in the last
        place, of the reading, ``(batch, CANDIDATES + 1, target_length)``, int32 all; the candidates' edits, ``(batch,
        CANDIDATES)``, inf where there is none, and the names' weights, ``(batch,)``, float32.
        """
        config = self._config
        for rows in shuffled_buckets(self._lengths, batch_size=config.batch_size, seed=[config.seed, epoch]):
            previous_ids, target_ids = teacher_forcing([text for row in rows for text in self._targets[row]])
            shape = (len(rows), CANDIDATES + 1, -1)
            yield (
                np.stack([self._sources[row] for row in rows]),
                previous_ids.reshape(shape),
                target_ids.reshape(shape),
                self._edits[rows],
                self._weights[rows],
            )

    def loss(self, model: TransliterationModel, *arrays: tf.Tensor) -> tf.Tensor:
        """Return the mean over the names of a batch, by their weights, of risk and cross-entropy."""
        source_ids, previous_ids, target_ids, edits, weights = arrays
        names, texts, length = tf.unstack(tf.shape(target_ids))
        # A name is encoded once for all of its texts.
        encoded = [tf.repeat(tensor, texts, axis=0) for tensor in model.encode(source_ids, training=True)]
        logits = model.decode(encoded, tf.reshape(previous_ids, (-1, length)), training=True)
        logits = tf.reshape(logits, (names, texts, length, logits.shape[-1]))
        is_text = tf.cast(target_ids != PAD_ID, tf.float32)
        negative = tf.nn.sparse_softmax_cross_entropy_with_logits(target_ids, logits)
        log_probabilities = -tf.reduce_sum(negative * is_text, axis=2)[:, :-1]
        is_candidate = tf.math.is_finite(edits)
        shares = tf.nn.softmax(tf.where(is_candidate, log_probabilities, tf.float32.min))
        risk = tf.reduce_sum(shares * tf.where(is_candidate, edits, 0), axis=1)
        of_reading = self._cross_entropy(tf.one_hot(target_ids[:, -1], logits.shape[-1]), logits[:, -1])
        cross_entropy = tf.reduce_sum(of_reading * is_text[:, -1], axis=1)
        losses = risk + CROSS_ENTROPY_SHARE * cross_entropy
        return tf.reduce_sum(losses * weights) / tf.reduce_sum(weights)
