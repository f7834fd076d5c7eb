"""Leave wrong pairs out, by cross-fitting: each half of the pairs is judged by a model that the second half trained.

A pair is wrong if three things are so. A model that never saw its name finds its Katakana very improbable. The model
would write something that has little in common with it. The Katakana does not sound like the name (banana → ヤヤ). This
is the consistency filtering of noisy corpora (Junczys-Dowmunt, "Dual Conditional Cross-Entropy Filtering of Noisy
Parallel Corpora", WMT 2018) in one direction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from hayakana.model.vocabulary import PAD_ID
from hayakana.system.files import atomic_file
from hayakana_training.data.held_out import name_hash
from hayakana_training.data.hints import has_hints
from hayakana_training.data.likeness import likeness
from hayakana_training.data.loading import DROPPED, Data
from hayakana_training.data.pairs import Pair, write_pairs
from hayakana_training.errors import TrainingError
from hayakana_training.learning.batches import TrainingSet, fit_to_model
from hayakana_training.learning.fit import fit
from hayakana_training.learning.model_decoding import decode_names
from hayakana_training.model import run_folder, runs
from hayakana_training.model.config import Config
from hayakana_training.model.network import TransliterationModel

IMPROBABLE, VERY_IMPROBABLE = -1.9, -3.5
"""Nats a character, eos included. A less probable pair is suspected."""
LEAST_LIKENESS, LEAST_LIKENESS_OF_VERY_IMPROBABLE = 0.65, 0.8
"""What a suspected pair is acquitted with: a hard name (Camus, Foucault) is improbable too, and sounds like itself."""
MOST_EDITS = 0.5
"""Edits a character of the pair's Katakana to what the model writes; with fewer, the pair is a variant, not wrong."""
TRUSTED_COUNT = 10
"""A reference with as many bearers is a fact, however odd (joseph → ヨセフ)."""

DEVELOPMENT_PAIRS = 1_000
BATCH_SIZE = 512


@dataclass(frozen=True)
class Judged:
    """A pair, its log probability a character, and what the model that has not seen it writes for its name."""

    pair: Pair
    log_probability: float
    written: str

    def is_wrong(self, *, improbable: float = IMPROBABLE) -> bool:
        """Whether the pair should not be trained on; a less ``improbable`` pair is not suspected."""
        pair = self.pair
        if pair.count >= TRUSTED_COUNT or self.log_probability > improbable:
            return False
        if Levenshtein.distance(self.written, pair.katakana) <= MOST_EDITS * len(pair.katakana):
            return False
        least = LEAST_LIKENESS_OF_VERY_IMPROBABLE if self.log_probability < VERY_IMPROBABLE else LEAST_LIKENESS
        return likeness(pair.name, pair.katakana) < least

    def line(self) -> bytes:
        """Return the line of ``dropped.tsv``."""
        pair = self.pair
        values = pair.name, pair.katakana, f"{pair.count:g}", f"{self.log_probability:.2f}", self.written
        return ("\t".join(values) + "\n").encode()


def clean(
    config: Config, data: Data, *, folder: Path, log: Callable[[str], None], improbable: float = IMPROBABLE
) -> list[Judged]:
    """Write ``pairs.tsv``, ``dropped.tsv`` and ``data.json`` to ``folder``; return what was dropped.

    The runs of the two halves are kept in ``folder``; an interrupted run is resumed. ``improbable`` is in nats a
    character.

    Raises:
        TrainingError: pairs have hints. A pair is judged once, and what is kept of it can get its hints then.
    """
    if has_hints(pair.name for pair in data.train):
        raise TrainingError("clean judges pairs without hints: give pairs without the fourth column, and tag them then")
    halves = [[pair for pair in data.train if int(name_hash(pair.name), 16) % 2 == half] for half in (0, 1)]
    judged: list[Judged] = []
    for half, pairs in enumerate(halves):
        half_folder = folder / f"half-{half}"
        resume = (half_folder / run_folder.CHECKPOINT).is_file()
        fit(
            config,
            Data(halves[1 - half], pairs[:DEVELOPMENT_PAIRS]),
            folder=half_folder,
            resume=resume,
            log=_prefixed(log, f"half {half + 1}: "),
        )
        judged += judge(runs.open_run(half_folder), pairs)
    suspects = [entry for entry in judged if entry.is_wrong(improbable=improbable)]
    dropped = sorted(suspects, key=lambda entry: entry.log_probability)
    wrong = {id(entry.pair) for entry in dropped}
    with atomic_file(folder / "pairs.tsv") as file:
        write_pairs((pair for pair in data.train if id(pair) not in wrong), file)
    with atomic_file(folder / DROPPED) as file:
        file.write(b"name\tkatakana\tcount\tlog_probability\twritten\n")
        file.writelines(map(Judged.line, dropped))
    run_folder.write_json(
        folder / run_folder.DATA,
        {**data.report, "training_pairs": len(data.train) - len(dropped), "dropped_as_wrong": len(dropped)},
    )
    log(f"{len(data.train) - len(dropped)} pairs kept, {len(dropped)} dropped as wrong, in {folder}")
    return dropped


def _prefixed(log: Callable[[str], None], prefix: str) -> Callable[[str], None]:
    return lambda line: log(prefix + line)


def judge(run: runs.Run, pairs: Sequence[Pair]) -> list[Judged]:
    """Judge ``pairs``. A pair that the model cannot hold is left out of the result, and so is kept."""
    source, target = run.source_vocabulary, run.target_vocabulary
    held = [(pair, fitted) for pair in pairs for fitted in fit_to_model([pair], source, target, run.config)[0]]
    names = [fitted.name for _, fitted in held]
    training_set = TrainingSet([fitted for _, fitted in held], source, target, count_power=0)
    scores = log_probabilities(run.model, training_set).tolist()
    written = decode_names(run.model, names, source, target)
    return [
        Judged(pair, score / (len(pair.katakana) + 1), written[name])
        for (pair, _), name, score in zip(held, names, scores, strict=True)
    ]


def log_probabilities(model: TransliterationModel, pairs: TrainingSet) -> NDArray[np.float32]:
    """Return the log probability of each pair's Katakana with its eos, ``(pairs,)`` float32, nats."""
    ids = tf.TensorSpec((None, None), tf.int32)

    @tf.function(input_signature=[ids, ids, ids])
    def score(source_ids, previous_ids, target_ids):
        logits = model([source_ids, previous_ids], training=False)
        negative = tf.nn.sparse_softmax_cross_entropy_with_logits(target_ids, logits)
        return -tf.reduce_sum(tf.where(target_ids == PAD_ID, 0.0, negative), axis=1)

    scores = np.empty(len(pairs), np.float32)
    for rows, batch in pairs.in_order(batch_size=BATCH_SIZE):
        scores[rows] = score(batch.source_ids, batch.previous_ids, batch.target_ids).numpy()
    return scores
