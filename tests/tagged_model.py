"""The tiny model with tags: a letter of its own stands for each, so that what it writes under a hint is known.

The weights of the tag of French are those of the letter b: under that hint, mori is written as the model writes bmori.
"""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from hayakana.model.manifest import FORMAT_VERSION, KNOWN_NAMES, MANIFEST
from hayakana.names.known_tables import KnownName, write_known_names
from hayakana.names.languages import KIND_TAGS, language_tag

LETTERS = {"fr": "b", "de": "w", "nl": "k"}
"""Language → the letter that its tag is read as."""
LETTER_OF_PLACES = "z"
LETTER_OF_TAG = {language_tag(language): letter for language, letter in LETTERS.items()}
LETTER_OF_TAG[KIND_TAGS["place"]] = LETTER_OF_PLACES

KNOWN_PARTS = {
    "anna": KnownName("アンナ", 60),
    f"{language_tag('fr')}anna": KnownName("アナ", 90),
    f"{language_tag('fr')}kato": KnownName("カトー", 90),
}


def read_as(unit: str, *, language: str = "", is_place: bool = False) -> str:
    """Return what the model without tags is given where this one is given ``unit`` under a hint."""
    return (LETTER_OF_PLACES if is_place else "") + LETTERS.get(language, "") + unit


def make_tagged_model(tiny_folder: Path, folder: Path, *, known: bool) -> None:
    """Write the tiny model with tags into ``folder``, with a table of ``KNOWN_PARTS`` where ``known`` says so."""
    shutil.copytree(tiny_folder, folder)
    vocabulary = folder / "source_vocabulary.txt"
    tokens = vocabulary.read_text(encoding="utf-8").split("\n")[:-1]
    rows = [tokens.index(letter) for letter in LETTER_OF_TAG.values()]
    vocabulary.write_text("".join(f"{token}\n" for token in [*tokens, *LETTER_OF_TAG]), encoding="utf-8", newline="\n")
    changed = ["source_vocabulary.txt", "encoder.onnx", "encoder_step.onnx", "backward_encoder_step.onnx"]
    for name in changed[1:]:
        graph = onnx.load(folder / name)
        (table,) = (tensor for tensor in graph.graph.initializer if tensor.dims[:1] == [len(tokens)])
        weights = numpy_helper.to_array(table)
        table.CopyFrom(numpy_helper.from_array(np.concatenate([weights, weights[rows]]), table.name))
        onnx.save(graph, folder / name)
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    values["vocabularies"]["source_size"] += len(rows)
    if known:
        (folder / KNOWN_NAMES).write_bytes(write_known_names(KNOWN_PARTS, {}, places={}, words={}))
        values |= {"format_version": FORMAT_VERSION, "known_names": {"parts": len(KNOWN_PARTS)}}
        changed.append(KNOWN_NAMES)
    for name in changed:
        content = (folder / name).read_bytes()
        values["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (folder / MANIFEST).write_text(json.dumps(values), encoding="utf-8")
