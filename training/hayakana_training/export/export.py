"""Export a run as a model folder: convert, check, prove parity, and only then write."""

import dataclasses
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import onnx
import tf2onnx

from hayakana.errors import UntransliterableNameError
from hayakana.model.folder import Model, load_model
from hayakana.model.manifest import (
    MANIFEST,
    MODEL_CARD,
    SOURCE_VOCABULARY,
    TARGET_VOCABULARY,
    VERSION_WITHOUT_KNOWN_NAMES,
    parse_manifest,
)
from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID
from hayakana.names.languages import letters_among
from hayakana.names.normalization import NORMALIZATION_VERSION
from hayakana.names.parsing import NameParser
from hayakana.sessions.opening import open_sessions
from hayakana_training.data.loading import DROPPED
from hayakana_training.data.unlabelled_names import census_full_names, census_parts
from hayakana_training.errors import ExportError
from hayakana_training.export.convert import OPSET, convert
from hayakana_training.export.folder_files import check_replaceable, file_entries, manifest_bytes
from hayakana_training.export.model_card import render_card
from hayakana_training.export.parity import LOGIT_TOLERANCE, MINIMUM_NAMES, Parity, measure_parity
from hayakana_training.model import run_folder, runs
from hayakana_training.model.run_folder import RUNS, TRAINING

PARITY_NAMES = 6_000
"""How many of the names parity is measured on: more than the minimum, few enough for a minute or two."""

_ELEMENT_TYPES = {onnx.TensorProto.FLOAT: "tensor(float)", onnx.TensorProto.INT64: "tensor(int64)"}


@dataclasses.dataclass(frozen=True)
class Provenance:
    """What an exported model's card says beyond what its run knows."""

    name: str
    licence: str
    """Of the model: an SPDX identifier that its data allows."""
    data: str
    """What it was trained on, with source and licence, in a sentence."""
    command: str
    """The commands that trained it."""
    dropped: Path | None = None
    """What ``clean`` left out of its pairs as wrong, to be shipped beside the weights."""


def export(
    folder: Path,
    output: Path,
    provenance: Provenance,
    *,
    names: Sequence[str] | None,
    log: Callable[[str], None],
) -> Parity:
    """Export the run in ``folder`` to the model folder ``output``, which is replaced if it is one.

    ``names`` are the names parity is measured on, US census names by default.

    Raises:
        ExportError: a check failed, parity does not hold, or ``output`` holds something else. Nothing is written then.
    """
    check_replaceable(output)
    run = runs.open_run(folder)
    log("converting to ONNX")
    converted = convert(run.model)
    contents = {name: proto.SerializeToString() for name, proto in converted.items()}
    contents[SOURCE_VOCABULARY] = run.source_vocabulary.render().encode()
    contents[TARGET_VOCABULARY] = run.target_vocabulary.render().encode()
    values = manifest_values(run, converted, provenance)
    model = model_in_memory(folder, values, contents, run)
    log("measuring parity with the Keras model decoded the naive way")
    parity = _proved_parity(run, model, names)
    values["parity"] = dataclasses.asdict(parity) | {"logit_tolerance": LOGIT_TOLERANCE}
    contents[MODEL_CARD] = render_card(run, values, command=provenance.command, data=provenance.data).encode()
    values["files"] = file_entries(contents)
    _write_folder(output, contents | {MANIFEST: manifest_bytes(values)}, run, dropped=provenance.dropped)
    log(f"wrote {output}: {describe(parity)}")
    return parity


def check(folder: Path, *, names: Sequence[str] | None) -> Parity:
    """Measure again the parity of the model in ``folder`` with the Keras weights beside it.

    Raises:
        ExportError: it does not hold.
    """
    return _proved_parity(runs.open_run(folder / TRAINING), load_model(folder), names)


def describe(parity: Parity) -> str:
    """Return the result in a line."""
    return (
        f"{parity.names} names, {parity.differing_strings} differing strings, largest logit difference"
        f" {parity.largest_logit_difference:.1e}, {parity.decisions_within_tolerance} decisions within"
        f" {LOGIT_TOLERANCE:g}, {parity.unfinished} names unfinished on both sides"
    )


def _proved_parity(run: runs.Run, model: Model, names: Sequence[str] | None) -> Parity:
    parity = measure_parity(run, open_sessions(model, device="cpu"), _parity_units(run, names))
    if not parity.holds:
        raise ExportError(f"{model.folder}: ONNX and Keras disagree ({describe(parity)})")
    return parity


def _parity_units(run: runs.Run, names: Sequence[str] | None) -> list[str]:
    """Return the distinct source units of ``names``, or a sample of the census names, that the model can read."""
    whole_names = run.config.unit == "name"
    if names is None:
        parts = census_parts()
        count = PARITY_NAMES // 2 if whole_names else PARITY_NAMES
        # Every n-th, so that frequent and rare, given and family names are all there.
        names = parts[:: len(parts) // count]
        if whole_names:
            names += census_full_names(count=count, seed=run.config.seed)
    parser = NameParser(letters_among(run.source_vocabulary.characters), run.config.source_limit, whole_names)
    units: dict[str, None] = {}
    for name in names:
        try:
            units |= dict.fromkeys(part.unit for part in parser.parse(name).parts if part.unit is not None)
        except UntransliterableNameError:
            continue
    if len(units) < MINIMUM_NAMES:
        raise ExportError(
            f"parity needs {MINIMUM_NAMES} distinct names that the model can read, there are {len(units)}:"
            " give more with --names, or train on data that has the letters they are written in"
        )
    return list(units)


def model_in_memory(folder: Path, values: dict, contents: dict[str, bytes], run: runs.Run) -> Model:
    """Return the model as the runtime will load it, before anything is written."""
    entries = file_entries(contents | {MODEL_CARD: b""})
    return Model(
        folder,
        parse_manifest(manifest_bytes(values | {"files": entries}), path=folder / MANIFEST),
        {name: contents[name] for name in values["tensors"]},
        run.source_vocabulary,
        run.target_vocabulary,
        card="",
        known_names=None,
    )


def manifest_values(run: runs.Run, converted: dict[str, onnx.ModelProto], provenance: Provenance) -> dict:
    """Return what ``manifest.json`` says of a model, but for its files and its parity."""
    config, data = run.config, run.read_json(run_folder.DATA)
    # What a wheel need not carry stays in training/data.json.
    kept = {key: data[key] for key in data if key not in ("tools", "labels", "initial", RUNS)}
    kept["files"] = [{key: file[key] for key in ("file", "pairs", "malformed", "excluded")} for file in data["files"]]
    return {
        "format_version": VERSION_WITHOUT_KNOWN_NAMES,
        "name": provenance.name,
        "unit": config.unit,
        "licence": provenance.licence,
        "normalization_version": NORMALIZATION_VERSION,
        "limits": {"source_characters": config.source_limit, "target_characters": config.target_limit},
        "vocabularies": {
            "source_size": len(run.source_vocabulary),
            "target_size": len(run.target_vocabulary),
            "pad": PAD_ID,
            "bos": BOS_ID,
            "eos": EOS_ID,
        },
        "tensors": {name: _tensor_entries(proto) for name, proto in converted.items()},
        "training": {
            "data": {"description": provenance.data, **kept},
            "licence": provenance.licence,
            "config": dataclasses.asdict(config),
            "seed": config.seed,
            "weights": run.model.count_params(),
            "tools": {**data["tools"], "onnx": onnx.__version__, "tf2onnx": tf2onnx.__version__, "opset": OPSET},
        },
        "metrics": {"development": run.best_record()},
        "parity": {},
        "files": {},
    }


def _tensor_entries(proto: onnx.ModelProto) -> dict:
    def entries(values: Sequence[onnx.ValueInfoProto]) -> dict:
        return {
            value.name: {
                "type": _ELEMENT_TYPES[value.type.tensor_type.elem_type],
                "shape": [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim],
            }
            for value in values
        }

    return {"inputs": entries(proto.graph.input), "outputs": entries(proto.graph.output)}


def _write_folder(output: Path, contents: dict[str, bytes], run: runs.Run, *, dropped: Path | None) -> None:
    """Write the model beside its place, load it once, and put it there in one rename."""
    output.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    try:
        temporary.chmod(0o755)
        for name, content in contents.items():
            (temporary / name).write_bytes(content)
        (temporary / TRAINING).mkdir()
        for name in run_folder.KEPT:
            shutil.copyfile(run.folder / name, temporary / TRAINING / name)
        if (trained_on := run.folder / run_folder.TRAINED_ON).is_file():
            shutil.copyfile(trained_on, temporary / TRAINING / run_folder.TRAINED_ON)
        if dropped is not None:
            shutil.copyfile(dropped, temporary / TRAINING / DROPPED)
        load_model(temporary)
        if output.exists():
            old = temporary.with_name(f"{temporary.name}.old")
            output.replace(old)
            temporary.replace(output)
            shutil.rmtree(old)
        else:
            temporary.replace(output)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
