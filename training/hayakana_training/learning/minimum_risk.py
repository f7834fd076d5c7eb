"""Minimum risk: a model learns which of its own candidates are nearest to the references of a name.

Shen et al., "Minimum Risk Training for Neural Machine Translation" (ACL 2016), section 3: the risk of a name is the sum
over candidates c of Q(c) · Δ(c). Q is the model's probability of c, renormalised over the candidates. Δ is what c
costs: here the edits to the nearest reference. The candidates are no samples: they are the best of a beam search by the
model that training starts from, and do not change. Some cross-entropy with a reference is added; without it the model
loses what no candidate shows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from hayakana.decoding.states import length_buckets
from hayakana.model.vocabulary import PAD_ID, Vocabulary
from hayakana_training.data.pairs import Pair
from hayakana_training.learning.batches import shuffled_buckets, teacher_forcing
from hayakana_training.learning.objective import LENGTH, ROWS, ArraySpec
from hayakana_training.model.config import Config
from hayakana_training.model.network import TransliterationModel

CANDIDATES = 8
"""Of a name, at most; and the size of the beam that finds them."""
CROSS_ENTROPY_SHARE = 0.2
"""Weight of the cross-entropy, in nats a name, beside the risk, in edits a name."""


class MinimumRisk:
    """An ``Objective``: the expected edits of ``candidates``, and a share of cross-entropy with the usual reference.

    ``pairs`` fit the vocabularies, and ``candidates`` has an entry for each of their names. A name with fewer than two
    candidates offers no choice and is left out. ``Config.batch_size`` counts names: a name has ``CANDIDATES`` rows, and
    one row for its reference.
    """

    def __init__(
        self,
        pairs: Iterable[Pair],
        candidates: Mapping[str, Sequence[str]],
        source: Vocabulary,
        target: Vocabulary,
        config: Config,
    ) -> None:
        by_name: dict[str, list[Pair]] = {}
        for pair in pairs:
            if len(candidates[pair.name]) > 1:
                by_name.setdefault(pair.name, []).append(pair)
        self._config = config
        self._sources = [np.array([source.ids[c] for c in name], np.int32) for name in by_name]
        self._weights = np.array(
            [sum(pair.count for pair in references) ** config.count_power for references in by_name.values()],
            np.float32,
        )
        self._edits = np.full((len(by_name), CANDIDATES), np.inf, np.float32)
        self._targets: list[list[NDArray[np.int32]]] = []
        for row, (name, references) in enumerate(by_name.items()):
            texts = candidates[name]
            self._edits[row, : len(texts)] = [
                min(Levenshtein.distance(text, pair.katakana) for pair in references) for text in texts
            ]
            most_usual = max(references, key=lambda pair: pair.count).katakana
            texts = [*texts, *[""] * (CANDIDATES - len(texts)), most_usual]
            self._targets.append([np.array([target.ids[c] for c in text], np.int32) for text in texts])
        self._cross_entropy = keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=config.label_smoothing, reduction="none"
        )
        self._lengths = list(map(len, self._sources))
        self.steps = sum(1 for _ in length_buckets(self._lengths, batch_size=config.batch_size))
        ids, texts_ids = ArraySpec("int32", (ROWS, LENGTH)), ArraySpec("int32", (ROWS, CANDIDATES + 1, LENGTH))
        edits, weights = ArraySpec("float32", (ROWS, CANDIDATES)), ArraySpec("float32", (ROWS,))
        self.signature: Sequence[ArraySpec] = [ids, texts_ids, texts_ids, edits, weights]

    def __len__(self) -> int:
        return len(self._sources)

    def describe(self) -> dict[str, Any]:
        """Return what ``data.json`` says of it."""
        figures = {"names": len(self), "candidates": CANDIDATES, "cross_entropy_share": CROSS_ENTROPY_SHARE}
        return {"minimum_risk": figures}

    def batches(self, epoch: int) -> Iterator[tuple[NDArray[np.generic], ...]]:
        """Yield every name once.

        A batch is source ids, ``(batch, source_length)``; previous and target ids of the candidates and, in the last
        place, of the reference, ``(batch, CANDIDATES + 1, target_length)``, all int32; the candidates' edits, ``(batch,
        CANDIDATES)``, inf where there is no candidate, and the names' weights, ``(batch,)``, both float32.
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

    def loss(self, model: TransliterationModel, *arrays: Any) -> Any:
        """Return the mean over the names of a batch, by their weights, of risk and cross-entropy."""
        source_ids, previous_ids, target_ids, edits, weights = arrays
        texts, length = CANDIDATES + 1, ops.shape(target_ids)[2]
        # A name is encoded once for all of its texts.
        encoded = [ops.repeat(tensor, texts, axis=0) for tensor in model.encode(source_ids, training=True)]
        logits = model.decode(encoded, ops.reshape(previous_ids, (-1, length)), training=True)
        logits = ops.reshape(logits, (-1, texts, length, logits.shape[-1]))
        is_text = ops.cast(target_ids != PAD_ID, "float32")
        negative = ops.sparse_categorical_crossentropy(target_ids, logits, from_logits=True)
        log_probabilities = -ops.sum(negative * is_text, axis=2)[:, :-1]
        is_candidate = ops.isfinite(edits)
        shares = ops.softmax(ops.where(is_candidate, log_probabilities, float(np.finfo(np.float32).min)))
        risk = ops.sum(shares * ops.where(is_candidate, edits, 0), axis=1)
        negative_of_reference = self._cross_entropy(ops.one_hot(target_ids[:, -1], logits.shape[-1]), logits[:, -1])
        cross_entropy = ops.sum(negative_of_reference * is_text[:, -1], axis=1)
        losses = risk + CROSS_ENTROPY_SHARE * cross_entropy
        return ops.sum(losses * weights) / ops.sum(weights)
