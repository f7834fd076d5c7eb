"""``ArrayTransliterator``: Katakana for arrays of names, in whatever process it is called."""

import functools
import itertools

import pyarrow as pa

from hayakana.batch.arrow.answers import NAMES_AT_ONCE, Answerer, Answers
from hayakana.batch.arrow.hints import Hints
from hayakana.engine.column import Details
from hayakana.engine.options import Options
from hayakana.system.processes import OncePerProcess
from hayakana.transliterator import Transliterator


class ArrayTransliterator:
    """Answers for arrays of names: what tables, expressions of Polars and functions of DuckDB have in common.

    It opens nothing before it is first called, in each process. Works from many threads at once. ``owner`` is what a
    ``ClosedError`` names after ``close``.
    """

    def __init__(self, options: Options, *, owner: str) -> None:
        self._opened = OncePerProcess(functools.partial(_Opened, options), owner=owner)

    def answers(
        self,
        names: pa.Array | pa.ChunkedArray,
        *,
        codes: pa.Array | pa.ChunkedArray | None = None,
        probabilities: bool = False,
    ) -> Answers:
        """Return the answers for ``names``, strings of any kind, a dictionary of them, or nulls; chunked as they are.

        ``codes`` are codes of languages, an entry a name, in any chunks; see ``Hints``.

        Raises:
            ClosedError: ``close`` was called.
            Exception: what ``Transliterator`` raises, at the first call in each process.
        """
        opened = self._opened()
        answerer = opened.with_probabilities if probabilities else opened.answerer
        languages = None if codes is None else Hints.of(_in_one(codes), opened.transliterator).languages
        if isinstance(names, pa.Array):
            return answerer.answers(names, languages)
        if not pa.types.is_dictionary(names.type):
            # As one string array again where there are many short chunks, since each array costs something.
            names = in_long_chunks(names.cast(pa.string()))
        # No chunk has no type, and an empty one has.
        chunks = names.chunks or [pa.nulls(0, names.type)]
        starts = itertools.accumulate(map(len, chunks[:-1]), initial=0)
        languages_of = [
            None if languages is None else languages.slice(start, len(chunk))
            for start, chunk in zip(starts, chunks, strict=True)
        ]
        answers = map(answerer.answers, chunks, languages_of)
        columns = zip(*(of_chunk.arrays for of_chunk in answers), strict=True)
        return Answers(*map(pa.chunked_array, columns))

    def close(self) -> None:
        """Free the sessions and end the workers; every later use raises ``ClosedError``. Closing twice is fine."""
        if (opened := self._opened.close()) is not None:
            opened.transliterator.close()


class _Opened:
    """What a process opens: one model, and the words that it remembers."""

    def __init__(self, options: Options) -> None:
        self.transliterator = Transliterator(**options.keywords())
        self.answerer = Answerer(self.transliterator, cache_size=options.cache_size)
        self.with_probabilities = Answerer(self.transliterator, details=Details(probabilities=True))


def _in_one(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return texts of any kind, or nulls, as one string array."""
    strings = texts.cast(pa.string())
    return strings.combine_chunks() if isinstance(strings, pa.ChunkedArray) else strings


def in_long_chunks(names: pa.ChunkedArray, *, at_once: int = NAMES_AT_ONCE) -> pa.ChunkedArray:
    """Return ``names`` in chunks of ``at_once``, in place of shorter chunks."""
    if names.num_chunks <= 1 or len(names) / names.num_chunks >= at_once / 2:
        return names
    chunks = [names.slice(start, at_once).combine_chunks() for start in range(0, len(names), at_once)]
    return pa.chunked_array(chunks, pa.string())
