import dataclasses
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from hayakana.decoding.greedy import Decoded, greedy
from hayakana.errors import DeviceUnavailableError, ModelFilesError
from hayakana.model.folder import Model, load_model
from hayakana.model.manifest import ENCODER, ENCODER_STEPS
from hayakana.model.signatures import GraphEntry
from hayakana.model.vocabulary import BOS_ID
from hayakana.sessions.cpu import BoundSlots
from hayakana.sessions.opening import Sessions, open_sessions, runtime

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


def test_a_step_in_slots_is_a_step_over_arrays(model: Model) -> None:
    sessions = open_sessions(model, device="cpu")
    assert sessions.open_slots is not None
    slots = sessions.open_slots(4, 4)
    assert isinstance(slots, BoundSlots)
    encoded, state = sessions.encoder(model.source_vocabulary.encode(["kana", "mori", "sato", "n'ka", "rrrr", "tsun"]))
    # The same rows in plain arrays: `rows` says which are under way, `state` and `previous_ids` are theirs.
    rows, state_of_rows, previous_ids = np.zeros(4, np.int64), state.take(np.zeros(4, np.int64)), np.zeros(4, np.int64)

    def write(at: list[int], new: list[int]) -> None:
        slots.write(np.array(at), encoded.take(np.array(new)), state.take(np.array(new)))
        rows[at], previous_ids[at] = new, BOS_ID
        state_of_rows.hidden_state[at], state_of_rows.cell_state[at] = state.hidden_state[new], state.cell_state[new]

    def step(count: int) -> None:
        nonlocal state_of_rows, previous_ids
        for _ in range(count):
            output = sessions.decoder_step(previous_ids, state_of_rows, encoded.take(rows))
            state_of_rows, previous_ids = output.state, output.next_ids.copy()
            assert slots.step().tolist() == previous_ids.tolist()
            _, hidden_state, cell_state = (array[: len(rows)] for array in slots._sides[0].arrays)
            assert np.allclose(hidden_state, state_of_rows.hidden_state, rtol=0, atol=1e-6)
            assert np.allclose(cell_state, state_of_rows.cell_state, rtol=0, atol=1e-6)

    write([0, 2], [1, 3])
    write([3, 1], [0, 2])
    step(3)
    write([2], [5])
    step(2)
    kept = np.array([0, 2, 3])
    slots.keep(kept)
    rows, state_of_rows, previous_ids = rows[kept], state_of_rows.take(kept), previous_ids[kept]
    step(1)
    write([1], [4])
    step(2)
    slots.keep(np.array([2]))
    rows, state_of_rows, previous_ids = rows[2:], state_of_rows.take(slice(2, 3)), previous_ids[2:]
    step(2)


def test_slots_that_keep_logits_keep_those_of_their_last_step(model: Model) -> None:
    sessions = open_sessions(model, device="cpu")
    assert sessions.open_slots is not None
    slots = sessions.open_slots(3, 4, with_logits=True)
    encoded, state = sessions.encoder(model.source_vocabulary.encode(["kana", "mori", "sato"]))
    slots.write(np.arange(3), encoded, state)
    previous_ids, rows = np.full(3, BOS_ID), np.arange(3)
    for kept in ([0, 1, 2], [0, 1, 2], [2, 0], [1, 0], [1]):
        if len(kept) < len(rows):
            slots.keep(np.array(kept))
        if len(kept) < len(previous_ids):
            rows, previous_ids, state = rows[kept], previous_ids[kept], state.take(np.array(kept))
        output = sessions.decoder_step(previous_ids, state, encoded.take(rows), fetch=("logits",))
        assert slots.step().tolist() == output.next_ids.tolist()
        assert slots.logits.shape == (len(rows), len(model.target_vocabulary))
        assert np.allclose(slots.logits, output.logits, rtol=0, atol=1e-5)
        state, previous_ids = output.state, output.next_ids


def test_a_slot_of_one_is_kept_by_each_thread(model: Model) -> None:
    slot_of_one = open_sessions(model, device="cpu").slot_of_one
    assert slot_of_one is not None
    mine = slot_of_one(4)
    assert slot_of_one(4) is mine
    assert slot_of_one(5) is not mine
    assert slot_of_one(4, with_logits=True) is slot_of_one(4, with_logits=True)
    assert slot_of_one(4, with_logits=True) is not mine
    with ThreadPoolExecutor(1) as pool:
        other, again = pool.submit(slot_of_one, 4).result(), pool.submit(slot_of_one, 4).result()
    assert other is again
    assert other is not mine
    assert slot_of_one(4) is mine


def test_an_unknown_device(model: Model) -> None:
    with pytest.raises(ValueError, match="device must be one of cpu, cuda, auto"):
        open_sessions(model, device="gpu")


@pytest.mark.skipif(HAS_CUDA, reason="this onnxruntime has CUDA")
def test_cuda_that_is_not_there(model: Model) -> None:
    with pytest.raises(DeviceUnavailableError, match=r"pip install .*onnxruntime-gpu\[cuda,cudnn\]"):
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

    asked_for: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def __init__(self) -> None:
        self._real = runtime()
        self.SessionOptions = self._real.SessionOptions

    def get_available_providers(self) -> list[str]:
        return ["CUDAExecutionProvider", "CPUExecutionProvider"]

    def preload_dlls(self) -> None:
        pass

    # Named as onnxruntime names it.
    def InferenceSession(self, content: bytes, options: object, providers: list, enable_fallback: int) -> object:  # noqa: N802
        self.asked_for.extend(providers)
        return self._real.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def test_a_silent_fallback_to_the_cpu_is_an_error(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hayakana.sessions.opening.runtime", SilentFallback)
    with pytest.raises(DeviceUnavailableError, match="onnxruntime gave CPUExecutionProvider"):
        open_sessions(model, device="cuda")
    # In full precision: with CUDA's own choice, strings would not be those of the CPU.
    assert SilentFallback.asked_for[0] == ("CUDAExecutionProvider", {"use_tf32": "0"})
    assert open_sessions(model, device="auto").device == "cpu"


def test_a_graph_with_other_tensors_is_refused(model: Model) -> None:
    graphs = {**model.manifest.graphs, ENCODER: GraphEntry({}, {})}
    wrong = dataclasses.replace(model, manifest=dataclasses.replace(model.manifest, graphs=graphs))
    with pytest.raises(ModelFilesError, match=r"encoder\.onnx has other tensors"):
        open_sessions(wrong, device="cpu")


def test_a_file_that_is_no_graph_is_refused(model: Model) -> None:
    with pytest.raises(ModelFilesError, match=r"onnxruntime cannot load .*encoder\.onnx"):
        open_sessions(dataclasses.replace(model, graphs={**model.graphs, ENCODER: b"not a graph"}), device="cpu")


@pytest.mark.parametrize("name", ENCODER_STEPS)
def test_half_of_the_encoder_steps_are_refused(model: Model, name: str) -> None:
    graphs = {other: content for other, content in model.graphs.items() if other != name}
    with pytest.raises(ModelFilesError, match="do not make an encoder"):
        open_sessions(dataclasses.replace(model, graphs=graphs), device="cpu")


def test_a_model_without_encoder_steps_encodes_lists_with_the_whole_encoder(model: Model) -> None:
    graphs = {name: content for name, content in model.graphs.items() if name not in ENCODER_STEPS}
    sessions = open_sessions(dataclasses.replace(model, graphs=graphs), device="cpu")
    assert sessions.encoder_of_many is sessions.encoder
