"""What an ONNX file may hold, looked at before onnxruntime reads it. Pure: bytes in, an error or nothing out.

onnxruntime follows what a file says: it reads weights from other files, relative to the current folder, and runs loops
of any length. A checksum of the file vouches for neither. So a graph of ours has its weights within itself, and is made
of a few operators that each do a bounded amount of work.

The file is a protocol buffer (https://protobuf.dev/programming-guides/encoding/); its fields have the numbers of
``onnx.proto3`` in ONNX 1.12 and later, which never changes them.
"""

from collections.abc import Iterator

from hayakana.errors import shorten

OPERATORS = frozenset(
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
"""Operators of ONNX itself that graphs are made of. None has a graph within it, as a Loop does, or reads a file."""

_MOST_FIELDS = 100_000
"""Fields of a file that are looked at. The largest model in the repository has about 2,000."""

_MODEL_GRAPH, _MODEL_TRAINING, _MODEL_FUNCTIONS = 7, 20, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_SPARSE_INITIALIZER = 1, 5, 15
_NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 4, 5, 7
_PLAIN_ATTRIBUTE = frozenset([1, 2, 3, 4, 7, 8, 9, 13, 20, 21])
"""Name, numbers, strings, lists of them, documentation and type of an attribute: no tensor, graph or type."""
_TENSOR_EXTERNAL_DATA, _TENSOR_DATA_LOCATION = 13, 14

_Value = memoryview | int
_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5


class ForbiddenContentError(ValueError):
    """An ONNX file is damaged, or holds what no graph of hayakana needs."""


def check_contents(content: bytes) -> None:
    """Check that an ONNX file has all its weights within itself, and operators of ``OPERATORS`` alone.

    Raises:
        ForbiddenContentError: it has not, or it is not a protocol buffer.
    """
    fields = _Fields()
    graphs = 0
    for number, value in fields.of(memoryview(content)):
        if number == _MODEL_GRAPH:
            graphs += 1
            _check_graph(_message(value), fields)
        elif number in (_MODEL_TRAINING, _MODEL_FUNCTIONS):
            raise ForbiddenContentError("it holds functions or training information")
    if graphs != 1:
        raise ForbiddenContentError(f"it holds {graphs} graphs in place of 1")


class _Fields:
    """Reads messages field by field, and counts the fields, so that the work on a file is bounded."""

    def __init__(self) -> None:
        self._left = _MOST_FIELDS

    def of(self, message: memoryview) -> Iterator[tuple[int, _Value]]:
        """Yield number and value of each field: an ``int``, or the bytes of what has a length."""
        position = 0
        while position < len(message):
            self._left -= 1
            if self._left < 0:
                raise ForbiddenContentError(f"it has more than {_MOST_FIELDS:,} fields")
            key, position = _varint(message, position)
            number, kind = key >> 3, key & 7
            value: _Value
            if kind == _VARINT:
                value, position = _varint(message, position)
                yield number, value
                continue
            if kind == _BYTES:
                size, position = _varint(message, position)
            elif kind in (_FIXED_32, _FIXED_64):
                size = 4 if kind == _FIXED_32 else 8
            else:
                raise ForbiddenContentError("it is not a protocol buffer")
            end = position + size
            if end > len(message):
                raise ForbiddenContentError("it is cut off, or is not a protocol buffer")
            yield number, message[position:end]
            position = end


def _check_graph(graph: memoryview, fields: _Fields) -> None:
    for number, value in fields.of(graph):
        if number == _GRAPH_NODE:
            _check_node(_message(value), fields)
        elif number == _GRAPH_INITIALIZER:
            _check_tensor(_message(value), fields)
        elif number == _GRAPH_SPARSE_INITIALIZER:
            raise ForbiddenContentError("it holds sparse weights")


def _check_node(node: memoryview, fields: _Fields) -> None:
    operator, domain = b"", b""
    for number, value in fields.of(node):
        if number == _NODE_OPERATOR:
            operator = bytes(_message(value))
        elif number == _NODE_DOMAIN:
            domain = bytes(_message(value))
        elif number == _NODE_ATTRIBUTE and not _PLAIN_ATTRIBUTE.issuperset(n for n, _ in fields.of(_message(value))):
            raise ForbiddenContentError("an operator in it has a graph or a tensor of its own")
    name = operator[:60].decode("utf-8", "replace")
    if domain not in (b"", b"ai.onnx") or name not in OPERATORS:
        raise ForbiddenContentError(f"it has the operator {shorten(name)}, which no graph of hayakana has")


def _check_tensor(tensor: memoryview, fields: _Fields) -> None:
    for number, value in fields.of(tensor):
        if number == _TENSOR_EXTERNAL_DATA or (number == _TENSOR_DATA_LOCATION and value != 0):
            raise ForbiddenContentError("its weights are in another file (external data)")


def _message(value: _Value) -> memoryview:
    if isinstance(value, int):
        raise ForbiddenContentError("it is not an ONNX file")
    return value


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    """Return the number that begins at ``position``, of 64 bits at most, and the place behind it."""
    number = shift = 0
    while position < len(message) and shift < 70:
        byte = message[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, position
        shift += 7
    raise ForbiddenContentError("it is cut off, or is not a protocol buffer")
