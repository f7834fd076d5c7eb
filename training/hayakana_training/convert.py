"""Keras → ONNX: every graph through tf2onnx, our own tensor and dimension names, and everything checked."""

import onnx
import tf2onnx
from onnx import helper

from hayakana.manifest import DECODER_STEP, ENCODER, ENCODER_STEPS
from hayakana_training.errors import ExportError
from hayakana_training.graphs import build_graphs
from hayakana_training.model import TransliterationModel

OPSET = 17
"""Newer opsets lack kernels (onnxruntime's CUDA LSTM), and tf2onnx claims no more than 18."""

ALLOWED_OPERATORS = frozenset(
    [
        "Add",
        "ArgMax",
        "Concat",
        "Gather",
        "Identity",
        "LSTM",
        "MatMul",
        "Mul",
        "Sigmoid",
        "Slice",
        "Softmax",
        "Split",
        "Squeeze",
        "Tanh",
        "Transpose",
        "Unsqueeze",
    ]
)
"""What the graphs are made of; anything else (a Loop above all) means that the conversion went wrong."""

_BATCH, _SOURCE_LENGTH = "batch", "source_length"
_AXES = {
    "source_ids": (_BATCH, _SOURCE_LENGTH),
    "encoder_outputs": (_BATCH, _SOURCE_LENGTH, "encoder_units"),
    "attention_keys": (_BATCH, _SOURCE_LENGTH, "decoder_units"),
    "attention_weights": (_BATCH, _SOURCE_LENGTH),
    "previous_ids": (_BATCH,),
    "next_ids": (_BATCH,),
    "logits": (_BATCH, "target_vocabulary_size"),
} | dict.fromkeys(("hidden_state", "cell_state", "next_hidden_state", "next_cell_state"), (_BATCH, "decoder_units"))
_ENCODER_STEP_AXES = dict.fromkeys(
    ("hidden_state", "cell_state", "next_hidden_state", "next_cell_state"), (_BATCH, "direction_units")
) | {"source_ids": (_BATCH,), "attention_keys": (_BATCH, "decoder_units")}
_OUTPUTS = dict.fromkeys(ENCODER_STEPS, ("next_hidden_state", "next_cell_state", "attention_keys")) | {
    ENCODER: ("encoder_outputs", "attention_keys", "hidden_state", "cell_state"),
    DECODER_STEP: ("next_ids", "logits", "next_hidden_state", "next_cell_state", "attention_weights"),
}


def convert(model: TransliterationModel) -> dict[str, onnx.ModelProto]:
    """Return ``encoder.onnx``, ``decoder_step.onnx`` and the encoder steps, if the model has them, by file name.

    Raises:
        ExportError: a graph is not valid ONNX, has an operator outside ``ALLOWED_OPERATORS``, or does not have
            its one fused LSTM.
    """
    graphs = build_graphs(model)
    steps = zip(ENCODER_STEPS, graphs.encoder_steps, strict=False)
    converted = {}
    for name, function in ((ENCODER, graphs.encoder), (DECODER_STEP, graphs.decoder_step), *steps):
        proto, _ = tf2onnx.convert.from_function(function, input_signature=function.input_signature, opset=OPSET)
        _start_from_zeros(proto.graph)
        _tidy(proto, name, model)
        _check(proto, name)
        converted[name] = proto
    return converted


def _start_from_zeros(graph: onnx.GraphProto) -> None:
    """Leave out the LSTM's first states, which ONNX takes to be zeros, and the nodes that make zeros of that shape."""
    for node in graph.node:
        if node.op_type == "LSTM":
            node.input[5] = node.input[6] = ""  # initial_h, initial_c
    used = {output.name for output in graph.output}
    for node in reversed(list(graph.node)):
        if used.isdisjoint(node.output):
            graph.node.remove(node)
        else:
            used.update(node.input)
    for initializer in [one for one in graph.initializer if one.name not in used]:
        graph.initializer.remove(initializer)


def _tidy(proto: onnx.ModelProto, name: str, model: TransliterationModel) -> None:
    """Put the outputs in order and give the axes their names."""
    config = model.config
    sizes = {
        "encoder_units": config.encoder_output_units,
        "direction_units": config.encoder_units,
        "decoder_units": config.decoder_units,
        "target_vocabulary_size": model.output_projection.units,
    }
    graph = proto.graph
    axes = _ENCODER_STEP_AXES if name in ENCODER_STEPS else _AXES
    outputs = sorted(graph.output, key=lambda output: _OUTPUTS[name].index(output.name))
    inputs = list(graph.input)
    for values, tensors in ((graph.input, inputs), (graph.output, outputs)):
        types = [tensor.type.tensor_type.elem_type for tensor in tensors]
        names = [tensor.name for tensor in tensors]
        del values[:]
        for tensor_name, element_type in zip(names, types, strict=True):
            shape = [sizes.get(axis, axis) for axis in axes[tensor_name]]
            values.append(helper.make_tensor_value_info(tensor_name, element_type, shape))
    del graph.value_info[:]
    graph.name, graph.doc_string = name.removesuffix(".onnx"), ""


def _check(proto: onnx.ModelProto, name: str) -> None:
    try:
        onnx.checker.check_model(proto, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ExportError(f"{name} is not valid ONNX: {error}") from error
    operators = [node.op_type for node in proto.graph.node]
    if foreign := sorted(set(operators) - ALLOWED_OPERATORS):
        raise ExportError(f"{name} has operators that it should not have: {', '.join(foreign)}")
    expected = 1 if name == ENCODER else 0
    if operators.count("LSTM") != expected:
        raise ExportError(f"{name} has {operators.count('LSTM')} LSTM nodes, expected {expected}")
