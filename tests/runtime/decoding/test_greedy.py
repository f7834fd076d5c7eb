"""Greedy search over a step that is fed a script, so that each case is written out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hayakana.decoding.greedy import Decoded, greedy
from hayakana.decoding.states import DecoderState, EncoderOutput, StepOutput
from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID

PAD, BOS, EOS = PAD_ID, BOS_ID, EOS_ID


class ScriptedStep:
    """Row r says ``script[r]``, then eos for ever; its hidden state holds (row, position), as a real one would."""

    def __init__(self, script: list[list[int]], *, compacts: bool) -> None:
        self.script, self.compacts = script, compacts
        self.rows_by_step: list[list[int]] = []

    def __call__(
        self,
        previous_ids: NDArray[np.int64],
        state: DecoderState,
        encoder_output: EncoderOutput,
        *,
        fetch: tuple[str, ...] = (),
    ) -> StepOutput:
        rows = state.hidden_state[:, 0].astype(int).tolist()
        positions = state.hidden_state[:, 1].astype(int).tolist()
        assert encoder_output.encoder_outputs[:, 0, 0].astype(int).tolist() == rows
        for row, position, previous in zip(rows, positions, previous_ids.tolist(), strict=True):
            assert previous == (BOS if position == 0 else self._said(row, position - 1))
        self.rows_by_step.append(rows)
        next_ids = np.array([self._said(r, p) for r, p in zip(rows, positions, strict=True)], np.int64)
        weights = state.hidden_state.astype(np.float32) if "attention_weights" in fetch else None
        next_state = DecoderState(state.hidden_state + np.array([0, 1]), state.cell_state)
        return StepOutput(next_ids, next_state, attention_weights=weights)

    def _said(self, row: int, position: int) -> int:
        return self.script[row][position] if position < len(self.script[row]) else EOS


def decode(step: ScriptedStep, *, max_length: int, fetch: tuple[str, ...] = ()) -> Decoded:
    rows = len(step.script)

    def encoder(source_ids: NDArray[np.int64]) -> tuple[EncoderOutput, DecoderState]:
        state = np.stack([source_ids[:, 0], np.zeros(rows)], axis=1)
        return EncoderOutput(source_ids.reshape(rows, 1, 1), None), DecoderState(state, state.copy())

    return greedy(encoder, step, np.arange(rows).reshape(rows, 1), max_length=max_length, fetch=fetch)


def texts(decoded: Decoded) -> list[list[int]]:
    return [row[:length] for row, length in zip(decoded.target_ids.tolist(), decoded.lengths.tolist(), strict=True)]


SCRIPTS = st.lists(st.lists(st.integers(3, 9), max_size=6), min_size=1, max_size=8)


@given(SCRIPTS, st.booleans())
def test_every_row_says_its_text(script: list[list[int]], compacts: bool) -> None:
    decoded = decode(ScriptedStep(script, compacts=compacts), max_length=6)
    assert texts(decoded) == script
    assert decoded.finished.all()


@given(SCRIPTS)
def test_finished_rows_are_dropped_and_no_step_is_wasted(script: list[list[int]]) -> None:
    step = ScriptedStep(script, compacts=True)
    decode(step, max_length=6)
    for position, rows in enumerate(step.rows_by_step):
        assert rows == [row for row, said in enumerate(script) if len(said) >= position]
    assert len(step.rows_by_step) == max(map(len, script)) + 1


@given(SCRIPTS)
def test_rows_on_a_device_stay_until_all_have_ended(script: list[list[int]]) -> None:
    step = ScriptedStep(script, compacts=False)
    decode(step, max_length=6)
    assert step.rows_by_step == [list(range(len(script)))] * (max(map(len, script)) + 1)


@pytest.mark.parametrize("compacts", [True, False])
@pytest.mark.parametrize(("said", "finished"), [(0, True), (2, True), (3, True), (4, False), (9, False)])
def test_the_limit(said: int, finished: bool, compacts: bool) -> None:
    decoded = decode(ScriptedStep([[5] * said, [6]], compacts=compacts), max_length=3)
    assert texts(decoded) == [[5] * min(said, 3), [6]]
    assert decoded.finished.tolist() == [finished, True]


def test_padding_follows_the_text() -> None:
    decoded = decode(ScriptedStep([[5, 6, 7], [8]], compacts=False), max_length=6)
    assert decoded.target_ids.tolist() == [[5, 6, 7], [8, PAD, PAD]]


def test_what_is_fetched_goes_to_its_row() -> None:
    decoded = decode(ScriptedStep([[5], [6, 6], []], compacts=True), max_length=6, fetch=("attention_weights",))
    weights = decoded.fetched["attention_weights"]
    assert weights.dtype == np.float32
    assert weights.tolist() == [
        [[0, 0], [0, 1], [0, 0]],
        [[1, 0], [1, 1], [1, 2]],
        [[2, 0], [0, 0], [0, 0]],
    ]
