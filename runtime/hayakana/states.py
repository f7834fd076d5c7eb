"""What passes between the encoder, the decoder step and the search: frozen arrays with ``take(rows)``.

The arrays are numpy arrays on the CPU path. On the bound path (a GPU, or the CPU in tests) they are onnxruntime's
``OrtValue`` objects, which stay on the device and are never taken apart.
"""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class _Rows:
    def take(self, rows: NDArray[np.int64]) -> Self:
        """Return the given rows (axis 0) of every array: the batch compacted to ``rows``."""
        arrays = {item.name: getattr(self, item.name) for item in fields(self)}
        return type(self)(**{name: None if array is None else array[rows] for name, array in arrays.items()})


@dataclass(frozen=True)
class EncoderOutput(_Rows):
    """Computed once a batch and cached; read by every decoder step.

    ``encoder_outputs`` is ``(batch, source_length, encoder_units)`` float32; ``attention_keys`` is ``(batch,
    source_length, decoder_units)`` float32 where the attention score projects, else None.
    """

    encoder_outputs: Any
    attention_keys: Any


@dataclass(frozen=True)
class DecoderState(_Rows):
    """Carried from step to step: ``hidden_state`` and ``cell_state``, each ``(batch, decoder_units)`` float32."""

    hidden_state: Any
    cell_state: Any


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
