"""Katakana and status of many names, with their text handled by Arrow's kernels: no name is visited one by one.

Names are split at spaces, and only the words among them that are new are looked at, each once: normalised and decoded.
A name whose words all stand alone (``NameParser.stands_alone``) is the Katakana of its words, joined. The remaining
names are few in any list. They are transliterated whole, each distinct name once. Whole-name models, and any request
for probabilities or candidates, use this way for every name. Where texts can be unsure, words are remembered with their
probability; a name that is close to the border is open too.
"""

from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.arrow.judging import (
    are_particles,
    are_too_long,
    ends,
    go_by_signs,
    keys_of,
    language_of_key,
    may_be_known,
    may_go_by_syllables,
    products,
    stand_alone,
    words_of,
)
from hayakana.batch.arrow.words import ANCHOR, PARTICLE, Learnt, WordMemory
from hayakana.engine.column import NO_DETAILS, Details
from hayakana.engine.engine import BORDER
from hayakana.engine.options import Options
from hayakana.names.rules import LANGUAGES_BY_RULE
from hayakana.names.syllabaries.signs import is_anchor
from hayakana.results import Status, Transliteration
from hayakana.transliterator import Transliterator, team_of

NAMES_AT_ONCE = 262_144
"""Most names that are at work together. More at once make no name cheaper."""

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
        taken = self._changed(lambda array: array.take(indices))
        if not indices.null_count:
            return taken
        return replace(taken, statuses=pc.fill_null(taken.statuses, MISSING))

    def marked(self, rows: pa.BooleanArray, status: str) -> "Answers":
        """Return these with no Katakana and ``status`` for ``rows``."""
        blank = self._changed(lambda array: pc.if_else(rows, pa.scalar(None, array.type), array))
        return replace(blank, statuses=pc.fill_null(blank.statuses, status))

    @staticmethod
    def joined(answers: "list[Answers]") -> "Answers":
        """Return all of ``answers``, which is not empty, in their order."""
        columns = zip(*(answer.arrays for answer in answers), strict=True)
        arrays = iter([pa.concat_arrays(column) for column in columns])
        return answers[0]._changed(lambda _: next(arrays))

    def _changed(self, change: Callable[[pa.Array], pa.Array]) -> "Answers":
        texts, statuses = change(self.texts), change(self.statuses)
        probabilities = None if self.probabilities is None else change(self.probabilities)
        return Answers(texts, statuses, probabilities, None if self.candidates is None else change(self.candidates))


CANDIDATES_TYPE = pa.list_(pa.struct([("katakana", pa.string()), ("probability", pa.float64())]))
"""Of the candidates of a name."""


class Answerer:
    """Answers for arrays of names as ``Transliterator.transliterate_detailed`` does, and remembers words.

    ``cache_size`` words at most are remembered, those that were met last. ``names_at_once`` at most are at work
    together. Works from many threads at once.
    """

    def __init__(
        self,
        transliterator: Transliterator,
        *,
        cache_size: int = Options.cache_size,
        details: Details = NO_DETAILS,
        names_at_once: int = NAMES_AT_ONCE,
    ) -> None:
        self._names_at_once = names_at_once
        self._transliterator, self._team = transliterator, team_of(transliterator)
        self._details = details
        self._asks_whole = self._team.parser.whole_names or details != NO_DETAILS
        self._least_probability = transliterator.least_probability
        self._words = WordMemory(self._learn, size=cache_size)
        self._whole_names: list[int] = []
        self._is_stopped = False

    def stop(self) -> None:
        """Have what is at work in other threads end soon, unanswered."""
        self._is_stopped = True

    @property
    def distinct_words(self) -> int:
        """How many words and whole names were transliterated, each once while it is remembered."""
        return self._words.learnt + sum(self._whole_names)

    def answers(self, names: pa.Array, languages: pa.StringArray | None = None) -> Answers:
        """Return the answers for ``names``, strings of any kind or a dictionary of them.

        ``languages`` are the languages of hints, an entry a name and none of them null, of ``Transliterator.languages``
        or empty; None is the option of the transliterator.
        """
        there = [self._transliterator.language] if languages is None else pc.unique(languages).to_pylist()
        if len(there) < 2:
            return self._alike(names, "".join(there))
        places = [pc.indices_nonzero(pc.equal(languages, language)) for language in there]
        answers = [self._alike(names.take(some), language) for some, language in zip(places, there, strict=True)]
        return Answers.joined(answers).take(pc.array_sort_indices(pa.concat_arrays(places)))

    def _alike(self, names: pa.Array, language: str) -> Answers:
        """Return the answers for ``names`` under one hint."""
        if pa.types.is_dictionary(names.type):
            # Only what is used of a dictionary: a slice may have a small part of a large one.
            used = names.indices.dictionary_encode()
            return self._alike(names.dictionary.take(used.dictionary), language).take(used.indices)
        starts = range(0, max(len(names), 1), self._names_at_once)
        slices = [names.slice(start, self._names_at_once).cast(pa.string()) for start in starts]
        answers = [self._of_slice(some, language) for some in slices]
        return answers[0] if len(answers) == 1 else Answers.joined(answers)

    def _of_slice(self, names: pa.Array, language: str) -> Answers:
        if self._asks_whole or language in LANGUAGES_BY_RULE:
            return self._of_whole_names(names, language)
        are_long = are_too_long(names)
        if are_long is None:
            answers, is_open = self._of_words(names, language)
        else:  # Their words may be read, and they are not.
            answers, is_open = self._of_words(pc.if_else(are_long, None, names), language)
            is_open = pc.or_(is_open, are_long)
        if not is_open.true_count:
            return answers
        whole = self._of_whole_names(names.filter(is_open), language)
        return Answers(
            pc.replace_with_mask(answers.texts, is_open, whole.texts),
            pc.replace_with_mask(answers.statuses, is_open, whole.statuses),
        )

    def _of_whole_names(self, names: pa.Array, language: str) -> Answers:
        encoded = names.dictionary_encode()
        self._whole_names.append(len(encoded.dictionary))
        # Not by ``transliterate_detailed``, which asks for origins too.
        details = replace(self._details, least_probability=self._least_probability, language=language)
        windows = self._team.transliterate_windows(encoded.dictionary.to_pylist(), details)
        results = [result for window, column in windows for result in column.detailed(window)]
        return _answers(results, self._details).take(encoded.indices)

    def _of_words(self, names: pa.Array, language: str) -> tuple[Answers, pa.BooleanArray]:
        """Return answers for ``names`` and which of them are open, since a word in them has no text of its own."""
        split = pc.split_pattern(names, " ")
        words, indices = self._words.look_up(keys_of(split.values, language))
        is_missing = names.is_null()

        def joined(texts: pa.Array, separator: str) -> pa.Array:
            in_names = pa.ListArray.from_arrays(split.offsets, texts.take(indices), mask=is_missing)
            return pc.binary_join(in_names, separator)

        texts = joined(words.texts, self._transliterator.separator)
        status = pa.scalar(Status.OK.value)
        if words.are_from_lexicon.true_count:
            # A join is null where any word is, so that it tells names all of whose words are from the lexicon.
            marks = pc.if_else(words.are_from_lexicon, "", pa.scalar(None, pa.string()))
            status = pc.if_else(joined(marks, "").is_valid(), Status.LEXICON.value, status)
        places, offsets = indices.to_numpy(), split.offsets.to_numpy()
        go_whole = go_by_signs(words, places, offsets, language=language)
        if not language:
            go_whole |= may_go_by_syllables(words, places, offsets)
        if (known := self._team.parser.known) is not None:
            go_whole |= may_be_known(known, words, places, offsets)
        are_open = pc.and_not(pc.or_(texts.is_null(), pa.array(go_whole)), is_missing)
        if self._least_probability:
            probabilities = products(words.log_probabilities[places], offsets)
            status = pc.if_else(probabilities < self._least_probability, Status.UNSURE.value, status)
            are_close = pa.array(np.abs(probabilities - self._least_probability) < BORDER)
            are_open = pc.or_(are_open, pc.and_not(are_close, is_missing))
        return Answers(texts, pc.if_else(is_missing, MISSING, status)), are_open

    def _learn(self, keys: pa.Array) -> Learnt:
        """Return the text of each word that stands alone, whether that is from the lexicon, and how sure.

        ``keys`` are keys of words under one hint.
        """
        parser = self._team.parser
        language = language_of_key(keys[0].as_py()) if len(keys) else ""
        words = words_of(keys, language)
        are_alone = stand_alone(words, parser)
        learnt = Learnt.nothing(len(words))
        details = Details(probabilities=self._least_probability > 0, language=language)
        places = np.flatnonzero(are_alone)
        alone = words.filter(pa.array(are_alone)).to_pylist()
        if not language:
            learnt.marks[places] = np.where(list(map(is_anchor, alone)), ANCHOR, 0)
        learnt.marks[are_particles(words)] |= PARTICLE
        if parser.known is not None:
            learnt.ends[:, places] = ends(alone, parser, parser.known)
        for window, column in self._team.transliterate_windows(alone, details):
            if self._is_stopped:
                raise CancelledError
            assert len(column.texts) == len(window)
            of_window, places = places[: len(window)], places[len(window) :]
            learnt.texts[of_window] = column.texts
            learnt.are_from_lexicon[of_window[list(column.from_lexicon)]] = True
            if column.probabilities is not None:
                learnt.log_probabilities[of_window] = np.log(
                    np.maximum(column.probabilities, np.finfo(np.float64).tiny)
                )
        return learnt


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
            None
            if result.text is None
            else [(candidate.text, round(candidate.probability, 4)) for candidate in result.candidates]
            for result in results
        ]
        candidates = pa.array(lists, CANDIDATES_TYPE)
    return Answers(texts, statuses, probabilities, candidates)
