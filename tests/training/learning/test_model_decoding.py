"""The two ways that a run is judged give the same strings."""

import pytest

from hayakana_training.learning import model_decoding
from hayakana_training.learning.model_decoding import decode_names
from hayakana_training.model.runs import Run

NAMES = ["mori", "tanaka", "Sato", "mörí", "мори", "a" * 99]


def test_the_model_itself_and_its_graphs_write_the_same(tiny_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    by_graphs = decode_names(tiny_run.model, NAMES, tiny_run.source_vocabulary, tiny_run.target_vocabulary)
    monkeypatch.setattr(model_decoding, "_by_graphs", model_decoding._by_model)
    by_model = decode_names(tiny_run.model, NAMES, tiny_run.source_vocabulary, tiny_run.target_vocabulary)
    assert by_model == by_graphs
    assert by_model["mori"] == by_model["mörí"] == "モリ"
    assert by_model["мори"] == by_model["a" * 99] == ""


def test_no_names_are_no_work(tiny_run: Run) -> None:
    assert model_decoding._by_model(tiny_run.model, [], tiny_run.source_vocabulary, tiny_run.target_vocabulary) == {}
