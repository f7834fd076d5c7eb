"""A bounded memory of whole values that many threads may share."""

from collections.abc import Hashable, Iterable, Mapping
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

    def recall(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """Return the values of ``keys`` that are remembered.

        What only the older generation has moves to the recent one.
        """
        recent, older = self._recent, self._older
        recalled = {key: recent[key] for key in keys if key in recent} if recent else {}
        if older:
            again = {key: older[key] for key in keys if key in older and key not in recalled}
            self._put(again)
            recalled.update(again)
        return recalled

    def remember(self, items: Iterable[tuple[Key, Value]]) -> None:
        """Put the first of ``items``, a generation at most, into the cache."""
        self._put(dict(islice(items, self._generation)))

    def _put(self, items: Mapping[Key, Value]) -> None:
        if len(self._recent) + len(items) > self._generation:
            self._older, self._recent = self._recent, {}
        self._recent.update(items)
