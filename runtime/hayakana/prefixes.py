"""An encoder that computes each distinct prefix of a batch once.

The hidden state of a recurrent network after n characters depends on those n characters alone, so that Anna, Anne and
Annie share the state after Ann. (Serving systems of language models call it prefix caching.) A bidirectional encoder
shares suffixes in the same way, reading from the end. numpy only, no session in sight.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hayakana.states import DecoderState, EncoderOutput

ROWS_AT_ONCE = 1024
"""Most prefixes in one call of an encoder step: its intermediate results stay in the cache."""


@dataclass(frozen=True)
class Level:
    """The distinct prefixes of one length: their last ids, and the prefixes that they extend.

    ``source_ids`` is ``(prefixes,)`` int64; ``parents`` are places in the level before, ``(prefixes,)`` int64 (zeros in
    the first level).
    """

    source_ids: NDArray[np.int64]
    parents: NDArray[np.int64]


@dataclass(frozen=True)
class PrefixTree:
    """The levels, shortest prefixes first, and where each row finds its prefixes.

    ``nodes``, ``(batch, source_length)`` int64, counts the prefixes of all levels in order: ``nodes[i, n]`` is the
    prefix of n + 1 ids of row i.
    """

    levels: tuple[Level, ...]
    nodes: NDArray[np.int64]


class EncoderStep(Protocol):
    """One character of one direction of the encoder."""

    units: int
    """Width of its states."""
    key_units: int
    """Width of its share of the attention keys, which are the sum of both directions' shares; 0 if there are none."""

    def __call__(
        self,
        source_ids: NDArray[np.int64],
        hidden_state: NDArray[np.float32],
        cell_state: NDArray[np.float32],
        *,
        out: tuple[NDArray[np.float32], ...],
    ) -> None:
        """Write next hidden state, next cell state, ``(batch, units)`` and keys, ``(batch, key_units)``, into ``out``.

        The arrays of ``out`` are float32 and contiguous; there are no keys where ``key_units`` is 0.
        """
        ...


@dataclass(frozen=True)
class _Reading:
    """One direction: hidden states and shares of the keys by node, and the node after each character of each row."""

    nodes: NDArray[np.int64]
    hidden_states: NDArray[np.float32]
    attention_keys: NDArray[np.float32] | None


@dataclass(frozen=True)
class EncodedPrefixes:
    """The encoder output of a batch, assembled for the rows that are taken."""

    directions: tuple[_Reading, ...]

    def take(self, rows: slice) -> EncoderOutput:
        """Return the encoder output of ``rows``; see ``states.EncoderOutput``."""
        nodes = [reading.nodes[rows] for reading in self.directions]
        states = [reading.hidden_states.take(at, axis=0) for reading, at in zip(self.directions, nodes, strict=True)]
        keys = [
            reading.attention_keys.take(at, axis=0)
            for reading, at in zip(self.directions, nodes, strict=True)
            if reading.attention_keys is not None
        ]
        # The projection of two directions side by side is the sum of the projections of each.
        return EncoderOutput(_side_by_side(states), sum(keys[1:], start=keys[0]) if keys else None)


class PrefixEncoder:
    """The encoder as steps over the distinct prefixes; ``backward`` is the other direction of a bidirectional one."""

    def __init__(self, forward: EncoderStep, backward: EncoderStep | None = None) -> None:
        self._forward, self._backward = forward, backward

    def __call__(self, source_ids: NDArray[np.int64]) -> tuple[EncodedPrefixes, DecoderState]:
        """Encode ``source_ids``, ``(batch, source_length)`` int64, of one length."""
        readings = [_read(self._forward, source_ids)]
        last = [readings[0].hidden_states.take(readings[0].nodes[:, -1], axis=0)]
        if self._backward is not None:
            reading = _read(self._backward, source_ids[:, ::-1])
            last.append(reading.hidden_states.take(reading.nodes[:, -1], axis=0))
            readings.append(_Reading(reading.nodes[:, ::-1], reading.hidden_states, reading.attention_keys))
        state = _side_by_side(last)
        return EncodedPrefixes(tuple(readings)), DecoderState(state, state)


def _read(step: EncoderStep, source_ids: NDArray[np.int64]) -> _Reading:
    """Run ``step`` on every distinct prefix, shortest first."""
    tree = prefix_tree(source_ids)
    count = int(tree.nodes.max()) + 1
    widths = (step.units, step.units, step.key_units)[: 3 if step.key_units else 2]
    outputs = tuple(np.empty((count, width), np.float32) for width in widths)
    hidden_state = cell_state = np.zeros((1, step.units), np.float32)
    begin = 0
    for level in tree.levels:
        end = begin + len(level.parents)
        for start in range(begin, end, ROWS_AT_ONCE):
            stop = min(start + ROWS_AT_ONCE, end)
            within = slice(start - begin, stop - begin)
            parents = level.parents[within]
            step(
                level.source_ids[within],
                hidden_state.take(parents, axis=0),
                cell_state.take(parents, axis=0),
                out=tuple(array[start:stop] for array in outputs),
            )
        hidden_state, cell_state = (array[begin:end] for array in outputs[:2])
        begin = end
    return _Reading(tree.nodes, outputs[0], outputs[2] if step.key_units else None)


def _side_by_side(arrays: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=-1)


def prefix_tree(source_ids: NDArray[np.int64]) -> PrefixTree:
    """Return the tree of ``source_ids``, ``(batch, source_length)`` of one length."""
    order = sorted_rows(source_ids)
    columns = source_ids[order].T
    is_new = np.ones(columns.shape, np.bool_)
    np.not_equal(columns[:, 1:], columns[:, :-1], out=is_new[:, 1:])
    # A prefix is new where any of its ids differs from the row before.
    np.logical_or.accumulate(is_new, axis=0, out=is_new)
    places = np.cumsum(is_new, axis=1) - 1
    levels = []
    for depth, (column, starts) in enumerate(zip(columns, is_new, strict=True)):
        firsts = np.flatnonzero(starts)
        parents = places[depth - 1, firsts] if depth else np.zeros(len(firsts), np.int64)
        levels.append(Level(column[firsts], parents))
    sizes = [len(level.parents) for level in levels]
    nodes = np.empty(source_ids.shape, np.int64)
    nodes[order] = (places + np.cumsum([0, *sizes[:-1]])[:, np.newaxis]).T
    return PrefixTree(tuple(levels), nodes)


def sorted_rows(source_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the order that puts the rows of ``source_ids``, ``(batch, source_length)``, in lexicographic order."""
    bits = max(int(source_ids.max(initial=1)).bit_length(), 1)
    ids_per_word = 63 // bits
    words = []
    for start in range(0, source_ids.shape[1], ids_per_word):
        word = np.zeros(len(source_ids), np.int64)
        for column in source_ids.T[start : start + ids_per_word]:
            word = word << bits | column
        words.append(word)
    # One word is what most names fit in, and argsort is several times as fast as lexsort.
    return words[0].argsort() if len(words) == 1 else np.lexsort(words[::-1])
