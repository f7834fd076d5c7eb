"""``Team``: the engine of this process, or the worker processes that share its work; lists that it may be given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING

from hayakana.engine.column import NO_DETAILS, Details, Entry, KatakanaColumn, in_order
from hayakana.engine.engine import Engine
from hayakana.engine.options import Options
from hayakana.errors import shorten
from hayakana.model.manifest import Manifest
from hayakana.names.parsing import NameParser
from hayakana.system.processes import OncePerProcess

if TYPE_CHECKING:
    from hayakana.engine.workers import Workers

WINDOW = 65_536
"""Most names that are parsed and sorted together: what bounds the memory beside the names and their Katakana."""


class Team:
    """Transliterates lists of names, in this process or in ``options.workers`` processes, which start here.

    Works from many threads at once. After a fork, the child opens sessions and starts workers of its own. With workers,
    this process opens an engine only for what it does itself.

    Raises:
        WorkersUnavailableError: no workers can be started here.
        WorkerDiedError: a worker ended, or was stopped, before it was ready.
        Exception: whatever ``Engine`` raises, here or in a worker.
    """

    def __init__(self, options: Options) -> None:
        self._count = options.workers
        self._engine = OncePerProcess(partial(Engine, options), owner="Transliterator")
        self._workers = OncePerProcess(partial(_workers, options), owner="Transliterator")
        self._first()

    @property
    def device(self) -> str:
        """The device in use, ``cpu`` or ``cuda``."""
        return self._first().device

    @property
    def parser(self) -> NameParser:
        """How names are parsed."""
        return self._first().parser

    @property
    def manifest(self) -> Manifest:
        """What the folder of the model that was opened says of it."""
        return self._first().manifest

    def engine(self) -> Engine:
        """Return the engine of this process.

        Raises:
            ClosedError: ``close`` was called.
        """
        return self._engine()

    def workers(self) -> "Workers":
        """Return the workers of this process, of a team that has some.

        Raises:
            ClosedError: ``close`` was called.
        """
        return self._workers()

    def transliterate_windows(
        self,
        names: Sequence[str],
        details: Details = NO_DETAILS,
        *,
        languages: Sequence[str] | None = None,
        window: int = WINDOW,
    ) -> Iterator[tuple[Sequence[str], KatakanaColumn]]:
        """Yield each window of ``names``, ``window`` names at most, with what becomes of it, in their order.

        ``languages``, an entry a name, are the languages of hints, of ``parser.languages`` or empty; None is that of
        ``details`` for all names. Where they differ, the names of each are windows of their own, and all come at once.

        Raises:
            WorkerDiedError: a worker process ended, or was stopped, now or before.
            ClosedError: ``close`` was called.
        """
        if languages is None:
            windows = self._windows(names, window)
            columns = self._columns(windows, repeat(details, len(windows)))
            if details.language and details.origins:
                columns = (replace(column, languages=[details.language] * len(column.texts)) for column in columns)
            yield from zip(windows, columns, strict=True)
            return
        places: dict[str, list[int]] = {}
        for place, language in enumerate(languages):
            places.setdefault(language, []).append(place)
        windows, details_of, places_of = [], [], []
        for language, places_of_language in places.items():
            for some in self._windows(places_of_language, window):
                windows.append([names[place] for place in some])
                details_of.append(replace(details, language=language))
                places_of.append(some)
        columns_of = list(self._columns(windows, details_of))
        if windows:
            column = in_order(columns_of, places_of, count=len(names))
            yield names, replace(column, languages=languages) if details.origins else column

    def _windows(self, names: Sequence[Entry], window: int) -> list[Sequence[Entry]]:
        """Return ``names`` in windows of one size, but for the last.

        Each worker gets as many, so that all end at about the same time. There are no more than that, since a large
        window has more names of one length to keep the slots full.
        """
        count = _quotient(len(names), self._count * window) * self._count
        size = _quotient(len(names), count)
        return [names[start : start + size] for start in range(0, len(names), size)]

    def _columns(self, windows: Sequence[Sequence[str]], details: Iterable[Details]) -> Iterator[KatakanaColumn]:
        """Yield what becomes of each of ``windows``, with its details, as ``transliterate_windows`` does."""
        if self._count == 1:
            yield from map(self._engine().transliterate_window, windows, details)
            return
        workers = self.workers()
        try:
            yield from workers.transliterate_windows(windows, details)
        except KeyboardInterrupt:
            self.kill()  # What they work on is not wanted any more. The next call starts new workers.
            raise

    def kill(self) -> None:
        """End the workers of this process at once; the next call starts new workers."""
        if (workers := self._workers.forget()) is not None:
            workers.kill()

    def close(self) -> None:
        """Free the sessions and end the workers; every later use raises ``ClosedError``."""
        self._engine.close()
        if (workers := self._workers.close()) is not None:
            workers.close()

    def _first(self) -> "Engine | Workers":
        return self._engine() if self._count == 1 else self.workers()


def _workers(options: Options) -> "Workers":
    from hayakana.engine.workers import Workers  # Starting processes takes modules that one process does not need.

    return Workers(partial(Engine, options), count=options.workers)


def _quotient(number: int, divisor: int) -> int:
    """Divide and round up; 1 at least."""
    return max(-(-number // divisor), 1)


def as_names(names: Iterable[str]) -> Sequence[str]:
    """Return ``names`` as a sequence; a string in their place would be read letter by letter, so it is refused."""
    if isinstance(names, str | bytes) or not isinstance(names, Iterable):
        remedy = "call it with [name]" if isinstance(names, str | bytes) else "call it with a list"
        raise TypeError(f"names must be an iterable of strings, not one {type(names).__name__}: {remedy}")
    if isinstance(names, Mapping | set | frozenset):  # Views of a dict's keys have the order of the dict.
        raise TypeError(f"names must be in an order, which a {type(names).__name__} is not for: give a list of strings")
    of_strings = list(names)
    if set(map(type, of_strings)) - {str}:  # much sooner than a look at each
        for name in of_strings:
            if not isinstance(name, str):
                raise TypeError(f"a name must be a str, not {type(name).__name__}: {shorten(repr(name))}")
    return of_strings


def as_codes(codes: Iterable[str | None], *, count: int) -> Sequence[str | None]:
    """Return ``codes`` of languages as a sequence, one for each of ``count`` names."""
    if isinstance(codes, str | bytes | Mapping | set | frozenset) or not isinstance(codes, Iterable):
        raise TypeError(
            f"languages must be a list with a code for each name, not one {type(codes).__name__}: for all names alike"
            " there is the option language"
        )
    of_names = list(codes)
    if len(of_names) != count:
        raise ValueError(f"there are {count:,} names and {len(of_names):,} languages: give one for each name")
    return of_names
