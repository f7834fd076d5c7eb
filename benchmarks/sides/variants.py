"""Writes graphs other than the shipped ones, in a process that ends before anything is measured: it has TensorFlow."""

import os
from collections.abc import Callable
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import onnx

from benchmarks.integers import quantize
from benchmarks.variants import (
    INT8,
    INT8_BY_CHANNEL,
    LAYOUT,
    LAYOUTS,
    PROJECTION,
    UNFOLDED,
    decoder_step,
    layout_file,
    read_weights,
    unfolded_steps,
    value_projection,
)
from hayakana.model.folder import bundled_models, load_model
from hayakana_training.runs import open_run


def open_variants(model: str) -> Callable[[dict], None]:
    """Serve ``{"folder": str}`` by writing all graphs of a bundled model under it."""
    source = load_model(bundled_models()[model])

    def handle(request: dict) -> None:
        folder = Path(request["folder"])
        weights = read_weights(open_run(source.folder / "training").model)
        layouts = {layout_file(layout): decoder_step(weights, layout) for layout in LAYOUTS}
        write(folder / UNFOLDED, unfolded_steps(weights))
        write(folder / LAYOUT, {**layouts, PROJECTION: value_projection(weights)})
        quantize(source, folder / INT8, by_channel=False)
        quantize(source, folder / INT8_BY_CHANNEL, by_channel=True)

    return handle


def write(folder: Path, graphs: dict[str, onnx.ModelProto]) -> None:
    """Write ``graphs`` under their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, graph in graphs.items():
        (folder / name).write_bytes(graph.SerializeToString())
