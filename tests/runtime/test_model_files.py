import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hayakana.errors import ModelFilesError, ModelNotFoundError
from hayakana.manifest import MANIFEST, REQUIRED_FILES, parse_manifest
from hayakana.model_files import bundled_models, find_model, load_model


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
        (lambda values: values.update(format_version=2), "format_version 2, this hayakana reads 1"),
        (lambda values: values.update(normalization_version=99), "normalization_version 99"),
        (lambda values: values["files"].pop("encoder.onnx"), r"encoder\.onnx"),
        (lambda values: values["vocabularies"].update(source_size=3), "tokens, expected 3"),
        (lambda values: values["vocabularies"].update(eos=7), "pad, bos and eos"),
        (lambda values: values.update(limits=None), "not a model manifest"),
        (lambda values: values["limits"].update(source_characters="48"), "'48' is not a number"),
        (lambda values: values.update(unit="word"), "'word' is none of part, name"),
    ],
)
def test_a_wrong_manifest_is_refused(copy: Path, edit: Callable[[dict], object], message: str) -> None:
    edit_manifest(copy, edit)
    with pytest.raises(ModelFilesError, match=message):
        load_model(copy)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7"])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(ModelFilesError, match="not a model manifest"):
        parse_manifest(text, path=Path(MANIFEST))
