"""The models that users get: known answers, reviewed; and the same answers however they are batched."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from hayakana import Transliterator
from hayakana.model.folder import load_model
from hayakana.transliterator import team_of
from hayakana_training.data.unlabelled_names import census_full_names, census_parts
from hayakana_training.export.parity import LOGIT_TOLERANCE, MINIMUM_NAMES

ROOT = Path(__file__).parent.parent
LICENCES = {"default": "CC-BY-SA-4.0", "fast": "CC-BY-SA-4.0", "cc0": "CC0-1.0", "seed": "CC0-1.0"}
MODELS = list(LICENCES)


@pytest.fixture(scope="module", params=MODELS)
def transliterator(request: pytest.FixtureRequest) -> Iterator[Transliterator]:
    with Transliterator(request.param) as opened:
        yield opened


def test_golden_file(transliterator: Transliterator) -> None:
    """To review a new model, run tests/golden/update.py and read the difference."""
    path = ROOT / "tests" / "golden" / f"{team_of(transliterator).manifest.name}.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        expected = [tuple(row) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    assert len(expected) >= 50
    results = transliterator.transliterate_detailed(name for name, _, _ in expected)
    assert [(result.name, result.text or "", str(result.status)) for result in results] == expected


@pytest.mark.parametrize(
    ("name", "katakana"),
    [
        ("Banana", "バナナ"),
        ("Peter Parker", "ピーター・パーカー"),
        ("Jon Snow", "ジョン・スノー"),
        ("Jonny Snow", "ジョニー・スノー"),
    ],
)
def test_the_examples_of_the_article(transliterator: Transliterator, name: str, katakana: str) -> None:
    assert transliterator(name) == katakana
    assert transliterator.explain(name).text == katakana


def test_any_batch_size_and_order_gives_the_same_strings(transliterator: Transliterator) -> None:
    names = census_parts()[::400] + census_full_names(count=100, seed=3)
    expected = transliterator.transliterate(names)
    shuffled = list(range(len(names)))
    random.Random(1).shuffle(shuffled)  # noqa: S311
    for batch_size in (1, 7, 256):
        with Transliterator(team_of(transliterator).manifest.name, batch_size=batch_size) as other:
            assert other.transliterate(names) == expected
            assert other.transliterate([names[i] for i in shuffled]) == [expected[i] for i in shuffled]


def test_jon_snow_is_written_on_his_letters(transliterator: Transliterator) -> None:
    """What the article saw: ジョ on J and o, ン on the n before the space."""
    alignment = transliterator.explain("Jon Snow")
    weights = dict(zip(alignment.target[:3], alignment.weights[:3], strict=True))
    assert weights["ジ"][:2].sum() + weights["ョ"][:2].sum() > 1
    assert weights["ン"][1:4].sum() > 0.5
    assert alignment.pairs()[0][1] in ("J", "Jo")


@pytest.mark.parametrize("model", MODELS)
def test_what_the_manifest_states(model: str) -> None:
    shipped = load_model(ROOT / "models" / model)
    manifest = shipped.manifest
    assert manifest.licence == LICENCES[model]
    assert manifest.calibration is not None
    assert manifest.parity["names"] >= MINIMUM_NAMES
    assert manifest.parity["differing_strings"] == 0
    assert manifest.parity["largest_logit_difference"] <= LOGIT_TOLERANCE
    assert LICENCES[model] in shipped.card
    assert "How sure it is" in shipped.card
    assert f"{manifest.metrics['development']['development_exact_match']:.4f}" in shipped.card
