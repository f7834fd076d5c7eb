"""Stages in threads: everything comes out once and in order, whatever fails or stops."""

import itertools
import threading
import time
from collections.abc import Generator

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.batch.formats.rows import Rows, windows_of
from hayakana.batch.jobs.threads import Clock, ahead, in_threads


def numbers(count: int) -> Generator[int, None, None]:
    yield from range(count)


def failing(count: int) -> Generator[int, None, None]:
    yield from range(count)
    raise ValueError("no more")


@pytest.mark.parametrize("depth", [1, 3])
def test_ahead_gives_all_in_order_and_then_what_was_raised(depth: int) -> None:
    assert list(ahead(numbers(50), depth=depth)) == list(range(50))
    taken = ahead(failing(5), depth=depth)
    assert list(itertools.islice(taken, 5)) == list(range(5))
    with pytest.raises(ValueError, match="no more"):
        next(taken)


def test_ahead_takes_no_more_than_it_may_and_ends_when_closed() -> None:
    taken: list[int] = []

    def items() -> Generator[int, None, None]:
        for number in itertools.count():
            taken.append(number)
            yield number

    stream = ahead(items(), depth=2)
    assert [next(stream) for _ in range(3)] == [0, 1, 2]
    stream.close()
    for thread in [thread for thread in threading.enumerate() if thread.name == "hayakana-ahead"]:
        thread.join()
    assert len(taken) <= 6


def test_in_threads_keeps_the_order_and_does_several_at_once() -> None:
    met = threading.Barrier(2)

    def work(number: int) -> int:
        if number < 2:
            met.wait(60)  # Two at a time, or this raises.
        return -number

    assert list(in_threads(work, iter(range(20)), threads=2)) == [-number for number in range(20)]


def test_in_threads_raises_in_its_place() -> None:
    done = in_threads(lambda number: 6 // (3 - number), iter(range(9)), threads=2)
    assert list(itertools.islice(done, 3)) == [2, 3, 6]
    with pytest.raises(ZeroDivisionError):
        next(done)


def test_a_clock_counts_what_taking_costs() -> None:
    clock = Clock()
    assert list(clock.timed("read", iter("abc"))) == ["a", "b", "c"]
    for _ in range(2):
        with clock.counting("write"):
            time.sleep(0.01)
    assert clock.seconds["read"] >= 0
    assert clock.seconds["write"] >= 0.02


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 8), st.data())
def test_windows_hold_the_same_rows_however_they_are_cut(sizes: list[int], size: int, data: st.DataObject) -> None:
    rows, first = [], 0
    for length in sizes:
        damaged = data.draw(st.none() | st.lists(st.booleans(), min_size=length, max_size=length))
        batch = pa.record_batch({"row": pa.array(range(first, first + length), pa.int64())})
        rows.append(Rows(batch, None if damaged is None else pa.array(damaged, pa.bool_())))
        first += length
    windows = list(windows_of(iter(rows), size))
    assert [len(window.batch) for window in windows] == [size] * (first // size) + [first % size] * (first % size > 0)
    assert [row for window in windows for row in window.batch.column("row").to_pylist()] == list(range(first))

    def damage(pieces: list[Rows]) -> list[bool]:
        return [
            hurt
            for piece in pieces
            for hurt in ([False] * len(piece.batch) if piece.damaged is None else piece.damaged.to_pylist())
        ]

    assert damage(windows) == damage(rows)


def test_a_key_that_comes_late_is_null_before() -> None:
    early, late = pa.record_batch({"a": ["1", "2"]}), pa.record_batch({"a": ["3"], "b": ["x"]})
    (window,) = windows_of(iter([Rows(early), Rows(late)]), 10)
    assert window.batch.to_pydict() == {"a": ["1", "2", "3"], "b": [None, None, "x"]}
