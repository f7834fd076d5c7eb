"""The wheel as users have it: from elsewhere, in an environment with only its base dependencies and pytest."""

import importlib.util
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote

import pytest

import hayakana
from hayakana import MissingExtraError, Transliterator

COMMAND = Path(sys.executable).parent / "hayakana"


def run(*arguments: str, text: str = "", code: int = 0) -> tuple[str, str]:
    done = subprocess.run([COMMAND, *arguments], input=text, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == code, done.stderr
    return done.stdout, done.stderr


def test_this_is_the_wheel() -> None:
    assert "site-packages" in hayakana.__file__
    assert metadata.version("hayakana") == hayakana.__version__
    assert (Path(hayakana.__file__).parent / "py.typed").is_file()


def test_it_has_a_manual_page() -> None:
    (page,) = (file for file in metadata.files("hayakana") or () if file.name == "hayakana.1")
    assert str(page).endswith("share/man/man1/hayakana.1")
    assert page.read_text(encoding="utf-8").startswith('.TH HAYAKANA "1"')


def test_completion_says_what_to_install() -> None:
    out, err = run("--print-completion", "bash", code=1)
    assert out == ""
    assert err.startswith("hayakana: tab completion needs an optional dependency: pip install ")
    assert err.count("\n") == 1


def test_its_extras_are_for_users() -> None:
    """What developers need are groups of pyproject.toml, which no wheel has."""
    extras = {"batch", "completion", "duckdb", "excel", "plot", "polars", "ray", "serve", "spark", "train"}
    assert set(metadata.metadata("hayakana").get_all("Provides-Extra", [])) == extras


def test_nothing_but_the_base_is_installed() -> None:
    for module in ("tensorflow", "keras", "onnx", "tf2onnx", "pyarrow", "matplotlib"):
        assert importlib.util.find_spec(module) is None, module


@pytest.mark.parametrize("model", ["default", "fast", "cc0", "seed"])
def test_the_bundled_models_are_there_without_their_training(model: str) -> None:
    with Transliterator(model) as transliterator:
        assert transliterator("Jon Snow") == "ジョン・スノー"
    folder = Path(hayakana.__file__).parent / "models" / model
    assert not (folder / "training").exists()
    assert (folder / "MODEL_CARD.md").is_file()


def test_the_examples_of_the_article() -> None:
    names = ["Banana", "Peter Parker", "Jon Snow", "Jonny Snow"]
    expected = ["バナナ", "ピーター・パーカー", "ジョン・スノー", "ジョニー・スノー"]
    with Transliterator() as transliterator:
        assert transliterator.transliterate(names) == expected
        assert [transliterator(name) for name in names] == expected
    assert run("transliterate", *names)[0].splitlines() == expected
    assert run("transliterate", text="\n".join(names))[0].splitlines() == expected


@pytest.mark.parametrize("workers", [1, 2])
def test_a_list_gives_what_its_names_give_one_by_one(workers: int) -> None:
    names = [
        f"{first}{middle}{last}" for first in "BJMPRT" for middle in ("an", "e", "ill", "o") for last in ("", "er")
    ]
    with Transliterator("seed") as one_by_one, Transliterator("seed", workers=workers) as transliterator:
        assert transliterator.transliterate(names) == [one_by_one(name) for name in names]
    assert run("transliterate", "--workers", str(workers), text="\n".join(names))[0].count("\n") == len(names)


def test_candidates_and_probabilities_need_no_extra() -> None:
    with Transliterator("seed") as transliterator:
        (result,) = transliterator.transliterate_detailed(["Jon Snow"], probabilities=True, candidates=2)
        assert list(result.candidates) == transliterator.candidates("Jon Snow", 2)
    assert result.probability is not None
    assert 0 < result.probability <= 1


def test_info_and_explain_need_no_extra() -> None:
    assert "model default" in run("info")[0]
    assert "ジョ ← Jo" in run("explain", "--no-known-names", "Jon")[0]


def test_a_missing_extra_is_one_sentence_with_the_install_line(tmp_path: Path) -> None:
    (url,) = re.findall(
        r'"url": *"file://([^"]+)"', metadata.distribution("hayakana").read_text("direct_url.json") or ""
    )
    wheel = unquote(url)
    assert wheel.endswith((".whl", ".tar.gz"))
    _, err = run("batch", "in.csv", "out.csv", code=1)
    assert err == f"hayakana: reading and writing tables needs an optional dependency: pip install '{wheel}[batch]'\n"
    _, err = run("explain", "Jon", "-o", str(tmp_path / "jon.png"), code=1)
    assert err == f"hayakana: drawing attention needs an optional dependency: pip install '{wheel}[plot]'\n"
    _, err = run("serve", code=1)
    assert err == f"hayakana: serving needs an optional dependency: pip install '{wheel}[serve]'\n"
    with pytest.raises(MissingExtraError, match="batch"):
        import hayakana.batch  # noqa: F401
    for arguments in (["export", "--check", "seed"], ["evaluate", "pairs.tsv"]):
        train = [COMMAND.parent / "hayakana-train", *arguments]
        done = subprocess.run(train, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 1
        assert done.stderr.endswith(f"pip install '{wheel}[train]'\n")
        assert done.stderr.count("\n") == 1
