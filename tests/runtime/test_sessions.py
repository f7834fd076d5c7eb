import dataclasses
from pathlib import Path

import numpy as np
import pytest

from hayakana.decoding import Decoded, greedy
from hayakana.errors import DeviceUnavailableError, ModelFilesError
from hayakana.manifest import ENCODER, GraphEntry
from hayakana.model_files import Model, load_model
from hayakana.sessions import Sessions, open_sessions, runtime

HAS_CUDA = "CUDAExecutionProvider" in runtime().get_available_providers()


@pytest.fixture(scope="module")
def model(tiny_folder: Path) -> Model:
    return load_model(tiny_folder)


def decode(sessions: Sessions, model: Model, names: list[str]) -> Decoded:
    return greedy(
        sessions.encoder,
        sessions.decoder_step,
        model.source_vocabulary.encode(names),
        max_length=model.manifest.target_limit,
        fetch=("logits", "attention_weights"),
    )


def test_shapes_and_types(model: Model) -> None:
    sessions = open_sessions(model, device="cpu")
    assert sessions.device == "cpu"
    assert sessions.optional_outputs == {"logits", "attention_weights"}
    source_ids = model.source_vocabulary.encode(["kana", "mori", "sato"])
    encoder_output, state = sessions.encoder(source_ids)
    output = sessions.decoder_step(np.full(3, 1), state, encoder_output, fetch=("logits", "attention_weights"))
    units = model.manifest.graphs["decoder_step.onnx"].inputs["hidden_state"].shape[1]
    assert state.hidden_state.shape == state.cell_state.shape == (3, units)
    assert output.state.hidden_state.shape == (3, units)
    assert output.next_ids.dtype == np.int64
    assert output.next_ids.shape == (3,)
    assert output.logits is not None
    assert output.logits.shape == (3, len(model.target_vocabulary))
    assert np.array_equal(output.logits.argmax(axis=1), output.next_ids)
    assert output.attention_weights is not None
    assert output.attention_weights.shape == (3, 4)
    assert output.attention_weights.dtype == np.float32
    assert np.allclose(output.attention_weights.sum(axis=1), 1, atol=1e-6)


def test_states_that_stay_on_the_device_give_the_same(model: Model) -> None:
    names = ["kana", "mori", "sato", "n'ka", "rrrr", "tsun"]
    numpy_form = decode(open_sessions(model, device="cpu"), model, names)
    bound_form = decode(open_sessions(model, device="cpu", bound=True), model, names)
    assert np.array_equal(numpy_form.target_ids, bound_form.target_ids)
    assert np.array_equal(numpy_form.lengths, bound_form.lengths)
    for row, length in enumerate(numpy_form.lengths):
        for name, array in numpy_form.fetched.items():
            assert np.allclose(array[row, : length + 1], bound_form.fetched[name][row, : length + 1], atol=1e-5)


def test_an_unknown_device(model: Model) -> None:
    with pytest.raises(ValueError, match="device must be one of cpu, cuda, auto"):
        open_sessions(model, device="gpu")


@pytest.mark.skipif(HAS_CUDA, reason="this onnxruntime has CUDA")
def test_cuda_that_is_not_there(model: Model) -> None:
    with pytest.raises(DeviceUnavailableError, match=r"pip install .*--no-deps onnxruntime-gpu"):
        open_sessions(model, device="cuda")
    assert open_sessions(model, device="auto").device == "cpu"


@pytest.mark.skipif(not HAS_CUDA, reason="needs a GPU and onnxruntime-gpu")
def test_cuda(model: Model) -> None:
    names = ["kana", "mori", "sato", "n'ka", "rrrr", "tsun"]
    sessions = open_sessions(model, device="cuda")
    assert sessions.device == "cuda"
    assert np.array_equal(
        decode(sessions, model, names).target_ids, decode(open_sessions(model, device="cpu"), model, names).target_ids
    )


class SilentFallback:
    """An onnxruntime that lists CUDA and, asked for it, gives a CPU session, as the real one does without libraries."""

    def __init__(self) -> None:
        self._real = runtime()
        self.SessionOptions = self._real.SessionOptions

    def get_available_providers(self) -> list[str]:
        return ["CUDAExecutionProvider", "CPUExecutionProvider"]

    def preload_dlls(self) -> None:
        pass

    def InferenceSession(self, content: bytes, options: object, providers: list[str], enable_fallback: int) -> object:  # noqa: N802
        return self._real.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def test_a_silent_fallback_to_the_cpu_is_an_error(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hayakana.sessions.runtime", SilentFallback)
    with pytest.raises(DeviceUnavailableError, match="onnxruntime gave CPUExecutionProvider"):
        open_sessions(model, device="cuda")
    assert open_sessions(model, device="auto").device == "cpu"


def test_a_graph_with_other_tensors_is_refused(model: Model) -> None:
    graphs = {**model.manifest.graphs, ENCODER: GraphEntry({}, {})}
    wrong = dataclasses.replace(model, manifest=dataclasses.replace(model.manifest, graphs=graphs))
    with pytest.raises(ModelFilesError, match=r"encoder\.onnx has other tensors"):
        open_sessions(wrong, device="cpu")


def test_a_file_that_is_no_graph_is_refused(model: Model) -> None:
    with pytest.raises(ModelFilesError, match=r"onnxruntime cannot load .*encoder\.onnx"):
        open_sessions(dataclasses.replace(model, graphs={**model.graphs, ENCODER: b"not a graph"}), device="cpu")
