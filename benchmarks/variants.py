"""Decoder and encoder steps as other ONNX graphs with the same weights, written out in ONNX's text syntax.

``EXPORTED`` is what ``hayakana-train export`` writes, written again; every other layout changes one thing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper, parser

from hayakana.model.manifest import DECODER_STEP, ENCODER_STEPS

if TYPE_CHECKING:
    from hayakana_training.model import TransliterationModel

Arrays = Mapping[str, NDArray[np.float32] | NDArray[np.int64]]

UNFOLDED, LAYOUT, INT8, INT8_BY_CHANNEL = "unfolded", "layouts", "int8", "int8_by_channel"
"""Folders that a model's graphs are written to; graphs of ``LAYOUT`` are named by ``layout_file``."""
PROJECTION = "projection.onnx"

_FOLDED = """
    read = Gather (gate_table, ids)
    recurrent = MatMul (hidden_state, recurrent_kernel)
    gates = Add (read, recurrent)
"""
_TWO_PRODUCTS = """
    embedded = Gather (embedding, ids)
    product = MatMul (embedded, kernel)
    read = Add (product, bias)
    recurrent = MatMul (hidden_state, recurrent_kernel)
    gates = Add (read, recurrent)
"""
_ONE_PRODUCT = """
    embedded = Gather (embedding, ids)
    read = Concat <axis = 1> (embedded, hidden_state)
    product = MatMul (read, both_kernels)
    gates = Add (product, bias)
"""
_ACTIVATIONS = """
    i, f, c, o = Split <axis = -1> (gates)
    input_gate = Sigmoid (i)
    forget_gate = Sigmoid (f)
    candidate = Tanh (c)
    output_gate = Sigmoid (o)
"""
_CELL = """
    remembered = Mul (forget_gate, cell_state)
    added = Mul (input_gate, candidate)
    next_cell_state = Add (remembered, added)
    shown = Tanh (next_cell_state)
    next_hidden_state = Mul (output_gate, shown)
"""
_ONE_SIGMOID_FOR_THREE = """
    read = Gather (gate_table_ifoc, ids)
    recurrent = MatMul (hidden_state, recurrent_kernel_ifoc)
    gates = Add (read, recurrent)
    ifo, c = Split <axis = -1> (gates, three_and_one)
    three = Sigmoid (ifo)
    input_gate, forget_gate, output_gate = Split <axis = -1> (three)
    candidate = Tanh (c)
"""
_ONE_SIGMOID_FOR_FOUR = """
    read = Gather (gate_table_2c, ids)
    recurrent = MatMul (hidden_state, recurrent_kernel_2c)
    gates = Add (read, recurrent)
    four = Sigmoid (gates)
    input_gate, forget_gate, half, output_gate = Split <axis = -1> (four)
    twice = Mul (half, two_point_zero)
    candidate = Sub (twice, one_point_zero)
"""
_FOUR_PRODUCTS = "".join(
    f"""
    read_{gate} = Gather (gate_table_{gate}, ids)
    {gate} = Gemm (hidden_state, recurrent_kernel_{gate}, read_{gate})
    {name} = {activation} ({gate})
"""
    for gate, name, activation in (
        ("i", "input_gate", "Sigmoid"),
        ("f", "forget_gate", "Sigmoid"),
        ("c", "candidate", "Tanh"),
        ("o", "output_gate", "Sigmoid"),
    )
)
_SCORES = """
    query = Unsqueeze (next_hidden_state, axis_2)
    products = MatMul (KEYS, query)
    scores = Squeeze (products, axis_2)
    attention_weights = Softmax <axis = -1> (scores)
"""
_CONTEXT = """
    weights = Unsqueeze (attention_weights, axis_1)
    sums = MatMul (weights, encoder_outputs)
    context = Squeeze (sums, axis_1)
"""
_MULTIPLY_AND_SUM = """
    query = Unsqueeze (next_hidden_state, axis_1)
    products = Mul (KEYS, query)
    scores = ReduceSum <keepdims = 0> (products, axis_2)
    attention_weights = Softmax <axis = -1> (scores)
    weights = Unsqueeze (attention_weights, axis_2)
    weighted = Mul (weights, encoder_outputs)
    context = ReduceSum <keepdims = 0> (weighted, axis_1)
"""
_COMBINATION = """
    combined = Concat <axis = 1> (context, next_hidden_state)
    combination_product = MatMul (combined, combination_kernel)
    combination_sum = Add (combination_product, combination_bias)
"""
_PROJECTED_VALUES = """
    weights = Unsqueeze (attention_weights, axis_1)
    sums = MatMul (weights, attention_values)
    context = Squeeze (sums, axis_1)
    combination_sum = Gemm (next_hidden_state, combination_kernel_hidden, context)
"""
_OUTPUT = """
    combination = Tanh (combination_sum)
    logits_product = MatMul (combination, projection_kernel)
    logits = Add (logits_product, projection_bias)
    next_ids = ArgMax <axis = 1, keepdims = 0> (logits)
"""
_ATTENTION = _SCORES + _CONTEXT + _COMBINATION
_PROJECTION = """
    product = MatMul (encoder_outputs, combination_kernel_context)
    attention_values = Add (product, combination_bias)
"""

EXPORTED = "as exported, built anew"
TWO_PRODUCTS = "embedding not folded, two products"
LAYOUTS = {
    EXPORTED: _FOLDED + _ACTIVATIONS + _CELL + _ATTENTION + _OUTPUT,
    TWO_PRODUCTS: _TWO_PRODUCTS + _ACTIVATIONS + _CELL + _ATTENTION + _OUTPUT,
    "embedding not folded, one product": _ONE_PRODUCT + _ACTIVATIONS + _CELL + _ATTENTION + _OUTPUT,
    "one Sigmoid for three gates": _ONE_SIGMOID_FOR_THREE + _CELL + _ATTENTION + _OUTPUT,
    "one Sigmoid for all four gates": _ONE_SIGMOID_FOR_FOUR + _CELL + _ATTENTION + _OUTPUT,
    "a product a gate, no Split": _FOUR_PRODUCTS + _CELL + _ATTENTION + _OUTPUT,
    "attention by Mul and ReduceSum": _FOLDED + _ACTIVATIONS + _CELL + _MULTIPLY_AND_SUM + _COMBINATION + _OUTPUT,
    "values projected by the encoder": _FOLDED + _ACTIVATIONS + _CELL + _SCORES + _PROJECTED_VALUES + _OUTPUT,
}
"""Nodes of a decoder step by what is special about it. ``ids`` stands for the input of ids and KEYS for the keys."""


def layout_file(layout: str) -> str:
    """Return the file name of one of ``LAYOUTS``."""
    return f"{list(LAYOUTS).index(layout)}.onnx"


@dataclass(frozen=True)
class LstmWeights:
    """An LSTM and the embedding that it reads, in Keras' layout: gates are input, forget, candidate, output.

    ``embedding`` is ``(vocabulary_size, embedding_units)``, ``kernel`` ``(embedding_units, 4 * units)``,
    ``recurrent_kernel`` ``(units, 4 * units)`` and ``bias`` ``(4 * units,)``, all float32.
    """

    embedding: NDArray[np.float32]
    kernel: NDArray[np.float32]
    recurrent_kernel: NDArray[np.float32]
    bias: NDArray[np.float32]

    @property
    def units(self) -> int:
        """Width of the states."""
        return len(self.recurrent_kernel)

    @property
    def arrays(self) -> Arrays:
        """What any of the layouts may read, by name."""
        table = self.embedding @ self.kernel + self.bias
        gates = np.arange(4 * self.units).reshape(4, self.units)
        ifoc = gates[[0, 1, 3, 2]].ravel()
        doubled = np.repeat(np.array([1, 1, 2, 1], np.float32), self.units)
        by_gate = {
            f"{name}_{gate}": array[:, columns]
            for name, array in (("gate_table", table), ("recurrent_kernel", self.recurrent_kernel))
            for gate, columns in zip("ifco", gates, strict=True)
        }
        return {
            "embedding": self.embedding,
            "kernel": self.kernel,
            "bias": self.bias,
            "both_kernels": np.concatenate([self.kernel, self.recurrent_kernel]),
            "gate_table": table,
            "recurrent_kernel": self.recurrent_kernel,
            "gate_table_ifoc": table[:, ifoc],
            "recurrent_kernel_ifoc": self.recurrent_kernel[:, ifoc],
            "three_and_one": np.array([3 * self.units, self.units]),
            "gate_table_2c": table * doubled,
            "recurrent_kernel_2c": self.recurrent_kernel * doubled,
            "two_point_zero": np.float32(2),
            "one_point_zero": np.float32(1),
            **by_gate,
        }


@dataclass(frozen=True)
class Weights:
    """What the steps of a model with attention are made of.

    ``output`` holds the arrays of attention and output layers by name, ``key_kernels`` a direction's share of the
    projection of the keys, ``(units, decoder_units)``, or None where the score is the dot product.
    """

    decoder: LstmWeights
    encoders: tuple[LstmWeights, ...]
    key_kernels: tuple[NDArray[np.float32] | None, ...]
    output: Arrays

    @property
    def encoder_units(self) -> int:
        """Width of the encoder outputs."""
        return sum(encoder.units for encoder in self.encoders)


def read_weights(model: "TransliterationModel") -> Weights:
    """Return the weights of a Keras model that has attention."""
    layers = (
        [model.encoder.forward_layer, model.encoder.backward_layer] if model.config.bidirectional else [model.encoder]
    )
    kernel, bias = (variable.numpy() for variable in model.combination.weights)
    projection_kernel, projection_bias = (variable.numpy() for variable in model.output_projection.weights)
    context_units = model.config.encoder_output_units
    keys = [None] * len(layers) if model.keys is None else np.split(model.keys.kernel.numpy(), len(layers))
    return Weights(
        decoder=_lstm_weights(model.target_embedding, model.decoder.cell),
        encoders=tuple(_lstm_weights(model.source_embedding, layer.cell) for layer in layers),
        key_kernels=tuple(keys),
        output={
            "combination_kernel": kernel,
            "combination_kernel_context": kernel[:context_units],
            "combination_kernel_hidden": kernel[context_units:],
            "combination_bias": bias,
            "projection_kernel": projection_kernel,
            "projection_bias": projection_bias,
            "axis_1": np.array([1]),
            "axis_2": np.array([2]),
        },
    )


def decoder_step(weights: Weights, layout: str) -> onnx.ModelProto:
    """Return the decoder step in one of ``LAYOUTS``: inputs and outputs of the exported one.

    Where the values are projected, ``attention_values``, see ``value_projection``, is one input more.
    """
    units, encoder_units = weights.decoder.units, weights.encoder_units
    has_keys = weights.key_kernels[0] is not None
    nodes = LAYOUTS[layout].replace("KEYS", "attention_keys" if has_keys else "encoder_outputs")
    widths = {"encoder_outputs": encoder_units, "attention_keys": units, "attention_values": _width(weights)}
    encoded = [f"float[batch, source_length, {width}] {name}" for name, width in widths.items() if name in nodes]
    vocabulary_size = len(weights.output["projection_bias"])
    outputs = [
        "int64[batch] next_ids",
        f"float[batch, {vocabulary_size}] logits",
        *_states("next_", units),
        "float[batch, source_length] attention_weights",
    ]
    inputs = ["int64[batch] previous_ids", *_states("", units), *encoded]
    return _model(inputs, outputs, nodes.replace("ids)", "previous_ids)"), {**weights.decoder.arrays, **weights.output})


def value_projection(weights: Weights) -> onnx.ModelProto:
    """Return the graph that an encoder would end in: encoder outputs → the values that a step takes the mean of."""
    shapes = [f"float[batch, source_length, {width}]" for width in (weights.encoder_units, _width(weights))]
    return _model([f"{shapes[0]} encoder_outputs"], [f"{shapes[1]} attention_values"], _PROJECTION, weights.output)


def unfolded_steps(weights: Weights) -> dict[str, onnx.ModelProto]:
    """Return decoder step and encoder steps without folded tables, by the file name of the exported ones."""
    return {DECODER_STEP: decoder_step(weights, TWO_PRODUCTS)} | {
        name: _encoder_step(encoder, key_kernel)
        for name, encoder, key_kernel in zip(ENCODER_STEPS, weights.encoders, weights.key_kernels, strict=False)
    }


def _encoder_step(lstm: LstmWeights, key_kernel: NDArray[np.float32] | None) -> onnx.ModelProto:
    nodes = _TWO_PRODUCTS.replace("ids)", "source_ids)") + _ACTIVATIONS + _CELL
    inputs = ["int64[batch] source_ids", *_states("", lstm.units)]
    outputs = _states("next_", lstm.units)
    if key_kernel is None:
        return _model(inputs, outputs, nodes, lstm.arrays)
    outputs.append(f"float[batch, {key_kernel.shape[1]}] attention_keys")
    nodes += "attention_keys = MatMul (next_hidden_state, key_kernel)"
    return _model(inputs, outputs, nodes, {**lstm.arrays, "key_kernel": key_kernel})


def _model(inputs: list[str], outputs: list[str], nodes: str, arrays: Arrays) -> onnx.ModelProto:
    """Parse a graph and give it those of ``arrays`` that it reads."""
    head = '<ir_version: 8, opset_import: ["": 17]>'
    model = parser.parse_model(f"{head} step ({', '.join(inputs)}) => ({', '.join(outputs)}) {{ {nodes} }}")
    read = {name for node in model.graph.node for name in node.input}
    model.graph.initializer.extend(
        numpy_helper.from_array(np.ascontiguousarray(array).reshape(np.shape(array)), name)
        for name, array in arrays.items()
        if name in read
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def _states(prefix: str, units: int) -> list[str]:
    return [f"float[batch, {units}] {prefix}{name}_state" for name in ("hidden", "cell")]


def _width(weights: Weights) -> int:
    return len(weights.output["combination_bias"])


def _lstm_weights(embedding, cell) -> LstmWeights:  # noqa: ANN001  (Keras has no types worth repeating)
    arrays = (embedding.embeddings, cell.kernel, cell.recurrent_kernel, cell.bias)
    return LstmWeights(*(variable.numpy() for variable in arrays))
