"""Engines of tests: with sessions that say what a test wants, and windows of any size."""

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
