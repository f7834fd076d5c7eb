"""One decoder step at a time, in graphs that are laid out in different ways, over the same rows."""

import functools
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from benchmarks.variants import PROJECTION
from hayakana.model.folder import Model, bundled_models, load_model
from hayakana.model.manifest import DECODER_STEP
from hayakana.model.vocabulary import BOS_ID
from hayakana.sessions.opening import open_sessions

Arrays = Mapping[str, NDArray[Any]]

STEPS_BEFORE = 2
"""Steps that the rows have taken before the one that is measured, so that their states are those of real names."""


def open_steps(model: str, folder: str) -> Callable[[dict], dict]:
    """Serve ``{"graph": str, "steps": int, "units": [...]}``; every unit is a row, all of one length.

    ``graph`` is that of the bundled model, DECODER_STEP, or a file in ``folder``. The answer has the ``seconds`` of
    ``steps`` times the same step, from arrays into arrays that stay where they are, and how the result differs from
    that of the exported graph: ``differing_ids`` and ``largest_state_difference``, both zero where there is no state.
    """
    files = load_model(bundled_models()[model])

    def read(name: str) -> bytes:
        return files.graphs[name] if name in files.graphs else Path(folder, name).read_bytes()

    @functools.cache
    def inputs(units: tuple[str, ...]) -> Arrays:
        under_way = rows_under_way(files, units)
        return {**under_way, **Step(read(PROJECTION), under_way).run(1)}

    @functools.cache
    def opened(graph: str, units: tuple[str, ...]) -> Step:
        return Step(read(graph), inputs(units))

    def handle(request: dict) -> dict:
        units = tuple(request["units"])
        step = opened(request["graph"], units)
        started = time.perf_counter()
        found = step.run(request["steps"])
        seconds = time.perf_counter() - started
        return {"seconds": seconds, **compare(opened(DECODER_STEP, units).run(1), found)}

    return handle


class Step:
    """A graph bound to ``inputs`` and to arrays for its outputs, but for those that the search does not fetch."""

    def __init__(self, graph: bytes, inputs: Arrays) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        sizes = dict(zip(("batch", "source_length"), inputs["encoder_outputs"].shape, strict=False))
        types = {"tensor(int64)": np.int64, "tensor(float)": np.float32}
        self._outputs = {
            tensor.name: np.empty([sizes.get(axis, axis) for axis in tensor.shape], types[tensor.type])
            for tensor in self._session.get_outputs()
            if tensor.name not in ("logits", "attention_weights")
        }
        self._binding = self._session.io_binding()
        for tensor in self._session.get_inputs():
            self._binding.bind_cpu_input(tensor.name, inputs[tensor.name])
        for name, array in self._outputs.items():
            self._binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)

    def run(self, times: int) -> Arrays:
        """Run the graph again and again; return the outputs."""
        for _ in range(times):
            self._session.run_with_iobinding(self._binding)
        return self._outputs


def rows_under_way(model: Model, units: tuple[str, ...]) -> Arrays:
    """Return the inputs of the decoder step after ``STEPS_BEFORE`` steps."""
    sessions = open_sessions(model, device="cpu")
    encoder_output, state = sessions.encoder(model.source_vocabulary.encode(units))
    previous_ids = np.full(len(units), BOS_ID, np.int64)
    for _ in range(STEPS_BEFORE):
        output = sessions.decoder_step(previous_ids, state, encoder_output)
        previous_ids, state = output.next_ids, output.state
    arrays = {
        "previous_ids": previous_ids,
        "hidden_state": state.hidden_state,
        "cell_state": state.cell_state,
        "encoder_outputs": encoder_output.encoder_outputs,
    }
    keys = encoder_output.attention_keys
    return arrays if keys is None else {**arrays, "attention_keys": keys}


def compare(expected: Arrays, found: Arrays) -> dict[str, float]:
    """Return how many ids differ, and by how much the states do at most."""
    states = [name for name in ("next_hidden_state", "next_cell_state") if name in found]
    return {
        "differing_ids": int((found["next_ids"] != expected["next_ids"]).sum()) if "next_ids" in found else 0,
        "largest_state_difference": max(
            (float(np.abs(found[name] - expected[name]).max()) for name in states), default=0.0
        ),
    }
