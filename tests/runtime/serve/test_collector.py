"""The collector: what is joined and split comes back whole and in order, whoever else waits."""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.serve.collector import Collector, Lane, Overloaded, shares


def collector(*, waiting_names: int = 1_000, calls: int = 1, joins: bool = True, window_s: float = 0.0) -> Collector:
    return Collector(waiting_names=waiting_names, window_s=window_s, calls=calls, joins=joins, observe=lambda *_: None)


def run(asking: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(asking, 60))


class Recorder:
    """Answers in capitals, and keeps the sizes of its calls."""

    def __init__(self, *, piece: int = 8) -> None:
        self.calls: list[list[str]] = []
        self.go = threading.Event()
        self.go.set()
        self.lane = Lane("recorder", self.answer, piece)

    def answer(self, names: Sequence[str]) -> list[str]:
        assert self.go.wait(60)
        self.calls.append(list(names))
        if "!" in names:
            raise ValueError("!")
        return [name.upper() for name in names]


@given(st.lists(st.integers(1, 50), min_size=1), st.integers(1, 200))
def test_shares_are_fair_and_use_the_call(remaining: list[int], capacity: int) -> None:
    counts = shares(remaining, capacity)
    assert sum(counts) == min(sum(remaining), capacity)
    assert all(0 <= count <= whole for count, whole in zip(counts, remaining, strict=True))
    of_unfinished = [count for count, whole in zip(counts, remaining, strict=True) if count < whole]
    # Nobody has more than another who wants more, but for what cannot be shared evenly.
    assert not of_unfinished or max(counts) <= min(of_unfinished) + 1
    assert of_unfinished == sorted(of_unfinished, reverse=True)


@given(
    requests=st.lists(st.lists(st.text("abcd", min_size=1, max_size=3), max_size=30), max_size=12),
    piece=st.integers(1, 9),
    calls=st.integers(1, 3),
    joins=st.booleans(),
)
def test_every_request_has_its_answers_in_order(
    requests: list[list[str]], piece: int, calls: int, *, joins: bool
) -> None:
    recorder = Recorder(piece=piece)

    async def ask() -> list[list[str]]:
        joiner = collector(calls=calls, joins=joins)
        try:
            return await asyncio.gather(*(joiner.answer(recorder.lane, names) for names in requests))
        finally:
            assert joiner.waiting == 0
            joiner.close()

    assert run(ask()) == [[name.upper() for name in names] for names in requests]
    assert all(len(call) <= piece for call in recorder.calls)


def test_requests_that_come_together_are_joined() -> None:
    for joins, count in ((True, 1), (False, 5)):
        recorder = Recorder()

        async def ask(recorder: Recorder = recorder, *, joins: bool = joins) -> None:
            joiner = collector(joins=joins)
            await asyncio.gather(*(joiner.answer(recorder.lane, [name]) for name in "abcde"))
            joiner.close()

        run(ask())
        assert len(recorder.calls) == count


def test_a_window_waits_for_others() -> None:
    recorder = Recorder()

    async def ask() -> None:
        joiner = collector(window_s=0.2)
        first = asyncio.ensure_future(joiner.answer(recorder.lane, ["a"]))
        await asyncio.sleep(0.01)
        await asyncio.gather(first, joiner.answer(recorder.lane, ["b"]))
        joiner.close()

    run(ask())
    assert recorder.calls == [["a", "b"]]


def test_a_small_request_goes_into_the_next_call_whatever_lists_wait() -> None:
    recorder = Recorder(piece=8)
    recorder.go.clear()

    async def ask() -> None:
        joiner = collector()
        lists = [asyncio.ensure_future(joiner.answer(recorder.lane, [name] * 40)) for name in "abc"]
        await asyncio.sleep(0.05)  # A piece of them is under way.
        small = asyncio.ensure_future(joiner.answer(recorder.lane, ["z"]))
        await asyncio.sleep(0.05)
        recorder.go.set()
        await asyncio.gather(small, *lists)
        joiner.close()

    run(ask())
    assert "z" in recorder.calls[1]


def test_lanes_take_turns() -> None:
    first, second = Recorder(piece=2), Recorder(piece=2)
    order: list[str] = []

    async def ask() -> None:
        joiner = collector()
        lanes = [
            Lane("first", lambda names: order.append("first") or first.answer(names), 2),
            Lane("second", lambda names: order.append("second") or second.answer(names), 2),
        ]
        await asyncio.gather(*(joiner.answer(lane, ["a"] * 6) for lane in lanes))
        joiner.close()

    run(ask())
    assert order == ["first", "second"] * 3


def test_whoever_asks_what_fails_fails_alone() -> None:
    recorder = Recorder()

    async def ask() -> list[Any]:
        joiner = collector()
        asked = [joiner.answer(recorder.lane, names) for names in (["a"], ["!"], ["b", "c"])]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        joiner.close()
        return answers

    first, failed, last = run(ask())
    assert (first, last) == (["A"], ["B", "C"])
    assert isinstance(failed, ValueError)


def test_too_many_names_are_refused_and_a_stream_is_not() -> None:
    recorder = Recorder(piece=4)
    recorder.go.clear()

    async def ask() -> None:
        joiner = collector(waiting_names=10)
        # Any list fits where nothing waits.
        whole = asyncio.ensure_future(joiner.answer(recorder.lane, ["a"] * 12))
        await asyncio.sleep(0.05)
        with pytest.raises(Overloaded) as caught:
            await joiner.answer(recorder.lane, ["b"])
        assert (caught.value.waiting, caught.value.most) == (12, 10)
        assert 1 <= caught.value.seconds <= 60
        admitted = asyncio.ensure_future(joiner.answer(recorder.lane, ["c"], is_admitted=True))
        await asyncio.sleep(0.05)
        recorder.go.set()
        assert await whole == ["A"] * 12
        assert await admitted == ["C"]
        assert joiner.waiting == 0
        joiner.close()

    run(ask())


def test_a_request_that_leaves_is_not_answered_further() -> None:
    recorder = Recorder(piece=4)
    recorder.go.clear()

    async def ask() -> None:
        joiner = collector()
        leaving = asyncio.ensure_future(joiner.answer(recorder.lane, ["a"] * 100))
        await asyncio.sleep(0.05)
        leaving.cancel()
        await asyncio.sleep(0.05)
        assert joiner.waiting == 0
        recorder.go.set()
        assert await joiner.answer(recorder.lane, ["b"]) == ["B"]
        joiner.close()

    run(ask())
    assert recorder.calls == [["a"] * 4, ["b"]]
