"""Proof that an exported model is the Keras model: same strings, same logits.

Keras decodes the naive way, on padded sources, and predicts whole sequences again at every step. hayakana decodes the
exported graphs as its users will: in steps over a cached encoder, in slots over shared prefixes, and one by one. If
masks, padding, the folded embeddings, the conversion or the incremental state were wrong, they would differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.greedy import Decoded, Encoder, greedy
from hayakana.decoding.slots import decode_continuously, decode_one
from hayakana.decoding.states import DecoderState, EncoderOutput, length_buckets
from hayakana.model.vocabulary import PAD_ID
from hayakana.sessions.opening import Sessions
from hayakana_training.export.naive_decoding import decode_naively, pad_sources
from hayakana_training.model.runs import Run

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
                differing += any(
                    way.finished[index] != naive.finished[row]
                    or (way.finished[index] and text[index] != naive_texts[row])
                    for text, way in zip(texts, ways, strict=True)
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
    """Decode one batch in every way: in steps, in slots and one by one. Only steps return logits."""

    def encoder_of_many(source_ids: NDArray[np.int64]) -> tuple[EncoderOutput, DecoderState]:
        encoder_output, state = sessions.encoder_of_many(source_ids)
        return encoder_output.take(slice(None)), state

    def in_steps(encoder: Encoder) -> Decoded:
        return greedy(encoder, sessions.decoder_step, source_ids, max_length=max_length, fetch=("logits",))

    if sessions.open_slots is None or sessions.slot_of_one is None:
        return [in_steps(sessions.encoder)]
    slot = sessions.slot_of_one(source_ids.shape[1])
    in_slots = decode_continuously(
        sessions.encoder_of_many, sessions.open_slots, source_ids, max_length=max_length, slots=SLOTS
    )
    rows = [decode_one(sessions.encoder, slot, row[np.newaxis], max_length=max_length)[0] for row in source_ids]
    return [in_steps(sessions.encoder), in_steps(encoder_of_many), in_slots, _batch_of(rows, max_length=max_length)]


def _batch_of(rows: Sequence[list[int] | None], *, max_length: int) -> Decoded:
    """Return rows that were decoded one by one as a batch; a row that did not end is padding."""
    target_ids = np.full((len(rows), max_length), PAD_ID, np.int64)
    for row, ids in enumerate(rows):
        target_ids[row, : len(ids or ())] = ids or ()
    lengths = np.array([max_length if ids is None else len(ids) for ids in rows])
    return Decoded(target_ids, lengths, np.array([ids is not None for ids in rows]), {})
