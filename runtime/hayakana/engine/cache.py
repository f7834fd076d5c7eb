"""What is remembered of units: a bounded cache that many threads share without a lock."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Cache(Generic[Key, Value]):
    """Remembers ``size`` values at most, those that were asked for last.

    Works from many threads at once without a lock: only whole values are ever put into it.
    """

    def __init__(self, size: int) -> None:
        # Two generations, each of half the size: when the recent one is full, it takes the place of the older one.
        self._generation = size // 2
        self._recent: dict[Key, Value] = {}
        self._older: dict[Key, Value] = {}

    def values(self, keys: Sequence[Key], compute: Callable[[Sequence[Key]], list[Value]]) -> list[Value]:
        """Return the values of ``keys``: what is remembered, and ``compute`` of all other keys, each once."""
        distinct = dict.fromkeys(keys)
        known = self._recall(distinct)
        new = [key for key in distinct if key not in known] if known else list(distinct)
        values = compute(new) if new else []
        self._put(dict(islice(zip(new, values, strict=True), self._generation)))  # a generation at most
        if len(new) == len(keys):
            return values
        known.update(zip(new, values, strict=True))
        return [known[key] for key in keys]

    def _recall(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """Return what is known of ``keys``; what only the older generation has moves to the recent one."""
        recent, older = self._recent, self._older
        known = {key: recent[key] for key in keys if key in recent} if recent else {}
        if older:
            again = {key: older[key] for key in keys if key in older and key not in known}
            self._put(again)
            known.update(again)
        return known

    def _put(self, values: Mapping[Key, Value]) -> None:
        if len(self._recent) + len(values) > self._generation:
            self._older, self._recent = self._recent, {}
        self._recent.update(values)
