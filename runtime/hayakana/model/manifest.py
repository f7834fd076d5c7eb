"""What a model folder says of itself: ``manifest.json``, parsed and checked. Opens no model."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from hayakana.errors import ModelFilesError, listed
from hayakana.model.calibration import Calibration
from hayakana.model.signatures import (
    BATCH,
    DECODER_STEP_TENSORS,
    DECODER_UNITS,
    ENCODER_STEP_TENSORS,
    ENCODER_TENSORS,
    OPTIONAL,
    SOURCE_LENGTH,
    TARGET_VOCABULARY_SIZE,
    GraphEntry,
    TensorEntry,
)
from hayakana.names.normalization import NORMALIZATION_VERSION
from hayakana.syntax import Json, JsonError, parse

FORMAT_VERSION = 2
"""Of a model with known names, which a hayakana that reads version 1 alone would leave out unsaid."""
VERSION_WITHOUT_KNOWN_NAMES = 1
ENCODER, DECODER_STEP = "encoder.onnx", "decoder_step.onnx"
ENCODER_STEPS = ("encoder_step.onnx", "backward_encoder_step.onnx")
"""One character of the encoder, in each direction. A model may lack them; many names are then encoded more slowly."""
SOURCE_VOCABULARY, TARGET_VOCABULARY = "source_vocabulary.txt", "target_vocabulary.txt"
KNOWN_NAMES = "known_names.bin"
MANIFEST, MODEL_CARD = "manifest.json", "MODEL_CARD.md"
SIGNATURES = {
    ENCODER: ENCODER_TENSORS,
    DECODER_STEP: DECODER_STEP_TENSORS,
    **dict.fromkeys(ENCODER_STEPS, ENCODER_STEP_TENSORS),
}
"""The tensors of each graph."""
REQUIRED_FILES = (ENCODER, DECODER_STEP, SOURCE_VOCABULARY, TARGET_VOCABULARY, MODEL_CARD)
"""A manifest gives checksums of these, and of encoder steps and known names where it has them: of all but itself."""


@dataclass(frozen=True)
class FileEntry:
    """Checksum (hexadecimal) and size in bytes of one file."""

    sha256: str
    bytes: int


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
    known_names: Mapping[str, Any] | None = None
    """How many there are, of which sources and licences, as it stands in the file; None in a model that has none."""


LARGEST_MANIFEST = 1 << 20
"""Bytes of a manifest, at most."""

LARGEST_FILE = 1 << 28
"""Bytes of any other file of a model folder, at most."""

_LONGEST_UNIT = 4_096
"""Characters of the limits that a manifest may state: they bound the memory of a decoded batch."""

_LARGEST_VOCABULARY = 1 << 20
_LONGEST_NAME = 200


def parse_manifest(content: bytes, *, path: Path) -> Manifest:
    """Parse the ``manifest.json`` that stands at ``path``.

    Raises:
        ModelFilesError: it is not JSON, lacks a key or has another value than it may have, or was written for another
            version of hayakana.
    """
    try:
        values = parse(content)
        version = values.member("format_version").count()
        if version not in (VERSION_WITHOUT_KNOWN_NAMES, FORMAT_VERSION):
            raise ModelFilesError(
                f"{path} has format_version {version}, this hayakana reads up to {FORMAT_VERSION}: "
                "install the hayakana that the model was exported with, or export it again"
            )
        has_known_names = version == FORMAT_VERSION
        if not has_known_names and values.optional("known_names") is not None:
            raise values.member("known_names").error(f"is not for format_version {version}")
        manifest = _manifest(values, has_known_names=has_known_names)
    except JsonError as error:
        raise ModelFilesError(f"{path} is not a model manifest ({error}): export the model again") from error
    if manifest.normalization_version != NORMALIZATION_VERSION:
        raise ModelFilesError(
            f"{path}: the model was trained with normalization_version {manifest.normalization_version}, this hayakana"
            f" has {NORMALIZATION_VERSION}: export the model again, or install the hayakana it was exported with"
        )
    return manifest


def _manifest(values: Json, *, has_known_names: bool) -> Manifest:
    vocabularies, limits, tensors, files = map(values.member, ("vocabularies", "limits", "tensors", "files"))
    steps = [name for name in ENCODER_STEPS if tensors.optional(name) is not None]
    graphs = {name: _graph(tensors.member(name)) for name in (ENCODER, DECODER_STEP, *steps)}
    target_vocabulary_size = vocabularies.member("target_size").count(most=_LARGEST_VOCABULARY)
    _check_graphs(tensors, graphs, {TARGET_VOCABULARY_SIZE: target_vocabulary_size})
    return Manifest(
        name=_line(values.member("name")),
        unit=cast(Literal["part", "name"], values.member("unit").text(allowed=("part", "name"))),
        licence=_line(values.member("licence")),
        normalization_version=values.member("normalization_version").count(),
        source_limit=limits.member("source_characters").count(least=1, most=_LONGEST_UNIT),
        target_limit=limits.member("target_characters").count(least=1, most=_LONGEST_UNIT),
        files={
            name: _file(files.member(name))
            for name in (*REQUIRED_FILES, *steps, *([KNOWN_NAMES] if has_known_names else []))
        },
        graphs=graphs,
        source_vocabulary_size=vocabularies.member("source_size").count(most=_LARGEST_VOCABULARY),
        target_vocabulary_size=target_vocabulary_size,
        pad=vocabularies.member("pad").count(),
        bos=vocabularies.member("bos").count(),
        eos=vocabularies.member("eos").count(),
        training=values.member("training").object(),
        metrics=values.member("metrics").object(),
        parity=values.member("parity").object(),
        calibration=_calibration(values.optional("calibration")),
        known_names=values.member("known_names").object() if has_known_names else None,
    )


def _calibration(values: Json | None) -> Calibration | None:
    if values is None:
        return None
    try:
        return Calibration(
            slope=values.member("slope").real(),
            intercept=values.member("intercept").real(),
            expected_calibration_error=values.member("expected_calibration_error").real(),
            names=values.member("names").count(),
            data=values.member("data").text(),
        )
    except JsonError:
        raise
    except ValueError as error:
        raise values.error(f"is no calibration: {error}") from error


def _line(value: Json) -> str:
    """Return a text that can be printed on one line."""
    text = value.text()
    if not text.isprintable() or not 0 < len(text) <= _LONGEST_NAME:
        raise value.error(f"is not a text of 1 to {_LONGEST_NAME} characters that can be printed")
    return text


def _file(values: Json) -> FileEntry:
    return FileEntry(values.member("sha256").sha256(), values.member("bytes").count(most=LARGEST_FILE))


def _graph(values: Json) -> GraphEntry:
    inputs, outputs = (
        {name: _tensor(entry) for name, entry in values.member(side).members()} for side in ("inputs", "outputs")
    )
    return GraphEntry(inputs, outputs)


def _tensor(values: Json) -> TensorEntry:
    axes = values.member("shape").elements()
    shape = tuple(axis.text() if isinstance(axis.value, str) else axis.count(least=1) for axis in axes)
    return TensorEntry(values.member("type").text(), shape)


def _check_tensors(values: Json, graph: GraphEntry, signature: GraphEntry, sizes: dict[int | str, int]) -> None:
    """Check that ``graph`` has the tensors of ``signature``; ``sizes``, axis → size, gets those that are new.

    Raises:
        JsonError: a tensor is missing, unknown, or has another type or shape.
    """
    sides = ("inputs", graph.inputs, signature.inputs), ("outputs", graph.outputs, signature.outputs)
    for side, tensors, expected in sides:
        if missing := sorted(expected.keys() - tensors.keys() - OPTIONAL):
            raise values.member(side).error(f"lacks {listed(missing)}")
        for name, tensor in tensors.items():
            if name not in expected or not _fits(tensor, expected[name], sizes):
                raise values.member(side).member(name).error("is not a tensor that this graph may have")


def _fits(tensor: TensorEntry, signature: TensorEntry, sizes: dict[int | str, int]) -> bool:
    if (tensor.type, len(tensor.shape)) != (signature.type, len(signature.shape)):
        return False
    return all(
        isinstance(size, str)
        if axis in (BATCH, SOURCE_LENGTH)
        else isinstance(size, int) and sizes.setdefault(axis, size) == size
        for axis, size in zip(signature.shape, tensor.shape, strict=True)
    )


def _check_graphs(tensors: Json, graphs: Mapping[str, GraphEntry], sizes: dict[int | str, int]) -> None:
    """Check that each graph has its tensors, and that they fit each other; ``sizes`` as in ``_check_tensors``.

    Raises:
        JsonError: they do not.
    """
    for name in (ENCODER, DECODER_STEP):
        _check_tensors(tensors.member(name), graphs[name], SIGNATURES[name], sizes)
    encoded = OPTIONAL & graphs[ENCODER].outputs.keys()
    if lacking := sorted((OPTIONAL & graphs[DECODER_STEP].inputs.keys()) - encoded):
        raise tensors.member(ENCODER).error(f"lacks the outputs {listed(lacking)}, which the decoder step reads")
    for name in graphs.keys() - {ENCODER, DECODER_STEP}:
        of_keys: dict[int | str, int] = {axis: size for axis, size in sizes.items() if axis == DECODER_UNITS}
        _check_tensors(tensors.member(name), graphs[name], SIGNATURES[name], of_keys)
        if ("attention_keys" in graphs[name].outputs) != ("attention_keys" in encoded):
            raise tensors.member(name).error("has attention keys and the encoder has none, or the other way round")
