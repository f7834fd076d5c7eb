"""What is unsure: the same texts, told apart by their probability, however names are decoded and handed on."""

import itertools
import math
import pickle
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import in_windows

from hayakana import Lexicon, Status, Transliterator
from hayakana.batch import ArrowTransliterator
from hayakana.batch.arrow.answers import Answerer
from hayakana.engine.column import Details
from hayakana.engine.options import Options

LEXICON = Lexicon.of({"2Pac": "ツーパック", "Kato": "カトー"})
CERTAIN = ["2Pac", "Kato", "2pac KATO", "山田 太郎", "J. R. R.", "IBM", "Kato II"]
NAMES = ["Mori", "Sato Mori", "Tanaka-Sato", "mori 2Pac", "", "3Pac", "k" * 30, "山田 Mori", "Mori  Sato", *CERTAIN]


@pytest.fixture(scope="module", params=["tiny", "seed"])
def model(request: pytest.FixtureRequest, tiny_folder: Path) -> str:
    """A model whose unit is the part, and one whose unit is the name."""
    return str(tiny_folder) if request.param == "tiny" else "seed"


@pytest.mark.parametrize("least", [0.2, 0.6, 0.9, 1])
def test_a_text_is_unsure_if_its_probability_is_below_the_least(model: str, least: float) -> None:
    with (
        Transliterator(model, lexicon=LEXICON) as sure,
        Transliterator(model, lexicon=LEXICON, least_probability=least) as doubting,
    ):
        plain = sure.transliterate_detailed(NAMES, probabilities=True)
        found = doubting.transliterate_detailed(NAMES)
        assert [result.text for result in found] == [result.text for result in plain]
        assert {result.probability for result in found} == {None}
        for result, expected in zip(found, plain, strict=True):
            is_below = expected.probability is not None and expected.probability < least
            assert result.status == (Status.UNSURE if is_below else expected.status)
        assert any(result.status == Status.UNSURE for result in found) == (
            min(result.probability for result in plain if result.probability is not None) < least
        )
        # It is no failure, for a name or for a list.
        for name, result in zip(NAMES, found, strict=True):
            if result.status == Status.UNSURE:
                assert doubting(name) == result.text
        assert doubting.transliterate(NAMES, on_error="empty") == sure.transliterate(NAMES, on_error="empty")


def test_a_probability_that_is_the_least_is_enough(tiny_folder: Path) -> None:
    with Transliterator(tiny_folder) as sure:
        (mori,) = sure.transliterate_detailed(["Mori"], probabilities=True)
    assert mori.probability is not None
    for least, status in ((mori.probability, Status.OK), (min(mori.probability * 1.001, 1), Status.UNSURE)):
        with Transliterator(tiny_folder, least_probability=least) as doubting:
            assert doubting.transliterate_detailed(["Mori"])[0].status == status


def test_what_no_model_writes_is_never_unsure(tiny_folder: Path) -> None:
    with Transliterator(tiny_folder, lexicon=LEXICON, least_probability=1) as doubting:
        statuses = [result.status for result in doubting.transliterate_detailed(CERTAIN)]
    assert statuses == [*[Status.LEXICON] * 3, Status.KEPT, Status.OK, Status.OK, Status.OK]


@pytest.fixture(scope="module")
def doubting(tiny_folder: Path) -> Transliterator:
    return Transliterator(tiny_folder, lexicon=LEXICON, least_probability=0.9)


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from(NAMES) | st.text(st.sampled_from("aikmnorst -"), max_size=9), max_size=20),
    st.integers(1, 20),
    st.booleans(),
)
def test_windows_and_arrow_say_what_one_name_says(
    doubting: Transliterator,
    tiny_folder: Path,
    names: list[str],
    window: int,
    probabilities: bool,
) -> None:
    alone = [doubting.transliterate_detailed([name], probabilities=True)[0] for name in names]
    expected = [(result.text, result.status) for result in alone]
    results = in_windows(doubting, names, Details(probabilities, 0, 0.9), window=window)
    assert [(result.text, result.status) for result in results] == expected
    with ArrowTransliterator(tiny_folder, lexicon=LEXICON, least_probability=0.9, cache_size=4) as arrow:
        table = pickle.loads(pickle.dumps(arrow))(pa.table({"name": pa.array(names, pa.string())}))
    assert list(zip(table["katakana"].to_pylist(), table["status"].to_pylist(), strict=True)) == expected


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Mori", "Sato Mori", "Tanaka-Sato Mori", "mori 2Pac"])
@pytest.mark.parametrize("options", [{}, {"cache_size": 0, "batch_size": 7}, {"workers": 2}], ids=str)
def test_at_the_border_the_last_bit_decides_and_is_the_same_everywhere(
    tiny_folder: Path, name: str, options: dict[str, int]
) -> None:
    with Transliterator(tiny_folder, lexicon=LEXICON) as sure:
        (alone,) = sure.transliterate_detailed([name], probabilities=True)
    assert alone.probability is not None
    more = ["".join(letters) for letters in itertools.product("kmst", "aio", "nr", "ai")]
    names = [name, *more, name, *(f"{first} {name}" for first in more), name]
    for least, status in ((alone.probability, "ok"), (math.nextafter(alone.probability, 1), "unsure")):
        with Transliterator(tiny_folder, lexicon=LEXICON, least_probability=least, **options) as doubting:
            for _ in range(2):
                results = doubting.transliterate_detailed(names, probabilities=True)
                assert {str(result.status) for result in results if result.name == name} == {status}
                for result in results:
                    assert (result.status == "unsure") == (result.probability < least)
            with_scores = [str(result.status) for result in results]
            assert [str(result.status) for result in doubting.transliterate_detailed(names)] == with_scores
            answerer = Answerer(doubting, cache_size=30)
            for size in (len(names), 11):
                answers = Answerer(doubting, names_at_once=size).answers(pa.array(names))
                assert answers.statuses.to_pylist() == with_scores
                assert answerer.answers(pa.array(names[:size])).statuses.to_pylist() == with_scores[:size]


@pytest.mark.slow
def test_workers_pickles_and_caches_know_it(tiny_folder: Path, doubting: Transliterator) -> None:
    expected = [(result.text, result.status) for result in doubting.transliterate_detailed(NAMES * 9)]
    assert {status for _, status in expected} >= {Status.UNSURE, Status.OK, Status.KEPT, Status.LEXICON}
    options = {"lexicon": LEXICON, "least_probability": 0.9}
    for other in (
        Transliterator(tiny_folder, workers=2, **options),
        Transliterator(tiny_folder, cache_size=0, batch_size=3, **options),
        pickle.loads(pickle.dumps(doubting)),
    ):
        with other:
            assert other.least_probability == 0.9
            for _ in range(2):
                found = [(result.text, result.status) for result in other.transliterate_detailed(NAMES * 9)]
                assert found == expected


def test_candidates_beside_it(doubting: Transliterator) -> None:
    for result in doubting.transliterate_detailed(NAMES, probabilities=True, candidates=2):
        assert bool(result.candidates) == (result.text is not None)
        assert (result.status == Status.UNSURE) == (result.probability is not None and result.probability < 0.9)


def test_texts_alone_are_not_scored(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hayakana.engine.units.UnitDecoder.scored", lambda *_: pytest.fail("scored"))
    with Transliterator(tiny_folder, least_probability=0.9) as doubting:
        assert doubting.transliterate(["Mori"] * 20) == ["モリ"] * 20
    with Transliterator(tiny_folder) as sure:
        assert {result.status for result in sure.transliterate_detailed(["Mori"] * 20)} == {Status.OK}


@pytest.mark.parametrize("least", [-0.1, 1.1, float("nan"), "0.5", None, True, 10**400])
def test_a_least_probability_that_cannot_be(tiny_folder: Path, least: object) -> None:
    with pytest.raises(ValueError, match="least_probability must be a number from 0 to 1, not "):
        Transliterator(tiny_folder, least_probability=least)
    with pytest.raises(ValueError, match="least_probability"):
        ArrowTransliterator(tiny_folder, least_probability=least)


def test_it_is_off_unless_it_is_asked_for() -> None:
    assert Options.least_probability == 0
