"""From pairs to batches: vocabularies, pairs that a model can hold, and ids in an order that a seed decides."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.states import length_buckets
from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID, SOURCE_SPECIALS, TARGET_SPECIALS, Vocabulary
from hayakana.names.normalization import fold
from hayakana_training.data.hints import with_known_tags
from hayakana_training.data.labels import SoftTargets
from hayakana_training.data.pairs import Pair
from hayakana_training.model.config import Config


def build_vocabularies(pairs: Sequence[Pair], *, minimum_count: int) -> tuple[Vocabulary, Vocabulary]:
    """Return source and target vocabulary: the characters that occur at least ``minimum_count`` times.

    A rarer source character's place is taken by what it folds to, so the letters that it folds to count too.
    """
    source = Counter(character for pair in pairs for character in pair.name)
    target = Counter(character for pair in pairs for character in pair.katakana)
    return (
        Vocabulary.of((c for c, count in source.items() if count >= minimum_count), specials=SOURCE_SPECIALS),
        Vocabulary.of((c for c, count in target.items() if count >= minimum_count), specials=TARGET_SPECIALS),
    )


def fit_to_model(
    pairs: Iterable[Pair], source: Vocabulary, target: Vocabulary, config: Config
) -> tuple[list[Pair], Counter[str]]:
    """Fold names into the source vocabulary; pairs that the model cannot hold are left out, and counted by reason."""
    kept: list[Pair] = []
    dropped: Counter[str] = Counter()
    for pair in pairs:
        name = fold(pair.name, source.ids.keys())
        if with_known_tags(name, source.ids.keys()) != name:
            dropped["hints outside the vocabulary"] += 1
        elif not all(character in source.ids for character in name):
            dropped["source characters outside the vocabulary"] += 1
        elif not all(character in target.ids for character in pair.katakana):
            dropped["target characters outside the vocabulary"] += 1
        elif len(name) > config.source_limit or len(pair.katakana) > config.target_limit:
            dropped["longer than the limits"] += 1
        else:
            kept.append(Pair(name, pair.katakana, pair.count))
    return kept, dropped


@dataclass(frozen=True)
class Batch:
    """Ids of one training batch, int32.

    ``source_ids`` is ``(batch, source_length)`` without padding. ``previous_ids`` and ``target_ids`` are ``(batch,
    target_length)``: the target behind bos, and the target before eos, padded. ``weights`` has their shape: the pair's
    weight at a character of the target, 0 at padding. ``soft_ids`` and ``soft_probabilities``, ``(batch, target_length,
    kept)``, are the distribution to learn: the target alone, or what teachers said.
    """

    source_ids: NDArray[np.int32]
    previous_ids: NDArray[np.int32]
    target_ids: NDArray[np.int32]
    weights: NDArray[np.float32]
    soft_ids: NDArray[np.int32]
    soft_probabilities: NDArray[np.float32]


class TrainingSet:
    """Pairs as ids, ready to be drawn in batches of one source length; ``soft`` is what teachers said of them."""

    def __init__(
        self,
        pairs: Sequence[Pair],
        source: Vocabulary,
        target: Vocabulary,
        *,
        count_power: float,
        soft: SoftTargets | None = None,
    ) -> None:
        self._soft = soft
        self._weights = np.array([pair.count for pair in pairs], np.float32) ** count_power
        self._sources = [np.array([source.ids[c] for c in pair.name], np.int32) for pair in pairs]
        self._targets = [np.array([target.ids[c] for c in pair.katakana], np.int32) for pair in pairs]

    def __len__(self) -> int:
        return len(self._sources)

    @property
    def kept(self) -> int:
        """Ids kept of each distribution, the last axis of ``Batch.soft_ids``."""
        return 1 if self._soft is None else self._soft.ids.shape[1]

    def batches(self, *, batch_size: int, seed: int, epoch: int) -> Iterator[Batch]:
        """Yield every pair once, in an order that ``seed`` and ``epoch`` alone decide."""
        for rows in shuffled_buckets(list(map(len, self._sources)), batch_size=batch_size, seed=[seed, epoch]):
            yield self._batch(rows)

    def in_order(self, *, batch_size: int) -> Iterator[tuple[NDArray[np.int64], Batch]]:
        """Yield (rows, batch) with every pair once, shorter names first."""
        for rows in length_buckets([len(source) for source in self._sources], batch_size=batch_size):
            yield rows, self._batch(rows)

    def steps(self, *, batch_size: int) -> int:
        """Return the number of batches in an epoch."""
        return sum(1 for _ in length_buckets([len(source) for source in self._sources], batch_size=batch_size))

    def _batch(self, rows: NDArray[np.int64]) -> Batch:
        previous_ids, target_ids = teacher_forcing([self._targets[row] for row in rows])
        weights = (target_ids != PAD_ID) * self._weights[rows, np.newaxis]
        sources = np.stack([self._sources[row] for row in rows])
        return Batch(sources, previous_ids, target_ids, weights, *self._soft_targets(rows, target_ids))

    def _soft_targets(
        self, rows: NDArray[np.int64], target_ids: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        if self._soft is None:
            return target_ids[..., np.newaxis], np.ones((*target_ids.shape, 1), np.float32)
        ids, probabilities = (np.zeros((*target_ids.shape, self.kept), dtype) for dtype in (np.int32, np.float32))
        for place, row in enumerate(rows):
            steps = self._soft.rows(row)
            length = steps.stop - steps.start
            ids[place, :length] = self._soft.ids[steps]
            probabilities[place, :length] = self._soft.probabilities[steps]
        return ids, probabilities


def shuffled_buckets(lengths: Sequence[int], *, batch_size: int, seed: Sequence[int]) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of ``lengths``, a batch of one length at a time, in an order that ``seed`` alone decides."""
    random = np.random.default_rng(seed)
    order = random.permutation(len(lengths))
    buckets = list(length_buckets([lengths[row] for row in order], batch_size=batch_size))
    for bucket in random.permutation(len(buckets)):
        yield order[buckets[bucket]]


def teacher_forcing(targets: Sequence[NDArray[np.int32]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the ids of ``targets`` behind bos, and before eos, padded; both are ``(targets, target_length)`` int32."""
    shape = (len(targets), max(map(len, targets)) + 1)
    previous_ids, target_ids = np.full(shape, PAD_ID, np.int32), np.full(shape, PAD_ID, np.int32)
    previous_ids[:, 0] = BOS_ID
    for row, target in enumerate(targets):
        previous_ids[row, 1 : len(target) + 1] = target
        target_ids[row, : len(target)] = target
        target_ids[row, len(target)] = EOS_ID
    return previous_ids, target_ids
