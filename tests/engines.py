"""Engines of tests: with sessions that say what a test wants, and windows of any size; and what tables get of them."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from hayakana import Transliteration, Transliterator
from hayakana.engine.column import NO_DETAILS, Details
from hayakana.engine.engine import Engine
from hayakana.engine.options import Options
from hayakana.model.folder import Model
from hayakana.sessions.opening import Device, Sessions, open_sessions
from hayakana.transliterator import team_of

NAMES = ["Mori", "Kato Tanaka", None, "2Pac", "", "Mori-Kato", "Ľana", "山田", "J. Mori", "Mori Kato", None, "k" * 99]
"""Of a column: such as are read, such as are not, and nulls."""


def engine_with(folder: Path, *, cache_size: int = 65_536, batch_size: int | None = None, **changes: object) -> Engine:
    """Return an engine for the model in ``folder`` whose sessions have ``changes``."""

    def changed(model: Model, *, device: Device) -> Sessions:
        return dataclasses.replace(open_sessions(model, device=device), **changes)

    options = Options(str(folder), cache_size=cache_size, batch_size=batch_size)
    return Engine(options, sessions_of=changed)


def in_windows(
    transliterator: Transliterator, names: Sequence[str], details: Details = NO_DETAILS, *, window: int
) -> list[Transliteration]:
    """Return what ``transliterate_detailed`` does, with ``window`` names at most at a time."""
    windows = team_of(transliterator).transliterate_windows(names, details, window=window)
    return [result for names_of_window, column in windows for result in column.detailed(names_of_window)]


def expected(transliterator: Transliterator, names: list[str | None]) -> list[tuple[str | None, str]]:
    """Return the Katakana and status that a table has for each of ``names``; a null is ``missing``."""
    found = iter(transliterator.transliterate_detailed([name for name in names if name is not None]))
    return [
        (None, "missing") if name is None else (result.text, result.status.value)
        for name in names
        for result in [None if name is None else next(found)]
    ]
