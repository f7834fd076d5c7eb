"""Beam search over a decoder step: the best texts of a row, where greedy decoding has one. numpy only.

Every row of a batch has ``beam_size`` texts under way at most. A step extends each of them by every token. The best
that do not end go on. Texts among the best ``beam_size`` that end are finished (Sutskever et al., "Sequence to Sequence
Learning with Neural Networks", 2014). With a beam of one this is greedy decoding.

Texts are ranked by their summed log probability, as it is: without a correction for length, the ranking is that of the
model's probability. A log probability only falls as a text grows. So a text under way that is no better than the worst
of ``count`` finished texts cannot come among them. It leaves, and a row without texts under way leaves with it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.greedy import DecoderStep, Encoder, log_softmax
from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A finished text: its ids without eos, and its log probability, eos included."""

    target_ids: tuple[int, ...]
    log_probability: float


def beam_search(
    encoder: Encoder, step: DecoderStep, source_ids: NDArray[np.int64], *, max_length: int, beam_size: int, count: int
) -> list[list[Hypothesis]]:
    """Encode ``source_ids``, ``(batch, source_length)`` of one length, once; return the best texts of each row.

    A row has ``count`` texts at most, different ones, the most probable first; of equals, the text that was finished
    first, then the text that extends the better one, then the lowest id. A text is at least one token and at most
    ``max_length``; bos and pad are no tokens of a text. ``step`` must be one that ``compacts``: its rows are reordered.
    """
    encoder_output, state = encoder(source_ids)
    finished = _Finished(len(source_ids), count=count, max_length=max_length)
    # One entry for every text under way: its row (never falling), log probability and last id; and what it has written.
    rows = np.arange(len(source_ids))
    scores = np.zeros(len(rows))
    previous_ids = np.full(len(rows), BOS_ID)
    written = np.full((len(rows), max_length + 1), PAD_ID)
    for position in range(max_length + 1):
        output = step(previous_ids, state, encoder_output, fetch=("logits",))
        assert output.logits is not None
        extended = scores[:, np.newaxis] + log_softmax(output.logits)
        extended[:, [PAD_ID, BOS_ID] if position else [PAD_ID, BOS_ID, EOS_ID]] = -np.inf
        parents, ids, scores, ranks = _best(extended, rows, beam_size=beam_size)

        ends = ids == EOS_ID
        ended = np.flatnonzero(ends & (ranks < beam_size))
        finished.add(rows[parents[ended]], ranks[ended], scores[ended], written[parents[ended]], length=position)
        if position == max_length:
            break
        worst = finished.worst()[rows[parents]]
        before = np.cumsum(ends) - ends
        ranks_of_going = ranks - (before - before[np.arange(len(ranks)) - ranks])
        (going,) = np.nonzero(~ends & (ranks_of_going < beam_size) & (scores > worst))
        if not len(going):
            break
        parents, previous_ids, scores = parents[going], ids[going], scores[going]
        written = written[parents]
        written[:, position] = previous_ids
        state = output.state.take(parents)
        # The encoder output is by far the largest: it stays where the texts of every row are as many as before.
        if len(parents) != len(rows) or (rows[parents] != rows).any():
            encoder_output = encoder_output.take(parents)
        rows = rows[parents]
    return finished.hypotheses()


def _best(
    extended: NDArray[np.float64], rows: NDArray[np.int64], *, beam_size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Return the best extensions of each row: the text that each extends, its id, its score, its rank in its row.

    ``extended``, ``(texts, target_vocabulary_size)``, has the scores. There are two times ``beam_size`` a row, if there
    are as many that are possible: a text ends in one way, so half of them go on. Rows come in order, the best first.
    """
    size = extended.shape[1]
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    counts = np.diff(starts, append=len(rows))
    places = np.repeat(np.arange(len(starts)), counts)
    table = np.full((len(starts), counts.max(), size), -np.inf)
    table[places, np.arange(len(rows)) - starts[places]] = extended
    table = table.reshape(len(starts), -1)

    # No more than a bound on them comes from the partition, since it has no order among equals.
    most = min(2 * beam_size, table.shape[1])
    least = np.partition(table, -most, axis=1)[:, -most]
    groups, positions = np.nonzero((table >= least[:, np.newaxis]) & (table > -np.inf))
    scores = table[groups, positions]
    order = np.lexsort((-scores, groups))  # Stable, so of equals the first text's, and the lowest id.
    ranks = np.arange(len(order)) - np.searchsorted(groups, groups)
    order, ranks = order[ranks < most], ranks[ranks < most]
    groups, positions = groups[order], positions[order]
    return starts[groups] + positions // size, positions % size, scores[order], ranks


class _Finished:
    """The best finished texts of every row of a batch, ``count`` at most."""

    def __init__(self, batch_size: int, *, count: int, max_length: int) -> None:
        self._scores = np.full((batch_size, count), -np.inf)
        self._lengths = np.zeros((batch_size, count), np.int64)
        self._ids = np.full((batch_size, count, max_length + 1), PAD_ID)

    def add(
        self,
        rows: NDArray[np.int64],
        ranks: NDArray[np.int64],
        scores: NDArray[np.float64],
        ids: NDArray[np.int64],
        *,
        length: int,
    ) -> None:
        """Put texts of ``length`` ids, no two of one row and rank, among the texts of their rows."""
        if not len(rows):
            return
        changed, places = np.unique(rows, return_inverse=True)
        batch_size, count = len(changed), self._scores.shape[1]
        new = np.full((batch_size, ranks.max() + 1), -1)
        new[places, ranks] = np.arange(len(rows))
        new_scores = np.where(new >= 0, scores[new], -np.inf)
        together = np.concatenate([self._scores[changed], new_scores], axis=1)
        # Stable: of equals, that which was there before.
        best = np.argsort(-together, axis=1, kind="stable")[:, :count]
        lengths = np.concatenate([self._lengths[changed], np.full(new.shape, length)], axis=1)
        all_ids = np.concatenate([self._ids[changed], ids[new]], axis=1)
        self._scores[changed] = np.take_along_axis(together, best, axis=1)
        self._lengths[changed] = np.take_along_axis(lengths, best, axis=1)
        self._ids[changed] = np.take_along_axis(all_ids, best[:, :, np.newaxis], axis=1)

    def worst(self) -> NDArray[np.float64]:
        """Return, a row, what a text has to be better than to come among its best: ``(batch,)``."""
        worst: NDArray[np.float64] = self._scores[:, -1]
        return worst

    def hypotheses(self) -> list[list[Hypothesis]]:
        """Return the texts of every row, the best first."""
        return [
            [
                Hypothesis(tuple(text[:length]), score)
                for score, length, text in zip(*texts, strict=True)
                if score > -np.inf
            ]
            for texts in zip(self._scores.tolist(), self._lengths.tolist(), self._ids.tolist(), strict=True)
        ]
