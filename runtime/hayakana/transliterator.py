"""``Transliterator``: the one class users meet. Names in, Katakana out."""

import dataclasses
import functools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from hayakana.alignment.attention import AlignedPart, Alignment, align, aligned_whole
from hayakana.decoding.products import Scored, as_candidates, best_products
from hayakana.engine.units import UnitDecoder
from hayakana.errors import (
    AlignmentUnavailableError,
    ClosedError,
    NameTooLongError,
    UnfinishedNameError,
    UntransliterableNameError,
    shorten,
)
from hayakana.model.folder import bundled_models, find_model, load_model
from hayakana.model.manifest import Manifest
from hayakana.names.lexicon import Lexicon
from hayakana.names.normalization import fold, normalize
from hayakana.names.parsing import NameParser, Origin, ParsedName, ParsedPart
from hayakana.names.parts import HYPHEN, join
from hayakana.names.plain_names import PlainNameParser, none_plain
from hayakana.names.spelling import KATAKANA_OF_UNITS
from hayakana.results import (
    MOST_CANDIDATES,
    NO_DETAILS,
    ON_ERROR,
    Candidate,
    Details,
    KatakanaColumn,
    OnError,
    Transliteration,
)
from hayakana.sessions.opening import Device, Sessions, open_sessions
from hayakana.system.forks import LockOfProcess

if TYPE_CHECKING:
    from hayakana.engine.workers import Workers

WINDOW = 65_536
"""Most names that are read and sorted together: what bounds the memory beside the names and their Katakana."""

MOST_WORKERS = 1_024
"""Processes that one ``Transliterator`` starts, at most. More are a slip of the finger, which takes a machine down."""

_LARGEST_BATCH = 1 << 20
"""Units that are decoded at once, at most: their states take a few KB each."""

_LARGEST_CACHE = 1 << 32
"""Units that are remembered, at most."""

_LONGEST_EXPLAINED = 4_096
"""Characters of a name that is explained, at most: its weights take a number for each pair of characters."""

_FEW = 8
"""Fewer names than this are read sooner one by one."""


class Transliterator:
    """Turns names in Latin letters into Katakana.

    Works from many threads at once. Can be pickled (model and options travel, sessions are opened anew), and used after
    a fork (the child opens its own sessions). ``close()``, or leaving a ``with`` block, frees the sessions and ends the
    workers.

    Args:
        model: a bundled model by name, or the path of a model folder.
        device: ``"cpu"``, ``"cuda"``, or ``"auto"``, which takes CUDA where it can be had; see ``.device``.
        separator: what stands between parts that a space separates.
        hyphen: what stands between parts that a hyphen joins.
        lexicon: Katakana that wins over the model, or the file that has it. A model that reads whole names takes whole
            names from it, others parts of names too.
        workers: 1 stays in this process and starts nothing; more start as many processes, which share the work of a
            list. They start in a fraction of a second, once, and are kept.
        batch_size: most units that are decoded at once; memory grows with it, results do not change with it. None is
            what suits the width of the model.
        cache_size: most units whose Katakana is remembered, in each process; 0 remembers none. As many again are
            remembered with probabilities, and an eighth as many with candidates, where those are asked for.

    Raises:
        ModelNotFoundError: there is no such model.
        ModelFilesError: its files do not match its manifest.
        DeviceUnavailableError: ``device="cuda"`` cannot be had.
        LexiconError: the lexicon's file is not as it should be.
        WorkersUnavailableError: no workers can be started here, as in a program that is frozen into one file.
        WorkerDiedError: a worker ended before it was ready.
        TypeError: ``model``, ``separator``, ``hyphen`` or ``lexicon`` is of another type.
        ValueError: an option has no such value, or the model writes its own separators and they were given.
    """

    def __init__(
        self,
        model: str | Path = "default",
        *,
        device: Device = "cpu",
        separator: str = "・",
        hyphen: str = "＝",
        lexicon: Lexicon | str | Path | None = None,
        workers: int = 1,
        batch_size: int | None = None,
        cache_size: int = 65_536,
    ) -> None:
        if not isinstance(model, str | Path) or not isinstance(separator, str) or not isinstance(hyphen, str):
            raise TypeError("model must be a name or a path, separator and hyphen must be strings")
        if not isinstance(lexicon, Lexicon | str | Path | None):
            raise TypeError(f"lexicon must be a Lexicon or a path, not {type(lexicon).__name__}: see Lexicon.of")
        _count(workers, "workers", least=1, most=MOST_WORKERS)
        _count(cache_size, "cache_size", least=0, most=_LARGEST_CACHE)
        if batch_size is not None:
            _count(batch_size, "batch_size", least=1, most=_LARGEST_BATCH)
        # Exact strings, since one of a class of the caller's would not be known to a worker.
        separator, hyphen = str.__str__(separator), str.__str__(hyphen)
        # What is in it travels to workers, not the path.
        lexicon = Lexicon.read(lexicon) if isinstance(lexicon, str | Path) else lexicon or Lexicon()
        folder = find_model(model)
        # A bundled model is pickled by name, since its path is another one elsewhere.
        self._rebuild = functools.partial(
            Transliterator,
            str(model) if model in bundled_models() else folder,
            device=device,
            separator=separator,
            hyphen=hyphen,
            lexicon=lexicon,
            batch_size=batch_size,
            cache_size=cache_size,
        )
        self._model = load_model(folder)
        self._device: Device = device
        self._separator, self._hyphen, self._worker_count = separator, hyphen, workers
        manifest = self._model.manifest
        if manifest.unit == "name" and (separator, hyphen) != ("・", "＝"):
            raise ValueError(
                f"model {manifest.name!r} writes whole names with its own ・ and ＝; leave them as they are"
            )
        characters, whole_names = frozenset(self._model.source_vocabulary.characters), manifest.unit == "name"
        self._lexicon = lexicon.entries
        self._katakana_of_units = {**({} if whole_names else KATAKANA_OF_UNITS), **self._lexicon}
        self._parser = NameParser(characters, manifest.source_limit, whole_names, self._lexicon)
        self._plain_parser = PlainNameParser(
            characters, limit=manifest.source_limit, whole_names=whole_names, lexicon=self._lexicon
        )
        self._decoder = UnitDecoder(
            self._model,
            batch_size=batch_size,
            cache_size=cache_size,
            katakana_of_units=self._katakana_of_units,
        )
        self._lock = LockOfProcess()
        self._closed = False
        self._sessions: tuple[int, Sessions] | None = None
        self._workers: tuple[int, Workers] | None = None
        if workers == 1:
            self._open_sessions()
        else:
            self._open_workers()

    @property
    def manifest(self) -> Manifest:
        """What the model's folder says of it."""
        return self._model.manifest

    @property
    def parser(self) -> NameParser:
        """How it parses names."""
        return self._parser

    @property
    def separator(self) -> str:
        """What stands between parts that a space separates."""
        return self._separator

    @property
    def hyphen(self) -> str:
        """What stands between parts that a hyphen joins."""
        return self._hyphen

    @property
    def lexicon(self) -> Mapping[str, str]:
        """What the lexicon holds: canonical name → Katakana."""
        return self._lexicon

    @property
    def workers(self) -> int:
        """How many processes share the work; 1 is this process alone."""
        return self._worker_count

    @property
    def device(self) -> str:
        """The device in use, ``cpu`` or ``cuda``: with ``device="auto"``, what was got."""
        return self._open_sessions().device if self._worker_count == 1 else self._open_workers().device

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
            WorkerDiedError: a worker process ended, or was stopped, now or before.
        """
        if on_error not in ON_ERROR:
            raise ValueError(f"on_error must be raise, keep or empty, not {on_error!r}")
        texts: list[str] = []
        for window, column in self.transliterate_windows(_as_list(names)):
            texts += column.resolved(window, on_error=on_error)
        return texts

    def transliterate_detailed(
        self, names: Iterable[str], *, probabilities: bool = False, candidates: int = 0
    ) -> list[Transliteration]:
        """Return one ``Transliteration`` a name, in order; never raises for what is in a name.

        Args:
            names: the names.
            probabilities: whether each text comes with its probability, the product of its parts'. What no model has
                written, from the lexicon, by rule or kept, counts as 1.
            candidates: the most candidates of each name, as ``candidates`` ranks them, 1,000 at most; 0 searches for
                none. A text stays what it is without them: now and then the first candidate is another, more probable
                one.

        Raises:
            TypeError: ``names`` is one string, or holds something else than strings.
            ValueError: ``candidates`` is no number from 0 to 1,000.
            WorkerDiedError: a worker process ended, or was stopped, now or before.
        """
        details = Details(bool(probabilities), _count(candidates, "candidates", least=0, most=MOST_CANDIDATES))
        results: list[Transliteration] = []
        for window, column in self.transliterate_windows(_as_list(names), details):
            results += column.detailed(window)
        return results

    def candidates(self, name: str, n: int = 5) -> list[Candidate]:
        """Return the ``n`` most probable Katakana of ``name``, different ones, the most probable first.

        There are fewer where the model finds no more. The probability of a name is the product of its parts', and its
        candidates are the best products of its parts' candidates, which beam search finds (``beam.beam_search``). What
        no model writes, a name or a part that is from the lexicon, read by rule or kept, has one candidate, of
        probability 1. Works in this process whatever ``workers`` is.

        Raises:
            TypeError: ``name`` is no string.
            ValueError: ``n`` is no number from 1 to 1,000.
            UntransliterableNameError: the name is empty, unreadable, too long, or the model finished no candidate.
        """
        n = _count(n, "n", least=1, most=MOST_CANDIDATES)
        (name,) = _as_list((name,))
        parsed = self._parser.parse(name)
        (candidates,) = self._candidates([parsed], n)
        if not candidates:
            sessions = self._open_sessions()
            parts = [part for part in parsed.parts if part.unit is not None]
            candidates_of_parts = self._decoder.candidates(sessions, _units(parsed), count=n)
            raise self._unfinished(name, parts[candidates_of_parts.index([])])
        return list(candidates)

    def transliterate_window(self, names: Sequence[str], details: Details = NO_DETAILS) -> KatakanaColumn:
        """Return what becomes of one window of names, in this process whatever ``workers`` is.

        Most names are plain and are parsed, decoded and written in columns; all other names cost more.
        """
        # Candidates are made from parsed names, so that a name whose candidates are wanted is not plain.
        asks_plain = len(names) >= _FEW and not details.candidates
        plain = self._plain_parser.parse(names) if asks_plain else none_plain(len(names))
        parsed_names = {place: self._parsed(names[place]) for place in plain.other_places}
        units = plain.units + [unit for parsed in parsed_names.values() for unit in _units(parsed)]
        texts_of_units, scores = self._decoded(units, details)
        probabilities = None
        if scores is not None:
            owners = plain.owners() + [place for place, parsed in parsed_names.items() for _ in _units(parsed)]
            probabilities = np.exp(np.bincount(np.array(owners, np.int64), weights=scores, minlength=len(names)))

        # Where a plain name is not finished, its units are looked up as those of all other names are.
        first_looked_up = len(plain.units)
        written = plain.written(texts_of_units[:first_looked_up], space=self._separator, hyphen=self._hyphen)
        if None in written:  # Not finished: the parser's way says which unit.
            first_looked_up = 0
            unfinished = [place for place, text in zip(plain.places, written, strict=True) if text is None]
            parsed_names |= {place: self._parsed(names[place]) for place in unfinished}
        texts: list[str | None] = written
        if plain.other_places:
            texts = [None] * len(names)
            for place, text in zip(plain.places, written, strict=True):
                texts[place] = text
        text_of_unit = dict(zip(units[first_looked_up:], texts_of_units[first_looked_up:], strict=True))
        errors, kept = {}, set()
        from_lexicon = set(plain.of_units(self._lexicon) if self._lexicon else ())
        for place, parsed in parsed_names.items():
            katakana = self._written(parsed, text_of_unit)
            if isinstance(katakana, UntransliterableNameError):
                errors[place] = katakana
                continue
            texts[place] = katakana
            if isinstance(parsed, ParsedName) and parsed.is_from_lexicon:
                from_lexicon.add(place)
            elif katakana == names[place] and isinstance(parsed, ParsedName) and parsed.is_kept:
                kept.add(place)
        column = KatakanaColumn(texts, errors, frozenset(kept), frozenset(from_lexicon), probabilities)
        return self._with_candidates(column, parsed_names, details.candidates) if details.candidates else column

    def transliterate_windows(
        self, names: Sequence[str], details: Details = NO_DETAILS
    ) -> Iterator[tuple[Sequence[str], KatakanaColumn]]:
        """Yield each window of ``names`` with what becomes of it, in their order; all workers share the windows.

        Raises:
            WorkerDiedError: a worker process ended, or was stopped, now or before.
        """
        self._check_open()
        if self._worker_count == 1:
            windows = _windows(names, count=_quotient(len(names), WINDOW))
            yield from ((window, self.transliterate_window(window, details)) for window in windows)
            return
        # As many for each worker, so that all end at about the same time, and no more than that, since a large window
        # has more names of one length to keep the slots full.
        windows_a_worker = _quotient(len(names), self._worker_count * WINDOW)
        windows = _windows(names, count=windows_a_worker * self._worker_count)
        workers = self._open_workers()
        try:
            yield from zip(windows, workers.transliterate_windows(windows, details), strict=True)
        except KeyboardInterrupt:
            # What they work on is not wanted any more. The next call starts new ones.
            workers.kill()
            self._workers = None
            raise

    def explain(self, name: str) -> Alignment:
        """Return which source characters each character of the Katakana was written on, by attention weight.

        What is from the lexicon or read by rule was not written letter by letter: it stands on all its letters alike.

        Raises:
            AlignmentUnavailableError: the model has no attention.
            UntransliterableNameError: the name is empty, unreadable, longer than 4,096 characters or than the model
                reads, or the model did not finish it.
        """
        sessions = self._open_sessions()
        if "attention_weights" not in sessions.optional_outputs:
            raise AlignmentUnavailableError(f"model {self.manifest.name!r} has no attention, so nothing to show")
        (name,) = _as_list((name,))
        if len(name) > _LONGEST_EXPLAINED:
            raise NameTooLongError(
                f"cannot explain {shorten(name)}: it has {len(name):,} characters, and at most {_LONGEST_EXPLAINED:,}"
                " are shown",
                name=name,
                limit=_LONGEST_EXPLAINED,
            )
        parsed = self._parser.parse(name)
        parts = [self._aligned_part(sessions, name, part) for part in parsed.parts]
        return align(name, parts, parsed.separators, space=self._separator, hyphen=self._hyphen)

    def close(self) -> None:
        """Free the sessions and end the workers; every later use raises ``ClosedError``. Closing twice is fine."""
        with self._lock():
            self._closed = True
            self._sessions, workers = None, self._workers
            self._workers = None
        if workers is not None and workers[0] == os.getpid():
            workers[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and not issubclass(kind, Exception) and self._workers is not None:
            self._workers[1].kill()  # Ctrl-C: what they work on is not wanted any more.
        self.close()

    def __reduce__(self) -> tuple[object, ...]:
        return (functools.partial(self._rebuild, workers=self._worker_count), ())

    def __repr__(self) -> str:
        return f"<Transliterator model={self.manifest.name!r}>"

    def _open_sessions(self) -> Sessions:
        """Return this process's sessions; after a fork, open new ones, since threads and CUDA do not survive it."""
        self._check_open()
        opened, process = self._sessions, os.getpid()
        if opened is None or opened[0] != process:
            with self._lock():
                self._check_open()
                if self._sessions is opened:
                    self._sessions = (process, open_sessions(self._model, device=self._device))
            return self._open_sessions()
        return opened[1]

    def _open_workers(self) -> "Workers":
        """Return this process's workers; after a fork, start new ones, since those of the parent are its own."""
        from hayakana.engine.workers import Workers

        self._check_open()
        opened, process = self._workers, os.getpid()
        if opened is None or opened[0] != process:
            with self._lock():
                self._check_open()
                if self._workers is opened:
                    self._workers = (process, Workers(self._rebuild, count=self._worker_count))
            return self._open_workers()
        return opened[1]

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError("this Transliterator is closed: make a new one")

    def _decoded(self, units: Sequence[str], details: Details) -> tuple[list[str | None], NDArray[np.float64] | None]:
        """Return the Katakana of ``units`` and, where asked for, their log probabilities."""
        if not details.probabilities:
            return self._decoder.texts(self._open_sessions(), units), None
        scored = self._decoder.scored(self._open_sessions(), units)
        return [text for text, _ in scored], np.array([score for _, score in scored], np.float64)

    def _with_candidates(
        self, column: KatakanaColumn, parsed_names: Mapping[int, ParsedName | UntransliterableNameError], count: int
    ) -> KatakanaColumn:
        """Return ``column`` with the candidates of the names that have a text; ``parsed_names`` has one a name."""
        candidates: list[tuple[Candidate, ...]] = [()] * len(column.texts)
        with_text = {
            place: parsed
            for place, parsed in parsed_names.items()
            if place not in column.errors and isinstance(parsed, ParsedName)
        }
        ranked = self._candidates(list(with_text.values()), count)
        for place, candidates_of_name in zip(with_text, ranked, strict=True):
            candidates[place] = candidates_of_name
        return dataclasses.replace(column, candidates=candidates)

    def _candidates(self, parsed_names: Sequence[ParsedName], count: int) -> list[tuple[Candidate, ...]]:
        """Return ``count`` candidates at most of each name, all of their distinct units searched together."""
        units = list(dict.fromkeys(unit for parsed in parsed_names for unit in _units(parsed)))
        by_unit = dict(zip(units, self._decoder.candidates(self._open_sessions(), units, count=count), strict=True))
        ranked = []
        for parsed in parsed_names:
            texts_of_parts = [
                [Scored(part.katakana, 0.0)] if part.unit is None else by_unit[part.unit] for part in parsed.parts
            ]
            separators = [self._hyphen if sign == HYPHEN else self._separator for sign in parsed.separators]
            ranked.append(as_candidates(best_products(texts_of_parts, separators, count=count)))
        return ranked

    def _parsed(self, name: str) -> ParsedName | UntransliterableNameError:
        try:
            return self._parser.parse(name)
        except UntransliterableNameError as error:
            return error

    def _written(
        self, parsed: ParsedName | UntransliterableNameError, texts: Mapping[str, str | None]
    ) -> str | UntransliterableNameError:
        """Join the Katakana of a name's units, or say which unit the model did not finish."""
        if isinstance(parsed, UntransliterableNameError):
            return parsed
        texts_of_parts = []
        for part in parsed.parts:
            text = part.katakana if part.unit is None else texts[part.unit]
            if text is None:
                return self._unfinished(parsed.name, part)
            texts_of_parts.append(text)
        return join(texts_of_parts, parsed.separators, space=self._separator, hyphen=self._hyphen)

    def _unfinished(self, name: str, part: ParsedPart) -> UnfinishedNameError:
        limit = self.manifest.target_limit
        return UnfinishedNameError(
            f"cannot transliterate {shorten(name)}: the model did not finish {shorten(part.text)} within {limit} Kana",
            name=name,
            limit=limit,
        )

    def _as_written(self, text: str, unit: str) -> str:
        """Return the letters of ``unit`` as the user wrote them, if each letter of ``text`` was read as one."""
        is_letter_by_letter = all(len(fold(normalize(letter), self._parser.characters)) == 1 for letter in text)
        return text if is_letter_by_letter and len(text) == len(unit) else unit

    def _aligned_part(self, sessions: Sessions, name: str, part: ParsedPart) -> AlignedPart:
        """Return the alignment of one part: a kept part stands on itself, and Katakana that no model wrote is whole."""
        if part.origin is Origin.KEPT:
            return AlignedPart(part.text, part.text, np.eye(len(part.text), dtype=np.float32))
        katakana = part.katakana if part.unit is None else self._katakana_of_units.get(part.unit)
        if part.unit is None or katakana is not None:
            return aligned_whole(part.text, katakana or "")
        decoded = self._decoder.decode(sessions, [part.unit], fetch=("attention_weights",))
        (text,) = self._decoder.written(decoded)
        if text is None:
            raise self._unfinished(name, part)
        weights = decoded.fetched["attention_weights"][0, : len(text)]
        return AlignedPart(self._as_written(part.text, part.unit), text, weights)


def _units(parsed: ParsedName | UntransliterableNameError) -> list[str]:
    if isinstance(parsed, UntransliterableNameError):
        return []
    return [part.unit for part in parsed.parts if part.unit is not None]


def _count(number: int, option: str, *, least: int, most: int) -> int:
    if not isinstance(number, int) or not least <= number <= most:
        raise ValueError(f"{option} must be a number of at least {least} and at most {most:,}, not {_shown(number)}")
    return int(number)


def _shown(option: object) -> str:
    """Return the value of an option for a message; Python refuses to write numbers of thousands of digits."""
    return "a number of many digits" if isinstance(option, int) and option.bit_length() > 256 else repr(option)[:60]


def _windows(names: Sequence[str], *, count: int) -> list[Sequence[str]]:
    """Return ``names`` in ``count`` windows at most, of one size but for the last."""
    size = _quotient(len(names), count)
    return [names[start : start + size] for start in range(0, len(names), size)]


def _quotient(number: int, divisor: int) -> int:
    """Divide and round up; 1 at least."""
    return max(-(-number // divisor), 1)


def _as_list(names: Iterable[str]) -> Sequence[str]:
    """Return ``names`` as a sequence; a string in their place would be read letter by letter, so it is refused."""
    if isinstance(names, str | bytes) or not isinstance(names, Iterable):
        remedy = "call it with [name]" if isinstance(names, str | bytes) else "call it with a list"
        raise TypeError(f"names must be an iterable of strings, not one {type(names).__name__}: {remedy}")
    if isinstance(names, Mapping | set | frozenset):  # Views of a dict's keys have the order of the dict.
        raise TypeError(f"names must be in an order, which a {type(names).__name__} is not for: give a list of strings")
    as_list = list(names)
    if set(map(type, as_list)) - {str}:  # much sooner than a look at each
        for name in as_list:
            if not isinstance(name, str):
                raise TypeError(f"a name must be a str, not {type(name).__name__}: {shorten(repr(name))}")
    return as_list
