"""The models that users get: known answers, reviewed; and the same answers however they are batched."""

import csv
import itertools
import random
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from hayakana import Transliterator
from hayakana.model.folder import load_model
from hayakana.results import Origin
from hayakana.transliterator import team_of
from hayakana_training.data.unlabelled_names import census_full_names, census_parts
from hayakana_training.export.parity import LOGIT_TOLERANCE, MINIMUM_NAMES

ROOT = Path(__file__).parent.parent
LICENCES = {"default": "CC-BY-SA-4.0", "fast": "CC-BY-SA-4.0", "cc0": "CC0-1.0", "seed": "CC0-1.0"}
MODELS = list(LICENCES)
KNOWING = {"default": 6, "fast": 6, "cc0": 1}
"""Models with known names → how many sources these have."""


@pytest.fixture(scope="module", params=MODELS)
def transliterator(request: pytest.FixtureRequest) -> Iterator[Transliterator]:
    """The models alone: what their tables know is tested apart."""
    with Transliterator(request.param, known_names=False) as opened:
        yield opened


@pytest.fixture(scope="module", params=KNOWING)
def knowing(request: pytest.FixtureRequest) -> Iterator[Transliterator]:
    with Transliterator(request.param) as opened:
        yield opened


def test_golden_file(transliterator: Transliterator) -> None:
    """To review a new model, run tests/golden/update.py and read the difference."""
    check_golden_file(transliterator, f"{team_of(transliterator).manifest.name}.tsv")


def test_golden_file_with_known_names(knowing: Transliterator) -> None:
    check_golden_file(knowing, f"{team_of(knowing).manifest.name}-known.tsv")


def check_golden_file(transliterator: Transliterator, name: str) -> None:
    path = ROOT / "tests" / "golden" / name
    with path.open(encoding="utf-8", newline="") as file:
        expected = [tuple(row) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    assert len(expected) >= 50
    results = transliterator.transliterate_detailed(name for name, _, _ in expected)
    assert [(result.name, result.text or "", str(result.status)) for result in results] == expected


@pytest.mark.parametrize("model", KNOWING)
def test_no_word_of_three_letters_runs_away(model: str) -> None:
    words = ["".join(letters) for letters in itertools.product(string.ascii_lowercase, repeat=3)]
    with Transliterator(model, known_names=False) as transliterator:
        results = transliterator.transliterate_detailed(words)
    for result in results:
        assert result.status in ("ok", "unfinished"), result
        if result.origins == (Origin.MODEL,):
            assert len(result.text or "") <= 7, result


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
    check_any_batch_size_and_order(transliterator, known_names=False)


def test_known_names_are_the_same_in_any_batch_size_and_order(knowing: Transliterator) -> None:
    check_any_batch_size_and_order(knowing, known_names=True)


def check_any_batch_size_and_order(transliterator: Transliterator, *, known_names: bool) -> None:
    names = census_parts()[::400] + census_full_names(count=100, seed=3)
    expected = transliterator.transliterate(names)
    shuffled = list(range(len(names)))
    random.Random(1).shuffle(shuffled)
    for batch_size in (1, 7, 256):
        model = team_of(transliterator).manifest.name
        with Transliterator(model, batch_size=batch_size, known_names=known_names) as other:
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


@pytest.mark.parametrize("model", KNOWING)
def test_known_names_state_their_sources(model: str) -> None:
    shipped = load_model(ROOT / "models" / model)
    stated = shipped.manifest.known_names
    assert shipped.known_names is not None
    assert stated is not None
    in_languages = stated.get("in_languages", 0)
    assert stated["parts"] + stated["whole_names"] + in_languages == len(shipped.known_names) > 50_000
    assert len(stated["sources"]) == KNOWING[model]
    attributions = (ROOT / "models" / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for source in stated["sources"]:
        assert source["attribution"] in shipped.card
        assert source["licence"] in attributions
    if model == "cc0":
        assert [source["licence"] for source in stated["sources"]] == ["CC0-1.0"]
