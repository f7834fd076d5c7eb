"""Different words and what each is written as: learnt once, remembered as Arrow arrays, found by Arrow's kernels."""

import itertools
import os
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hayakana.system.processes import LockOfProcess

ANCHOR, PARTICLE = 1, 2
"""Marks of words."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt of words, an entry a word.

    ``texts`` is what a word is written as, None where it has no text of its own. ``log_probabilities`` are 0 where
    nobody asks for them. ``ends``, ``(2, words)`` int64, are the numbers of its first and last part, or -1, among the
    parts of known names of several parts: see ``KnownNames.are_pairs``. ``marks``, ``(words,)`` uint8, are ``ANCHOR``
    where a name with the word may be read by syllables, and ``PARTICLE`` where other words may decide its text.
    """

    texts: NDArray[np.object_]
    are_from_lexicon: NDArray[np.bool_]
    log_probabilities: NDArray[np.float64]
    ends: NDArray[np.int64]
    marks: NDArray[np.uint8]

    @staticmethod
    def nothing(count: int) -> "Learnt":
        """Return what is known of ``count`` words before anything was learnt."""
        texts, are_from_lexicon = np.full(count, None, np.object_), np.zeros(count, np.bool_)
        return Learnt(texts, are_from_lexicon, np.zeros(count), np.full((2, count), -1), np.zeros(count, np.uint8))


Learn = Callable[[pa.Array], Learnt]


@dataclass(frozen=True, slots=True)
class Words:
    """Different words; what each is written as, where that is from, how sure it is, and when it was met last.

    A word has no text where names that have it are asked for whole. ``ends`` and ``marks`` are as in ``Learnt``.
    ``last_met``, ``(words,)`` int64, is the number of that look-up, and changes in place. Where several threads look
    up, a change may go to words that were just replaced: a word is then forgotten early and learnt again.
    """

    words: pa.Array
    texts: pa.Array
    are_from_lexicon: pa.Array
    log_probabilities: NDArray[np.float64]
    ends: NDArray[np.int64]
    marks: NDArray[np.uint8]
    last_met: NDArray[np.int64]

    @staticmethod
    def of(words: pa.Array, learnt: Learnt, *, met: int) -> "Words":
        """Return ``words`` with what was learnt of each, all of them met at the same time."""
        assert len(words) == len(learnt.texts)
        return Words(
            words,
            pa.array(learnt.texts, pa.string()),
            pa.array(learnt.are_from_lexicon, pa.bool_()),
            learnt.log_probabilities,
            learnt.ends,
            learnt.marks,
            np.full(len(words), met, np.int64),
        )

    def __len__(self) -> int:
        return len(self.words)

    def plus(self, *added: "Words") -> "Words":
        """Return these and ``added``, which must be other words than these."""
        all_words = (self, *added)
        return Words(
            pa.concat_arrays([words.words for words in all_words]),
            pa.concat_arrays([words.texts for words in all_words]),
            pa.concat_arrays([words.are_from_lexicon for words in all_words]),
            np.concatenate([words.log_probabilities for words in all_words]),
            np.concatenate([words.ends for words in all_words], axis=1),
            np.concatenate([words.marks for words in all_words]),
            np.concatenate([words.last_met for words in all_words]),
        )

    def take(self, places: pa.Array) -> "Words":
        """Return those at ``places``."""
        numbers = places.to_numpy(zero_copy_only=False)
        return Words(
            self.words.take(places),
            self.texts.take(places),
            self.are_from_lexicon.take(places),
            self.log_probabilities[numbers],
            self.ends[:, numbers],
            self.marks[numbers],
            self.last_met[numbers],
        )


class WordMemory:
    """Remembers ``size`` words at most, those that were met last. Works from many threads at once.

    A word that one thread is learning is waited for by all others that need it, and not learnt twice.
    """

    def __init__(self, learn: Learn, *, size: int) -> None:
        self._learn, self._size = learn, size
        self._lock = LockOfProcess()
        self._remembered = Words.of(pa.array([], pa.string()), Learnt.nothing(0), met=0)
        self._times = itertools.count(1)
        self._process = os.getpid()
        self._being_learnt: dict[Future[Words], pa.Array] = {}
        """What each thread at work is learning, no word in two of them."""
        self.learnt = 0
        """How many words were learnt; one that was forgotten counts each time."""

    def look_up(self, words: pa.Array) -> tuple[Words, pa.Array]:
        """Return words that are remembered, all of ``words`` among them, and the place of each of ``words`` there."""
        remembered, now = self._remembered, next(self._times)
        places = pc.index_in(words, value_set=remembered.words)
        remembered.last_met[places.drop_null().to_numpy()] = now
        if not places.null_count:
            return remembered, places
        is_new = places.is_null()
        new = words.filter(is_new).dictionary_encode()
        added = self._of_new(new.dictionary, not_in=remembered, now=now)
        places_of_new = pc.add(new.indices, pa.scalar(len(remembered), pa.int32()))
        return remembered.plus(added), pc.replace_with_mask(places, is_new, places_of_new)

    def _of_new(self, new: pa.Array, *, not_in: Words, now: int) -> Words:
        """Return ``new``, different words that ``not_in`` does not have, with what each is written as."""
        mine: Future[Words] = Future()
        to_learn = new
        with self._lock():
            if self._process != os.getpid():  # After a fork: those who were learning are not here.
                self._process, self._being_learnt = os.getpid(), {}
            remembered = self._remembered
            if remembered is not not_in:
                to_learn = _without(to_learn, remembered.words)
            elsewhere = []
            for future, words in self._being_learnt.items():
                not_elsewhere = _without(to_learn, words)
                if len(not_elsewhere) < len(to_learn):
                    to_learn = not_elsewhere
                    elsewhere.append(future)
            self._being_learnt[mine] = to_learn
        try:
            learnt = Words.of(to_learn, self._learn(to_learn), met=now)
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(learnt)
        finally:
            with self._lock():
                del self._being_learnt[mine]
                if not mine.exception():
                    self.learnt += len(learnt)
                    self._remembered = _bounded(self._remembered, mine.result(), self._size)
        if to_learn is new:
            return learnt
        looked_up = remembered.plus(learnt, *(future.result() for future in elsewhere))
        return looked_up.take(pc.index_in(new, value_set=looked_up.words))


def _without(words: pa.Array, excluded: pa.Array) -> pa.Array:
    return words.filter(pc.index_in(words, value_set=excluded).is_null())


def _bounded(remembered: Words, learnt: Words, size: int) -> Words:
    """Return ``remembered`` and ``learnt``. Where they are too many, half of ``size`` each: the words met last."""
    if len(remembered) + len(learnt) <= size:
        return remembered.plus(learnt)
    last_places = remembered.last_met.argsort(kind="stable")[max(0, len(remembered) - size // 2) :]
    return remembered.take(pa.array(last_places)).plus(learnt.take(pa.array(np.arange(min(len(learnt), size // 2)))))
