"""What passes between the encoder, the decoder step and the search: frozen arrays with ``take(rows)``.

The arrays are numpy arrays on the CPU path. On the bound path (a GPU, or the CPU in tests) they are onnxruntime's
``OrtValue`` objects. These stay on the device and are never taken apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

RowIndex = NDArray[np.int64] | slice
"""Which rows (axis 0) to take: a copy of those listed, or a view of a slice."""


@dataclass(frozen=True)
class EncoderOutput:
    """Computed once a batch and cached; read by every decoder step.

    ``encoder_outputs`` is ``(batch, source_length, encoder_units)`` float32; ``attention_keys`` is ``(batch,
    source_length, decoder_units)`` float32 where the attention score projects, else None.
    """

    encoder_outputs: Any
    attention_keys: Any

    def take(self, rows: RowIndex) -> Self:
        """Return the given rows: batch compaction."""
        return type(self)(_taken(self.encoder_outputs, rows), _taken(self.attention_keys, rows))


@dataclass(frozen=True)
class DecoderState:
    """Carried from step to step: ``hidden_state`` and ``cell_state``, each ``(batch, decoder_units)`` float32."""

    hidden_state: Any
    cell_state: Any

    def take(self, rows: RowIndex) -> Self:
        """Return the given rows: batch compaction."""
        return type(self)(_taken(self.hidden_state, rows), _taken(self.cell_state, rows))


def _taken(array: Any, rows: RowIndex) -> Any:
    return None if array is None else array[rows]


@dataclass(frozen=True)
class StepOutput:
    """What one decoder step gives.

    ``next_ids`` is ``(batch,)`` int64, the most probable token (lowest id on a tie). ``logits``, ``(batch,
    target_vocabulary_size)`` float32, and ``attention_weights``, ``(batch, source_length)`` float32, are there when
    they were asked for.
    """

    next_ids: NDArray[np.int64]
    state: DecoderState
    logits: NDArray[np.float32] | None = None
    attention_weights: NDArray[np.float32] | None = None


def length_buckets(lengths: Sequence[int] | NDArray[np.int64], *, batch_size: int) -> Iterator[NDArray[np.int64]]:
    """Yield the indices of ``lengths`` in batches of one length each, at most ``batch_size`` a batch.

    Every index comes once. Shorter lengths come first; within a length, the order of ``lengths`` is kept.

    Raises:
        ValueError: ``batch_size`` is not positive.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    if not len(lengths):
        return
    # numpy sorts 16-bit numbers stably in linear time; a longer unit than that is a batch of its own anyway.
    order = np.argsort(np.minimum(lengths, 0xFFFF).astype(np.uint16), kind="stable")
    ends = np.flatnonzero(np.diff(np.asarray(lengths)[order])) + 1
    for bucket in np.split(order, ends):
        for start in range(0, len(bucket), batch_size):
            yield bucket[start : start + batch_size]
