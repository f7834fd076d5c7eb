import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
from onnx import numpy_helper

from hayakana import Transliterator
from hayakana.errors import ModelFilesError, ModelNotFoundError
from hayakana.model.folder import bundled_models, find_model, load_model
from hayakana.model.manifest import (
    DECODER_STEP,
    ENCODER,
    ENCODER_STEPS,
    MANIFEST,
    MODEL_CARD,
    REQUIRED_FILES,
    parse_manifest,
)


@pytest.fixture
def copy(tiny_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_folder, tmp_path / "model"))


def edit_manifest(folder: Path, edit: Callable[[dict], object]) -> None:
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    edit(values)
    (folder / MANIFEST).write_text(json.dumps(values), encoding="utf-8")


def test_a_model_is_read_whole(tiny_folder: Path) -> None:
    model = load_model(tiny_folder)
    assert model.manifest.name == "tiny"
    assert model.manifest.unit == "part"
    assert len(model.source_vocabulary) == model.manifest.source_vocabulary_size
    assert len(model.target_vocabulary) == model.manifest.target_vocabulary_size
    assert model.card.startswith("# tiny")


def test_the_bundled_models_are_found_by_name() -> None:
    assert {"default", "seed"} <= set(bundled_models())
    assert find_model("seed").name == "seed"


def test_a_model_is_found_by_path(copy: Path) -> None:
    assert find_model(copy) == copy.resolve()
    assert find_model(str(copy)) == copy.resolve()


def test_no_such_model(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"no model .*default.*manifest\.json") as caught:
        find_model("tinny")
    assert isinstance(caught.value, FileNotFoundError)
    with pytest.raises(ModelNotFoundError):
        find_model(tmp_path)


@pytest.mark.parametrize("name", REQUIRED_FILES)
def test_a_changed_file_is_refused(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(ModelFilesError, match=rf"{name} has sha256 .* expected .*reinstall"):
        load_model(copy)


@pytest.mark.parametrize("name", REQUIRED_FILES)
def test_a_truncated_file_is_refused(copy: Path, name: str) -> None:
    (copy / name).write_bytes((copy / name).read_bytes()[:-1])
    with pytest.raises(ModelFilesError, match=rf"{name} has \d+ bytes, expected \d+"):
        load_model(copy)


@pytest.mark.parametrize("name", [*REQUIRED_FILES, MANIFEST])
def test_a_missing_file_is_refused(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelFilesError, match=rf"cannot read .*{name}"):
        load_model(copy)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda values: values.pop("tensors"), "tensors"),
        (lambda values: values.update(format_version=3), "format_version 3, this hayakana reads up to 2"),
        (lambda values: values.update(format_version=2), "known_names.bin is missing"),
        (lambda values: values.update(normalization_version=99), "normalization_version 99"),
        (lambda values: values["files"].pop("encoder.onnx"), r"encoder\.onnx"),
        (lambda values: values["vocabularies"].update(source_size=3), "tokens, expected 3"),
        (lambda values: values["vocabularies"].update(eos=7), "pad, bos and eos"),
        (lambda values: values.update(limits=None), "not a model manifest"),
        (
            lambda values: values["limits"].update(source_characters="48"),
            "'48' is not a whole number",
        ),
        (lambda values: values.update(unit="word"), "'word' is none of part, name"),
    ],
)
def test_a_wrong_manifest_is_refused(copy: Path, edit: Callable[[dict], object], message: str) -> None:
    edit_manifest(copy, edit)
    with pytest.raises(ModelFilesError, match=message):
        load_model(copy)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"7", b"\xff", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(ModelFilesError, match="not a model manifest"):
        parse_manifest(content, path=Path(MANIFEST))


STATE = {"type": "tensor(float)", "shape": ["batch", 20]}


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (
            ("limits", "target_characters"),
            2**31,
            "limits.target_characters: 2147483648 is not a whole number from 1",
        ),
        (("limits", "target_characters"), 10**30, "limits.target_characters: .* is not a whole number from 1 to"),
        (("limits", "source_characters"), 0, "limits.source_characters: 0 is not a whole number from 1 to"),
        (("vocabularies", "target_size"), -1, "target_size: -1 is not a whole number"),
        (("files", "encoder.onnx", "bytes"), 2**40, r"files\.encoder\.onnx\.bytes"),
        (("files", "encoder.onnx", "sha256"), "x", "not a sha256"),
        (("name",), "a\nb", "not a text of 1 to 200 characters"),
        (("training",), [], "training: an array is not an object"),
        (("calibration",), {"slope": float("1e308") * 10}, "Infinity is not JSON"),
        (
            ("tensors", "decoder_step.onnx", "inputs", "hidden_state"),
            None,
            "hidden_state: None is not an object",
        ),
        (("tensors", "decoder_step.onnx", "inputs"), {}, "lacks cell_state, hidden_state, previous_ids"),
        (
            ("tensors", "decoder_step.onnx", "inputs", "extra"),
            STATE,
            "extra: .* is not a tensor that this graph",
        ),
        (("tensors", "encoder.onnx", "outputs", "cell_state", "shape"), ["batch", 21], "cell_state"),
        (("tensors", "encoder.onnx", "outputs", "cell_state", "type"), "tensor(double)", "cell_state"),
        (("tensors", "encoder.onnx", "inputs", "source_ids", "shape"), ["batch", 7], "source_ids"),
        (("tensors", "encoder.onnx", "inputs", "source_ids", "shape"), ["batch", True], "shape.1.: True"),
        (("tensors", "decoder_step.onnx", "outputs", "logits", "shape"), ["batch", 99], "logits"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(
    copy: Path, place: tuple[str, ...], value: object, message: str
) -> None:
    def edit(values: dict) -> None:
        for name in place[:-1]:
            values = values[name]
        values[place[-1]] = value

    edit_manifest(copy, edit)
    with pytest.raises(ModelFilesError, match=message):
        load_model(copy)


@pytest.mark.parametrize("missing", ["encoder.onnx", "encoder_step.onnx"])
def test_keys_that_another_graph_needs_are_missed(copy: Path, missing: str) -> None:
    edit_manifest(copy, lambda values: values["tensors"][missing]["outputs"].pop("attention_keys"))
    with pytest.raises(ModelFilesError, match=r"lacks the outputs attention_keys|attention keys"):
        load_model(copy)


def vouch_for(folder: Path, name: str, content: bytes) -> None:
    """Write a file of a model folder and have the manifest vouch for it."""
    (folder / name).write_bytes(content)
    entry = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    edit_manifest(folder, lambda values: values["files"].update({name: entry}))


def test_a_card_that_is_not_utf_8_is_refused(copy: Path) -> None:
    vouch_for(copy, MODEL_CARD, b"\xff")
    with pytest.raises(ModelFilesError, match=r"MODEL_CARD\.md is not UTF-8"):
        load_model(copy)


@pytest.mark.parametrize("name", [*REQUIRED_FILES, *ENCODER_STEPS, MANIFEST])
@pytest.mark.parametrize("kind", ["fifo", "endless", "sparse", "folder"])
def test_what_is_no_file_of_its_size_is_refused_unread(copy: Path, name: str, kind: str) -> None:
    path = copy / name
    path.unlink()
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "endless":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        with path.open("wb") as file:
            file.truncate(20 << 30)
    with pytest.raises(ModelFilesError, match=f"cannot read .*{name}"):
        load_model(copy)


def test_weights_in_another_file_are_refused_wherever_that_file_is(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = onnx.load(copy / ENCODER)
    onnx.save(model, tmp_path / ENCODER, save_as_external_data=True, location="weights.bin", size_threshold=0)
    vouch_for(copy, ENCODER, (tmp_path / ENCODER).read_bytes())
    monkeypatch.chdir(tmp_path)  # Where weights.bin lies, and where onnxruntime would look for it.
    with pytest.raises(ModelFilesError, match="its weights are in another file"):
        load_model(copy)


@pytest.mark.parametrize("names", [["Mori"], ["Mori", "Tanaka", "Kato", "Abe"] * 40])
def test_a_graph_that_cannot_be_run_is_a_wrong_model(copy: Path, names: list[str]) -> None:
    model = onnx.load(copy / DECODER_STEP)
    for initializer in model.graph.initializer:
        if list(initializer.dims)[-1:] == [4 * 20]:  # The kernel, of which half is taken away.
            values = numpy_helper.to_array(initializer)[..., :40]
            initializer.CopyFrom(numpy_helper.from_array(values, initializer.name))
    vouch_for(copy, DECODER_STEP, model.SerializeToString())
    with pytest.raises(ModelFilesError, match=r"onnxruntime cannot (run|load)"):
        Transliterator(copy, cache_size=0).transliterate(names)
