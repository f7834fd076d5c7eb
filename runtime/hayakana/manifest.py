"""What a model folder says of itself: ``manifest.json``, parsed and checked. Opens no model."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from hayakana.calibration import Calibration
from hayakana.errors import ModelFilesError
from hayakana.normalization import NORMALIZATION_VERSION

FORMAT_VERSION = 1
ENCODER, DECODER_STEP = "encoder.onnx", "decoder_step.onnx"
ENCODER_STEPS = ("encoder_step.onnx", "backward_encoder_step.onnx")
"""One character of the encoder, in each direction. A model may lack them; many names are then encoded more slowly."""
SOURCE_VOCABULARY, TARGET_VOCABULARY = "source_vocabulary.txt", "target_vocabulary.txt"
MANIFEST, MODEL_CARD = "manifest.json", "MODEL_CARD.md"
REQUIRED_FILES = (ENCODER, DECODER_STEP, SOURCE_VOCABULARY, TARGET_VOCABULARY, MODEL_CARD)
"""A manifest gives checksums of these and of the encoder steps that there are: of all files but itself."""


@dataclass(frozen=True)
class FileEntry:
    """Checksum (hexadecimal) and size in bytes of one file."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class TensorEntry:
    """Element type in onnxruntime's words, such as ``tensor(float)``, and shape; a name where an axis is dynamic."""

    type: str
    shape: tuple[int | str, ...]


@dataclass(frozen=True)
class GraphEntry:
    """Inputs and outputs of one graph, by name."""

    inputs: Mapping[str, TensorEntry]
    outputs: Mapping[str, TensorEntry]


@dataclass(frozen=True)
class Manifest:
    """A parsed ``manifest.json``. ``training``, ``metrics`` and ``parity`` are as they stand in the file."""

    name: str
    unit: Literal["part", "name"]
    licence: str
    normalization_version: int
    source_limit: int
    """Most characters of a source unit."""
    target_limit: int
    """Most characters of the Katakana of a unit."""
    files: Mapping[str, FileEntry]
    graphs: Mapping[str, GraphEntry]
    source_vocabulary_size: int
    target_vocabulary_size: int
    pad: int
    bos: int
    eos: int
    training: Mapping[str, Any]
    metrics: Mapping[str, Any]
    parity: Mapping[str, Any]
    calibration: Calibration | None
    """None in a model that was not calibrated: its probabilities are the model's own."""


def parse_manifest(text: str, *, path: Path) -> Manifest:
    """Parse the text of the ``manifest.json`` that stands at ``path``.

    Raises:
        ModelFilesError: it is not JSON, lacks a key, or was written for another version of hayakana.
    """
    try:
        values = json.loads(text)
        version = values["format_version"]
        if version != FORMAT_VERSION:
            raise ModelFilesError(
                f"{path} has format_version {version}, this hayakana reads {FORMAT_VERSION}: "
                "install the hayakana that the model was exported with, or export it again"
            )
        manifest = _manifest(values)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise ModelFilesError(f"{path} is not a model manifest ({error!r}): export the model again") from error
    if manifest.normalization_version != NORMALIZATION_VERSION:
        raise ModelFilesError(
            f"{path}: the model was trained with normalization_version {manifest.normalization_version}, this hayakana"
            f" has {NORMALIZATION_VERSION}: export the model again, or install the hayakana it was exported with"
        )
    return manifest


def _manifest(values: Any) -> Manifest:
    vocabularies = values["vocabularies"]
    steps = [name for name in ENCODER_STEPS if name in values["tensors"]]
    return Manifest(
        name=values["name"],
        unit=_one_of(values["unit"], ("part", "name")),
        licence=values["licence"],
        normalization_version=values["normalization_version"],
        source_limit=_number(values["limits"]["source_characters"]),
        target_limit=_number(values["limits"]["target_characters"]),
        files={name: FileEntry(**values["files"][name]) for name in (*REQUIRED_FILES, *steps)},
        graphs={name: _graph(values["tensors"][name]) for name in (ENCODER, DECODER_STEP, *steps)},
        source_vocabulary_size=_number(vocabularies["source_size"]),
        target_vocabulary_size=_number(vocabularies["target_size"]),
        pad=vocabularies["pad"],
        bos=vocabularies["bos"],
        eos=vocabularies["eos"],
        training=values["training"],
        metrics=values["metrics"],
        parity=values["parity"],
        calibration=_calibration(values.get("calibration")),
    )


def _calibration(values: Any) -> Calibration | None:
    if values is None:
        return None
    return Calibration(
        slope=_real(values["slope"]),
        intercept=_real(values["intercept"]),
        expected_calibration_error=_real(values["expected_calibration_error"]),
        names=_number(values["names"]),
        data=_text(values["data"]),
    )


def _one_of(value: Any, allowed: tuple[str, ...]) -> Any:
    if value not in allowed:
        raise TypeError(f"{value!r} is none of {', '.join(allowed)}")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(f"{value!r} is not a number")
    return value


def _real(value: Any) -> float:
    if type(value) not in (int, float):
        raise TypeError(f"{value!r} is not a number")
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _graph(values: Any) -> GraphEntry:
    return GraphEntry(
        *(
            {name: TensorEntry(entry["type"], tuple(entry["shape"])) for name, entry in values[side].items()}
            for side in ("inputs", "outputs")
        )
    )
