"""The graphs with encoder output and states left on the device as ``OrtValue``: for CUDA, and for the CPU in tests."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.states import DecoderState, EncoderOutput, StepOutput
from hayakana.sessions.tensors import encoder_result, encoder_tensors, run

if TYPE_CHECKING:
    import onnxruntime


class BoundEncoder:
    """``encoder.onnx`` with its outputs left on the device."""

    def __init__(self, session: "onnxruntime.InferenceSession", *, device: str) -> None:
        self._session, self._device = session, device
        self._outputs = [output.name for output in session.get_outputs()]

    def __call__(self, source_ids: NDArray[np.int64]) -> tuple[EncoderOutput, DecoderState]:
        """Encode a batch of one source length, leaving the result on the device."""
        binding = self._session.io_binding()
        binding.bind_cpu_input("source_ids", source_ids)
        for name in self._outputs:
            binding.bind_output(name, self._device)
        run(self._session, binding)
        return encoder_result(dict(zip(self._outputs, binding.get_outputs(), strict=True)))


class BoundDecoderStep:
    """``decoder_step.onnx`` with its states on the device; rows cannot be dropped there, so it does not compact."""

    compacts = False

    def __init__(self, session: "onnxruntime.InferenceSession", *, device: str) -> None:
        self._session, self._device = session, device
        self.encoder_tensors = encoder_tensors(session)

    def __call__(
        self,
        previous_ids: NDArray[np.int64],
        state: DecoderState,
        encoder_output: EncoderOutput,
        *,
        fetch: tuple[str, ...] = (),
    ) -> StepOutput:
        """Run one step; see ``decoding.DecoderStep``. Only the ids, and what is in ``fetch``, leave the device."""
        binding = self._session.io_binding()
        binding.bind_cpu_input("previous_ids", previous_ids)
        binding.bind_ortvalue_input("hidden_state", state.hidden_state)
        binding.bind_ortvalue_input("cell_state", state.cell_state)
        for name in self.encoder_tensors:
            binding.bind_ortvalue_input(name, getattr(encoder_output, name))
        binding.bind_output("next_ids", "cpu")
        binding.bind_output("next_hidden_state", self._device)
        binding.bind_output("next_cell_state", self._device)
        for name in fetch:
            binding.bind_output(name, "cpu")
        run(self._session, binding)
        next_ids, hidden_state, cell_state, *fetched = binding.get_outputs()
        arrays = {name: value.numpy() for name, value in zip(fetch, fetched, strict=True)}
        return StepOutput(next_ids.numpy(), DecoderState(hidden_state, cell_state), **arrays)
