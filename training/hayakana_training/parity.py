"""Proof that an exported model is the Keras model: same strings, same logits.

Keras decodes the naive way, on padded sources, whole sequences predicted anew at every step; hayakana decodes the
exported graphs as its users will: one step at a time over a cached encoder, and in slots over shared prefixes. If
masks, padding, the folded embeddings, the conversion or the incremental state were wrong, they would differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hayakana.batching import length_buckets
from hayakana.continuous import decode_continuously
from hayakana.decoding import Decoded, greedy
from hayakana.sessions import Sessions
from hayakana.states import DecoderState, EncoderOutput
from hayakana_training.naive_decoding import decode_naively, pad_sources
from hayakana_training.runs import Run

LOGIT_TOLERANCE = 1e-4
MINIMUM_NAMES = 5_000
BATCH_SIZE = 1024
SLOTS = 64
"""Fewer than the rows of a batch, so that slots are refilled."""


@dataclass(frozen=True)
class Parity:
    """What was compared. ``largest_logit_difference`` is over every step of every name, eos included."""

    names: int
    differing_strings: int
    largest_logit_difference: float
    decisions_within_tolerance: int
    """Steps whose two best logits lie within ``LOGIT_TOLERANCE``: where rounding could change a string."""
    unfinished: int
    """Names that neither side ended within the limit."""

    @property
    def holds(self) -> bool:
        """Whether the graphs may be shipped."""
        return self.differing_strings == 0 and self.largest_logit_difference <= LOGIT_TOLERANCE


def measure_parity(run: Run, sessions: Sessions, units: Sequence[str]) -> Parity:
    """Decode ``units``, source units of the run's model, both ways and compare."""
    config = run.config
    width = max(len(unit) for unit in units)
    differing = close = unfinished = 0
    largest = 0.0
    for start in range(0, len(units), BATCH_SIZE):
        batch = units[start : start + BATCH_SIZE]
        naive = decode_naively(
            run.model,
            pad_sources(batch, run.source_vocabulary, length=width),
            max_length=config.target_limit,
            batch_size=BATCH_SIZE,
        )
        naive_texts = run.target_vocabulary.decode(naive.target_ids, naive.lengths)
        unfinished += int((~naive.finished).sum())
        for rows in length_buckets([len(unit) for unit in batch], batch_size=BATCH_SIZE):
            source_ids = run.source_vocabulary.encode([batch[row] for row in rows])
            ways = _decoded_every_way(sessions, source_ids, max_length=config.target_limit)
            texts = [run.target_vocabulary.decode(way.target_ids, way.lengths) for way in ways]
            for index, row in enumerate(rows):
                expected = (naive_texts[row], naive.finished[row])
                differing += any(
                    (text[index], way.finished[index]) != expected for text, way in zip(texts, ways, strict=True)
                )
                for way in ways:
                    if "logits" in way.fetched:
                        steps = min(way.lengths[index], naive.lengths[row]) + 1
                        difference = np.abs(naive.logits[row, :steps] - way.fetched["logits"][index, :steps]).max()
                        largest = max(largest, float(difference) if np.isfinite(difference) else np.inf)
                best = np.sort(naive.logits[row, : naive.lengths[row] + 1], axis=-1)[:, -2:]
                close += int((best[:, 1] - best[:, 0] <= LOGIT_TOLERANCE).sum())
    return Parity(len(units), int(differing), largest, close, unfinished)


def _decoded_every_way(sessions: Sessions, source_ids: NDArray[np.int64], *, max_length: int) -> list[Decoded]:
    """Decode one batch as a single name is decoded and as a list is; the logits are there where they can be had."""

    def encoder_of_many(source_ids: NDArray[np.int64]) -> tuple[EncoderOutput, DecoderState]:
        encoder_output, state = sessions.encoder_of_many(source_ids)
        return encoder_output.take(slice(None)), state

    if sessions.open_slots is None:
        encoders = [sessions.encoder]
        continuously = []
    else:
        encoders = [sessions.encoder, encoder_of_many]
        continuously = [
            decode_continuously(
                sessions.encoder_of_many, sessions.open_slots, source_ids, max_length=max_length, slots=SLOTS
            )
        ]
    stepwise = [
        greedy(encoder, sessions.decoder_step, source_ids, max_length=max_length, fetch=("logits",))
        for encoder in encoders
    ]
    return stepwise + continuously
