"""Words are learnt once, whoever needs them, and the last ones that were met are remembered."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.batch.arrow.words import Learnt, WordMemory


def say(words: list[str]) -> tuple[list[str | None], list[bool]]:
    return [None if word == "?" else word.upper() for word in words], [word.startswith("l") for word in words]


def learn(words: pa.Array) -> Learnt:
    texts, are_from_lexicon = say(words.to_pylist())
    scores = [-sum(map(ord, word)) for word in words.to_pylist()]
    ends = np.array([[len(word), -1] for word in words.to_pylist()]).reshape(len(words), 2).T
    marks = np.array([len(word) % 4 for word in words.to_pylist()], np.uint8)
    are_from = np.array(are_from_lexicon, np.bool_)
    return Learnt(np.array(texts, np.object_), are_from, np.array(scores, np.float64), ends, marks)


def looked_up(memory: WordMemory, words: list[str]) -> tuple[list[str | None], list[bool]]:
    remembered, places = memory.look_up(pa.array(words, pa.string()))
    taken = remembered.take(places)
    assert taken.words.to_pylist() == words
    assert taken.log_probabilities.tolist() == [-sum(map(ord, word)) for word in words]
    assert taken.ends.T.tolist() == [[len(word), -1] for word in words]
    assert taken.marks.tolist() == [len(word) % 4 for word in words]
    return taken.texts.to_pylist(), taken.are_from_lexicon.to_pylist()


@given(st.lists(st.lists(st.sampled_from(["a", "b", "la", "lb", "?", "", "é", "c", "d"]))), st.integers(0, 10))
def test_any_size_gives_the_same(windows: list[list[str]], size: int) -> None:
    memory = WordMemory(learn, size=size)
    for words in windows:
        assert looked_up(memory, words) == say(words)
        assert len(memory._remembered) <= size
        assert len(set(memory._remembered.words.to_pylist())) == len(memory._remembered)


def test_what_is_remembered_is_not_learnt_again() -> None:
    memory = WordMemory(learn, size=2)
    looked_up(memory, ["a", "b", "a"])
    looked_up(memory, ["b", "a"])
    assert memory.learnt == 2
    looked_up(memory, ["a", "c", "d", "e"])  # Too many: b, which was not met, goes.
    assert memory.learnt == 5
    looked_up(memory, ["a"])
    assert memory.learnt == 5
    looked_up(memory, ["b"])
    assert memory.learnt == 6


def test_a_word_that_is_being_learnt_is_waited_for() -> None:
    asked: list[list[str]] = []
    first_asks, second_is_there = threading.Event(), threading.Event()

    def slowly(words: pa.Array) -> Learnt:
        asked.append(words.to_pylist())
        if "a" in asked[-1]:
            first_asks.set()
            assert second_is_there.wait(60)
        else:
            second_is_there.set()
        return learn(words)

    memory = WordMemory(slowly, size=10)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(looked_up, memory, ["a", "b"])
        assert first_asks.wait(60)
        second = pool.submit(looked_up, memory, ["b", "c", "a"])
        assert first.result() == say(["a", "b"])
        assert second.result() == say(["b", "c", "a"])
    assert asked == [["a", "b"], ["c"]]
    assert memory.learnt == 3


def test_a_failure_is_told_to_all_and_then_forgotten() -> None:
    broken = [True]

    def fails(words: pa.Array) -> Learnt:
        if broken[0]:
            raise RuntimeError("no worker")
        return learn(words)

    memory = WordMemory(fails, size=10)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no worker"):
            looked_up(memory, ["a"])
    broken[0] = False
    assert looked_up(memory, ["a"]) == say(["a"])
    assert memory.learnt == 1


@pytest.mark.slow
def test_a_forked_child_does_not_wait_for_its_parents_threads() -> None:
    at_work, may_end = threading.Event(), threading.Event()

    def waits(words: pa.Array) -> Learnt:
        if os.getpid() == parent:
            at_work.set()
            assert may_end.wait(60)
        return learn(words)

    parent, memory = os.getpid(), WordMemory(waits, size=10)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(looked_up, memory, ["a"])
        assert at_work.wait(60)
        if (child := os.fork()) == 0:
            answer = None
            try:
                answer = looked_up(memory, ["a", "b"])
            finally:  # Whatever happens, this process goes no further into the tests.
                os._exit(0 if answer == say(["a", "b"]) else 1)
        status = os.waitpid(child, 0)[1]
        may_end.set()
    assert os.waitstatus_to_exitcode(status) == 0
