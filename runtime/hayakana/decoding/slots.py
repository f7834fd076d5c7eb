"""Continuous batching: greedy decoding in a fixed number of slots, where the next row takes the place of one that ends.

Yu et al., "Orca: A Distributed Serving System for Transformer-Based Generative Models" (OSDI 2022), call it
iteration-level scheduling. A batch stays full until the last rows are under way, and nothing is copied but the rows
that come in. numpy only; the strings are the same as of ``decoding.greedy``.
"""

from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.greedy import Decoded, Encoder, log_probability_of_best
from hayakana.decoding.prefixes import sorted_rows
from hayakana.decoding.states import DecoderState, EncoderOutput, RowIndex
from hayakana.model.vocabulary import EOS_ID, PAD_ID

ENCODED_AT_ONCE = 4
"""Times that the rows that are encoded together fill the slots: they share prefixes, and stay in the cache."""


class Slots(Protocol):
    """Decoder state, encoder output and previous ids of the rows under way, in arrays that stay where they are."""

    @property
    def logits(self) -> NDArray[np.float32]:
        """Logits of the last step, ``(slots, target_vocabulary_size)``, valid until the next; bound where asked for."""
        ...

    def write(self, slots: RowIndex, encoder_output: EncoderOutput, state: DecoderState) -> None:
        """Put new rows, about to read bos, at the places ``slots``."""
        ...

    def keep(self, slots: NDArray[np.int64]) -> None:
        """Drop all slots but these, which become the first ones (batch compaction)."""
        ...

    def step(self) -> NDArray[np.int64]:
        """Run one decoder step on every slot; return the next ids, ``(slots,)``, valid until the next call."""
        ...


class RowsOfEncoderOutput(Protocol):
    """The encoder output of many rows, which are taken some at a time."""

    def take(self, rows: slice) -> EncoderOutput:
        """Return the given rows."""
        ...


class EncoderOfMany(Protocol):
    """Source ids ``(batch, source_length)`` int64 → encoder output and the decoder's first state, to take rows of."""

    def __call__(self, source_ids: NDArray[np.int64]) -> tuple[RowsOfEncoderOutput, DecoderState]:
        """Encode a batch of one source length."""
        ...


class OpenSlots(Protocol):
    """Makes slots."""

    def __call__(self, count: int, source_length: int, *, with_logits: bool = False) -> Slots:
        """Return ``count`` slots for rows of ``source_length`` characters; ``with_logits`` binds their logits."""
        ...


def decode_continuously(
    encoder: EncoderOfMany,
    open_slots: OpenSlots,
    source_ids: NDArray[np.int64],
    *,
    max_length: int,
    slots: int,
    scored: bool = False,
    encoded_at_once: int | None = None,
) -> Decoded:
    """Decode ``source_ids``, ``(batch, source_length)`` of one length, greedily, at most ``slots`` rows at a time.

    Equals ``decoding.greedy`` of the same rows, without optional outputs. ``scored`` asks for log probabilities.
    ``encoded_at_once`` rows are encoded together, by default enough to fill the slots ``ENCODED_AT_ONCE`` times.
    """
    batch_size = len(source_ids)
    count = min(slots, batch_size)
    under_way = open_slots(count, source_ids.shape[1], with_logits=scored)
    waiting = _Waiting(encoder, source_ids, encoded_at_once=encoded_at_once or ENCODED_AT_ONCE * slots)

    # One token more than max_length: eos. Two rows more than the batch: what free slots write goes there.
    width = max_length + 1
    target_ids = np.full((batch_size + 2, width), PAD_ID, np.int64)
    written = target_ids.reshape(-1)
    # Of every id that is written, at its place.
    scores = np.zeros(len(written), np.float32) if scored else None
    cursor = np.full(count, batch_size * width)  # where in `written` the next id of each slot goes
    last = np.full(count, -1)  # the last place of its row; -1 for a free slot
    free = np.arange(count)
    alive = 0
    while True:
        while len(free) and waiting:
            rows, encoder_output, state = waiting.take(len(free))
            taken, free = free[: len(rows)], free[len(rows) :]
            under_way.write(taken, encoder_output, state)
            cursor[taken], last[taken] = rows * width, rows * width + max_length
            alive += len(rows)
        if not alive:
            break
        if len(free):
            cursor[free], last[free] = batch_size * width, -1
        if alive <= len(last) // 2:
            kept = np.flatnonzero(last >= 0)
            under_way.keep(kept)
            cursor, last = cursor[kept], last[kept]
        next_ids = under_way.step()
        written[cursor] = next_ids
        if scores is not None:
            scores[cursor] = log_probability_of_best(under_way.logits)
        (free,) = ((next_ids == EOS_ID) | (cursor == last)).nonzero()
        if not waiting:
            free = free[last[free] >= 0]
        cursor += 1
        alive -= len(free)
    decoded = _decoded(target_ids[:batch_size], max_length=max_length)
    if scores is None:
        return decoded
    scores_by_row = scores.reshape(-1, width)[:batch_size]
    return replace(decoded, log_probabilities=scores_by_row.sum(axis=1, dtype=np.float64))


def decode_one(
    encoder: Encoder, slot: Slots, source_ids: NDArray[np.int64], *, max_length: int, scored: bool = False
) -> tuple[list[int] | None, float]:
    """Decode one row, ``(1, source_length)``, greedily: its target ids without eos, None where it did not end.

    With them comes the log probability of the text where ``scored`` asks for it, else 0. The same as
    ``decode_continuously`` without what only many rows need, which is most of the time that one row takes.
    """
    slot.write(_ALL, *encoder(source_ids))
    target_ids: list[int] = []
    logits: list[NDArray[np.float32]] = []
    for _ in range(max_length + 1):
        next_id = slot.step().item()
        if scored:
            logits.append(slot.logits.copy())
        if next_id == EOS_ID:
            return target_ids, _score(logits) if scored else 0.0
        target_ids.append(next_id)
    return None, 0.0


_ALL = slice(None)


def _score(logits: list[NDArray[np.float32]]) -> float:
    """Return the log probability of the best tokens of all steps, in one call of numpy, which costs more than a row."""
    return float(log_probability_of_best(np.concatenate(logits)).sum(dtype=np.float64))


def _decoded(target_ids: NDArray[np.int64], *, max_length: int) -> Decoded:
    """Return ``target_ids``, ``(batch, max_length + 1)``, which end in eos, as a result."""
    is_eos = target_ids == EOS_ID
    lengths = is_eos.argmax(axis=1)
    finished = is_eos[np.arange(len(target_ids)), lengths]
    lengths[~finished] = max_length
    target_ids[is_eos] = PAD_ID
    return Decoded(target_ids[:, : int(lengths.max(initial=0))], lengths, finished, {})


class _Waiting:
    """Rows that wait for a slot, in lexicographic order, encoded some at a time."""

    def __init__(self, encoder: EncoderOfMany, source_ids: NDArray[np.int64], *, encoded_at_once: int) -> None:
        self._encoder, self._source_ids, self._encoded_at_once = encoder, source_ids, encoded_at_once
        self._order = sorted_rows(source_ids)
        self._next = self._start = self._stop = 0

    def __bool__(self) -> bool:
        return self._next < len(self._order)

    def take(self, most: int) -> tuple[NDArray[np.int64], EncoderOutput, DecoderState]:
        """Return the next rows, ``most`` at most and at least one, with their encoder output and first state."""
        if self._next == self._stop:
            self._start, self._stop = self._stop, min(self._stop + self._encoded_at_once, len(self._order))
            self._encoded = self._encoder(self._source_ids[self._order[self._start : self._stop]])
        stop = min(self._next + most, self._stop)
        within = slice(self._next - self._start, stop - self._start)
        rows = self._order[self._next : stop]
        self._next = stop
        encoder_output, state = self._encoded
        return rows, encoder_output.take(within), state.take(within)
