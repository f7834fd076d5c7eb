"""Units through the model, and what is remembered of them."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hayakana.decoding.products import Scored
from hayakana.engine.lookups import NOTHING, Lookups
from hayakana.engine.units import UnitDecoder
from hayakana.model.folder import Model, load_model
from hayakana.sessions.opening import Sessions, open_sessions

TINY = Path(__file__).parent.parent.parent / "tiny_model"


@pytest.fixture(scope="module")
def model(tiny_folder: Path) -> Model:
    return load_model(tiny_folder)


@pytest.fixture(scope="module")
def sessions(model: Model) -> Sessions:
    return open_sessions(model, device="cpu")


@cache
def opened() -> tuple[Model, Sessions]:
    model = load_model(TINY)
    return model, open_sessions(model, device="cpu")


class ScriptedDecoder(UnitDecoder):
    """Writes units in capital letters instead of asking a model, does not finish "n", and notes what it wrote."""

    def __init__(self, *, cache_size: int, lookups: Lookups = NOTHING) -> None:
        super().__init__(*opened(), batch_size=1, cache_size=cache_size, lookups=lookups)
        self.decoded: list[str] = []

    def _decoded_units(
        self, units: Sequence[str], *, scored: bool = False
    ) -> tuple[list[str | None], NDArray[np.float64]]:
        self.decoded += units
        scores = np.array([-float(len(unit)) for unit in units]) if scored else np.zeros(len(units))
        return [scripted(unit) for unit in units], scores

    def _searched_units(self, units: Sequence[str], count: int) -> list[list[Scored]]:
        self.decoded += units
        return [[Scored(unit * (rank + 1), -float(rank)) for rank in range(count)] for unit in units]

    def newly(self, units: Sequence[str]) -> list[str]:
        """Which of ``units`` are decoded when they are asked for."""
        self.decoded = []
        assert self.texts(units) == [scripted(unit) for unit in units]
        return self.decoded


def scripted(unit: str) -> str | None:
    return None if unit == "n" else unit.upper()


def test_a_unit_is_decoded_once_and_remembered_even_if_it_was_not_finished() -> None:
    decoder = ScriptedDecoder(cache_size=8)
    assert decoder.newly(["a", "n", "a", "b", "n"]) == ["a", "n", "b"]
    assert decoder.newly(["b", "c", "n", "c"]) == ["c"]
    assert decoder.newly(["a", "b", "c", "n"]) == []


def test_a_text_without_its_probability_is_decoded_again_when_that_is_asked_for() -> None:
    decoder = ScriptedDecoder(cache_size=32)
    assert decoder.newly(["a", "n"]) == ["a", "n"]
    decoder.decoded = []
    for _ in range(2):
        assert decoder.scored(["a", "n", "bb"]) == [("A", -1), (None, -1), ("BB", -2)]
    assert decoder.decoded == ["a", "n", "bb"]
    assert decoder.newly(["a", "n"]) == []
    for count in (1, 2):
        decoder.decoded = []
        for _ in range(2):
            (found,) = decoder.candidates(["a"], count=count)
            assert found == [Scored("a", 0), Scored("aa", -1)][:count]
        assert decoder.decoded == ["a"]  # A longer list is no shorter one's: its beam is wider.


@pytest.mark.parametrize("cache_size", [0, 4])
def test_what_needs_no_model_is_certain(cache_size: int) -> None:
    decoder = ScriptedDecoder(cache_size=cache_size, lookups=Lookups({"j": "ジェイ", "n": "エヌ"}, whole_names=True))
    for _ in range(2):
        decoder.decoded = []
        assert decoder.texts(["j", "a", "n", "j"]) == ["ジェイ", "A", "エヌ", "ジェイ"]
        assert decoder.scored(["j", "a", "n"]) == [("ジェイ", 0.0), ("A", -1), ("エヌ", 0.0)]
        assert decoder.scored(["j"]) == [("ジェイ", 0.0)]
        found = decoder.candidates(["j", "a", "j"], count=2)
        assert found == [[Scored("ジェイ", 0.0)], [Scored("a", 0), Scored("aa", -1)], [Scored("ジェイ", 0.0)]]
        assert {*decoder.decoded} <= {"a"}


@given(st.lists(st.tuples(st.sampled_from("abcdefghijkl"), st.integers(0, 2)), max_size=40), st.integers(0, 24))
def test_no_answer_is_taken_for_another(questions: list[tuple[str, int]], cache_size: int) -> None:
    decoder = ScriptedDecoder(cache_size=cache_size)
    for unit, question in questions:
        if question == 0:
            assert decoder.texts([unit]) == [unit.upper()]
        elif question == 1:
            assert decoder.scored([unit]) == [(unit.upper(), -1)]
        else:
            assert decoder.candidates([unit], count=1) == [[Scored(unit, 0)]]


BATCHES = st.lists(st.lists(st.sampled_from("abcdefghijklmn"), max_size=6), max_size=12)


@given(BATCHES, st.integers(0, 12))
def test_no_more_is_remembered_than_was_said(batches: list[list[str]], cache_size: int) -> None:
    decoder = ScriptedDecoder(cache_size=cache_size)
    for batch in batches:
        assert set(decoder.newly(batch)) <= set(batch)
    units = sorted({unit for batch in batches for unit in batch})
    assert len(units) - len(decoder.newly(units)) <= cache_size


@given(st.integers(1, 50))
def test_a_long_list_fills_the_cache_and_no_more(count: int) -> None:
    decoder = ScriptedDecoder(cache_size=8)
    units = [f"unit {number}" for number in range(count)]
    assert decoder.newly(units) == units
    assert len(units) - len(decoder.newly(units)) == min(count, 4)  # half of it: one generation


@given(BATCHES)
@example([["a", "b", "c", "d"], ["e"], ["a", "b", "c"], ["a", "b", "c"], ["a", "b", "c"], ["e"]])
def test_what_was_asked_for_last_is_remembered(batches: list[list[str]]) -> None:
    decoder = ScriptedDecoder(cache_size=8)
    for index, batch in enumerate(batches):
        newly = set(decoder.newly(batch))
        # Of the calls before this one, as many as had half of cache_size distinct units together.
        recent: set[str] = set()
        for earlier in reversed(batches[:index]):
            if len(recent | set(earlier)) > 4:
                break
            recent |= set(earlier)
        assert not newly & recent


def words(count: int, *, seed: int) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices("aeiknorst'", k=rng.randint(1, 7))) for _ in range(count)]


@pytest.mark.parametrize("cache_size", [0, 1, 2, 20, 10_000])
def test_the_cache_changes_no_text(model: Model, sessions: Sessions, cache_size: int) -> None:
    """Units one by one, few of a length (the whole encoder), and many of a length (its steps)."""
    alone = UnitDecoder(model, sessions, batch_size=1, cache_size=0)
    decoder = UnitDecoder(model, sessions, batch_size=7, cache_size=cache_size)
    for count in (1, 3, 4, 40, 400, 40, 4, 1):
        units = words(count, seed=count)
        assert decoder.texts(units) == [alone.texts([unit])[0] for unit in units]
    assert decoder.texts([]) == []
    assert decoder.scored([]) == []
    assert decoder.candidates([], count=3) == []


@pytest.mark.parametrize("bound", [False, True])
def test_a_text_is_the_same_with_its_probability(model: Model, sessions: Sessions, bound: bool) -> None:
    """Units one by one, few of a length, many of a length, and with states on a device."""
    alone = UnitDecoder(model, sessions, batch_size=1, cache_size=0)
    decoder = UnitDecoder(model, open_sessions(model, device="cpu", bound=bound), batch_size=7, cache_size=0)
    for count in (1, 3, 4, 40, 400):
        units = words(count, seed=count)
        scored = decoder.scored(units)
        assert [text for text, _ in scored] == decoder.texts(units)
        for unit, (text, score) in zip(units, scored, strict=True):
            ((same, expected),) = alone.scored([unit])
            assert text == same
            assert text is None or score == pytest.approx(expected, abs=1e-4)


def test_states_on_a_device_give_the_same_texts(model: Model, sessions: Sessions) -> None:
    bound = open_sessions(model, device="cpu", bound=True)
    units = words(100, seed=0)
    expected = UnitDecoder(model, sessions, batch_size=9, cache_size=0).texts(units)
    assert UnitDecoder(model, bound, batch_size=9, cache_size=0).texts(units) == expected
    assert UnitDecoder(model, bound, batch_size=9, cache_size=0).texts([]) == []


def test_many_threads_get_right_answers(model: Model, sessions: Sessions) -> None:
    lists = [words(1 + seed % 9, seed=seed) for seed in range(8)] * 20
    alone = UnitDecoder(model, sessions, batch_size=1, cache_size=10_000)
    expected = [alone.texts(units) for units in lists]
    shared = UnitDecoder(model, sessions, batch_size=4, cache_size=10)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda units: shared.texts(units), lists)) == expected
