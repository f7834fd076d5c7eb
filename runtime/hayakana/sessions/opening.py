"""The only module that imports onnxruntime: sessions, devices, and the graphs as numpy functions.

Each graph has a numpy form and a bound form with one signature. The numpy form is for the CPU, and drops finished rows.
The bound form keeps encoder output and decoder state on the device as ``OrtValue`` and fetches token ids alone; it is
for CUDA, and runs on the CPU too, so that it can be tested anywhere. For many names on the CPU there are, besides, the
encoder in steps and ``BoundSlots``, which run a decoder step in place.
"""

import functools
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.greedy import DecoderStep, Encoder
from hayakana.decoding.prefixes import PrefixEncoder
from hayakana.decoding.slots import EncoderOfMany, OpenSlots
from hayakana.decoding.states import DecoderState, EncoderOutput, RowIndex, StepOutput
from hayakana.errors import DeviceUnavailableError, LoadingError, MissingRuntimeError, ModelFilesError, cause_of
from hayakana.model.folder import Model
from hayakana.model.manifest import DECODER_STEP, ENCODER, ENCODER_STEPS, GraphEntry, TensorEntry
from hayakana.model.vocabulary import BOS_ID

if TYPE_CHECKING:
    import onnxruntime

Device = Literal["cpu", "cuda", "auto"]
DEVICES: tuple[Device, ...] = ("cpu", "cuda", "auto")

_PROVIDERS: dict[str, tuple[str, dict[str, str]]] = {
    "cpu": ("CPUExecutionProvider", {}),
    # Products in TF32, which CUDA prefers, keep 10 bits of mantissa: on an H100 they changed up to 0.15 % of strings.
    "cuda": ("CUDAExecutionProvider", {"use_tf32": "0"}),
}
_GPU_SWAP = "pip uninstall --yes onnxruntime && pip install --force-reinstall 'onnxruntime-gpu[cuda,cudnn]'"


def runtime() -> Any:
    """Import onnxruntime, here and not at the top so that importing hayakana stays light.

    From 1.32 on, onnxruntime reports to its makers unless this environment variable is set before it is imported. A
    value that the user has given stays. Processes that this one starts inherit it.

    Raises:
        MissingRuntimeError: neither of its wheels is installed.
        LoadingError: one is, and cannot be loaded.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    try:
        import onnxruntime
    except ImportError as error:
        if not isinstance(error, ModuleNotFoundError) or error.name != "onnxruntime":
            raise LoadingError(f"onnxruntime is installed, but cannot be loaded: {cause_of(error)}") from error
        raise MissingRuntimeError("hayakana needs onnxruntime: pip install onnxruntime (or onnxruntime-gpu)") from error
    return onnxruntime


class NumpyEncoder:
    """``encoder.onnx``: source ids ``(batch, source_length)`` int64 → encoder output and the decoder's first state."""

    def __init__(self, session: "onnxruntime.InferenceSession") -> None:
        self._session = session
        self._outputs = [output.name for output in session.get_outputs()]

    def __call__(self, source_ids: NDArray[np.int64]) -> tuple[EncoderOutput, DecoderState]:
        """Encode a batch of one source length."""
        results = _results(self._session, self._outputs, {"source_ids": source_ids})
        outputs = dict(zip(self._outputs, results, strict=True))
        return _encoder_result(outputs)


class NumpyDecoderStep:
    """``decoder_step.onnx`` over numpy arrays; a ``decoding.DecoderStep``."""

    compacts = True

    def __init__(self, session: "onnxruntime.InferenceSession") -> None:
        self._session = session
        self._encoder_tensors = _encoder_tensors(session)

    def __call__(
        self,
        previous_ids: NDArray[np.int64],
        state: DecoderState,
        encoder_output: EncoderOutput,
        *,
        fetch: tuple[str, ...] = (),
    ) -> StepOutput:
        """Run one step; see ``decoding.DecoderStep``."""
        inputs = {name: getattr(encoder_output, name) for name in self._encoder_tensors}
        inputs |= {"previous_ids": previous_ids, "hidden_state": state.hidden_state, "cell_state": state.cell_state}
        next_ids, hidden_state, cell_state, *fetched = _results(self._session, [*_STEP_OUTPUTS, *fetch], inputs)
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
        for name, array in zip(_ENCODER_STEP_OUTPUTS, out, strict=False):
            _bind_output(binding, name, array)
        _run(self._session, binding)


class BoundSlots:
    """``decoder_step.onnx`` bound to arrays in memory that it reads and writes in place; a ``continuous.Slots``.

    A step reads one side of the state and writes the other, and the next step the other way round, so that no array is
    allocated and none is copied between steps. ``with_logits`` has the logits of all steps written, into one array.
    """

    def __init__(
        self, session: "onnxruntime.InferenceSession", count: int, source_length: int, *, with_logits: bool = False
    ) -> None:
        self._session = session
        shapes = {tensor.name: tensor.shape for tensor in (*session.get_inputs(), *session.get_outputs())}
        self._encoder_output = {
            name: np.empty((count, source_length, shapes[name][-1]), np.float32) for name in _encoder_tensors(session)
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
        """Those of the last step; see ``continuous.Slots``."""
        assert self._logits is not None
        return self._logits[: self._count]

    def write(self, slots: RowIndex, encoder_output: EncoderOutput, state: DecoderState) -> None:
        """Put new rows at the places ``slots``; see ``continuous.Slots``."""
        for name, array in self._encoder_output.items():
            array[slots] = getattr(encoder_output, name)
        previous_ids, hidden_state, cell_state = self._sides[0].arrays
        previous_ids[slots], hidden_state[slots], cell_state[slots] = BOS_ID, state.hidden_state, state.cell_state

    def keep(self, slots: NDArray[np.int64]) -> None:
        """Drop all slots but these; see ``continuous.Slots``."""
        for array in (*self._encoder_output.values(), *self._sides[0].arrays):
            array[: len(slots)] = array[slots]
        self._bind(*(side.arrays for side in self._sides), count=len(slots))

    def step(self) -> NDArray[np.int64]:
        """Run one step; see ``continuous.Slots``."""
        _run(self._session, self._sides[0].binding)
        self._sides.reverse()
        next_ids: NDArray[np.int64] = self._sides[0].arrays[0][: self._count]
        return next_ids

    def _bind(self, side: tuple[NDArray[Any], ...], other: tuple[NDArray[Any], ...], *, count: int) -> None:
        """Bind the first ``count`` rows of every array: read ``side`` and write ``other``, and the reverse."""
        self._count = count
        self._sides = [self._side(side, other, count), self._side(other, side, count)]

    def _side(self, read: tuple[NDArray[Any], ...], written: tuple[NDArray[Any], ...], count: int) -> "_Side":
        binding = self._session.io_binding()
        for name, array in (*zip(_STATE_INPUTS, read, strict=True), *self._encoder_output.items()):
            binding.bind_cpu_input(name, array[:count])
        for name, array in zip(_STEP_OUTPUTS, written, strict=True):
            _bind_output(binding, name, array[:count])
        if self._logits is not None:
            _bind_output(binding, "logits", self._logits[:count])
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
        _run(self._session, binding)
        return _encoder_result(dict(zip(self._outputs, binding.get_outputs(), strict=True)))


class BoundDecoderStep:
    """``decoder_step.onnx`` with its states on the device; rows cannot be dropped there, so it does not compact."""

    compacts = False

    def __init__(self, session: "onnxruntime.InferenceSession", *, device: str) -> None:
        self._session, self._device = session, device
        self._encoder_tensors = _encoder_tensors(session)

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
        for name in self._encoder_tensors:
            binding.bind_ortvalue_input(name, getattr(encoder_output, name))
        binding.bind_output("next_ids", "cpu")
        binding.bind_output("next_hidden_state", self._device)
        binding.bind_output("next_cell_state", self._device)
        for name in fetch:
            binding.bind_output(name, "cpu")
        _run(self._session, binding)
        next_ids, hidden_state, cell_state, *fetched = binding.get_outputs()
        arrays = {name: value.numpy() for name, value in zip(fetch, fetched, strict=True)}
        return StepOutput(next_ids.numpy(), DecoderState(hidden_state, cell_state), **arrays)


_ENCODER_STEP_OUTPUTS = ("next_hidden_state", "next_cell_state", "attention_keys")
_STATE_INPUTS = ("previous_ids", "hidden_state", "cell_state")
_STEP_OUTPUTS = ("next_ids", "next_hidden_state", "next_cell_state")


@dataclass(frozen=True)
class Sessions:
    """The graphs of a model, open on ``device`` (``cpu`` or ``cuda``: what was got, not what was asked for)."""

    encoder: Encoder
    decoder_step: DecoderStep
    device: str
    optional_outputs: frozenset[str]
    """What the decoder step can fetch: ``logits``, and ``attention_weights`` where the model has attention."""
    encoder_of_many: EncoderOfMany
    """The encoder for many rows: over their distinct prefixes, where the model has the graphs for it."""
    open_slots: OpenSlots | None
    """For continuous batching; None on a device, where states cannot be written row by row."""
    slot_of_one: "SlotOfOne | None"
    """For one row at a time; None where ``open_slots`` is."""
    search_encoder: Encoder
    search_step: DecoderStep
    """The numpy form of both, on any device: beam search reorders rows, and on a device they cannot be."""


def open_sessions(model: Model, *, device: Device, bound: bool | None = None) -> Sessions:
    """Open the graphs of ``model``, one intra-op thread each.

    ``bound`` chooses the bound form; by default it is used on CUDA and not on the CPU.

    Raises:
        DeviceUnavailableError: ``device="cuda"`` and there is no CUDA to be had; ``"auto"`` falls back to the CPU.
        ModelFilesError: the graphs do not have the tensors of the manifest, or cannot be loaded.
    """
    if device not in DEVICES:
        raise ValueError(f"device must be one of {', '.join(DEVICES)}, not {device!r}")
    if device == "auto":
        try:
            return open_sessions(model, device="cuda", bound=bound)
        except DeviceUnavailableError:
            return open_sessions(model, device="cpu", bound=bound)
    encoder = _open(model, ENCODER, device=device)
    step = _open(model, DECODER_STEP, device=device)
    optional = frozenset(output.name for output in step.get_outputs()).difference(_STEP_OUTPUTS)
    whole, numpy_step = NumpyEncoder(encoder), NumpyDecoderStep(step)
    if bound or (bound is None and device == "cuda"):
        on_device = BoundEncoder(encoder, device=device)
        return Sessions(
            encoder=on_device,
            decoder_step=BoundDecoderStep(step, device=device),
            device=device,
            optional_outputs=optional,
            encoder_of_many=on_device,
            open_slots=None,
            slot_of_one=None,
            search_encoder=whole,
            search_step=numpy_step,
        )
    return Sessions(
        encoder=whole,
        decoder_step=numpy_step,
        device=device,
        optional_outputs=optional,
        encoder_of_many=_prefix_encoder(model, device=device) or whole,
        open_slots=functools.partial(BoundSlots, step),
        slot_of_one=SlotOfOne(step),
        search_encoder=whole,
        search_step=numpy_step,
    )


def _prefix_encoder(model: Model, *, device: str) -> PrefixEncoder | None:
    """Return the encoder in steps, if ``model`` has them.

    Raises:
        ModelFilesError: it has some of them, or they do not make its encoder.
    """
    names = [name for name in ENCODER_STEPS if name in model.graphs]
    if not names:
        return None
    steps = [NumpyEncoderStep(_open(model, name, device=device)) for name in names]
    units = model.manifest.graphs[ENCODER].outputs["hidden_state"].shape[-1]
    if names != list(ENCODER_STEPS[: len(names)]) or any(step.units * len(steps) != units for step in steps):
        raise ModelFilesError(
            f"{model.folder}: {', '.join(names)} of {[step.units for step in steps]} units do not make an encoder of"
            f" {units}; export the model again"
        )
    return PrefixEncoder(*steps)


def _open(model: Model, name: str, *, device: str) -> "onnxruntime.InferenceSession":
    ort = runtime()
    provider, provider_options = _PROVIDERS[device]
    if provider not in ort.get_available_providers():
        raise DeviceUnavailableError(
            f"device {device!r} is not in the onnxruntime that is installed"
            f" ({', '.join(ort.get_available_providers())}); for CUDA, swap its wheel: {_GPU_SWAP}"
        )
    options = ort.SessionOptions()
    # One thread a session: at these sizes two are slower than one, and workers use the cores better.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if device == "cuda":
        # Finds CUDA and cuDNN in NVIDIA's own wheels; onnxruntime has it from 1.21 on.
        getattr(ort, "preload_dlls", lambda: None)()
    try:
        # Its own fallback would print on standard output, among the Katakana.
        session = ort.InferenceSession(
            model.graphs[name], options, providers=[(provider, provider_options)], enable_fallback=0
        )
    except Exception as error:  # onnxruntime's own exceptions share no base class
        if device == "cuda":
            raise DeviceUnavailableError(f"device 'cuda' cannot be had: {error}") from error
        raise ModelFilesError(f"onnxruntime cannot load {model.folder / name}: {error}") from error
    if session.get_providers()[0] != provider:
        # A CUDA library that does not load leaves a CPU session behind, with no more than a line in the log.
        raise DeviceUnavailableError(
            f"device {device!r} was asked for and onnxruntime gave {session.get_providers()[0]}: check the CUDA and"
            f" cuDNN libraries that its wheel needs; to swap the wheel: {_GPU_SWAP}"
        )
    _check_tensors(model, name, session)
    return session


def _check_tensors(model: Model, name: str, session: "onnxruntime.InferenceSession") -> None:
    """Compare the graph's tensors with the manifest's, so that a wrong file fails here and not in a node."""

    def entries(tensors: Any) -> dict[str, TensorEntry]:
        return {tensor.name: TensorEntry(tensor.type, tuple(tensor.shape)) for tensor in tensors}

    expected = model.manifest.graphs[name]
    actual = GraphEntry(entries(session.get_inputs()), entries(session.get_outputs()))
    if actual != expected:
        raise ModelFilesError(
            f"{model.folder / name} has other tensors than its manifest says: found {actual}, expected {expected};"
            " export the model again"
        )


def _run(session: "onnxruntime.InferenceSession", binding: Any) -> None:
    """Run a graph on what is bound.

    Raises:
        ModelFilesError: it cannot be run: its checksum is right, and what is in it is not.
    """
    try:
        session.run_with_iobinding(binding)
    except Exception as error:
        raise _cannot_run(error) from error


def _results(session: "onnxruntime.InferenceSession", outputs: list[str], inputs: dict[str, Any]) -> list[Any]:
    """Run a graph and return ``outputs`` as arrays; raises as ``_run``."""
    try:
        results: list[Any] = session.run(outputs, inputs)
    except Exception as error:
        raise _cannot_run(error) from error
    return results


def _cannot_run(error: Exception) -> ModelFilesError:
    """Return what is said of ``error``: onnxruntime's own exceptions share no base class."""
    return ModelFilesError(f"onnxruntime cannot run a graph of the model ({error}): export it again, or free memory")


def _bind_output(binding: Any, name: str, array: NDArray[Any]) -> None:
    """Have ``name`` written into ``array``, which is contiguous and has its shape."""
    binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)


def _encoder_tensors(step: "onnxruntime.InferenceSession") -> list[str]:
    """Which encoder outputs the decoder step reads: none without attention, keys only where the score projects."""
    inputs = {tensor.name for tensor in step.get_inputs()}
    return [name for name in ("encoder_outputs", "attention_keys") if name in inputs]


def _encoder_result(outputs: dict[str, Any]) -> tuple[EncoderOutput, DecoderState]:
    return (
        EncoderOutput(outputs.get("encoder_outputs"), outputs.get("attention_keys")),
        DecoderState(outputs["hidden_state"], outputs["cell_state"]),
    )
