"""The graphs of a model with int8 weights, by onnxruntime's own tool."""

import logging
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

from hayakana.model.folder import Model


def quantize(model: Model, folder: Path, *, by_channel: bool) -> None:
    """Write every graph of ``model`` with int8 weights in its products.

    Activations are scaled anew in every call, over the whole batch. ``by_channel`` gives each column of the weights a
    scale of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    logging.disable(logging.WARNING)  # It recommends preparations that these graphs do not need.
    try:
        for name, graph in model.graphs.items():
            quantize_dynamic(
                onnx.load_from_string(graph),
                folder / name,
                op_types_to_quantize=["MatMul", "LSTM"],
                per_channel=by_channel,
                weight_type=QuantType.QInt8,
                # Seven bits: products of eight saturate on a processor without VNNI, and spoil the strings there.
                reduce_range=True,
            )
    finally:
        logging.disable(logging.NOTSET)
