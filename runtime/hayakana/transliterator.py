"""``Transliterator``: the one class users meet. Names in, Katakana out."""

import functools
import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

import numpy as np

from hayakana.attention import Alignment, Block, align
from hayakana.batching import length_buckets
from hayakana.decoding import Decoded, greedy
from hayakana.errors import (
    AlignmentUnavailableError,
    ClosedError,
    EmptyNameError,
    NameTooLongError,
    UnfinishedNameError,
    UnreadableNameError,
    UntransliterableNameError,
)
from hayakana.manifest import Manifest
from hayakana.model_files import bundled_models, find_model, load_model
from hayakana.normalization import fold, normalize
from hayakana.parts import join
from hayakana.reading import Piece, Reader, Reading, shorten
from hayakana.sessions import Device, Sessions, open_sessions
from hayakana.vocabulary import TARGET_SPECIALS

OnError = Literal["raise", "keep", "empty"]


class Status(StrEnum):
    """What became of a name."""

    OK = "ok"
    """Transliterated."""
    KEPT = "kept"
    """Written in Kana and Kanji already, and returned as it came."""
    EMPTY = "empty"
    """Nothing in it but spaces and punctuation."""
    UNREADABLE = "unreadable"
    """It holds characters that the model does not know."""
    TOO_LONG = "too_long"
    """A unit is longer than the model's limit."""
    UNFINISHED = "unfinished"
    """The model wrote nothing, or did not end within its limit."""


@dataclass(frozen=True, slots=True)
class Transliteration:
    """One name and what became of it. ``text`` is None, and ``error`` says why, unless ``status`` is ok or kept."""

    name: str
    text: str | None
    status: Status
    error: UntransliterableNameError | None = None


class Transliterator:
    """Turns names in Latin letters into Katakana.

    Works from many threads at once. Can be pickled (model and options travel, sessions are opened anew), and used after
    a fork (the child opens its own sessions). ``close()``, or leaving a ``with`` block, frees the sessions.

    Args:
        model: a bundled model by name, or the path of a model folder.
        device: ``"cpu"``, ``"cuda"``, or ``"auto"``, which takes CUDA where it can be had; see ``.device``.
        separator: what stands between parts that a space separates.
        hyphen: what stands between parts that a hyphen joins.
        batch_size: most units that are decoded at once; memory grows with it, results do not change with it.

    Raises:
        ModelNotFoundError: there is no such model.
        ModelFilesError: its files do not match its manifest.
        DeviceUnavailableError: ``device="cuda"`` cannot be had.
        TypeError: ``model``, ``separator`` or ``hyphen`` is of another type.
        ValueError: an option has no such value, or the model writes its own separators and they were given.
    """

    def __init__(
        self,
        model: str | Path = "default",
        *,
        device: Device = "cpu",
        separator: str = "・",
        hyphen: str = "＝",
        batch_size: int = 256,
    ) -> None:
        if not isinstance(model, str | Path) or not isinstance(separator, str) or not isinstance(hyphen, str):
            raise TypeError("model must be a name or a path, separator and hyphen must be strings")
        if not isinstance(batch_size, int) or batch_size < 1:
            raise ValueError(f"batch_size must be a number of at least 1, not {batch_size!r}")
        folder = find_model(model)
        # A bundled model is pickled by name, since its path is another one elsewhere.
        self._rebuild = functools.partial(
            Transliterator,
            model if model in bundled_models() else folder,
            device=device,
            separator=separator,
            hyphen=hyphen,
            batch_size=batch_size,
        )
        self._model = load_model(folder)
        self._device: Device = device
        self._separator, self._hyphen, self._batch_size = separator, hyphen, batch_size
        manifest = self._model.manifest
        if manifest.unit == "name" and (separator, hyphen) != ("・", "＝"):
            raise ValueError(
                f"model {manifest.name!r} writes whole names with its own ・ and ＝; leave them as they are"
            )
        self._reader = Reader(
            frozenset(self._model.source_vocabulary.characters), manifest.source_limit, manifest.unit == "name"
        )
        self._locks: dict[int, threading.Lock] = {}
        self._sessions: tuple[int, Sessions] | None = (os.getpid(), open_sessions(self._model, device=device))

    @property
    def manifest(self) -> Manifest:
        """What the model's folder says of it."""
        return self._model.manifest

    @property
    def device(self) -> str:
        """The device in use, ``cpu`` or ``cuda``: with ``device="auto"``, what was got."""
        return self._open_sessions().device

    def __call__(self, name: str, *, on_error: OnError = "raise") -> str:
        """Transliterate one name; see ``transliterate``."""
        return self.transliterate((name,), on_error=on_error)[0]

    def transliterate(self, names: Iterable[str], *, on_error: OnError = "raise") -> list[str]:
        """Return the Katakana of ``names``, in their order.

        ``on_error`` says what becomes of a name that cannot be transliterated: ``"raise"`` raises for the first one,
        ``"keep"`` gives the name back as it came, ``"empty"`` gives the empty string.

        Raises:
            TypeError: ``names`` is one string, or holds something else than strings.
            UntransliterableNameError: a name is empty, unreadable, too long, or the model did not finish it, and
                ``on_error`` is ``"raise"``.
        """
        if on_error not in ("raise", "keep", "empty"):
            raise ValueError(f"on_error must be raise, keep or empty, not {on_error!r}")
        return [_resolve(result, on_error) for result in self.transliterate_detailed(names)]

    def transliterate_detailed(self, names: Iterable[str]) -> list[Transliteration]:
        """Return one ``Transliteration`` a name, in order; never raises for what is in a name.

        Raises:
            TypeError: ``names`` is one string, or holds something else than strings.
        """
        readings = [self._read(name) for name in _checked(names)]
        pieces = (piece for reading in readings if isinstance(reading, Reading) for piece in reading.pieces)
        units = dict.fromkeys(piece.unit for piece in pieces if piece.unit is not None)
        texts = self._decode_units(list(units))
        return [self._write(reading, texts) for reading in readings]

    def explain(self, name: str) -> Alignment:
        """Return which source characters each character of the Katakana was written on, by attention weight.

        Raises:
            AlignmentUnavailableError: the model has no attention.
            UntransliterableNameError: the name is empty, unreadable, too long, or the model did not finish it.
        """
        sessions = self._open_sessions()
        if "attention_weights" not in sessions.optional_outputs:
            raise AlignmentUnavailableError(f"model {self.manifest.name!r} has no attention, so nothing to show")
        (name,) = _checked((name,))
        reading = self._reader.read(name)
        blocks = [self._block(sessions, name, piece) for piece in reading.pieces]
        return align(name, blocks, reading.separators, space=self._separator, hyphen=self._hyphen)

    def close(self) -> None:
        """Free the sessions; every later use raises ``ClosedError``. Closing twice is fine."""
        self._sessions = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[object, ...]:
        return (self._rebuild, ())

    def __repr__(self) -> str:
        return f"<Transliterator model={self.manifest.name!r}>"

    def _open_sessions(self) -> Sessions:
        """Return this process's sessions; after a fork, open new ones, since threads and CUDA do not survive it."""
        opened, process = self._sessions, os.getpid()
        if opened is None:
            raise ClosedError("this Transliterator is closed: make a new one")
        if opened[0] != process:
            # A lock a process: one that another thread held at the fork would never be released in the child.
            with self._locks.setdefault(process, threading.Lock()):
                if self._sessions is opened:
                    self._sessions = (process, open_sessions(self._model, device=self._device))
            return self._open_sessions()
        return opened[1]

    def _read(self, name: str) -> Reading | Transliteration:
        try:
            return self._reader.read(name)
        except UntransliterableNameError as error:
            return _problem(name, error)

    def _write(self, reading: Reading | Transliteration, texts: dict[str, str | None]) -> Transliteration:
        """Join the Katakana of a name's units, or say which unit the model did not finish."""
        if isinstance(reading, Transliteration):
            return reading
        pieces = []
        for piece in reading.pieces:
            text = piece.text if piece.unit is None else texts[piece.unit]
            if text is None:
                return _problem(reading.name, self._unfinished(reading.name, piece))
            pieces.append(text)
        text = join(pieces, reading.separators, space=self._separator, hyphen=self._hyphen)
        return Transliteration(
            reading.name, text, Status.KEPT if reading.is_kept and text == reading.name else Status.OK
        )

    def _unfinished(self, name: str, piece: Piece) -> UnfinishedNameError:
        limit = self.manifest.target_limit
        return UnfinishedNameError(
            f"cannot transliterate {shorten(name)}: the model did not finish {shorten(piece.text)} within {limit} Kana",
            name=name,
            limit=limit,
        )

    def _decode_units(self, units: Sequence[str]) -> dict[str, str | None]:
        """Return the Katakana of distinct units; None where the model wrote nothing or did not end."""
        sessions = self._open_sessions()
        texts: dict[str, str | None] = {}
        for rows in length_buckets([len(unit) for unit in units], batch_size=self._batch_size):
            batch = [units[row] for row in rows]
            texts.update(zip(batch, self._texts(self._decode_batch(sessions, batch)), strict=True))
        return texts

    def _decode_batch(self, sessions: Sessions, units: Sequence[str], *, fetch: tuple[str, ...] = ()) -> Decoded:
        """Decode units of one length."""
        source_ids = self._model.source_vocabulary.encode(units)
        limit = self.manifest.target_limit
        return greedy(sessions.encoder, sessions.decoder_step, source_ids, max_length=limit, fetch=fetch)

    def _as_written(self, text: str, unit: str) -> str:
        """Return the letters of ``unit`` as the user wrote them, if each letter of ``text`` was read as one."""
        one_for_one = all(len(fold(normalize(letter), self._reader.known)) == 1 for letter in text)
        return text if one_for_one and len(text) == len(unit) else unit

    def _block(self, sessions: Sessions, name: str, piece: Piece) -> Block:
        """Return the alignment of one piece; a piece that is kept stands on itself."""
        if piece.unit is None:
            return Block(piece.text, piece.text, np.eye(len(piece.text), dtype=np.float32))
        decoded = self._decode_batch(sessions, [piece.unit], fetch=("attention_weights",))
        (text,) = self._texts(decoded)
        if text is None:
            raise self._unfinished(name, piece)
        weights = decoded.fetched["attention_weights"][0, : len(text)]
        return Block(self._as_written(piece.text, piece.unit), text, weights)

    def _texts(self, decoded: Decoded) -> list[str | None]:
        """Return the text of each row; None where it did not end, is empty, or has a special token in it."""
        texts = self._model.target_vocabulary.decode(decoded.target_ids, decoded.lengths)
        within = np.arange(decoded.target_ids.shape[1]) < decoded.lengths[:, np.newaxis]
        special = ((decoded.target_ids < len(TARGET_SPECIALS)) & within).any(axis=1)
        return [text or None if good else None for text, good in zip(texts, decoded.finished & ~special, strict=True)]


_STATUSES: dict[type[UntransliterableNameError], Status] = {
    EmptyNameError: Status.EMPTY,
    UnreadableNameError: Status.UNREADABLE,
    NameTooLongError: Status.TOO_LONG,
    UnfinishedNameError: Status.UNFINISHED,
}


def _problem(name: str, error: UntransliterableNameError) -> Transliteration:
    return Transliteration(name, None, _STATUSES[type(error)], error)


def _checked(names: Iterable[str]) -> Iterable[str]:
    """Yield ``names``; a string in their place would be read letter by letter, so it is refused."""
    if isinstance(names, str | bytes) or not isinstance(names, Iterable):
        raise TypeError(f"names must be an iterable of strings, not one {type(names).__name__}: call it with [name]")
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"a name must be a str, not {type(name).__name__}: {name!r}")
        yield name


def _resolve(result: Transliteration, on_error: OnError) -> str:
    if result.text is not None:
        return result.text
    if on_error == "keep":
        return result.name
    if on_error == "empty":
        return ""
    assert result.error is not None
    raise result.error
