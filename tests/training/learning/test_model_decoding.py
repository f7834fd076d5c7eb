"""The two ways that a run is judged give the same strings."""

import pytest

from hayakana.names.languages import KIND_TAGS, language_tag
from hayakana_training.learning.model_decoding import decode_names
from hayakana_training.model.runs import Run

NAMES = ["mori", "tanaka", "Sato", "mörí", "мори", "a" * 99]


def test_the_model_itself_and_its_graphs_write_the_same(tiny_run: Run) -> None:
    vocabularies = tiny_run.source_vocabulary, tiny_run.target_vocabulary
    by_graphs = decode_names(tiny_run.model, NAMES, *vocabularies)
    by_model = decode_names(tiny_run.model, NAMES, *vocabularies, backend="jax")
    assert by_model == by_graphs
    assert by_model["mori"] == by_model["mörí"] == "モリ"
    assert by_model["мори"] == by_model["a" * 99] == ""


def test_a_hint_that_the_model_does_not_know_does_nothing(tiny_run: Run) -> None:
    name = KIND_TAGS["place"] + language_tag("fr") + "mori"
    assert decode_names(tiny_run.model, [name], tiny_run.source_vocabulary, tiny_run.target_vocabulary) == {
        name: "モリ"
    }


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_no_names_are_no_work(tiny_run: Run, backend: str) -> None:
    vocabularies = tiny_run.source_vocabulary, tiny_run.target_vocabulary
    assert decode_names(tiny_run.model, [], *vocabularies, backend=backend) == {}
