"""The tree of prefixes, and an encoder over it against one that reads every row from its start."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hayakana.decoding.prefixes import ROWS_AT_ONCE, PrefixEncoder, PrefixTree, prefix_tree, sorted_rows
from hayakana.model.folder import find_model, load_model
from hayakana.sessions.opening import open_sessions


@st.composite
def id_matrices(draw: st.DrawFn) -> NDArray[np.int64]:
    """Rows over a few of 300 ids: rows that share much, and (9 bits an id) rows of several 63-bit words."""
    batch, length = draw(st.integers(1, 30)), draw(st.integers(1, 20))
    alphabet = draw(st.lists(st.integers(0, 299), min_size=1, max_size=4))
    choices = draw(st.randoms(use_true_random=False)).choices(alphabet, k=batch * length)
    return np.array(choices, np.int64).reshape(batch, length)


def prefix_at(tree: PrefixTree, node: int, depth: int) -> tuple[int, ...]:
    """Walk from ``node``, of the level ``depth``, to the root."""
    place = node - sum(len(level.parents) for level in tree.levels[:depth])
    ids = []
    for level in reversed(tree.levels[: depth + 1]):
        assert 0 <= place < len(level.source_ids) == len(level.parents)
        ids.append(int(level.source_ids[place]))
        place = int(level.parents[place])
    assert place == 0
    return tuple(reversed(ids))


@given(id_matrices())
def test_a_node_is_one_distinct_prefix(source_ids: NDArray[np.int64]) -> None:
    tree = prefix_tree(source_ids)
    node_of: dict[tuple[int, ...], int] = {}
    for ids, nodes in zip(source_ids.tolist(), tree.nodes.tolist(), strict=True):
        for depth, node in enumerate(nodes):
            prefix = tuple(ids[: depth + 1])
            assert prefix_at(tree, node, depth) == prefix
            assert node_of.setdefault(prefix, node) == node
    assert sorted(node_of.values()) == list(range(tree.size))


@given(id_matrices())
def test_rows_are_sorted_as_tuples_are(source_ids: NDArray[np.int64]) -> None:
    order = sorted_rows(source_ids).tolist()
    assert sorted(order) == list(range(len(source_ids)))
    assert source_ids[order].tolist() == sorted(source_ids.tolist())


class WholeNumberStep:
    """A recurrent function over whole numbers, which float32 holds exactly; it notes how many rows each call had."""

    def __init__(self, units: int, key_units: int, *, seed: int) -> None:
        self.units, self.key_units = units, key_units
        self._weights = np.random.default_rng(seed).integers(1, 50, (4, max(units, key_units))).astype(np.float32)
        self.calls: list[int] = []

    def __call__(
        self,
        source_ids: NDArray[np.int64],
        hidden_state: NDArray[np.float32],
        cell_state: NDArray[np.float32],
        *,
        out: tuple[NDArray[np.float32], ...],
    ) -> None:
        assert len(out) == (3 if self.key_units else 2)
        assert all(array.flags.c_contiguous and array.dtype == np.float32 for array in out)
        self.calls.append(len(source_ids))
        by_id, by_hidden, by_cell = self._weights[:3, : self.units]
        out[0][:] = (source_ids[:, np.newaxis] * by_id + hidden_state * by_hidden + cell_state) % 101
        out[1][:] = (out[0] + cell_state * by_cell + 1) % 97
        if self.key_units:
            out[2][:] = out[0].sum(axis=1, keepdims=True) * self._weights[3, : self.key_units]


def one_by_one(step: WholeNumberStep, ids: list[int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Hidden states and keys after each of ``ids``, read from the start."""
    hidden_state = cell_state = np.zeros((1, step.units), np.float32)
    hidden_states, keys = [], []
    for source_id in ids:
        widths = (step.units, step.units, step.key_units)[: 3 if step.key_units else 2]
        out = tuple(np.empty((1, width), np.float32) for width in widths)
        step(np.array([source_id]), hidden_state, cell_state, out=out)
        hidden_state, cell_state, *key = out
        hidden_states.append(hidden_state[0])
        keys.append(key[0][0] if key else np.zeros(0, np.float32))
    return np.stack(hidden_states), np.stack(keys)


@given(
    source_ids=id_matrices(), key_units=st.sampled_from([0, 3]), bidirectional=st.booleans(), at_once=st.integers(1, 7)
)
def test_the_encoder_over_prefixes_is_the_plain_loop(
    source_ids: NDArray[np.int64],
    key_units: int,
    bidirectional: bool,
    at_once: int,
) -> None:
    forward = WholeNumberStep(2, key_units, seed=1)
    backward = WholeNumberStep(2, key_units, seed=2) if bidirectional else None
    encoded, state = PrefixEncoder(forward, backward, rows_at_once=at_once)(source_ids)
    for step, rows in ((forward, source_ids.tolist()), (backward, source_ids[:, ::-1].tolist())):
        if step is not None:
            assert max(step.calls) <= at_once
            assert sum(step.calls) == len({tuple(ids[: n + 1]) for ids in rows for n in range(len(ids))})

    outputs, keys, states = [], [], []
    for ids in source_ids.tolist():
        hidden_states, row_keys = one_by_one(forward, ids)
        last = hidden_states[-1]
        if backward is not None:
            of_suffixes, backward_keys = one_by_one(backward, ids[::-1])
            last = np.concatenate([last, of_suffixes[-1]])
            hidden_states = np.concatenate([hidden_states, of_suffixes[::-1]], axis=1)
            row_keys = row_keys + backward_keys[::-1]
        outputs.append(hidden_states)
        keys.append(row_keys)
        states.append(last)
    assert np.array_equal(state.hidden_state, states)
    assert np.array_equal(state.cell_state, states)
    for rows in (slice(None), slice(len(source_ids) // 2, len(source_ids) // 2 + 1)):
        taken = encoded.take(rows)
        assert np.array_equal(taken.encoder_outputs, outputs[rows])
        assert (taken.attention_keys is None) == (key_units == 0)
        if key_units:
            assert np.array_equal(taken.attention_keys, keys[rows])


@pytest.mark.parametrize("name", ["tiny", "seed"])  # both directions and keys; one direction and no keys
@pytest.mark.parametrize("length", [1, 2, 9])
def test_a_real_encoder_over_prefixes_is_the_whole_graph(
    name: str, length: int, request: pytest.FixtureRequest
) -> None:
    model = load_model(request.getfixturevalue("tiny_folder") if name == "tiny" else find_model(name))
    sessions = open_sessions(model, device="cpu")
    assert isinstance(sessions.encoder_of_many, PrefixEncoder)
    rng = random.Random(length)
    source_ids = model.source_vocabulary.encode(
        ["".join(rng.choices("aikr", k=length)) for _ in range(2 * ROWS_AT_ONCE)]
    )
    (whole, whole_state), (encoded, state) = sessions.encoder(source_ids), sessions.encoder_of_many(source_ids)
    for rows in (slice(None), slice(7, 31)):
        taken = encoded.take(rows)
        assert np.allclose(taken.encoder_outputs, whole.encoder_outputs[rows], rtol=0, atol=1e-5)
        assert (taken.attention_keys is None) == (whole.attention_keys is None) == (name == "seed")
        if whole.attention_keys is not None:
            assert np.allclose(taken.attention_keys, whole.attention_keys[rows], rtol=0, atol=1e-5)
    assert np.allclose(state.hidden_state, whole_state.hidden_state, rtol=0, atol=1e-5)
    assert np.allclose(state.cell_state, whole_state.cell_state, rtol=0, atol=1e-5)
