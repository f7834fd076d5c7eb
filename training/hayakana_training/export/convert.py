"""Keras → ONNX: every graph through tf2onnx, our own tensor and dimension names, and everything checked."""

import onnx
import tf2onnx
from onnx import helper

from hayakana.model.manifest import DECODER_STEP, ENCODER, ENCODER_STEPS, SIGNATURES
from hayakana.model.onnx_contents import OPERATORS
from hayakana.model.signatures import DECODER_UNITS, DIRECTION_UNITS, ENCODER_UNITS, TARGET_VOCABULARY_SIZE
from hayakana_training.errors import ExportError
from hayakana_training.export.graphs import build_graphs
from hayakana_training.model.network import TransliterationModel

OPSET = 17
"""Newer opsets lack kernels (onnxruntime's CUDA LSTM), and tf2onnx claims no more than 18."""


def convert(model: TransliterationModel) -> dict[str, onnx.ModelProto]:
    """Return ``encoder.onnx``, ``decoder_step.onnx`` and the encoder steps, if the model has them, by file name.

    Raises:
        ExportError: a graph is not valid ONNX, has an operator outside ``OPERATORS``, or does not have
            its one fused LSTM.
    """
    graphs = build_graphs(model)
    steps = zip(ENCODER_STEPS, graphs.encoder_steps, strict=False)
    converted = {}
    for name, function in ((ENCODER, graphs.encoder), (DECODER_STEP, graphs.decoder_step), *steps):
        proto, _ = tf2onnx.convert.from_function(function, input_signature=function.input_signature, opset=OPSET)
        _start_from_zeros(proto.graph)
        _tidy(proto, name, model)
        check_graph(proto, name)
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
    for initializer in [initializer for initializer in graph.initializer if initializer.name not in used]:
        graph.initializer.remove(initializer)


def _tidy(proto: onnx.ModelProto, name: str, model: TransliterationModel) -> None:
    """Put the outputs in order and give the axes their names."""
    config = model.config
    sizes: dict[int | str, int] = {
        ENCODER_UNITS: config.encoder_output_units,
        DIRECTION_UNITS: config.encoder_units,
        DECODER_UNITS: config.decoder_units,
        TARGET_VOCABULARY_SIZE: model.output_projection.units,
    }
    graph = proto.graph
    signature = SIGNATURES[name]
    in_order = list(signature.outputs)
    outputs = sorted(graph.output, key=lambda output: in_order.index(output.name))
    sides = (graph.input, list(graph.input), signature.inputs), (graph.output, outputs, signature.outputs)
    for values, tensors, signatures in sides:
        types = [tensor.type.tensor_type.elem_type for tensor in tensors]
        names = [tensor.name for tensor in tensors]
        del values[:]
        for tensor_name, element_type in zip(names, types, strict=True):
            shape = [sizes.get(axis, axis) for axis in signatures[tensor_name].shape]
            values.append(helper.make_tensor_value_info(tensor_name, element_type, shape))
    del graph.value_info[:]
    graph.name, graph.doc_string = name.removesuffix(".onnx"), ""


def check_graph(proto: onnx.ModelProto, name: str) -> None:
    """Check a graph: it is valid, its operators are in ``OPERATORS``, and it has the LSTM that ``name`` asks for.

    Raises:
        ExportError: the graph is not so.
    """
    try:
        onnx.checker.check_model(proto, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ExportError(f"{name} is not valid ONNX: {error}") from error
    operators = [node.op_type for node in proto.graph.node]
    if foreign := sorted(set(operators) - OPERATORS):
        raise ExportError(f"{name} has operators that it should not have: {', '.join(foreign)}")
    expected = 1 if name == ENCODER else 0
    if operators.count("LSTM") != expected:
        raise ExportError(f"{name} has {operators.count('LSTM')} LSTM nodes, expected {expected}")
