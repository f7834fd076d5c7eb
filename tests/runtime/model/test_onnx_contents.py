import contextlib
from pathlib import Path

import onnx
import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from hayakana.model.folder import bundled_models
from hayakana.model.manifest import ENCODER
from hayakana.model.onnx_contents import OPERATORS, ForbiddenContentError, check_contents

WEIGHTS = helper.make_tensor("w", TensorProto.FLOAT, [2], [1.0, 2.0])
X, Y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name in ("x", "y"))


def contents(*nodes: onnx.NodeProto, initializer: onnx.TensorProto = WEIGHTS) -> onnx.ModelProto:
    return helper.make_model(helper.make_graph(list(nodes), "g", [X], [Y], [initializer]))


ADD = helper.make_node("Add", ["x", "w"], ["y"])


def test_the_shipped_graphs_are_fine() -> None:
    for folder in bundled_models().values():
        for path in folder.glob("*.onnx"):
            check_contents(path.read_bytes())
            assert {node.op_type for node in onnx.load(path).graph.node} <= OPERATORS


def external(tensor: onnx.TensorProto, *, location: bool, data: bool) -> onnx.TensorProto:
    changed = onnx.TensorProto()
    changed.CopyFrom(tensor)
    if location:
        changed.data_location = TensorProto.EXTERNAL
    if data:
        entry = changed.external_data.add()
        entry.key, entry.value = "location", "weights.bin"
    return changed


@pytest.mark.parametrize(("location", "data"), [(True, True), (True, False), (False, True)])
def test_external_data_is_refused(*, location: bool, data: bool) -> None:
    model = contents(ADD, initializer=external(WEIGHTS, location=location, data=data))
    with pytest.raises(ForbiddenContentError, match="in another file"):
        check_contents(model.SerializeToString())


def test_external_data_is_found_in_a_graph_that_is_written_in_two_halves() -> None:
    # Protocol buffers merge a field that stands twice.
    half = onnx.ModelProto()
    half.graph.initializer.append(external(WEIGHTS, location=True, data=True))
    with pytest.raises(ForbiddenContentError):
        check_contents(contents(ADD).SerializeToString() + half.SerializeToString())


LOOP = helper.make_node("Loop", ["x"], ["y"], body=helper.make_graph([ADD], "body", [X], [Y]))
CONSTANT = helper.make_node("Constant", [], ["y"], value=external(WEIGHTS, location=True, data=True))
HIDDEN = helper.make_node("Add", ["x", "w"], ["y"], body=helper.make_graph([LOOP], "body", [X], [Y]))
CONTEXT = helper.make_node("EPContext", ["x"], ["y"], domain="com.microsoft", ep_cache_context="elsewhere.bin")
FOREIGN_ADD = helper.make_node("Add", ["x", "w"], ["y"], domain="elsewhere")


@pytest.mark.parametrize("node", [LOOP, CONSTANT, HIDDEN, CONTEXT, FOREIGN_ADD], ids=lambda node: node.op_type)
def test_other_operators_are_refused(node: onnx.NodeProto) -> None:
    with pytest.raises(ForbiddenContentError, match="operator"):
        check_contents(contents(ADD, node).SerializeToString())


def test_functions_and_training_information_are_refused() -> None:
    with_function = contents(ADD)
    with_function.functions.append(helper.make_function("elsewhere", "f", ["x"], ["y"], [ADD], []))
    with_training = contents(ADD)
    with_training.training_info.add().algorithm.node.append(LOOP)
    with_sparse = contents(ADD)
    with_sparse.graph.sparse_initializer.add().values.CopyFrom(external(WEIGHTS, location=True, data=True))
    for model in (with_function, with_training, with_sparse):
        with pytest.raises(ForbiddenContentError):
            check_contents(model.SerializeToString())


@given(st.binary(max_size=300))
def test_bytes_that_are_no_graph_are_refused(content: bytes) -> None:
    with pytest.raises(ForbiddenContentError):
        check_contents(content)


@given(st.data())
def test_a_cut_or_changed_file_is_looked_through_or_refused(tiny_folder: Path, data: st.DataObject) -> None:
    content = bytearray((tiny_folder / ENCODER).read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(place, len(content)))
    with contextlib.suppress(ForbiddenContentError):
        check_contents(bytes(content[:end]))
        # What is let through may be damaged in fields that are not looked at, but names no other file.
        with contextlib.suppress(DecodeError):
            model = onnx.ModelProto.FromString(bytes(content[:end]))
            assert not any(tensor.external_data or tensor.data_location for tensor in model.graph.initializer)
            assert {node.op_type for node in model.graph.node} <= OPERATORS


def test_the_fields_that_are_looked_at_are_counted() -> None:
    check_contents(contents(*[ADD] * 10_000).SerializeToString())
    with pytest.raises(ForbiddenContentError, match="more than 100,000 fields"):
        check_contents(contents(*[ADD] * 30_000).SerializeToString())
