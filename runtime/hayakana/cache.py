"""A bounded memory of whole answers that many threads may share."""

from collections.abc import Hashable, Iterable, Mapping
from itertools import islice
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Cache(Generic[Key, Value]):
    """Remembers ``size`` answers at most, those that were asked for last.

    Works from many threads at once without a lock: only whole answers are ever put into it.
    """

    def __init__(self, size: int) -> None:
        # Two generations, each of half the size: when the recent one is full, it takes the place of the older one.
        self._generation = size // 2
        self._recent: dict[Key, Value] = {}
        self._older: dict[Key, Value] = {}

    def known(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """Return what is known of ``keys``; what only the older generation has moves to the recent one."""
        recent, older = self._recent, self._older
        known = {key: recent[key] for key in keys if key in recent} if recent else {}
        if older:
            again = {key: older[key] for key in keys if key in older and key not in known}
            self._put(again)
            known.update(again)
        return known

    def remember(self, answers: Iterable[tuple[Key, Value]]) -> None:
        """Put the first of ``answers``, a generation at most, into the cache."""
        self._put(dict(islice(answers, self._generation)))

    def _put(self, answers: Mapping[Key, Value]) -> None:
        if len(self._recent) + len(answers) > self._generation:
            self._older, self._recent = self._recent, {}
        self._recent.update(answers)
