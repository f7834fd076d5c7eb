"""``Collector``: joins what waits into calls, splits what is large, and refuses what is too much. It knows no HTTP."""

import asyncio
import functools
import itertools
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

_SMOOTHING = 0.2
"""The weight of the newest call in the names a second that ``Retry-After`` reckons with."""

_LONGEST_RETRY_S = 60


class Overloaded(Exception):  # noqa: N818  (what a client is told, and no fault of ours)
    """So many names wait, of ``most`` that may, that a request must be sent again in so many ``seconds``."""

    def __init__(self, waiting: int, *, most: int, seconds: int) -> None:
        super().__init__()
        self.waiting, self.most, self.seconds = waiting, most, seconds


@dataclass(frozen=True, eq=False)
class Lane:
    """Names that can be answered in one call: of one model, with the same wishes.

    ``answer`` gives an answer for each name, in their order; it runs in a thread. ``piece`` names at most go into one
    call. ``model`` is the name of the model, for metrics.
    """

    model: str
    answer: Callable[[Sequence[Any]], list[Any]]
    piece: int


@dataclass(eq=False)
class _Waiting:
    """A request that waits: what it asks, how much of that is under way, and what is answered."""

    items: Sequence[Any]
    future: "asyncio.Future[list[Any]]"
    taken: int = 0
    answered: int = 0
    answers: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.answers = [None] * len(self.items)


_Piece = tuple[_Waiting, int, int]
"""A request that waits, and from where to where its items go into a call."""


def shares(remaining: Sequence[int], capacity: int) -> list[int]:
    """Return how many of its ``remaining`` items each request has in a call of ``capacity`` items.

    All have the same, as far as they have so many: a small request goes whole into the next call, however large the
    lists are that came before it. What cannot be shared evenly goes to those that came first.
    """
    if sum(remaining) <= capacity:
        return list(remaining)
    level = left = 0
    open_capacity = capacity
    for place, count in enumerate(sorted(remaining)):
        level, left = divmod(open_capacity, len(remaining) - place)
        if count > level:
            break
        open_capacity -= count
    counts = []
    for count in remaining:
        share = min(count, level)
        if count > level and left:
            share, left = share + 1, left - 1
        counts.append(share)
    return counts


class Collector:
    """Answers requests in calls of a lane's names, in threads beside the event loop, where all else of it runs.

    Args:
        waiting_names: names that wait at once, at most.
        window_s: how long the first request waits for others to join it, where nothing is under way.
        calls: calls at once.
        joins: whether requests are joined; each has calls of its own otherwise.
        observe: is told of each call: the model, how many names it had, and how many seconds it took.
    """

    def __init__(
        self,
        *,
        waiting_names: int,
        window_s: float,
        calls: int,
        joins: bool,
        observe: Callable[[str, int, float], None],
    ) -> None:
        self.waiting = 0
        """Names that wait for an answer."""
        self._most, self._window_s, self._calls = waiting_names, window_s, calls
        self._joins, self._observe = joins, observe
        self._lanes: dict[Lane, deque[_Waiting]] = {}
        self._running = 0
        self._is_called = False
        self._names_a_second = 1_000.0
        self._threads = ThreadPoolExecutor(calls, thread_name_prefix="hayakana-serve")

    async def answer(self, lane: Lane, items: Sequence[Any], *, is_admitted: bool = False) -> list[Any]:
        """Return the answers to ``items``, in their order.

        A request that is cancelled leaves; what is not under way of it is not answered.

        Raises:
            Overloaded: too many names wait, unless the request ``is_admitted`` whatever waits.
            Exception: what the call raised for these items.
        """
        if not items:
            return []
        if self.waiting and self.waiting + len(items) > self._most and not is_admitted:
            raise self._overloaded()
        waiting = _Waiting(items, asyncio.get_running_loop().create_future())
        self._lanes.setdefault(lane, deque()).append(waiting)
        self.waiting += len(items)
        self._call_soon()
        try:
            return await waiting.future
        finally:
            self.waiting -= len(items)

    def close(self) -> None:
        """Wait for the calls that run, and end the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _overloaded(self) -> Overloaded:
        seconds = min(max(math.ceil(self.waiting / self._names_a_second), 1), _LONGEST_RETRY_S)
        return Overloaded(self.waiting, most=self._most, seconds=seconds)

    def _call_soon(self) -> None:
        """Start a call, once what has arrived with this request is here too, if none is about to start."""
        if self._is_called or self._running >= self._calls:
            return
        self._is_called = True
        loop = asyncio.get_running_loop()
        if self._window_s and self._joins:
            loop.call_later(self._window_s, self._start_calls)
        else:
            loop.call_soon(self._start_calls)

    def _start_calls(self) -> None:
        self._is_called = False
        while self._running < self._calls and self._lanes:
            lane = next(iter(self._lanes))
            pieces = self._take(lane)
            if not pieces:
                continue
            self._running += 1
            items = [waiting.items[start:stop] for waiting, start, stop in pieces]
            call = asyncio.get_running_loop().run_in_executor(self._threads, _answered, lane, items)
            call.add_done_callback(functools.partial(self._end_call, lane, pieces))

    def _take(self, lane: Lane) -> list[_Piece]:
        """Return what goes into the next call of ``lane``, and put the lane at the end of the queue."""
        queue = [waiting for waiting in self._lanes.pop(lane) if not waiting.future.done()]
        if self._joins:
            counts = shares([len(waiting.items) - waiting.taken for waiting in queue], lane.piece)
        else:
            queue = queue[1:] + queue[:1]  # The first, which goes behind the others with what remains of it.
            counts = [0] * (len(queue) - 1) + [min(lane.piece, len(it.items) - it.taken) for it in queue[-1:]]
        pieces = []
        for waiting, count in zip(queue, counts, strict=True):
            if count:
                pieces.append((waiting, waiting.taken, waiting.taken + count))
                waiting.taken += count
        if remaining := deque(waiting for waiting in queue if waiting.taken < len(waiting.items)):
            self._lanes[lane] = remaining
        return pieces

    def _end_call(
        self, lane: Lane, pieces: Sequence[_Piece], call: "asyncio.Future[tuple[list[Any | Exception], float]]"
    ) -> None:
        """Give each request what the call has answered of it, and start what waited meanwhile."""
        self._running -= 1
        self._start_calls()
        if call.cancelled():  # The service ends, and whoever waits is being cancelled too.
            return
        answers, seconds = call.result()
        count = sum(stop - start for _, start, stop in pieces)
        self._names_a_second += _SMOOTHING * (count / max(seconds, 1e-6) - self._names_a_second)
        self._observe(lane.model, count, seconds)
        for (waiting, start, stop), answer in zip(pieces, answers, strict=True):
            if waiting.future.done():
                continue
            if isinstance(answer, Exception):
                waiting.future.set_exception(answer)
                continue
            waiting.answers[start:stop] = answer
            waiting.answered += stop - start
            if waiting.answered == len(waiting.items):
                waiting.future.set_result(waiting.answers)


def _answered(lane: Lane, pieces: Sequence[Sequence[Any]]) -> tuple[list[Any], float]:
    """Answer ``pieces`` in one call; return the answers to each, and the seconds that it took.

    Where the call fails, each piece is answered alone, so that a request fails for what it asks itself. Its answer is
    the exception then.
    """
    began = time.perf_counter()
    try:
        answers = lane.answer([item for piece in pieces for item in piece])
        ends = [0]
        for piece in pieces:
            ends.append(ends[-1] + len(piece))
        by_piece: list[Any] = [answers[start:stop] for start, stop in itertools.pairwise(ends)]
    except Exception as error:  # noqa: BLE001  (whatever it is, those that wait must hear of it)
        by_piece = [error] if len(pieces) == 1 else [_answered(lane, [piece])[0][0] for piece in pieces]
    return by_piece, time.perf_counter() - began
