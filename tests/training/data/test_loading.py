import dataclasses
from pathlib import Path

import pytest

from hayakana.names.languages import language_tag
from hayakana_training.data.held_out import name_hash
from hayakana_training.data.labels import Labels, SoftTargets
from hayakana_training.data.loading import load_data, load_labels
from hayakana_training.data.pairs import Pair, write_pairs
from hayakana_training.errors import TrainingError
from hayakana_training.model.config import Config
from hayakana_training.model.run_folder import read_json, read_vocabularies, write_json
from hayakana_training.model.runs import Run


@pytest.fixture
def config(tiny_config: Config) -> Config:
    return dataclasses.replace(tiny_config, epochs=3, dropout=0.2)


def test_development_names_are_left_out_with_any_diacritics(config: Config, tmp_path: Path) -> None:
    (tmp_path / "train.tsv").write_text("josé\tホセ\njose\tホセ\nluc\tリュック\n", encoding="utf-8")
    (tmp_path / "development.tsv").write_text("Jose\tホセ\n", encoding="utf-8")
    data = load_data(
        config, train=[tmp_path / "train.tsv"], development=tmp_path / "development.tsv", exclude_hashes=None
    )
    assert [pair.name for pair in data.train] == ["luc"]


def test_development_names_are_never_trained_on(config: Config, pairs_file: Path, tmp_path: Path) -> None:
    lines = pairs_file.read_text(encoding="utf-8").splitlines()
    (tmp_path / "development.tsv").write_text("\n".join(lines[:50]) + "\n", encoding="utf-8")
    data = load_data(config, train=[pairs_file], development=tmp_path / "development.tsv", exclude_hashes=None)
    assert len(data.development) == 50
    assert not {pair.name for pair in data.train} & {pair.name for pair in data.development}
    assert len(data.train) == len(lines) - 50


def test_excluded_names_are_in_neither_set(config: Config, pairs_file: Path, tmp_path: Path) -> None:
    names = [line.split("\t")[0] for line in pairs_file.read_text(encoding="utf-8").splitlines()]
    (tmp_path / "hashes").write_text("\n".join(name_hash(name) for name in names[:300]), encoding="utf-8")
    data = load_data(
        dataclasses.replace(config, composed_names=50),
        train=[pairs_file],
        development=None,
        exclude_hashes=tmp_path / "hashes",
    )
    parts = {part for pair in data.train + data.development for part in pair.name.replace("-", " ").split()}
    assert not parts & set(names[:300])
    assert data.report["files"][0]["excluded"] == 300


def test_a_pair_that_stands_twice_is_one_with_both_counts(config: Config, tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("luc\tリュック\t3\njosé\tホセ\n", encoding="utf-8")
    (tmp_path / "b.tsv").write_text("Luc\tリュック\t0.25\nluc\tルック\n", encoding="utf-8")
    data = load_data(
        config, train=[tmp_path / "a.tsv", tmp_path / "b.tsv"], development=tmp_path / "a.tsv", exclude_hashes=None
    )
    assert data.train == []
    (tmp_path / "development.tsv").write_text("mori\tモリ\n", encoding="utf-8")
    data = load_data(
        config,
        train=[tmp_path / "a.tsv", tmp_path / "b.tsv"],
        development=tmp_path / "development.tsv",
        exclude_hashes=None,
    )
    assert data.train == [Pair("luc", "リュック", 3.25), Pair("josé", "ホセ"), Pair("luc", "ルック")]


def test_development_and_excluded_names_are_never_trained_on_with_hints(config: Config, tmp_path: Path) -> None:
    lines = "josé\tホセ\t1\tes\njose\tホセ\t1\tplace\nluc\tリュック\t1\tfr\nmori\tモリ\t1\tword ja\n"
    (tmp_path / "train.tsv").write_text(lines, encoding="utf-8")
    (tmp_path / "development.tsv").write_text("Jose\tホセ\n", encoding="utf-8")
    (tmp_path / "hashes").write_text(name_hash("mori"), encoding="utf-8")
    files = {"development": tmp_path / "development.tsv", "exclude_hashes": tmp_path / "hashes"}
    data = load_data(config, train=[tmp_path / "train.tsv"], **files)
    assert data.train == [Pair(language_tag("fr") + "luc", "リュック")]
    with pytest.raises(TrainingError, match="whole names follows no hints"):
        load_data(dataclasses.replace(config, unit="name"), train=[tmp_path / "train.tsv"], **files)


def test_a_dictionary_is_read_and_reported(config: Config, tmp_path: Path) -> None:
    lines = "　？？？ /ENAMDICT - Japanese Proper Name Dictionary File/\nアテネ /(p) Athens/\nシェブ /(p) El Shab/\n"
    (tmp_path / "enamdict").write_bytes(lines.encode("euc_jp"))
    (tmp_path / "hashes").write_text(name_hash("Athens"), encoding="utf-8")
    data = load_data(config, train=[tmp_path / "enamdict"], development=None, exclude_hashes=None)
    assert [pair.name for pair in data.train + data.development] == ["athens"]
    (report,) = data.report["files"]
    assert report["kept"]["names in Katakana"] == 1
    assert report["dropped"]["no gloss is a spelling of the Katakana"] == 1
    held_out = load_data(config, train=[tmp_path / "enamdict"], development=None, exclude_hashes=tmp_path / "hashes")
    assert held_out.train + held_out.development == []


def test_what_clean_read_is_reported_with_its_pairs(config: Config, tmp_path: Path) -> None:
    with (tmp_path / "pairs.tsv").open("wb") as file:
        write_pairs([Pair("luc", "リュック")], file)
    (tmp_path / "dropped.tsv").write_text("", encoding="utf-8")
    write_json(tmp_path / "data.json", {"dropped_as_wrong": 7})
    data = load_data(config, train=[tmp_path / "pairs.tsv"], development=None, exclude_hashes=None)
    assert data.report["files"][0]["cleaned"] == {"dropped_as_wrong": 7}


def test_the_vocabularies_of_another_run_are_taken(config: Config, pairs_file: Path, tiny_run: Run) -> None:
    data = load_data(config, train=[pairs_file], development=None, exclude_hashes=None, vocabularies=tiny_run.folder)
    assert data.vocabularies == read_vocabularies(tiny_run.folder)


@pytest.mark.parametrize(
    ("change", "message"), [({"unit": "name"}, "reads a name"), ({"source_limit": 3}, "raise them")]
)
def test_labels_must_fit_the_model(
    config: Config, tiny_run: Run, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    pairs = [Pair("mori", "モリ")]
    soft = SoftTargets.of(
        *(tiny_run.model.get_weights()[0][:3, :6].astype(kind) for kind in ("uint16", "float16")), pairs
    )
    origin = {"teachers": [{"config": dataclasses.asdict(config)}]}
    Labels(pairs, soft, tiny_run.source_vocabulary, tiny_run.target_vocabulary, origin).write(tmp_path / "labels.npz")
    (tmp_path / "development.tsv").write_text("tanaka\tタナカ\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=message):
        load_labels(
            dataclasses.replace(config, **change),
            tmp_path / "labels.npz",
            development=tmp_path / "development.tsv",
            exclude_hashes=None,
        )
    assert read_json(tiny_run.folder / "config.json")["unit"] == "part"


def test_an_exclusion_list_of_something_else_is_refused(config: Config, pairs_file: Path, tmp_path: Path) -> None:
    for content in (b"", b"peter\n", b"\xff\n", b"0123456789ABCDEF\n"):
        (tmp_path / "hashes").write_bytes(content)
        with pytest.raises(TrainingError, match="not an exclusion list"):
            load_data(config, train=[pairs_file], development=None, exclude_hashes=tmp_path / "hashes")
