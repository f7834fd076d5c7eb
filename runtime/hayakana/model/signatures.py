"""Which tensors each graph of a model has: names, element types and axes. Both export and loading go by this table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

INTEGERS, FLOATS = "tensor(int64)", "tensor(float)"
"""Element types, in onnxruntime's words."""

BATCH, SOURCE_LENGTH = "batch", "source_length"
"""Axes of any size. All other axes have a size that a model fixes."""

ENCODER_UNITS, DIRECTION_UNITS, DECODER_UNITS = "encoder_units", "direction_units", "decoder_units"
TARGET_VOCABULARY_SIZE = "target_vocabulary_size"

OPTIONAL = frozenset(["encoder_outputs", "attention_keys", "attention_weights"])
"""Tensors that a model without attention, or whose score projects nothing, lacks."""


@dataclass(frozen=True)
class TensorEntry:
    """Element type in onnxruntime's words, such as ``tensor(float)``, and shape; a name where an axis is dynamic.

    In the tables below each axis has a name.
    """

    type: str
    shape: tuple[int | str, ...]


@dataclass(frozen=True)
class GraphEntry:
    """Inputs and outputs of one graph by name, in their order."""

    inputs: Mapping[str, TensorEntry]
    outputs: Mapping[str, TensorEntry]


_IDS = TensorEntry(INTEGERS, (BATCH,))
_STATE = TensorEntry(FLOATS, (BATCH, DECODER_UNITS))
_DIRECTION_STATE = TensorEntry(FLOATS, (BATCH, DIRECTION_UNITS))
_ENCODED = {
    "encoder_outputs": TensorEntry(FLOATS, (BATCH, SOURCE_LENGTH, ENCODER_UNITS)),
    "attention_keys": TensorEntry(FLOATS, (BATCH, SOURCE_LENGTH, DECODER_UNITS)),
}
_STATES = {"hidden_state": _STATE, "cell_state": _STATE}

ENCODER_TENSORS: Final = GraphEntry(
    {"source_ids": TensorEntry(INTEGERS, (BATCH, SOURCE_LENGTH))}, {**_ENCODED, **_STATES}
)
DECODER_STEP_TENSORS: Final = GraphEntry(
    {"previous_ids": _IDS, **_STATES, **_ENCODED},
    {
        "next_ids": _IDS,
        "logits": TensorEntry(FLOATS, (BATCH, TARGET_VOCABULARY_SIZE)),
        "next_hidden_state": _STATE,
        "next_cell_state": _STATE,
        "attention_weights": TensorEntry(FLOATS, (BATCH, SOURCE_LENGTH)),
    },
)
ENCODER_STEP_TENSORS: Final = GraphEntry(
    {"source_ids": _IDS, "hidden_state": _DIRECTION_STATE, "cell_state": _DIRECTION_STATE},
    {
        "next_hidden_state": _DIRECTION_STATE,
        "next_cell_state": _DIRECTION_STATE,
        "attention_keys": TensorEntry(FLOATS, (BATCH, DECODER_UNITS)),
    },
)
