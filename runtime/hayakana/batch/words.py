"""Different words and what each is written as: learnt once, remembered as Arrow arrays, found by Arrow's kernels."""

import os
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hayakana.forks import LockOfProcess

Learn = Callable[[pa.Array], tuple[list[str | None], list[bool]]]
"""Words → the text that each is written as, None where it has none of its own, and whether it is from the lexicon."""


@dataclass(frozen=True, slots=True)
class Words:
    """Different words, the last learnt at the end; what each is written as, and whether that is from the lexicon.

    A word has no text where names that have it are asked for whole.
    """

    words: pa.Array
    texts: pa.Array
    are_listed: pa.Array

    @staticmethod
    def of(words: pa.Array, texts: list[str | None], are_listed: list[bool]) -> "Words":
        """Return ``words`` with what was learnt of each."""
        assert len(words) == len(texts) == len(are_listed)
        return Words(words, pa.array(texts, pa.string()), pa.array(are_listed, pa.bool_()))

    def __len__(self) -> int:
        return len(self.words)

    def plus(self, *others: "Words") -> "Words":
        """Return these and ``others``, of which none may be among these."""
        several = (self, *others)
        return Words(
            pa.concat_arrays([one.words for one in several]),
            pa.concat_arrays([one.texts for one in several]),
            pa.concat_arrays([one.are_listed for one in several]),
        )

    def take(self, places: pa.Array) -> "Words":
        """Return those at ``places``."""
        return Words(self.words.take(places), self.texts.take(places), self.are_listed.take(places))


class WordMemory:
    """Remembers ``size`` words at most, those that were met last. Works from many threads at once.

    A word that one thread is learning is waited for by all others that need it, and not learnt twice.
    """

    def __init__(self, learn: Learn, *, size: int) -> None:
        self._learn, self._size = learn, size
        self._lock = LockOfProcess()
        self._known = Words.of(pa.array([], pa.string()), [], [])
        self._process = os.getpid()
        self._being_learnt: dict[Future[Words], pa.Array] = {}
        """What each thread at work is learning, no word in two of them."""
        self.learnt = 0
        """How many words were learnt; one that was forgotten counts each time."""

    def look_up(self, words: pa.Array) -> tuple[Words, pa.Array]:
        """Return known words, all of ``words`` among them, and the place of each of ``words`` there."""
        known = self._known
        places = pc.index_in(words, value_set=known.words)
        if places.null_count:
            is_new = places.is_null()
            new = words.filter(is_new).dictionary_encode()
            known, first = known.plus(self._of_new(new.dictionary, not_in=known, met=words)), len(known)
            places = pc.replace_with_mask(places, is_new, pc.add(new.indices, pa.scalar(first, pa.int32())))
        return known, places

    def _of_new(self, new: pa.Array, *, not_in: Words, met: pa.Array) -> Words:
        """Return ``new``, different words none of which is in ``not_in``, with what each is written as.

        Of those that were known, ``met`` are kept the longest.
        """
        mine: Future[Words] = Future()
        to_learn = new
        with self._lock():
            if self._process != os.getpid():  # After a fork: those who were learning are not here.
                self._process, self._being_learnt = os.getpid(), {}
            known = self._known
            if known is not not_in:
                to_learn = _without(to_learn, known.words)
            elsewhere = []
            for future, words in self._being_learnt.items():
                rest = _without(to_learn, words)
                if len(rest) < len(to_learn):
                    to_learn = rest
                    elsewhere.append(future)
            self._being_learnt[mine] = to_learn
        try:
            learnt = Words.of(to_learn, *self._learn(to_learn))
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
                    self._known = _bounded(self._known, met, mine.result(), self._size)
        if to_learn is new:
            return learnt
        found = known.plus(learnt, *(future.result() for future in elsewhere))
        return found.take(pc.index_in(new, value_set=found.words))


def _without(words: pa.Array, others: pa.Array) -> pa.Array:
    return words.filter(pc.index_in(words, value_set=others).is_null())


def _bounded(known: Words, met: pa.Array, learnt: Words, size: int) -> Words:
    """Return ``known`` and ``learnt``; where they are too many, half of ``size`` each, of the known those met last."""
    if len(known) + len(learnt) <= size:
        return known.plus(learnt)
    is_met = pc.is_in(known.words, value_set=met).to_numpy(zero_copy_only=False)
    # In the order of learning, those that were met last.
    by_age = np.concatenate([np.flatnonzero(~is_met), np.flatnonzero(is_met)])
    return known.take(pa.array(by_age[max(0, len(by_age) - size // 2) :])).plus(
        learnt.take(pa.array(np.arange(min(len(learnt), size // 2))))
    )
