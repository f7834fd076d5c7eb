"""Katakana and status of many names, with their text handled by Arrow's kernels: no name is visited one by one.

Names are split at spaces, and only the words among them that are new are looked at, each once: normalised and decoded.
A name whose words all stand alone (``Reader.stands_alone``) is theirs joined. All others, which are few in any list but
have to be asked for whole, are asked for once each. With a model that reads whole names, and where probabilities or
candidates are wanted, all are others.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hayakana.results import NO_DETAILS, Details, Status, Transliteration
from hayakana.transliterator import WINDOW, Transliterator

MISSING = "missing"
"""Status of a row whose name is null."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Katakana, null where there is none, and status: a string array each, an entry a name.

    ``probabilities``, float64, and ``candidates``, of the type ``CANDIDATES_TYPE``, are there where they were asked
    for, and null where there is no Katakana.
    """

    texts: pa.Array
    statuses: pa.Array
    probabilities: pa.Array | None = None
    candidates: pa.Array | None = None

    @property
    def arrays(self) -> list[pa.Array]:
        """Those that are there, in the order of their columns."""
        return [
            array for array in (self.texts, self.statuses, self.probabilities, self.candidates) if array is not None
        ]

    def take(self, indices: pa.Array) -> "Answers":
        """Return those at ``indices``; where these are null, the name is missing."""
        taken = self._each(lambda array: array.take(indices))
        if not indices.null_count:
            return taken
        return replace(taken, statuses=pc.fill_null(taken.statuses, MISSING))

    def marked(self, rows: pa.BooleanArray, status: str) -> "Answers":
        """Return these with no Katakana and ``status`` for ``rows``."""
        blank = self._each(lambda array: pc.if_else(rows, pa.scalar(None, array.type), array))
        return replace(blank, statuses=pc.fill_null(blank.statuses, status))

    @staticmethod
    def joined(answers: "list[Answers]") -> "Answers":
        """Return all of ``answers``, which is not empty, one after the other."""
        columns = zip(*(of.arrays for of in answers), strict=True)
        arrays = iter([pa.concat_arrays(column) for column in columns])
        return answers[0]._each(lambda _: next(arrays))

    def _each(self, change: Callable[[pa.Array], pa.Array]) -> "Answers":
        texts, statuses = change(self.texts), change(self.statuses)
        probabilities = None if self.probabilities is None else change(self.probabilities)
        return Answers(texts, statuses, probabilities, None if self.candidates is None else change(self.candidates))


CANDIDATES_TYPE = pa.list_(pa.struct([("katakana", pa.string()), ("probability", pa.float64())]))
"""Of the candidates of a name."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Different words, and what each is written as in every name that has it, the last learnt at the end.

    No text where names with the word are asked for whole.
    """

    words: pa.Array
    texts: pa.Array
    are_listed: pa.Array

    @staticmethod
    def of(words: pa.Array, found: dict[str, tuple[str | None, bool]]) -> "_Words":
        texts, are_listed = zip(*map(found.__getitem__, words.to_pylist()), strict=True) if len(words) else ((), ())
        return _Words(words, pa.array(texts, pa.string()), pa.array(are_listed, pa.bool_()))

    def plus(self, others: "_Words") -> "_Words":
        """Return these and ``others``, of which none may be among these."""
        return _Words(
            pa.concat_arrays([self.words, others.words]),
            pa.concat_arrays([self.texts, others.texts]),
            pa.concat_arrays([self.are_listed, others.are_listed]),
        )

    def take(self, indices: pa.Array) -> "_Words":
        return _Words(self.words.take(indices), self.texts.take(indices), self.are_listed.take(indices))


_NO_WORDS = _Words.of(pa.array([], pa.string()), {})


class Answerer:
    """Answers for arrays of names as ``Transliterator.transliterate_detailed`` does, and remembers words.

    ``cache_size`` words at most are remembered, those that were met last. Works from many threads at once.
    """

    def __init__(
        self, transliterator: Transliterator, *, cache_size: int = 65_536, details: Details = NO_DETAILS
    ) -> None:
        self._transliterator = transliterator
        self._cache_size = cache_size
        self._details = details
        self._asks_whole = transliterator.reader.whole_names or details != NO_DETAILS
        # Replaced whole, so that no thread ever sees half of a change; if two replace it at once, one is forgotten.
        self._known = _NO_WORDS
        self._looked_at: list[int] = []

    @property
    def looked_at(self) -> int:
        """How many words, and names that were asked for whole, were looked at, each once where it is remembered."""
        return sum(self._looked_at)

    def answers(self, names: pa.Array) -> Answers:
        """Return the answers for ``names``, strings of any kind or a dictionary of them."""
        if pa.types.is_dictionary(names.type):
            # Only what is used of a dictionary: a slice may have a small part of a large one.
            used = names.indices.dictionary_encode()
            return self.answers(names.dictionary.take(used.dictionary)).take(used.indices)
        starts = range(0, max(len(names), 1), WINDOW)
        windows = [self._of_window(names.slice(start, WINDOW).cast(pa.string())) for start in starts]
        return windows[0] if len(windows) == 1 else Answers.joined(windows)

    def _of_window(self, names: pa.Array) -> Answers:
        if self._asks_whole:
            return self._of_whole_names(names)
        answers, is_open = self._of_words(names)
        if not is_open.true_count:
            return answers
        others = self._of_whole_names(names.filter(is_open))
        return Answers(
            pc.replace_with_mask(answers.texts, is_open, others.texts),
            pc.replace_with_mask(answers.statuses, is_open, others.statuses),
        )

    def _of_whole_names(self, names: pa.Array) -> Answers:
        encoded = names.dictionary_encode()
        self._looked_at.append(len(encoded.dictionary))
        results = self._transliterator.transliterate_detailed(
            encoded.dictionary.to_pylist(),
            probabilities=self._details.probabilities,
            candidates=self._details.candidates,
        )
        return _answers(results, self._details).take(encoded.indices)

    def _of_words(self, names: pa.Array) -> tuple[Answers, pa.BooleanArray]:
        """Return answers for ``names`` and which of them are open, since a word in them has no text of its own."""
        split = pc.split_pattern(names, " ")
        known, indices = self._known_words(split.values)
        is_missing = names.is_null()

        def joined(texts: pa.Array, separator: str) -> pa.Array:
            in_names = pa.ListArray.from_arrays(split.offsets, texts.take(indices), mask=is_missing)
            return pc.binary_join(in_names, separator)

        texts = joined(known.texts, self._transliterator.separator)
        status = pa.scalar(Status.OK.value)
        if known.are_listed.true_count:
            # A join is null where any word is, so that it tells names all of whose words are from the lexicon.
            marks = pc.if_else(known.are_listed, "", pa.scalar(None, pa.string()))
            status = pc.if_else(joined(marks, "").is_valid(), Status.LEXICON.value, status)
        statuses = pc.if_else(is_missing, MISSING, status)
        return Answers(texts, statuses), pc.and_not(texts.is_null(), is_missing)

    def _known_words(self, words: pa.Array) -> tuple[_Words, pa.Array]:
        """Return what is known, all of ``words`` among it, and the place of each of these there."""
        known = self._known
        indices = pc.index_in(words, value_set=known.words)
        if indices.null_count:
            learnt = self._learnt(words.filter(indices.is_null()).unique())
            self._known = self._bounded(known, indices, learnt)
            known = known.plus(learnt)
            indices = pc.index_in(words, value_set=known.words)
        return known, indices

    def _learnt(self, words: pa.Array) -> _Words:
        distinct = words.to_pylist()
        self._looked_at.append(len(distinct))
        found: dict[str, tuple[str | None, bool]] = dict.fromkeys(distinct, (None, False))
        alone = list(filter(self._transliterator.reader.stands_alone, distinct))
        for result in self._transliterator.transliterate_detailed(alone):
            found[result.name] = result.text, result.status is Status.LEXICON
        return _Words.of(words, found)

    def _bounded(self, known: _Words, met: pa.Array, learnt: _Words) -> _Words:
        """Return ``known`` and ``learnt``; where they are too many, without half of those not ``met`` just now."""
        if len(known.words) + len(learnt.words) <= self._cache_size:
            return known.plus(learnt)
        learnt = learnt.take(pa.array(np.arange(len(learnt.words))[: self._cache_size // 2]))
        is_met = np.zeros(len(known.words), np.bool_)
        is_met[met.drop_null()] = True
        # In the order of learning, those that were met last.
        by_age = np.concatenate([np.flatnonzero(~is_met), np.flatnonzero(is_met)])
        room = self._cache_size // 2
        return known.take(pa.array(by_age[len(by_age) - min(room, len(by_age)) :])).plus(learnt)


def _answers(results: list[Transliteration], details: Details) -> Answers:
    texts = pa.array([result.text for result in results], pa.string())
    statuses = pa.array([str(result.status) for result in results], pa.string())
    probabilities = candidates = None
    # With four decimals: beyond these they depend on what is decoded together.
    if details.probabilities:
        rounded = [None if result.text is None else round(result.probability or 0.0, 4) for result in results]
        probabilities = pa.array(rounded, pa.float64())
    if details.candidates:
        lists = [
            None if result.text is None else [(one.text, round(one.probability, 4)) for one in result.candidates]
            for result in results
        ]
        candidates = pa.array(lists, CANDIDATES_TYPE)
    return Answers(texts, statuses, probabilities, candidates)
