"""hayakana-train as users run it: real processes, the tiny configuration from end to end."""

import json
import re
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from hayakana import Transliterator
from hayakana.model.folder import load_model
from hayakana.names.languages import KIND_TAGS, language_tag
from hayakana_training.cli import backends
from hayakana_training.data.held_out import hashes_of_parts
from hayakana_training.errors import TrainingError
from hayakana_training.evaluation.evaluate import evaluate
from hayakana_training.model.run_folder import read_trained_on, write_trained_on

TRAIN = [sys.executable, "-m", "hayakana_training.cli.main"]


def run(*arguments: object, code: int = 0) -> tuple[str, str]:
    command = [*TRAIN, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=600)
    assert done.returncode == code, done.stderr
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("fit",), ("clean",), ("tag",), ("label",), ("export",), ("evaluate",), ("calibrate",)]
)
def test_help(arguments: tuple[str, ...]) -> None:
    out, _ = run(*arguments, "--help")
    assert "usage: hayakana-train" in out
    assert len(out) > 500


def test_fit_trains_in_tensorflow_or_jax(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fit = ("fit", "--preset", "tiny", "--train", tmp_path / "pairs.tsv", "--output", tmp_path / "run")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    _, err = run(*fit, code=1)
    assert err == "hayakana-train: KERAS_BACKEND is torch: fit trains in tensorflow or jax\n"
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    with pytest.raises(TrainingError, match=r"pip install 'jax\[cuda13\]'"):
        backends.import_backend()


def test_fit_reports_malformed_lines_and_strict_makes_them_fatal(tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("peter\tPeter\nluc\n", encoding="utf-8")
    _, err = run("fit", "--preset", "tiny", "--train", tmp_path / "pairs.tsv", "--output", tmp_path / "run", code=1)
    assert f"{tmp_path}/pairs.tsv:1: 'Peter' is not Katakana" in err
    assert f"{tmp_path}/pairs.tsv:2: 1 columns" in err
    assert "2 malformed lines, left out" in err
    (tmp_path / "good.tsv").write_text("luc\tリュック\n" * 50 + "x\n", encoding="utf-8")
    _, err = run(
        "fit", "--preset", "tiny", "--strict", "--train", tmp_path / "good.tsv", "--output", tmp_path / "run", code=1
    )
    assert "good.tsv:51" in err


@pytest.fixture
def without_keras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that loads what takes seconds fails. It finds it installed all the same."""
    for package in ("tensorflow", "keras"):
        (tmp_path / "stubs" / package).mkdir(parents=True)
        (tmp_path / "stubs" / package / "__init__.py").write_text(f"raise SystemExit('{package} was loaded')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "stubs"))


@pytest.mark.usefixtures("without_keras")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fit", "--preset", "huge", "--train", "x", "--output", "new"], "huge"),
        (["fit", "--train", "none.tsv", "--output", "new"], "none.tsv"),
        (["fit", "--train", "few.tsv", "--output", "new"], "0 development pairs: give --development"),
        (["fit", "--train", "bad.tsv", "--output", "new", "--strict"], "correct the lines above"),
        (["fit", "--train", "few.tsv", "--output", "full"], "full is not empty"),
        (["fit", "--train", "few.tsv", "--output", "new", "--resume"], "nothing to resume"),
        (["fit", "--train", "few.tsv", "--output", "new", "--initial", "full"], "not the folder of a training run"),
        (["fit", "--labels", "none.npz", "--development", "few.tsv", "--output", "new"], "none.npz"),
        (["clean", "--train", "none.tsv", "--output", "new"], "none.tsv"),
        (["label", "full", "--train", "few.tsv", "--output", "new.npz"], "not the folder of a training run"),
        (
            ["average", "full", "full", "--development", "few.tsv", "--output", "x"],
            "not the folder of a training run",
        ),
        (["average", "RUN", "RUN", "--development", "few.tsv", "--output", "full"], "full is not empty"),
        (["export", "full", "--output", "new"], "not the folder of a training run"),
        (["export", "RUN", "--output", "full"], "full exists and is not a model folder"),
        (["export", "RUN", "--output", "new", "--dropped", "none.tsv"], "none.tsv does not exist"),
        (["export", "RUN", "--output", "new", "--names", "none.txt"], "none.txt"),
        (["export", "--check", "no-such-model"], "no-such-model"),
        (["evaluate", "none.tsv"], "none.tsv"),
        (["calibrate", "seed", "--development", "none.tsv"], "none.tsv"),
        (["calibrate", "full", "--development", "none.tsv"], "full"),
        (["tag", "--train", "none.tsv", "--development", "few.tsv", "--output", "new"], "none.tsv"),
        (["known-names", "full", "--bearers", "none.tsv"], "none.tsv"),
    ],
)
def test_failures_are_a_sentence_before_tensorflow_is_loaded(
    arguments: list[str], message: str, tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "few.tsv").write_text("luc\tリュック\nanna\tアンナ\n", encoding="utf-8")
    (tmp_path / "bad.tsv").write_text("luc\n", encoding="utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").touch()
    run_folder = tiny_folder / "training"
    out, err = run(*(run_folder if argument == "RUN" else argument for argument in arguments), code=1)
    *lines, last = err.splitlines()
    assert last.startswith("hayakana-train: ")
    assert message in last
    assert all(re.search("bad.tsv:1|malformed|^reading", line) for line in lines)
    assert out == ""
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("arguments", [["export", "run"], ["export"], ["export", "run", "--check", "seed"], ["fit"]])
def test_wrong_usage(arguments: list[str]) -> None:
    assert "usage: hayakana-train" in run(*arguments, code=2)[1]


def test_check_repeats_the_parity(tiny_folder: Path) -> None:
    out, err = run("export", "--check", tiny_folder)
    assert ", 0 differing strings, largest logit difference" in out
    assert err == ""


def test_evaluate(tiny_folder: Path, read_pairs_file: Path, tmp_path: Path) -> None:
    out, _ = run("evaluate", read_pairs_file, "--model", tiny_folder, "--json")
    scores = json.loads(out)
    assert scores["names"] == 879
    assert scores["exact_match"] > 0.95
    assert scores["mean_f_score"] > 0.99
    assert scores["character_error_rate"] < 0.02
    assert scores["exact_match"] <= scores["mean_reciprocal_rank"] <= scores["exact_match_of_3"] <= 1
    assert scores["variants_folded"]["exact_match"] >= scores["exact_match"]
    assert sum(group["scores"]["names"] for group in scores["groups"]["name length"].values()) == 879
    assert scores["confusions"][0]["count"] >= 1
    (tmp_path / "bad.tsv").write_text("mori\tモリ\nbad\n", encoding="utf-8")
    run("evaluate", tmp_path / "bad.tsv", "--model", tiny_folder)
    run("evaluate", tmp_path / "bad.tsv", "--model", tiny_folder, "--strict", code=1)
    table, _ = run("evaluate", read_pairs_file, "--model", tiny_folder)
    assert f"exact match           {scores['exact_match']:>16.4f}" in table


def test_evaluate_takes_hints_that_the_model_does_not_know(tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("mori\tモリ\t1\tplace fi\ntanaka\tタナカ\t1\tword\n", encoding="utf-8")
    out, _ = run("evaluate", tmp_path / "pairs.tsv", "--model", tiny_folder, "--json")
    hints = json.loads(out)["hints"]
    assert list(hints) == ["any hint", "place", "word", "fi"]
    assert all(both["followed"] == 0 and both["with_hints"] == both["without"] for both in hints.values())


def test_evaluate_counts_every_reading_and_what_cannot_be_read(tiny: Transliterator, tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("mori\tムリ\nmori\tモリ\nкато\tカト\nbad\n", encoding="utf-8")
    evaluation, problems = evaluate(lambda kind: nullcontext(tiny), path)
    assert (evaluation.scores.names, evaluation.scores.exact_match) == (2, 0.5)
    assert len(problems) == 1


def test_calibrate(tiny_folder: Path, read_pairs_file: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_folder, tmp_path / "model")
    out, err = run("calibrate", folder, "--development", read_pairs_file)
    assert out.startswith("879 names, exact match ")
    assert err == f"{folder} does not say what it was trained on: make sure that it was on none of these\n"
    assert run("calibrate", folder, "--development", read_pairs_file)[0] == out
    calibration = load_model(folder).manifest.calibration
    assert calibration
    with Transliterator(folder) as calibrated, Transliterator(tiny_folder) as plain:
        assert calibrated("mori") == plain("mori")
        (one,), (other,) = (each.transliterate_detailed(["mori"], probabilities=True) for each in (calibrated, plain))
    assert one.probability != other.probability
    assert 0 < one.probability < 1


@pytest.mark.usefixtures("without_keras")
def test_calibrate_refuses_names_that_were_trained_on(tiny_folder: Path, read_pairs_file: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_folder, tmp_path / "model")
    names = [line.partition("\t")[0] for line in read_pairs_file.read_text(encoding="utf-8").splitlines()]
    write_trained_on(folder / "training", hashes_of_parts([f"{names[0].upper()} {names[1]}"]))
    hashes = folder / "training" / "trained_on.sha256"
    before = (folder / "manifest.json").read_bytes()
    _, err = run("calibrate", folder, "--development", read_pairs_file, code=1)
    assert err == (
        f"hayakana-train: the model was trained on 2 of the names, such as {names[0]!r}: give pairs that it has not"
        f" seen, or leave these out by --exclude-hashes {hashes}\n"
    )
    assert (folder / "manifest.json").read_bytes() == before
    out, err = run("calibrate", folder, "--development", read_pairs_file, "--exclude-hashes", hashes)
    assert out.startswith("877 names, exact match ")
    assert err == ""


def test_clean_label_and_learn_from_labels(pairs_file: Path, tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "development.tsv").write_text("tanaka\tタナカ\n", encoding="utf-8")
    settings = json.loads((tiny_folder / "training" / "config.json").read_text())
    (tmp_path / "short.json").write_text(json.dumps(settings | {"epochs": 2, "patience": 2}))
    data = ("--development", tmp_path / "development.tsv")
    preset = ("--preset", tmp_path / "short.json")
    run("romaji", tmp_path / "romaji.tsv")
    out, err = run("clean", *preset, "--train", pairs_file, *data, "--output", tmp_path / "clean")
    assert "dropped as wrong" in err
    assert out == ""
    run("fit", *preset, "--train", tmp_path / "clean" / "pairs.tsv", *data, "--output", tmp_path / "teacher")
    taught = ("--train", tmp_path / "clean" / "pairs.tsv", *data, "--generate", 30)
    (tmp_path / "tagged.tsv").write_text("seki\tセキ\t1\tplace ja\nTanaka\tタナカ\t1\tja\n", encoding="utf-8")
    tagged = ("--tagged", tmp_path / "tagged.tsv")
    _, err = run("label", tmp_path / "teacher", *taught, *tagged, "--output", tmp_path / "new" / "labels.npz")
    # The other one is a development name.
    assert "1 tagged pairs; left out: none" in err
    # The names of the census, 57,000, are among those that were labelled.
    of_many = settings | {"epochs": 2, "patience": 2, "batch_size": 4096}
    (tmp_path / "of_many.json").write_text(json.dumps(of_many))
    labels = ("--preset", tmp_path / "of_many.json", "--labels", tmp_path / "new" / "labels.npz", *data)
    out, err = run("fit", *labels, "--initial", tmp_path / "teacher", "--output", tmp_path / "student")
    assert "best: epoch" in err
    assert out == ""
    assert read_trained_on(tmp_path / "student") > read_trained_on(tmp_path / "teacher")
    assert hashes_of_parts(["tanaka"]).isdisjoint(read_trained_on(tmp_path / "student"))
    vocabulary = (tmp_path / "student" / "source_vocabulary.txt").read_text(encoding="utf-8")
    assert {KIND_TAGS["place"], language_tag("ja")} < {*vocabulary}
    report = json.loads((tmp_path / "student" / "data.json").read_text())
    assert report["labels"]["teachers"] == [report["initial"]]
    assert report["labels"]["tagged"] == {"files": ["tagged.tsv"], "pairs": 1, "left_out": {}}
    ((key, teacher),) = report["runs"].items()
    assert report["initial"] == {"run": key}
    assert teacher["run"] == "teacher"
    assert "dropped_as_wrong" in report["labels"]["data"]["files"][0]["cleaned"]

    pairs = ("--train", tmp_path / "clean" / "pairs.tsv", *data, "--vocabularies", tmp_path / "teacher")
    risk = ("--minimum-risk", "--initial", tmp_path / "teacher", "--output", tmp_path / "end")
    _, err = run("fit", *preset, *pairs, *risk)
    assert "best: epoch" in err
    assert json.loads((tmp_path / "end" / "data.json").read_text())["minimum_risk"]["names"] > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give --train FILE, or --labels FILE"),
        (("--train", "a", "--labels", "b"), "give --train FILE, or --labels FILE"),
        (("--labels", "b"), "needs --development"),
        (("--train", "a", "--minimum-risk"), "--minimum-risk needs --initial RUN"),
        (("--labels", "b", "--development", "c", "--initial", "d", "--minimum-risk"), "the pairs of --train FILE"),
    ],
)
def test_fit_takes_pairs_or_labels(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    _, err = run("fit", *arguments, "--output", tmp_path / "run", code=2)
    assert message in err
