"""The article's decoding: the whole padded sequence is predicted again for every output character.

Kept as the reference that exports are proved against. The article writes ``decoder_input[:, i] = output[:, i]``, one
place late against its training shift, which works there only because a masked Keras LSTM repeats its last output; this
reads ``output[:, i - 1]`` and gives the same strings.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID, Vocabulary
from hayakana_training.model.network import TransliterationModel


@dataclass(frozen=True)
class NaivelyDecoded:
    """Target ids ``(batch, steps)`` without bos, eos and padding after the text; ``logits`` of the same steps.

    Row i holds ``lengths[i]`` ids; ``logits`` is ``(batch, steps + 1, target_vocabulary_size)`` float32.
    """

    target_ids: NDArray[np.int64]
    lengths: NDArray[np.int64]
    finished: NDArray[np.bool_]
    logits: NDArray[np.float32]


def pad_sources(names: Sequence[str], vocabulary: Vocabulary, *, length: int) -> NDArray[np.int64]:
    """Return the ids of ``names`` padded on the right to ``length``: ``(batch, length)`` int64."""
    source_ids = np.full((len(names), length), PAD_ID, np.int64)
    for row, name in enumerate(names):
        source_ids[row, : len(name)] = [vocabulary.ids[character] for character in name]
    return source_ids


def decode_naively(
    model: TransliterationModel, source_ids: NDArray[np.int64], *, max_length: int, batch_size: int = 1024
) -> NaivelyDecoded:
    """Decode greedily with ``model.predict`` over source ``(batch, source_length)`` padded on the right.

    Each step predicts all ``max_length + 1`` positions from scratch, and one of them is read.
    """
    rows = len(source_ids)
    previous_ids = np.full((rows, max_length + 1), PAD_ID, np.int64)
    previous_ids[:, 0] = BOS_ID
    lengths = np.full(rows, max_length, np.int64)
    finished = np.zeros(rows, np.bool_)
    logits = []
    for position in range(1, max_length + 2):
        output = model.predict([source_ids, previous_ids], batch_size=batch_size, verbose=0)
        logits.append(output[:, position - 1])
        next_ids = logits[-1].argmax(axis=-1)
        just_ended = (next_ids == EOS_ID) & ~finished
        lengths[just_ended] = position - 1
        finished |= just_ended
        if finished.all() or position > max_length:
            break
        previous_ids[:, position] = np.where(finished, PAD_ID, next_ids)
    steps = int(lengths.max(initial=0))
    return NaivelyDecoded(previous_ids[:, 1 : steps + 1], lengths, finished, np.stack(logits, axis=1))
