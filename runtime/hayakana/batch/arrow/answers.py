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
from numpy.typing import NDArray

from hayakana.batch.arrow.words import Learnt, WordMemory, Words
from hayakana.engine.column import NO_DETAILS, Details
from hayakana.engine.engine import BORDER
from hayakana.engine.options import Options
from hayakana.names.known_names import KnownNames
from hayakana.names.normalization import LONGEST_NAME
from hayakana.names.parsing import NameParser
from hayakana.names.particles import BY_SIGNS, signs_of_word
from hayakana.names.rules import BESIDE_OTHERS, LANGUAGES_BY_RULE, SMALL_WORDS
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
        """Return all of ``answers``, which is not empty, one after the other."""
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
        self._language = transliterator.language
        is_by_rule = self._language in LANGUAGES_BY_RULE
        self._asks_whole = self._team.parser.whole_names or details != NO_DETAILS or is_by_rule
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

    def answers(self, names: pa.Array) -> Answers:
        """Return the answers for ``names``, strings of any kind or a dictionary of them."""
        if pa.types.is_dictionary(names.type):
            # Only what is used of a dictionary: a slice may have a small part of a large one.
            used = names.indices.dictionary_encode()
            return self.answers(names.dictionary.take(used.dictionary)).take(used.indices)
        starts = range(0, max(len(names), 1), self._names_at_once)
        answers = [self._of_slice(names.slice(start, self._names_at_once).cast(pa.string())) for start in starts]
        return answers[0] if len(answers) == 1 else Answers.joined(answers)

    def _of_slice(self, names: pa.Array) -> Answers:
        if self._asks_whole:
            return self._of_whole_names(names)
        are_long = _are_too_long(names)
        if are_long is None:
            answers, is_open = self._of_words(names)
        else:  # Their words may be read, and they are not.
            answers, is_open = self._of_words(pc.if_else(are_long, None, names))
            is_open = pc.or_(is_open, are_long)
        if not is_open.true_count:
            return answers
        whole = self._of_whole_names(names.filter(is_open))
        return Answers(
            pc.replace_with_mask(answers.texts, is_open, whole.texts),
            pc.replace_with_mask(answers.statuses, is_open, whole.statuses),
        )

    def _of_whole_names(self, names: pa.Array) -> Answers:
        encoded = names.dictionary_encode()
        self._whole_names.append(len(encoded.dictionary))
        # Not by ``transliterate_detailed``, which asks for origins too.
        details = replace(self._details, least_probability=self._least_probability, language=self._language)
        windows = self._team.transliterate_windows(encoded.dictionary.to_pylist(), details)
        results = [result for window, column in windows for result in column.detailed(window)]
        return _answers(results, self._details).take(encoded.indices)

    def _of_words(self, names: pa.Array) -> tuple[Answers, pa.BooleanArray]:
        """Return answers for ``names`` and which of them are open, since a word in them has no text of its own."""
        split = pc.split_pattern(names, " ")
        words, indices = self._words.look_up(split.values)
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
        are_open = pc.and_not(pc.or_(texts.is_null(), _go_by_signs(words.words, indices, split.offsets)), is_missing)
        if self._least_probability:
            probabilities = _products(words.log_probabilities[indices.to_numpy()], split.offsets.to_numpy())
            status = pc.if_else(probabilities < self._least_probability, Status.UNSURE.value, status)
            are_close = pa.array(np.abs(probabilities - self._least_probability) < BORDER)
            are_open = pc.or_(are_open, pc.and_not(are_close, is_missing))
        if (known := self._team.parser.known) is not None:
            may_be_known = _may_be_known(known, words, indices.to_numpy(), split.offsets.to_numpy())
            are_open = pc.or_(are_open, pa.array(may_be_known))
        return Answers(texts, pc.if_else(is_missing, MISSING, status)), are_open

    def _learn(self, words: pa.Array) -> Learnt:
        """Return the text of each of ``words`` that stands alone, whether that is from the lexicon, and how sure."""
        parser = self._team.parser
        are_alone = stand_alone(words, parser)
        learnt = Learnt.nothing(len(words))
        details = Details(probabilities=self._least_probability > 0, language=self._language)
        places = np.flatnonzero(are_alone)
        alone = words.filter(pa.array(are_alone)).to_pylist()
        if parser.known is not None:
            learnt.ends[:, places] = _ends(alone, parser, parser.known)
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


def _ends(words: list[str], parser: NameParser, known: KnownNames) -> NDArray[np.int64]:
    """Return the numbers of the first and the last part of each of ``words``, ``(2, words)``: see ``Learnt.ends``."""
    ends = list(map(parser.ends_of, words))
    firsts, lasts = [first for first, _ in ends], [last for _, last in ends]
    return np.stack([known.ids_of_first(firsts), known.ids_of_last(lasts)])


def _may_be_known(
    known: KnownNames, words: Words, indices: NDArray[np.int32], offsets: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Return which names may be known whole (rule 22), ``(names,)``.

    The words of each name are at ``indices`` of ``words``, from one of ``offsets`` to the next.
    """
    may_be = np.zeros(len(offsets) - 1, np.bool_)
    (several,) = np.nonzero(np.diff(offsets) > 1)
    last_ids = words.ends[1][indices[offsets[several + 1] - 1]]
    several, last_ids = several[last_ids >= 0], last_ids[last_ids >= 0]
    may_be[several] = known.are_pairs(words.ends[0][indices[offsets[several]]], last_ids)
    return may_be


def _go_by_signs(words: pa.Array, indices: pa.Array, offsets: pa.Array) -> pa.BooleanArray:
    """Return which names have ``de`` or ``van``, and a word beside it that may have a say in it (rule 14).

    A name's words are those of ``indices`` from its offset to the next.
    """
    bounds, of_names = offsets.to_numpy(), indices.to_numpy(zero_copy_only=False)
    go_by_signs = np.zeros(len(bounds) - 1, np.bool_)
    for particle in BY_SIGNS:
        is_particle = pc.equal(pc.ascii_lower(words), particle).to_numpy(zero_copy_only=False)
        have_particle = _counts(is_particle[of_names], bounds) > 0
        if not have_particle.any():
            continue
        beside = np.unique(of_names[bounds[0] : bounds[-1]][np.repeat(have_particle, np.diff(bounds))])
        is_sign = np.zeros(len(words), np.bool_)
        is_sign[beside] = [particle in signs_of_word(word) for word in words.take(pa.array(beside)).to_pylist()]
        go_by_signs |= have_particle & (_counts(is_sign[of_names], bounds) > 0)
    return pa.array(go_by_signs)


def _counts(are_marked: NDArray[np.bool_], bounds: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return how many of the words of each name are marked."""
    counts: NDArray[np.int64] = np.diff(np.concatenate([[0], np.cumsum(are_marked)])[bounds])
    return counts


def _products(log_probabilities: NDArray[np.float64], offsets: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the product of the probabilities from each of ``offsets`` to the next; 1 where there is none."""
    sums = np.concatenate([[0.0], np.cumsum(log_probabilities)])[offsets]
    return np.exp(np.minimum(np.diff(sums), 0.0))


def _are_too_long(names: pa.StringArray) -> pa.BooleanArray | None:
    """Return which of ``names`` have more characters than are read; None where none has so many bytes."""
    if (pc.max(pc.binary_length(names)).as_py() or 0) <= LONGEST_NAME:
        return None
    return pc.fill_null(pc.greater(pc.utf8_length(names), LONGEST_NAME), fill_value=False)


def stand_alone(words: pa.Array, parser: NameParser) -> NDArray[np.bool_]:
    """Return which of ``words`` stand alone as rules 1 to 3, 8, 9 and 11 let them: see ``NameParser.stands_alone``."""
    if parser.lexicon or parser.whole_names:
        return np.fromiter(map(parser.stands_alone, words.to_pylist()), np.bool_, len(words))
    # ASCII letters, two at least, not all of them capitals, and no word that goes by what is beside it.
    are_plain = pc.and_not(
        pc.and_(pc.ascii_is_alpha(words), pc.greater(pc.binary_length(words), 1)), pc.ascii_is_upper(words)
    )
    for written, going_by_others in ((words, SMALL_WORDS), (pc.ascii_lower(words), BESIDE_OTHERS)):
        are_plain = pc.and_not(are_plain, pc.is_in(written, pa.array(sorted(going_by_others), words.type)))
    alone: NDArray[np.bool_] = are_plain.to_numpy(zero_copy_only=False).copy()
    alone[~alone] = list(map(parser.stands_alone, words.filter(pc.invert(are_plain)).to_pylist()))
    return alone


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
