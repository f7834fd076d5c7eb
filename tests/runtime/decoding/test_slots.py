"""Continuous batching against ``decoding.greedy``: over a script, so that each case is written out, and for real."""

import functools
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hayakana.decoding import slots as continuous
from hayakana.decoding.greedy import Decoded, greedy
from hayakana.decoding.slots import decode_continuously, decode_one
from hayakana.decoding.states import DecoderState, EncoderOutput, RowIndex, StepOutput
from hayakana.model.folder import Model, load_model
from hayakana.model.vocabulary import EOS_ID, PAD_ID
from hayakana.sessions.opening import Sessions, open_sessions

MAX_LENGTH = 5

# Ids that a row says before eos, pad and bos among them: ended at once, up to the limit, or never.
SCRIPTS = st.lists(st.lists(st.sampled_from([0, 1, 3, 4, 5]), max_size=MAX_LENGTH + 2), min_size=1, max_size=24)


def said(script: list[list[int]], row: int, position: int) -> int:
    """What row ``row`` says: its script, eos, and then anything."""
    text = script[row]
    return text[position] if position < len(text) else EOS_ID if position == len(text) else 6


def encoder(source_ids: NDArray[np.int64]) -> tuple[EncoderOutput, DecoderState]:
    """Rows know their number, which is their only source id, and, in their state, how far they are."""
    state = np.concatenate([source_ids, np.zeros_like(source_ids)], axis=1)
    return EncoderOutput(source_ids[:, :, np.newaxis], None), DecoderState(state, state.copy())


class ScriptedStep:
    compacts = True

    def __init__(self, script: list[list[int]]) -> None:
        self._script = script

    def __call__(
        self, previous_ids: NDArray[np.int64], state: DecoderState, encoded: EncoderOutput, *, fetch: tuple[str, ...]
    ) -> StepOutput:
        next_ids = [said(self._script, row, position) for row, position in state.hidden_state.tolist()]
        return StepOutput(np.array(next_ids), DecoderState(state.hidden_state + np.array([0, 1]), state.cell_state))


class ScriptedSlots:
    """Slots that say the script, and note how many were stepped and how many were kept."""

    def __init__(self, script: list[list[int]], count: int, source_length: int) -> None:
        assert source_length == 1
        self._script = script
        self._rows, self._positions = np.full(count, -1), np.full(count, -1)
        self.written: list[int] = []
        self.steps: list[int] = []
        self.kept: list[int] = []

    def write(self, slots: RowIndex, encoder_output: EncoderOutput, state: DecoderState) -> None:
        rows, positions = state.hidden_state.T
        assert encoder_output.encoder_outputs[:, 0, 0].tolist() == rows.tolist()
        self._rows[slots], self._positions[slots] = rows, positions
        self.written += rows.tolist()

    def keep(self, slots: NDArray[np.int64]) -> None:
        assert sorted(self.written) == list(range(len(self._script)))  # Nothing waits any more.
        self._rows, self._positions = self._rows[slots], self._positions[slots]
        self.kept.append(len(slots))

    def step(self) -> NDArray[np.int64]:
        assert (self._rows >= 0).all()
        next_ids = [
            said(self._script, row, position) for row, position in zip(self._rows, self._positions, strict=True)
        ]
        self._positions = self._positions + 1
        self.steps.append(len(next_ids))
        return np.array(next_ids)


def shuffled(script: list[list[int]]) -> NDArray[np.int64]:
    """The rows of ``script``, not in their lexicographic order."""
    return np.random.default_rng(0).permutation(len(script))[:, np.newaxis]


def decode_script(script: list[list[int]], *, slots: int, encoded_at_once: int = 4) -> tuple[Decoded, ScriptedSlots]:
    opened: list[ScriptedSlots] = []

    def open_slots(count: int, source_length: int, *, with_logits: bool) -> ScriptedSlots:
        assert not with_logits
        assert count == min(slots, len(script))
        opened.append(ScriptedSlots(script, count, source_length))
        return opened[-1]

    decoded = decode_continuously(
        encoder,
        open_slots,
        shuffled(script),
        max_length=MAX_LENGTH,
        slots=slots,
        encoded_at_once=encoded_at_once * slots,
    )
    (used,) = opened
    return decoded, used


def texts(decoded: Decoded) -> list[list[int]]:
    return [row[:length] for row, length in zip(decoded.target_ids.tolist(), decoded.lengths.tolist(), strict=True)]


def assert_same(decoded: Decoded, expected: Decoded) -> None:
    assert decoded.lengths.tolist() == expected.lengths.tolist()
    assert decoded.finished.tolist() == expected.finished.tolist()
    assert texts(decoded) == texts(expected)
    assert decoded.target_ids.shape == expected.target_ids.shape


@given(SCRIPTS, st.integers(1, 9), st.sampled_from([1, 4]))
def test_every_row_says_what_it_says_in_greedy_search(
    script: list[list[int]], slots: int, encoded_at_once: int
) -> None:
    decoded, used = decode_script(script, slots=slots, encoded_at_once=encoded_at_once)
    assert_same(decoded, greedy(encoder, ScriptedStep(script), shuffled(script), max_length=MAX_LENGTH))
    assert used.written == list(range(len(script)))  # In lexicographic order, each once.


@given(SCRIPTS)
def test_one_row_says_what_it_says_in_greedy_search(script: list[list[int]]) -> None:
    expected = greedy(encoder, ScriptedStep(script), np.arange(len(script))[:, np.newaxis], max_length=MAX_LENGTH)
    slot = ScriptedSlots(script, 1, 1)
    for row, (text, finished) in enumerate(zip(texts(expected), expected.finished, strict=True)):
        found = decode_one(encoder, slot, np.array([[row]]), max_length=MAX_LENGTH)
        assert found == (text if finished else None, 0.0)


def test_padding_follows_the_text() -> None:
    decoded, _ = decode_script([[3, 4, 5], [3], []], slots=2)
    rows = {row: ids for (row,), ids in zip(shuffled([[], [], []]).tolist(), decoded.target_ids.tolist(), strict=True)}
    assert rows == {0: [3, 4, 5], 1: [3, PAD_ID, PAD_ID], 2: [PAD_ID] * 3}


def test_slots_are_dropped_once_half_of_them_are_free() -> None:
    _, used = decode_script([[3] * length for length in (0, 1, 2, 3, 4, 5, 9, 9)], slots=8)
    # After a step, those that say eos in it are free; the last two rows write until the limit.
    assert used.steps == [8, 8, 8, 8, 4, 4]
    assert used.kept == [4]
    _, used = decode_script([[3] * length for length in (0, 1, 2, 3)], slots=4)
    assert used.steps == [4, 4, 2, 1]
    assert used.kept == [2, 1]


def test_slots_are_full_while_rows_wait() -> None:
    _, used = decode_script([[3] * (row % 3) for row in range(20)], slots=4)
    steps = sum(row % 3 + 1 for row in range(20))
    assert used.steps[: steps // 4 - 2] == [4] * (steps // 4 - 2)


@pytest.fixture(scope="module")
def model(tiny_folder: Path) -> Model:
    return load_model(tiny_folder)


@pytest.fixture(scope="module")
def sessions(model: Model) -> Sessions:
    return open_sessions(model, device="cpu")


@pytest.mark.parametrize("length", [1, 4, 11])
@pytest.mark.parametrize("encoder_of", [lambda s: s.encoder, lambda s: s.encoder_of_many], ids=["whole", "prefixes"])
def test_a_real_model_writes_what_it_writes_in_greedy_search(
    model: Model, sessions: Sessions, length: int, encoder_of: Callable[[Sessions], continuous.Encoder]
) -> None:
    rng = random.Random(length)
    names = ["".join(rng.choices("aeiknorst'é", k=length)) for _ in range(70)]
    source_ids = model.source_vocabulary.encode(names)
    assert sessions.open_slots is not None
    assert sessions.slot_of_one is not None
    for limit in (model.manifest.target_limit, 4):  # the second is one that names of 11 letters do not end within
        expected = greedy(sessions.encoder, sessions.decoder_step, source_ids, max_length=limit)
        decode = functools.partial(decode_continuously, encoder_of(sessions), sessions.open_slots, max_length=limit)
        for slots in (1, 7, 70, 512):
            assert_same(decode(source_ids, slots=slots), expected)
        for row, (text, finished) in enumerate(zip(texts(expected), expected.finished, strict=True)):
            slot = sessions.slot_of_one(length)
            found = decode_one(sessions.encoder, slot, source_ids[row : row + 1], max_length=limit)
            assert found == (text if finished else None, 0.0)


@pytest.mark.parametrize("length", [1, 4, 11])
def test_log_probabilities_are_those_of_greedy_search(model: Model, sessions: Sessions, length: int) -> None:
    rng = random.Random(length)
    source_ids = model.source_vocabulary.encode(["".join(rng.choices("aeiknorst'é", k=length)) for _ in range(70)])
    assert sessions.open_slots is not None
    assert sessions.slot_of_one is not None
    bound = open_sessions(model, device="cpu", bound=True)  # rows that have ended stay in its batch
    for limit in (model.manifest.target_limit, 4):
        expected = greedy(sessions.encoder, sessions.decoder_step, source_ids, max_length=limit, scored=True)
        assert expected.log_probabilities is not None
        assert (expected.log_probabilities <= 0).all()
        assert expected.fetched == {}
        of_bound = greedy(bound.encoder, bound.decoder_step, source_ids, max_length=limit, scored=True)
        for slots in (1, 7, 70, 512):
            found = decode_continuously(
                sessions.encoder_of_many, sessions.open_slots, source_ids, max_length=limit, slots=slots, scored=True
            )
            for decoded in (found, of_bound):
                assert_same(decoded, expected)
                assert decoded.log_probabilities == pytest.approx(expected.log_probabilities, abs=1e-4)
        for row, (text, finished) in enumerate(zip(texts(expected), expected.finished, strict=True)):
            slot = sessions.slot_of_one(length, with_logits=True)
            found_one = decode_one(sessions.encoder, slot, source_ids[row : row + 1], max_length=limit, scored=True)
            score = pytest.approx(expected.log_probabilities[row], abs=1e-4)
            assert found_one == ((text, score) if finished else (None, 0.0))
