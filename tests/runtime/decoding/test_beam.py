"""Beam search over a toy step whose every text can be listed, against that list and against greedy decoding."""

import itertools
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hayakana.decoding.beam import Hypothesis, beam_search
from hayakana.decoding.greedy import greedy, log_softmax
from hayakana.decoding.states import DecoderState, EncoderOutput, StepOutput
from hayakana.model.folder import Model, load_model
from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID
from hayakana.sessions.opening import Sessions, open_sessions

LETTERS = (3, 4, 5)
SIZE = 6
MAX_LENGTH = 4
ALL = len(LETTERS) ** MAX_LENGTH * (len(LETTERS) + 1)
"""As many as all extensions of all texts: no beam needs to be wider."""


def encoder(source_ids: NDArray[np.int64]) -> tuple[EncoderOutput, DecoderState]:
    """A row knows its number, which is its only source id; its state holds it too, and what was read so far."""
    state = np.concatenate([source_ids, np.zeros_like(source_ids)], axis=1)
    return EncoderOutput(source_ids[:, :, np.newaxis], None), DecoderState(state, state.copy())


class ToyStep:
    """Logits drawn with the row and all that was written as the seed; notes the rows of each step."""

    compacts = True

    def __init__(self, seed: int, *, spread: float = 2, flat: bool = False) -> None:
        self._seed, self._spread, self._flat = seed, spread, flat
        self.rows_by_step: list[list[int]] = []

    def logits(self, row: int, prefix: int) -> NDArray[np.float32]:
        if self._flat:
            return np.zeros(SIZE, np.float32)
        drawn = np.random.default_rng([self._seed, row, prefix]).normal(0, self._spread, SIZE)
        drawn[[PAD_ID, BOS_ID]] = -20
        return drawn.astype(np.float32)

    def __call__(
        self,
        previous_ids: NDArray[np.int64],
        state: DecoderState,
        encoder_output: EncoderOutput,
        *,
        fetch: tuple[str, ...] = (),
    ) -> StepOutput:
        rows, prefixes = state.hidden_state.T
        assert encoder_output.encoder_outputs[:, 0, 0].tolist() == rows.tolist()
        self.rows_by_step.append(rows.tolist())
        prefixes = prefixes * SIZE + previous_ids
        logits = np.stack([self.logits(row, prefix) for row, prefix in zip(rows, prefixes, strict=True)])
        state = DecoderState(np.stack([rows, prefixes], axis=1), state.cell_state)
        return StepOutput(logits.argmax(axis=1), state, logits=logits)


def search(
    step: ToyStep, rows: Sequence[int], *, beam_size: int, count: int, max_length: int = MAX_LENGTH
) -> list[list[Hypothesis]]:
    source_ids = np.array(rows, np.int64).reshape(-1, 1)
    return beam_search(encoder, step, source_ids, max_length=max_length, beam_size=beam_size, count=count)


def every_text(step: ToyStep, row: int) -> list[Hypothesis]:
    """All texts of a row, the most probable first."""
    texts = []
    for length in range(1, MAX_LENGTH + 1):
        for text in itertools.product(LETTERS, repeat=length):
            prefix, score = BOS_ID, 0.0
            for token in (*text, EOS_ID):
                score += log_softmax(step.logits(row, prefix)[np.newaxis])[0, token]
                prefix = prefix * SIZE + token
            texts.append(Hypothesis(text, score))
    return sorted(texts, key=lambda text: -text.log_probability)


ROWS = st.lists(st.integers(0, 30), min_size=1, max_size=5)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 30), st.integers(1, 130))
def test_a_beam_of_all_texts_finds_the_best_ones(seed: int, row: int, count: int) -> None:
    step = ToyStep(seed)
    expected = every_text(step, row)[:count]
    (found,) = search(step, [row], beam_size=ALL, count=count)
    assert [text.target_ids for text in found] == [text.target_ids for text in expected]
    assert np.allclose([t.log_probability for t in found], [t.log_probability for t in expected], rtol=0, atol=1e-9)


@given(st.integers(0, 10_000), ROWS)
def test_a_beam_of_one_is_greedy_decoding(seed: int, rows: list[int]) -> None:
    source_ids = np.array(rows).reshape(-1, 1)
    decoded = greedy(encoder, ToyStep(seed), source_ids, max_length=MAX_LENGTH, scored=True)
    assert decoded.log_probabilities is not None
    for row, found in enumerate(search(ToyStep(seed), rows, beam_size=1, count=1)):
        text = tuple(decoded.target_ids[row, : decoded.lengths[row]].tolist())
        if text:  # An empty text is none: the beam then has the best that is not empty.
            assert [one.target_ids for one in found] == [text][: int(decoded.finished[row])]
        if text and found:
            assert found[0].log_probability == pytest.approx(decoded.log_probabilities[row], abs=1e-5)


@settings(max_examples=50)
@given(st.integers(0, 10_000), ROWS, st.integers(1, 6), st.integers(1, 6))
def test_what_is_found(seed: int, rows: list[int], beam_size: int, count: int) -> None:
    together = search(ToyStep(seed), rows, beam_size=beam_size, count=count)
    for row, found in zip(rows, together, strict=True):
        texts, scores = [one.target_ids for one in found], [one.log_probability for one in found]
        assert len(found) <= count
        assert len(set(texts)) == len(texts)
        assert scores == sorted(scores, reverse=True)
        assert sum(map(np.exp, scores)) <= 1 + 1e-6
        assert all(1 <= len(text) <= MAX_LENGTH and set(text) <= set(LETTERS) for text in texts)
        known = {one.target_ids: one.log_probability for one in every_text(ToyStep(seed), row)}
        assert np.allclose([known[text] for text in texts], scores, rtol=0, atol=1e-9)
        # Whatever else is in the batch.
        assert search(ToyStep(seed), [row], beam_size=beam_size, count=count) == [found]


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 6))
def test_leaving_early_loses_nothing(seed: int, beam_size: int, count: int) -> None:
    """A beam of the same width whose texts leave only when 1,000 others are finished, which they never are."""
    (patient,) = search(ToyStep(seed), [0], beam_size=beam_size, count=1_000)
    assert search(ToyStep(seed), [0], beam_size=beam_size, count=count) == [patient[:count]]


def test_equals_come_in_the_order_of_their_ids() -> None:
    (found,) = search(ToyStep(0, flat=True), [0], beam_size=12, count=9)
    assert [one.target_ids for one in found][:3] == [(3,), (4,), (5,)]
    assert found[0].log_probability == found[2].log_probability == pytest.approx(2 * np.log(1 / 6))
    # Of extensions that are equals, those of the first text come first.
    assert [one.target_ids for one in found][3:6] == [(3, 3), (3, 4), (3, 5)]
    (narrow,) = search(ToyStep(0, flat=True), [0], beam_size=3, count=2)
    assert [one.target_ids for one in narrow] == [(3,), (3, 3)]


def test_texts_that_cannot_be_among_the_best_leave_and_rows_without_texts_leave_with_them() -> None:
    step = ToyStep(7, spread=4)
    rows = list(range(12))
    search(step, rows, beam_size=4, count=1)
    assert step.rows_by_step[0] == rows
    for before, after in itertools.pairwise(step.rows_by_step):
        assert after == sorted(after)
        assert set(after) <= set(before)
        assert max(map(after.count, after)) <= 4
    assert len(set(step.rows_by_step[-1])) < len(rows)
    # Sooner than if four texts were wanted.
    patient = ToyStep(7, spread=4)
    search(patient, rows, beam_size=4, count=4)
    assert sum(map(len, step.rows_by_step)) < sum(map(len, patient.rows_by_step))


@pytest.mark.parametrize("max_length", [1, 2])
def test_no_text_is_longer_than_the_limit(max_length: int) -> None:
    for found in search(ToyStep(3), range(9), beam_size=12, count=5, max_length=max_length):
        assert found
        assert {len(one.target_ids) for one in found} <= set(range(1, max_length + 1))


@pytest.fixture(scope="module")
def model(tiny_folder: Path) -> Model:
    return load_model(tiny_folder)


@pytest.fixture(scope="module")
def sessions(model: Model) -> Sessions:
    return open_sessions(model, device="cpu")


@pytest.mark.parametrize("length", [1, 4, 11])
def test_a_beam_of_one_over_a_real_model_is_greedy_decoding(model: Model, sessions: Sessions, length: int) -> None:
    rng = random.Random(length)
    source_ids = model.source_vocabulary.encode(["".join(rng.choices("aeiknorst'é", k=length)) for _ in range(50)])
    decoded = greedy(sessions.encoder, sessions.decoder_step, source_ids, max_length=24, scored=True)
    found = beam_search(sessions.search_encoder, sessions.search_step, source_ids, max_length=24, beam_size=1, count=1)
    assert decoded.log_probabilities is not None
    for row, texts in enumerate(found):
        expected = tuple(decoded.target_ids[row, : decoded.lengths[row]].tolist())
        assert [text.target_ids for text in texts] == ([expected] if decoded.finished[row] else [])
        for text in texts:
            assert text.log_probability == pytest.approx(decoded.log_probabilities[row], abs=1e-4)
