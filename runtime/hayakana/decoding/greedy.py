"""Greedy search over a decoder step, and log probabilities from its logits: numpy only, no session in sight."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.states import DecoderState, EncoderOutput, StepOutput
from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID


class Encoder(Protocol):
    """The encoder: source ids ``(batch, source_length)`` int64, all of one length → what is cached, and the state."""

    def __call__(self, source_ids: NDArray[np.int64]) -> tuple[EncoderOutput, DecoderState]:
        """Return encoder output and the decoder's first state; see ``states`` for the shapes."""
        ...


class DecoderStep(Protocol):
    """One step of incremental decoding. ``fetch`` names optional outputs: ``logits``, ``attention_weights``."""

    compacts: bool
    """Whether rows of its states can be dropped between steps (numpy arrays) or stay on a device (no)."""

    def __call__(
        self,
        previous_ids: NDArray[np.int64],
        state: DecoderState,
        encoder_output: EncoderOutput,
        *,
        fetch: tuple[str, ...] = (),
    ) -> StepOutput:
        """Return the next ids and states; see ``StepOutput`` for the shapes."""
        ...


@dataclass(frozen=True)
class Decoded:
    """The result of a search over a batch.

    ``target_ids`` is ``(batch, steps)`` int64 without bos; row i holds ``lengths[i]`` ids, without eos, then padding.
    ``finished`` tells which rows reached eos. ``attention_weights``, ``(batch, steps, source_length)`` float32, and
    ``logits``, ``(batch, steps, target_vocabulary_size)`` float32, are there when they were fetched; both hold the step
    that gave eos too (row i has ``lengths[i] + 1`` of them when it is finished). ``log_probabilities``, ``(batch,)``
    float64, where they were asked for, are of whole texts, eos included.
    """

    target_ids: NDArray[np.int64]
    lengths: NDArray[np.int64]
    finished: NDArray[np.bool_]
    fetched: dict[str, NDArray[np.float32]]
    log_probabilities: NDArray[np.float64] | None = None


def greedy(
    encoder: Encoder,
    step: DecoderStep,
    source_ids: NDArray[np.int64],
    *,
    max_length: int,
    fetch: tuple[str, ...] = (),
    scored: bool = False,
) -> Decoded:
    """Encode ``source_ids``, ``(batch, source_length)`` of one length, once, and decode them step by step.

    Every step takes the most probable token, until every row has ended or ``max_length`` tokens are written. Rows that
    reach eos are dropped from the batch between steps (batch compaction) where the step allows it; ``batch_offset``
    maps the rows that are alive to the rows of the result. ``scored`` asks for their log probabilities.
    """
    encoder_output, state = encoder(source_ids)
    batch_size = len(source_ids)
    target_ids = np.full((batch_size, max_length), PAD_ID, dtype=np.int64)
    lengths = np.full(batch_size, max_length, dtype=np.int64)
    finished = np.zeros(batch_size, dtype=np.bool_)
    fetched: dict[str, list[NDArray[np.float32]]] = {name: [] for name in fetch}
    log_probabilities = np.zeros(batch_size)
    needed = (*fetch, "logits") if scored and "logits" not in fetch else fetch
    batch_offset = np.arange(batch_size)
    previous_ids = np.full(batch_size, BOS_ID, dtype=np.int64)

    # One step more than max_length, since a text of max_length characters still has its eos to come.
    for position in range(max_length + 1):
        output = step(previous_ids, state, encoder_output, fetch=needed)
        for name in fetch:
            fetched[name].append(_scatter(getattr(output, name), batch_offset, batch_size))
        if scored:
            assert output.logits is not None
            # Rows that have ended stay where the step does not compact; their text is whole.
            log_probabilities[batch_offset] += np.where(
                finished[batch_offset], 0, log_probability_of_best(output.logits)
            )
        previous_ids, state = output.next_ids, output.state
        ended = previous_ids == EOS_ID
        just_ended = batch_offset[ended & ~finished[batch_offset]]
        lengths[just_ended] = position
        finished[just_ended] = True
        if finished.all():
            break
        if position < max_length:
            alive = ~finished[batch_offset]
            target_ids[batch_offset[alive], position] = previous_ids[alive]
        if step.compacts and ended.any():
            rows = np.flatnonzero(~ended)
            batch_offset, previous_ids = batch_offset[rows], previous_ids[rows]
            state, encoder_output = state.take(rows), encoder_output.take(rows)

    steps = int(lengths.max(initial=0))
    return Decoded(
        target_ids[:, :steps],
        lengths,
        finished,
        {name: np.stack(arrays, axis=1) for name, arrays in fetched.items()},
        log_probabilities if scored else None,
    )


def _scatter(rows: NDArray[np.float32], batch_offset: NDArray[np.int64], batch_size: int) -> NDArray[np.float32]:
    """Put the rows that are alive at their places in an array of ``batch_size`` rows, zeros elsewhere."""
    whole = np.zeros((batch_size, *rows.shape[1:]), dtype=np.float32)
    whole[batch_offset] = rows
    return whole


def log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the log probability of every token: ``logits`` ``(batch, target_vocabulary_size)``, the same shape back.

    In double precision, so that sums of many keep the order of the logits.
    """
    shifted = logits.astype(np.float64)
    shifted -= shifted.max(axis=1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return shifted


def log_probability_of_best(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the log probability of the best token, ``(batch,)``: the largest logit less the logarithm of all summed.

    ``logits`` is ``(batch, target_vocabulary_size)``. In single precision, which is good to 1e-6 and twice as fast.
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    np.exp(shifted, out=shifted)
    result: NDArray[np.float32] = -np.log(shifted.sum(axis=1))
    return result
