"""The graphs as functions of numpy arrays, for the CPU: whole batches, an encoder in steps, and slots in place."""

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.states import DecoderState, EncoderOutput, RowIndex, StepOutput
from hayakana.model.vocabulary import BOS_ID
from hayakana.sessions.tensors import (
    ENCODER_STEP_OUTPUTS,
    STATE_INPUTS,
    STEP_OUTPUTS,
    bind_output,
    cannot_run,
    encoder_result,
    encoder_tensors,
    run,
    run_for,
)

if TYPE_CHECKING:
    import onnxruntime


class NumpyEncoder:
    """``encoder.onnx``: source ids ``(batch, source_length)`` int64 → encoder output and the decoder's first state."""

    def __init__(self, session: "onnxruntime.InferenceSession") -> None:
        self._session = session
        self._outputs = [output.name for output in session.get_outputs()]

    def __call__(self, source_ids: NDArray[np.int64]) -> tuple[EncoderOutput, DecoderState]:
        """Encode a batch of one source length."""
        results = run_for(self._session, self._outputs, {"source_ids": source_ids})
        outputs = dict(zip(self._outputs, results, strict=True))
        return encoder_result(outputs)


class NumpyDecoderStep:
    """``decoder_step.onnx`` over numpy arrays; a ``decoding.DecoderStep``."""

    compacts = True

    def __init__(self, session: "onnxruntime.InferenceSession") -> None:
        self._session = session
        self.encoder_tensors = encoder_tensors(session)

    def __call__(
        self,
        previous_ids: NDArray[np.int64],
        state: DecoderState,
        encoder_output: EncoderOutput,
        *,
        fetch: tuple[str, ...] = (),
    ) -> StepOutput:
        """Run one step; see ``decoding.DecoderStep``."""
        inputs = {name: getattr(encoder_output, name) for name in self.encoder_tensors}
        inputs |= {"previous_ids": previous_ids, "hidden_state": state.hidden_state, "cell_state": state.cell_state}
        next_ids, hidden_state, cell_state, *fetched = run_for(self._session, [*STEP_OUTPUTS, *fetch], inputs)
        return StepOutput(next_ids, DecoderState(hidden_state, cell_state), **dict(zip(fetch, fetched, strict=True)))


class NumpyEncoderStep:
    """``encoder_step.onnx`` or ``backward_encoder_step.onnx`` over numpy arrays; a ``prefixes.EncoderStep``."""

    def __init__(self, session: "onnxruntime.InferenceSession") -> None:
        self._session = session
        widths = {tensor.name: tensor.shape[-1] for tensor in session.get_outputs()}
        self.units, self.key_units = widths["next_hidden_state"], widths.get("attention_keys", 0)

    def __call__(
        self,
        source_ids: NDArray[np.int64],
        hidden_state: NDArray[np.float32],
        cell_state: NDArray[np.float32],
        *,
        out: tuple[NDArray[np.float32], ...],
    ) -> None:
        """Read one character; see ``prefixes.EncoderStep``."""
        binding = self._session.io_binding()
        binding.bind_cpu_input("source_ids", source_ids)
        binding.bind_cpu_input("hidden_state", hidden_state)
        binding.bind_cpu_input("cell_state", cell_state)
        for name, array in zip(ENCODER_STEP_OUTPUTS, out, strict=False):
            bind_output(binding, name, array)
        run(self._session, binding)


class BoundSlots:
    """``decoder_step.onnx`` bound to arrays in memory that it reads and writes in place; a ``decoding.slots.Slots``.

    A step reads one half of the state and writes the second, and the next step the reverse. So nothing is allocated or
    copied between steps. ``with_logits`` has the logits of all steps written, into one array.
    """

    def __init__(
        self, session: "onnxruntime.InferenceSession", count: int, source_length: int, *, with_logits: bool = False
    ) -> None:
        self._session = session
        shapes = {tensor.name: tensor.shape for tensor in (*session.get_inputs(), *session.get_outputs())}
        self._encoder_output = {
            name: np.empty((count, source_length, shapes[name][-1]), np.float32) for name in encoder_tensors(session)
        }
        self._logits = np.empty((count, shapes["logits"][-1]), np.float32) if with_logits else None
        state = (count, shapes["hidden_state"][-1])
        self._bind(
            *(
                (np.full(count, BOS_ID, np.int64), np.empty(state, np.float32), np.empty(state, np.float32))
                for _ in range(2)
            ),
            count=count,
        )

    @property
    def logits(self) -> NDArray[np.float32]:
        """Logits of the last step; see ``decoding.slots.Slots``."""
        assert self._logits is not None
        return self._logits[: self._count]

    def write(self, slots: RowIndex, encoder_output: EncoderOutput, state: DecoderState) -> None:
        """Put new rows at the places ``slots``; see ``decoding.slots.Slots``."""
        for name, array in self._encoder_output.items():
            array[slots] = getattr(encoder_output, name)
        previous_ids, hidden_state, cell_state = self._sides[0].arrays
        previous_ids[slots], hidden_state[slots], cell_state[slots] = BOS_ID, state.hidden_state, state.cell_state

    def keep(self, slots: NDArray[np.int64]) -> None:
        """Drop all slots but these; see ``decoding.slots.Slots``."""
        for array in (*self._encoder_output.values(), *self._sides[0].arrays):
            array[: len(slots)] = array[slots]
        self._bind(*(side.arrays for side in self._sides), count=len(slots))

    def step(self) -> NDArray[np.int64]:
        """Run one step; see ``decoding.slots.Slots``."""
        try:  # Not by ``run``: a call a step is what a name would notice.
            self._session.run_with_iobinding(self._sides[0].binding)
        except Exception as error:
            raise cannot_run(error) from error
        self._sides.reverse()
        next_ids: NDArray[np.int64] = self._sides[0].arrays[0][: self._count]
        return next_ids

    def _bind(self, side: tuple[NDArray[Any], ...], other: tuple[NDArray[Any], ...], *, count: int) -> None:
        """Bind the first ``count`` rows of every array: read ``side`` and write ``other``, and the reverse."""
        self._count = count
        self._sides = [self._side(side, other, count), self._side(other, side, count)]

    def _side(self, read: tuple[NDArray[Any], ...], written: tuple[NDArray[Any], ...], count: int) -> "_Side":
        binding = self._session.io_binding()
        for name, array in (*zip(STATE_INPUTS, read, strict=True), *self._encoder_output.items()):
            binding.bind_cpu_input(name, array[:count])
        for name, array in zip(STEP_OUTPUTS, written, strict=True):
            bind_output(binding, name, array[:count])
        if self._logits is not None:
            bind_output(binding, "logits", self._logits[:count])
        return _Side(read, binding)


@dataclass(frozen=True)
class _Side:
    """Previous ids, hidden state and cell state, and the binding of a step that reads them."""

    arrays: tuple[NDArray[Any], ...]
    binding: Any


class SlotOfOne(threading.local):
    """A slot for one row of each source length, kept by each thread: to make one takes as long as a few steps."""

    def __init__(self, session: "onnxruntime.InferenceSession") -> None:
        self._session = session
        self._slots: dict[tuple[int, bool], BoundSlots] = {}

    def __call__(self, source_length: int, *, with_logits: bool = False) -> BoundSlots:
        """Return this thread's slot for rows of ``source_length`` characters."""
        key = source_length, with_logits
        if key not in self._slots:
            self._slots[key] = BoundSlots(self._session, 1, source_length, with_logits=with_logits)
        return self._slots[key]
