"""Proof that an exported model is the Keras model: same strings, same logits.

Keras decodes the naive way, on padded sources, whole sequences predicted anew at every step; hayakana decodes the
exported graphs as its users will, one step at a time over a cached encoder. If masks, padding, the folded embedding,
the conversion or the incremental state were wrong, the two would differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hayakana.batching import length_buckets
from hayakana.decoding import greedy
from hayakana.sessions import Sessions
from hayakana_training.naive_decoding import decode_naively, pad_sources
from hayakana_training.runs import Run

LOGIT_TOLERANCE = 1e-4
MINIMUM_NAMES = 5_000
BATCH_SIZE = 1024


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
            decoded = greedy(
                sessions.encoder, sessions.decoder_step, source_ids, max_length=config.target_limit, fetch=("logits",)
            )
            texts = run.target_vocabulary.decode(decoded.target_ids, decoded.lengths)
            for index, (row, text) in enumerate(zip(rows, texts, strict=True)):
                differing += (text, decoded.finished[index]) != (naive_texts[row], naive.finished[row])
                steps = min(decoded.lengths[index], naive.lengths[row]) + 1
                expected, found = naive.logits[row, :steps], decoded.fetched["logits"][index, :steps]
                difference = float(np.abs(expected - found).max())
                largest = max(largest, difference if np.isfinite(difference) else np.inf)
                best = np.sort(expected, axis=-1)[:, -2:]
                close += int((best[:, 1] - best[:, 0] <= LOGIT_TOLERANCE).sum())
    return Parity(len(units), int(differing), largest, close, unfinished)
