"""Opening the graphs of a model: onnxruntime, its devices, and what is checked before a graph runs.

Each graph has a numpy form (``cpu``) and a bound form (``device``) with one signature. The numpy form is for the CPU,
and drops finished rows. The bound form keeps encoder output and decoder state on the device and fetches token ids
alone. It is for CUDA, and runs on the CPU too, so that it can be tested anywhere. For many names on the CPU there are,
besides, the encoder in steps and ``BoundSlots``, which run a decoder step in place.
"""

import functools
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from hayakana.decoding.greedy import DecoderStep, Encoder
from hayakana.decoding.prefixes import PrefixEncoder
from hayakana.decoding.slots import EncoderOfMany, OpenSlots
from hayakana.errors import (
    DeviceUnavailableError,
    LoadingError,
    MissingRuntimeError,
    ModelFilesError,
    brief,
    cause_of,
    listed,
)
from hayakana.model.folder import Model
from hayakana.model.manifest import DECODER_STEP, ENCODER, ENCODER_STEPS
from hayakana.model.signatures import GraphEntry, TensorEntry
from hayakana.sessions.cpu import BoundSlots, NumpyDecoderStep, NumpyEncoder, NumpyEncoderStep, SlotOfOne
from hayakana.sessions.device import BoundDecoderStep, BoundEncoder
from hayakana.sessions.tensors import LONGEST_SAID, STEP_OUTPUTS

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
        DeviceUnavailableError: ``device="cuda"``, and CUDA is not available; ``"auto"`` falls back to the CPU.
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
    optional = frozenset(output.name for output in step.get_outputs()).difference(STEP_OUTPUTS)
    whole, numpy_step = NumpyEncoder(encoder), NumpyDecoderStep(step)
    opened = Sessions(
        encoder=whole,
        decoder_step=numpy_step,
        device=device,
        optional_outputs=optional,
        encoder_of_many=whole,
        open_slots=None,
        slot_of_one=None,
        search_encoder=whole,
        search_step=numpy_step,
    )
    if bound or (bound is None and device == "cuda"):
        on_device = BoundEncoder(encoder, device=device)
        bound_step = BoundDecoderStep(step, device=device)
        return replace(opened, encoder=on_device, encoder_of_many=on_device, decoder_step=bound_step)
    return replace(
        opened,
        encoder_of_many=_prefix_encoder(model, device=device) or whole,
        open_slots=functools.partial(BoundSlots, step),
        slot_of_one=SlotOfOne(step),
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
            f"{model.folder}: {listed(names)} of {[step.units for step in steps]} units do not make an encoder of"
            f" {units}; export the model again"
        )
    return PrefixEncoder(*steps)


def _open(model: Model, name: str, *, device: str) -> "onnxruntime.InferenceSession":
    ort = runtime()
    provider, provider_options = _PROVIDERS[device]
    if provider not in ort.get_available_providers():
        raise DeviceUnavailableError(
            f"device {device!r} is not in the onnxruntime that is installed"
            f" ({listed(ort.get_available_providers())}); for CUDA, swap its wheel: {_GPU_SWAP}"
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
            raise DeviceUnavailableError(
                f"device 'cuda' is not available: {brief(error, limit=LONGEST_SAID)}"
            ) from error
        raise ModelFilesError(
            f"onnxruntime cannot load {model.folder / name}: {brief(error, limit=LONGEST_SAID)}"
        ) from error
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
        found, said = brief(actual, limit=LONGEST_SAID), brief(expected, limit=LONGEST_SAID)
        raise ModelFilesError(
            f"{model.folder / name} has other tensors than its manifest says: found {found}, expected {said};"
            " export the model again"
        )
