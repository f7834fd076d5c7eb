import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from hayakana.model.folder import load_model
from hayakana.model.manifest import MANIFEST, MODEL_CARD
from hayakana_training.errors import TrainingError
from hayakana_training.evaluation.calibrate import calibrate, describe, observe
from hayakana_training.evaluation.calibration_files import KEY, PLOT, render_section, without_calibration
from hayakana_training.evaluation.calibration_fit import Observed, measure
from hayakana_training.export.folder_files import with_section


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_folder, tmp_path / "model")


@pytest.fixture
def references() -> dict[str, list[str]]:
    return {f"name{index}": ["ア"] for index in range(3_000)}


def answers(references: dict[str, list[str]], *, seed: int = 1) -> dict[str, tuple]:
    """Answers that are right half as often as their probability says; every hundredth name has none.

    A first candidate is the answer, a second one is right half as often again as its half of the probability says.
    """
    random = np.random.default_rng(seed)
    probabilities = random.random(len(references))
    drawn = random.random(len(references))
    first = np.where(drawn < probabilities / 2, "ア", "イ").tolist()
    second = np.where((drawn >= probabilities / 2) & (drawn < probabilities * 3 / 4), "ア", "ウ").tolist()
    found = zip(references, first, probabilities.tolist(), first, second, strict=True)
    return {name: tuple(answer) for place, (name, *answer) in enumerate(found) if place % 100}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_folder_says_how_sure_the_model_is(scripted, folder: Path, references: dict) -> None:
    before = files(folder)
    script = scripted(answers(references))
    found = calibrate(folder, references, data="dev.tsv", open_transliterator=lambda _: script)
    assert found.names == 2_970
    assert found.error_after < 0.05 < 0.2 < found.error_before
    assert len(found.candidate_errors) == 2
    assert max(found.candidate_errors) < 0.1
    assert [one.share for one in found.least_sure] == [0.05, 0.1, 0.2]

    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert manifest[KEY] == {
        "slope": pytest.approx(found.fit.slope, abs=1e-6),
        "intercept": pytest.approx(found.fit.intercept, abs=1e-6),
        "expected_calibration_error": pytest.approx(found.error_after, abs=1e-5),
        "names": 2_970,
        "data": "dev.tsv",
    }
    card = (folder / MODEL_CARD).read_bytes()
    assert manifest["files"][MODEL_CARD]["sha256"] == hashlib.sha256(card).hexdigest()
    assert load_model(folder).card.count("## How sure it is") == 1
    assert "`training/calibration.png`" in card.decode()
    after = files(folder)
    assert after[str(PLOT)].startswith(b"\x89PNG")
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {MANIFEST, MODEL_CARD, str(PLOT)}
    assert f"expected calibration error {found.error_before:.4f} before" in describe(found)


def test_again_gives_the_same_and_with_other_answers_replaces_it(scripted, folder: Path, references: dict) -> None:
    calibrate(folder, references, data="dev.tsv", open_transliterator=lambda _: scripted(answers(references)))
    once = files(folder)
    calibrate(folder, references, data="dev.tsv", open_transliterator=lambda _: scripted(answers(references)))
    assert files(folder) == once
    other = scripted(answers(references, seed=2))
    calibrate(folder, references, data="other.tsv", open_transliterator=lambda _: other)
    card = load_model(folder).card
    assert card.count("## How sure it is") == 1
    assert "`other.tsv`" in card
    assert "`dev.tsv`" not in card


def test_the_fit_is_of_the_models_own_probabilities(scripted, folder: Path, references: dict) -> None:
    """A second fit would otherwise be of probabilities that the first one had calibrated."""
    opened = []

    def open_transliterator(copy: Path):
        opened.append(KEY in json.loads((copy / MANIFEST).read_text(encoding="utf-8")))
        load_model(copy)
        return scripted(answers(references))

    for _ in range(2):
        calibrate(folder, references, data="dev.tsv", open_transliterator=open_transliterator)
    assert opened == [False, False]
    with without_calibration(folder) as copy:
        assert copy.is_dir()
    assert not copy.exists()


def test_what_no_model_wrote_is_left_out(scripted) -> None:
    """Read by rule, it is certain and, where it is wrong, the furthest of all from any line."""
    script = {
        "k": ("ケイ", 1.0, "ケイ"),
        "sure": ("ア", 1.0, "ア", "イ"),
        "one": ("ア", 0.9, "ア"),
        "none": (None, None),
    }
    observed = observe(scripted(script), {name: ["ア"] for name in script})
    assert observed.probabilities.tolist() == [1.0, 0.9]
    assert observed.right.tolist() == [True, True]


def test_too_few_answers_change_nothing(scripted, folder: Path, references: dict) -> None:
    before = files(folder)
    with pytest.raises(TrainingError, match="answered 0 names"):
        calibrate(folder, references, data="dev.tsv", open_transliterator=lambda _: scripted({}))
    assert files(folder) == before


def test_a_model_that_is_wrong_where_it_is_sure_is_not_calibrated(scripted, folder: Path, references: dict) -> None:
    before = files(folder)
    script = {name: ("イ" if p > 0.5 else "ア", p) for name, (_, p, *_) in answers(references).items()}
    with pytest.raises(TrainingError, match="no more often right"):
        calibrate(folder, references, data="dev.tsv", open_transliterator=lambda _: scripted(script))
    assert files(folder) == before


def test_the_section_goes_before_the_parity_and_takes_the_place_of_another() -> None:
    random = np.random.default_rng(1)
    probabilities = random.random(500)
    right = random.random(500) < probabilities
    none = np.full((500, 3), np.nan)
    found = measure(Observed(probabilities, right, none, np.zeros((500, 3), bool)))
    assert found.candidate_errors == []
    section = render_section(found, data="dev.tsv")
    card = "# name\n\n## Quality\n\nGood.\n\n## Parity\n\nEqual.\n"
    once = with_section(card, section)
    assert once == f"# name\n\n## Quality\n\nGood.\n\n{section}\n## Parity\n\nEqual.\n"
    assert with_section(once, section) == once
    assert with_section(once, "## How sure it is\n\nNot.\n").count("How sure") == 1
    last = with_section("# name\n", section)
    assert last == f"# name\n\n{section}"
    assert with_section(last, section) == last
