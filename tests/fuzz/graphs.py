"""Other graphs than a model folder should have: damaged where onnx still reads them, and hostile."""

import contextlib
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def mutated_graph(content: bytes, random: Random) -> bytes:
    """Return an ONNX graph with something else in it."""
    model = onnx.load_from_string(content)
    for _ in range(random.choice((1, 1, 2))):
        with contextlib.suppress(ValueError, TypeError, onnx.checker.ValidationError):  # Of what was damaged before.
            random.choice(_CHANGES)(model.graph, random)
    return model.SerializeToString()


def _external(graph: Any, random: Random) -> None:
    """Have weights be read from another file."""
    if not graph.initializer:
        return
    tensor = random.choice(graph.initializer)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=random.choice(("weights.bin", "encoder.onnx", "../x", "/dev/zero")))
    if random.randrange(2):
        tensor.external_data.add(key="length", value=random.choice(("4", "99999999999", "-1")))


def _external_constant(graph: Any, random: Random) -> None:
    """The same, in a tensor that is an attribute of a node."""
    tensor = helper.make_tensor("outside", TensorProto.FLOAT, [4], [0.0] * 4)
    tensor.ClearField("float_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="weights.bin")
    graph.node.insert(0, helper.make_node("Constant", [], ["outside"], value=tensor))


def _other_op(graph: Any, random: Random) -> None:
    node = random.choice(graph.node)
    node.op_type = random.choice(
        ("Add", "MatMul", "Loop", "Identity", "NoSuchOp", "Tanh", "Sigmoid", "Concat", "Range")
    )


def _other_domain(graph: Any, random: Random) -> None:
    random.choice(graph.node).domain = random.choice(("", "com.microsoft", "ai.onnx.ml", "x"))


def _without_node(graph: Any, random: Random) -> None:
    del graph.node[random.randrange(len(graph.node))]


def _other_input(graph: Any, random: Random) -> None:
    node = random.choice(graph.node)
    if node.input:
        node.input[random.randrange(len(node.input))] = random.choice(("", "x", graph.input[0].name, *node.output))


def _other_weights(graph: Any, random: Random) -> None:
    """Numbers that are none, or enormous, or of another type or shape."""
    tensor = random.choice(graph.initializer)
    array = numpy_helper.to_array(tensor).copy()
    kind = random.randrange(5)
    if kind == 0 and array.dtype.kind == "f":
        array[...] = random.choice((np.nan, np.inf, -np.inf, 1e38, 0.0))
    elif kind == 1:
        array = array.astype(random.choice((np.float64, np.int64, np.float16, np.int8)))
    elif kind == 2 and array.ndim:
        array = array[: len(array) // 2]
    elif kind == 3 and array.size:
        array = array.reshape(-1)
    else:
        array = array + array.dtype.type(1)
    tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))


def _other_dimension(graph: Any, random: Random) -> None:
    """A tensor that says it has another size than its data."""
    tensor = random.choice(graph.initializer)
    if tensor.dims:
        tensor.dims[random.randrange(len(tensor.dims))] = random.choice((0, 1, -1, 1 << 31, 1 << 40, (1 << 63) - 1))


def _other_attribute(graph: Any, random: Random) -> None:
    node = random.choice(graph.node)
    if not node.attribute:
        return
    attribute = random.choice(node.attribute)
    number = random.choice((-1, 0, 1, 7, 1 << 31, 1 << 62))
    if attribute.type == onnx.AttributeProto.INT:
        attribute.i = number
    elif attribute.type == onnx.AttributeProto.INTS and attribute.ints:
        attribute.ints[0] = number
    else:
        node.attribute.remove(attribute)


def _endless_loop(graph: Any, random: Random) -> None:
    """Before all else, a loop that does not end while anybody waits."""
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["still"])],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
        ],
        [helper.make_tensor_value_info("still", TensorProto.BOOL, [])],
    )
    trips = helper.make_tensor("trips", TensorProto.INT64, [], [1 << 62])
    nodes = [
        helper.make_node("Constant", [], ["fuzz_trips"], value=trips),
        helper.make_node("Loop", ["fuzz_trips", ""], [], body=body),
    ]
    for node in reversed(nodes):
        graph.node.insert(0, node)


def _enormous(graph: Any, random: Random) -> None:
    """An output that nobody needs, of more bytes than there are."""
    shape = helper.make_tensor("shape", TensorProto.INT64, [1], [random.choice((1 << 33, 1 << 40, 1 << 60))])
    graph.node.insert(0, helper.make_node("ConstantOfShape", ["fuzz_shape"], ["fuzz_enormous"]))
    graph.node.insert(0, helper.make_node("Constant", [], ["fuzz_shape"], value=shape))
    graph.output.add().CopyFrom(helper.make_tensor_value_info("fuzz_enormous", TensorProto.FLOAT, None))


def _renamed(graph: Any, random: Random) -> None:
    random.choice((*graph.input, *graph.output)).name = random.choice(("x", "", "logits", "hidden_state"))


def _other_type(graph: Any, random: Random) -> None:
    value = random.choice((*graph.input, *graph.output))
    value.type.tensor_type.elem_type = random.choice((TensorProto.STRING, TensorProto.DOUBLE, TensorProto.INT32, 0, 99))


_CHANGES: list[Callable[[Any, Random], None]] = [
    _external,
    _external_constant,
    _other_op,
    _other_domain,
    _without_node,
    _other_input,
    _other_weights,
    _other_weights,
    _other_dimension,
    _other_attribute,
    _endless_loop,
    _enormous,
    _renamed,
    _other_type,
]
