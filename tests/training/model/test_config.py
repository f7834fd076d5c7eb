import dataclasses
import json
from pathlib import Path

import pytest

from hayakana_training.errors import TrainingError
from hayakana_training.model.config import PRESETS, Config


@pytest.mark.parametrize("preset", sorted(path.stem for path in PRESETS.glob("*.json")))
def test_presets(preset: str) -> None:
    assert Config.read(preset) == Config.read(PRESETS / f"{preset}.json")


def test_seed_has_the_sizes_of_the_article() -> None:
    seed = Config.read("seed")
    sizes = (seed.embedding_units, seed.encoder_units, seed.decoder_units, seed.combination_units)
    assert sizes == (64, 64, 64, 64)
    assert (seed.bidirectional, seed.attention, seed.unit) == (False, "dot", "name")
    assert dataclasses.replace(seed, attention="none") == Config.read("plain")


def test_a_file_is_read_as_it_was_written(tmp_path: Path, tiny_config: Config) -> None:
    tiny_config.write(tmp_path / "config.json")
    assert Config.read(tmp_path / "config.json") == tiny_config


def test_wrong_files_are_refused(tmp_path: Path, tiny_config: Config) -> None:
    with pytest.raises(TrainingError, match="no preset 'huge': choose one of default, fast, judge, plain, seed"):
        Config.read("huge")
    values = dataclasses.asdict(tiny_config)
    del values["seed"]
    (tmp_path / "config.json").write_text(json.dumps(values | {"layers": 2}), encoding="utf-8")
    with pytest.raises(TrainingError, match=r"missing \['seed'\], unknown \['layers'\]"):
        Config.read(tmp_path / "config.json")


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": 0},
        {"unit": "word"},
        {"attention": "add"},
        {"dropout": 1.0},
        {"attention": "dot", "decoder_units": 8},
        {"batch_size": 0},
    ],
)
def test_wrong_values_are_refused(tiny_config: Config, change: dict) -> None:
    with pytest.raises(TrainingError):
        dataclasses.replace(tiny_config, **change)


def test_the_table_of_the_docs_has_the_presets() -> None:
    page = (Path(__file__).parents[3] / "docs" / "training.md").read_text(encoding="utf-8")
    table = page.partition("<!-- presets -->\n")[2].partition("\n\n")[0].splitlines()[2:]
    assert sorted(table) == sorted(row(path.stem, Config.read(path.stem)) for path in PRESETS.glob("*.json"))


def row(name: str, config: Config) -> str:
    encoder = f"{'bidirectional LSTM of 2 ×' if config.bidirectional else 'LSTM of'} {config.encoder_units}"
    attention = "no" if config.attention == "none" else config.attention
    return f"| `{name}` | {config.unit} | {encoder}, LSTM of {config.decoder_units}, {attention} attention |"
