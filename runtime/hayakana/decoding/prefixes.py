"""An encoder that computes each distinct prefix of a batch once.

The hidden state of a recurrent network after n characters depends on those n characters alone. So Anna, Anne and Annie
share the state after Ann. (Serving systems of language models call it prefix caching.) A bidirectional encoder shares
suffixes in the same way, reading from the end. numpy only, no session in sight.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.states import DecoderState, EncoderOutput

ROWS_AT_ONCE = 1024
"""Most prefixes in one call of an encoder step: its intermediate results stay in the processor's cache."""


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

    @property
    def size(self) -> int:
        """Return the number of distinct prefixes."""
        return sum(len(level.parents) for level in self.levels)


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
class EncodedPrefixes:
    """The encoder output of a batch, assembled for the rows that are taken.

    ``hidden_states``, ``(nodes, units)`` float32, and ``attention_keys``, ``(nodes, key_units)``, are of the distinct
    prefixes, and behind them of the distinct suffixes. So one look-up puts the directions side by side: ``nodes``,
    ``(batch, source_length, directions)`` int64, says where each character finds its own.
    """

    nodes: NDArray[np.int64]
    hidden_states: NDArray[np.float32]
    attention_keys: NDArray[np.float32] | None

    def take(self, rows: slice) -> EncoderOutput:
        """Return the encoder output of ``rows``; see ``states.EncoderOutput``."""
        nodes = self.nodes[rows]
        encoder_outputs = self.hidden_states.take(nodes, axis=0).reshape(*nodes.shape[:2], -1)
        if self.attention_keys is None:
            return EncoderOutput(encoder_outputs, None)
        # The projection of two directions side by side is the sum of the projections of each.
        return EncoderOutput(encoder_outputs, self.attention_keys.take(nodes, axis=0).sum(axis=2))


class PrefixEncoder:
    """The encoder as steps over the distinct prefixes; ``backward`` is the second direction of a bidirectional encoder.

    Both directions have states, and shares of the keys, of one width.
    """

    def __init__(
        self, forward: EncoderStep, backward: EncoderStep | None = None, *, rows_at_once: int = ROWS_AT_ONCE
    ) -> None:
        self._steps = (forward,) if backward is None else (forward, backward)
        self._rows_at_once = rows_at_once

    def __call__(self, source_ids: NDArray[np.int64]) -> tuple[EncodedPrefixes, DecoderState]:
        """Encode ``source_ids``, ``(batch, source_length)`` int64, of one length."""
        trees = [prefix_tree(ids) for ids in (source_ids, source_ids[:, ::-1])[: len(self._steps)]]
        starts = np.cumsum([0, *(tree.size for tree in trees)])
        widths = (self._steps[0].units, self._steps[0].units, self._steps[0].key_units)
        outputs = tuple(np.empty((starts[-1], width), np.float32) for width in widths if width)
        for step, tree, (start, stop) in zip(self._steps, trees, pairwise(starts), strict=True):
            _read(step, tree, tuple(array[start:stop] for array in outputs), rows_at_once=self._rows_at_once)
        # Each direction ends at the other end of the row.
        nodes = [tree.nodes + start for tree, start in zip(trees, starts[:-1], strict=True)]
        last = outputs[0].take(np.stack([of_direction[:, -1] for of_direction in nodes], axis=-1), axis=0)
        state = last.reshape(len(source_ids), -1)
        nodes[1:] = [of_suffixes[:, ::-1] for of_suffixes in nodes[1:]]
        keys = outputs[2] if len(outputs) > 2 else None
        return EncodedPrefixes(np.stack(nodes, axis=-1), outputs[0], keys), DecoderState(state, state)


def _read(step: EncoderStep, tree: PrefixTree, out: tuple[NDArray[np.float32], ...], *, rows_at_once: int) -> None:
    """Run ``step`` on every distinct prefix, shortest first, into ``out``: see ``EncoderStep``, a row a node."""
    hidden_state = cell_state = np.zeros((1, step.units), np.float32)
    begin = 0
    for level in tree.levels:
        end = begin + len(level.parents)
        for start in range(begin, end, rows_at_once):
            stop = min(start + rows_at_once, end)
            within = slice(start - begin, stop - begin)
            parents = level.parents[within]
            step(
                level.source_ids[within],
                hidden_state.take(parents, axis=0),
                cell_state.take(parents, axis=0),
                out=tuple(array[start:stop] for array in out),
            )
        hidden_state, cell_state = (array[begin:end] for array in out[:2])
        begin = end


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
