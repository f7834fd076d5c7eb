"""What all graphs share: how one is run, and how its tensors are called and bound."""

from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from hayakana.decoding.states import DecoderState, EncoderOutput
from hayakana.errors import ModelFilesError, brief

if TYPE_CHECKING:
    import onnxruntime

LONGEST_SAID = 1_000
"""Characters of what onnxruntime says, or of a graph's tensors, in a message."""

ENCODER_STEP_OUTPUTS = ("next_hidden_state", "next_cell_state", "attention_keys")
STATE_INPUTS = ("previous_ids", "hidden_state", "cell_state")
STEP_OUTPUTS = ("next_ids", "next_hidden_state", "next_cell_state")


def run(session: "onnxruntime.InferenceSession", binding: Any) -> None:
    """Run a graph on what is bound.

    Raises:
        ModelFilesError: it cannot be run: its checksum is right, and what is in it is not.
    """
    try:
        session.run_with_iobinding(binding)
    except Exception as error:
        raise cannot_run(error) from error


def run_for(session: "onnxruntime.InferenceSession", outputs: list[str], inputs: dict[str, Any]) -> list[Any]:
    """Run a graph and return ``outputs`` as arrays; raises as ``run``."""
    try:
        results: list[Any] = session.run(outputs, inputs)
    except Exception as error:
        raise cannot_run(error) from error
    return results


def cannot_run(error: Exception) -> ModelFilesError:
    """Return what is said of ``error``: onnxruntime's own exceptions share no base class."""
    said = brief(error, limit=LONGEST_SAID)
    return ModelFilesError(f"onnxruntime cannot run a graph of the model ({said}): export it again, or free memory")


def bind_output(binding: Any, name: str, array: NDArray[Any]) -> None:
    """Have ``name`` written into ``array``, which is contiguous and has its shape."""
    binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)


def encoder_tensors(step: "onnxruntime.InferenceSession") -> list[str]:
    """Which encoder outputs the decoder step reads: none without attention, keys only where the score projects."""
    inputs = {tensor.name for tensor in step.get_inputs()}
    return [name for name in ("encoder_outputs", "attention_keys") if name in inputs]


def encoder_result(outputs: dict[str, Any]) -> tuple[EncoderOutput, DecoderState]:
    """Return the outputs of ``encoder.onnx``, by name, as what the decoder starts from."""
    return (
        EncoderOutput(outputs.get("encoder_outputs"), outputs.get("attention_keys")),
        DecoderState(outputs["hidden_state"], outputs["cell_state"]),
    )
