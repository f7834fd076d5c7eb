"""Incremental decoding over exported graphs = full-sequence prediction in Keras, and what happens where it is not."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from hayakana import Transliterator
from hayakana.model.folder import load_model
from hayakana.model.manifest import DECODER_STEP, ENCODER, ENCODER_STEPS
from hayakana.model.vocabulary import SOURCE_SPECIALS, TARGET_SPECIALS, Vocabulary
from hayakana.sessions.opening import open_sessions
from hayakana_training.data.pairs import read_pairs
from hayakana_training.data.unlabelled_names import census_full_names, census_parts
from hayakana_training.errors import ExportError
from hayakana_training.export import export as export_module
from hayakana_training.export.convert import check_graph, convert
from hayakana_training.export.export import Provenance, check, export, manifest_values, model_in_memory
from hayakana_training.export.graphs import build_graphs, decode
from hayakana_training.export.naive_decoding import decode_naively, pad_sources
from hayakana_training.export.parity import LOGIT_TOLERANCE, MINIMUM_NAMES, Parity, measure_parity
from hayakana_training.model.config import Config
from hayakana_training.model.network import build_model
from hayakana_training.model.run_folder import read_trained_on, write_trained_on
from hayakana_training.model.runs import Run, open_run

PROVENANCE = Provenance("copy", "MIT", "Made-up names.", "hayakana-train fit")
SOURCE = Vocabulary.of("abcdefghijklmnopqrstuvwxyz -'", specials=SOURCE_SPECIALS)
TARGET = Vocabulary.of("アイウエオカキクケコ・＝", specials=TARGET_SPECIALS)


@pytest.fixture(scope="module")
def names(pairs_file: Path) -> list[str]:
    return [pair.name for pair in read_pairs(pairs_file)[0]]


def test_the_exported_graphs_are_the_keras_model(tiny_folder: Path, tiny_run: Run, names: list[str]) -> None:
    parity = measure_parity(tiny_run, open_sessions(load_model(tiny_folder), device="cpu"), names)
    assert parity.holds
    assert parity.names == len(names)
    assert parity.differing_strings == 0
    assert 0 < parity.largest_logit_difference <= LOGIT_TOLERANCE


def test_bound_states_are_the_keras_model_too(tiny_folder: Path, tiny_run: Run, names: list[str]) -> None:
    sessions = open_sessions(load_model(tiny_folder), device="cpu", bound=True)
    assert measure_parity(tiny_run, sessions, names[:200]).holds


def test_the_parity_in_the_manifest_is_repeated_from_the_weights_beside_it(tiny_folder: Path) -> None:
    stated = load_model(tiny_folder).manifest.parity
    parity = check(tiny_folder, names=None)
    assert parity.names == stated["names"] >= MINIMUM_NAMES
    assert parity.differing_strings == stated["differing_strings"] == 0


def test_other_weights_are_found_out(tiny_folder: Path, tiny_run: Run, names: list[str]) -> None:
    other = open_run(tiny_folder / "training")
    other.model.output_projection.bias.assign_add(np.linspace(0, 2e-3, other.model.output_projection.units))
    parity = measure_parity(other, open_sessions(load_model(tiny_folder), device="cpu"), names)
    assert not parity.holds
    assert parity.largest_logit_difference > LOGIT_TOLERANCE


@pytest.mark.parametrize(
    ("attention", "has_bridge"),
    [("dot", False), ("general", False), ("general", True), ("none", False), ("none", True)],
)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_every_architecture_converts(
    tmp_path: Path,
    attention: str,
    has_bridge: bool,
    bidirectional: bool,
) -> None:
    width = 16 if bidirectional else 8
    config = dataclasses.replace(
        Config.read("tiny"),
        encoder_units=8,
        bidirectional=bidirectional,
        attention=attention,
        decoder_units=10 if has_bridge else width,
        target_limit=8,
    )
    run = Run(tmp_path, config, SOURCE, TARGET, build_model(config, SOURCE, TARGET))
    graphs = convert(run.model)
    operators = [node.op_type for node in graphs[ENCODER].graph.node]
    assert operators.count("LSTM") == 1
    assert not {"Expand", "Shape"} & set(operators)  # its first states are zeros without a graph that makes them
    assert len([name for name in graphs if name in ENCODER_STEPS]) == (0 if has_bridge else 1 + bidirectional)
    assert not {"Loop", "If", "Scan"} & {node.op_type for graph in graphs.values() for node in graph.graph.node}
    assert [opset.version for opset in graphs[ENCODER].opset_import if opset.domain == ""] == [17]
    inputs = {value.name for value in graphs[DECODER_STEP].graph.input}
    assert ("encoder_outputs" in inputs) == (attention != "none")
    assert ("attention_keys" in inputs) == (attention == "general")

    # As Keras decodes it, with untrained weights, in TensorFlow and in onnxruntime.
    texts = ["abc", "xyz", "a-b", "j w"]
    naive = decode_naively(run.model, pad_sources(texts, SOURCE, length=9), max_length=8)
    incremental = decode(build_graphs(run.model), SOURCE.encode(texts), max_length=8)
    assert TARGET.decode(naive.target_ids, naive.lengths) == TARGET.decode(incremental.target_ids, incremental.lengths)
    assert naive.finished.tolist() == incremental.finished.tolist()
    contents = {name: graph.SerializeToString() for name, graph in graphs.items()}
    values = export_values(run, graphs)
    model = model_in_memory(tmp_path, values, contents | vocabularies(run), run)
    parity = measure_parity(run, open_sessions(model, device="cpu"), texts)
    assert parity.holds


def vocabularies(run: Run) -> dict[str, bytes]:
    return {
        "source_vocabulary.txt": run.source_vocabulary.render().encode(),
        "target_vocabulary.txt": run.target_vocabulary.render().encode(),
    }


def export_values(run: Run, graphs: dict[str, onnx.ModelProto]) -> dict:
    (run.folder / "data.json").write_text('{"files": [], "tools": {}}', encoding="utf-8")
    (run.folder / "history.json").write_text(
        '[{"epoch": 1, "development_exact_match": 0, "development_character_error_rate": 1}]', encoding="utf-8"
    )
    return manifest_values(run, graphs, PROVENANCE)


def test_tensor_names_and_dimensions(tiny_run: Run) -> None:
    graphs = convert(tiny_run.model)

    def shapes(values: list[onnx.ValueInfoProto]) -> dict[str, list[str | int]]:
        return {v.name: [d.dim_param or d.dim_value for d in v.type.tensor_type.shape.dim] for v in values}

    units, width = tiny_run.config.decoder_units, tiny_run.config.encoder_output_units
    state = ["batch", units]
    assert shapes(graphs[ENCODER].graph.input) == {"source_ids": ["batch", "source_length"]}
    assert shapes(graphs[ENCODER].graph.output) == {
        "encoder_outputs": ["batch", "source_length", width],
        "attention_keys": ["batch", "source_length", units],
        "hidden_state": state,
        "cell_state": state,
    }
    assert shapes(graphs[DECODER_STEP].graph.input) == {
        "previous_ids": ["batch"],
        "hidden_state": state,
        "cell_state": state,
        "encoder_outputs": ["batch", "source_length", width],
        "attention_keys": ["batch", "source_length", units],
    }
    assert shapes(graphs[DECODER_STEP].graph.output) == {
        "next_ids": ["batch"],
        "logits": ["batch", len(tiny_run.target_vocabulary)],
        "next_hidden_state": state,
        "next_cell_state": state,
        "attention_weights": ["batch", "source_length"],
    }
    state = ["batch", tiny_run.config.encoder_units]
    for name in ENCODER_STEPS:
        assert shapes(graphs[name].graph.input) == {"source_ids": ["batch"], "hidden_state": state, "cell_state": state}
        assert shapes(graphs[name].graph.output) == {
            "next_hidden_state": state,
            "next_cell_state": state,
            "attention_keys": ["batch", units],
        }


def test_an_operator_that_should_not_be_there_stops_the_export() -> None:
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name in "xy")
    graph = helper.make_graph([helper.make_node("Sin", ["x"], ["y"])], "g", [x], [y])
    with pytest.raises(ExportError, match=r"decoder_step\.onnx has operators that it should not have: Sin"):
        check_graph(helper.make_model(graph), DECODER_STEP)


def test_a_masked_lstm_stops_the_export(tiny_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What tf2onnx makes of Keras' mask is a Loop: the reason why the graphs have none."""
    encoder = tiny_run.model.encoder

    class Masked:
        forward_layer, backward_layer = encoder.forward_layer, encoder.backward_layer

        def __call__(self, embedded: object) -> object:
            import tensorflow as tf

            return encoder(embedded, mask=tf.reduce_any(embedded > -9, axis=-1))

    monkeypatch.setattr(tiny_run.model, "encoder", Masked())
    with pytest.raises(ExportError, match="Loop"):
        convert(tiny_run.model)
    monkeypatch.undo()


# --- the folder ---


def test_export_writes_a_model_that_loads(tiny_folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "models" / "copy"
    folder = shutil.copytree(tiny_folder / "training", tmp_path / "run")
    write_trained_on(folder, ["0123456789abcdef"])
    for _ in range(2):  # the second replaces the first
        export(folder, output, PROVENANCE, names=None, log=lambda _: None)
        with Transliterator(output) as transliterator:
            assert transliterator("Mori") == "モリ"
    assert [path.name for path in output.parent.iterdir()] == ["copy"]
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["parity"]["differing_strings"] == 0
    assert manifest["licence"] == "MIT"
    assert "hayakana-train export --check models/copy" in (output / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert open_run(output / "training").config == Config.read("tiny")
    assert read_trained_on(output / "training") == {"0123456789abcdef"}


def test_nothing_is_written_when_parity_does_not_hold(
    tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Parity(
        names=6_000, differing_strings=1, largest_logit_difference=0, decisions_within_tolerance=0, unfinished=0
    )
    monkeypatch.setattr(export_module, "measure_parity", lambda *_: broken)
    with pytest.raises(ExportError, match="1 differing strings"):
        export(tiny_folder / "training", tmp_path / "copy", PROVENANCE, names=None, log=lambda _: None)
    assert list(tmp_path.iterdir()) == []


def test_logits_that_are_no_numbers_are_found_out(tiny_folder: Path, names: list[str]) -> None:
    other = open_run(tiny_folder / "training")
    other.model.output_projection.bias.assign_add([np.nan] * other.model.output_projection.units)
    parity = measure_parity(other, open_sessions(load_model(tiny_folder), device="cpu"), names[:50])
    assert parity.largest_logit_difference == np.inf
    assert not parity.holds


@pytest.mark.parametrize(("differing", "difference", "holds"), [(0, 1e-4, True), (0, 1.1e-4, False), (1, 0, False)])
def test_when_parity_holds(differing: int, difference: float, holds: bool) -> None:
    assert Parity(6_000, differing, difference, 0, 0).holds == holds


def test_parity_needs_names_enough(tiny_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"needs 5000 distinct names .* there are 2: .*--names"):
        export(tiny_folder / "training", tmp_path / "copy", PROVENANCE, names=["a", "b", "a"], log=lambda _: None)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_something_else_is_not_replaced(tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    with pytest.raises(ExportError, match="is not a model folder"):
        export(tiny_folder / "training", tmp_path / "letters", PROVENANCE, names=None, log=lambda _: None)


def test_a_shipped_model_with_other_weights_fails_its_check(tiny_folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tiny_folder, tmp_path / "copy"))
    run = open_run(copy / "training")
    run.model.output_projection.bias.assign_add(np.linspace(0, 1, run.model.output_projection.units))
    run.model.save_weights(copy / "training" / "weights.weights.h5")
    with pytest.raises(ExportError, match="ONNX and Keras disagree"):
        check(copy, names=None)


def test_census_names() -> None:
    parts = census_parts()
    assert len(parts) == len(set(parts)) > 80_000
    assert parts[:2] == ["Smith", "Johnson"]
    full = census_full_names(count=100, seed=1)
    assert full == census_full_names(count=100, seed=1)
    assert all(name.count(" ") == 1 for name in full)
    assert any("-" in name for name in full)
