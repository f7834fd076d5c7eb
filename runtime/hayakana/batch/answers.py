"""Katakana and status of many names, with their text handled by Arrow's kernels: no name is visited one by one.

Names are split at spaces, and only the distinct words among them are looked at, those that are new normalised and
decoded. A name whose words all stand alone (``Reader.stands_alone``) is theirs joined. All others, which are few in any
list but have to be asked for whole, are asked for once each. With a model that reads whole names, all are others.
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.cache import Cache
from hayakana.results import Status
from hayakana.transliterator import WINDOW, Transliterator

MISSING = "missing"
"""Status of a row whose name is null."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Katakana, null where there is none, and status: a string array each, an entry a name."""

    texts: pa.Array
    statuses: pa.Array

    def take(self, indices: pa.Array) -> "Answers":
        """Return those at ``indices``; where these are null, the name is missing."""
        statuses = self.statuses.take(indices)
        return Answers(self.texts.take(indices), pc.fill_null(statuses, MISSING) if indices.null_count else statuses)


@dataclass(frozen=True, slots=True)
class _Word:
    """What is written for a word, in every name that has it; no text where names with it are asked for whole."""

    text: str | None
    is_listed: bool


_ASKED_FOR_WHOLE = _Word(None, is_listed=False)


class Answerer:
    """Answers for arrays of names as ``Transliterator.transliterate_detailed`` does, and remembers words.

    ``cache_size`` words at most are remembered, those that were met last. Works from many threads at once.
    """

    def __init__(self, transliterator: Transliterator, *, cache_size: int = 65_536) -> None:
        self._transliterator = transliterator
        self._words: Cache[str, _Word] = Cache(cache_size)

    def answers(self, names: pa.Array) -> Answers:
        """Return the answers for ``names``, strings of any kind or a dictionary of them."""
        if pa.types.is_dictionary(names.type):
            # Only what is used of a dictionary: a slice may have a small part of a large one.
            used = names.indices.dictionary_encode()
            return self.answers(names.dictionary.take(used.dictionary)).take(used.indices)
        windows = [self._of_window(names.slice(start, WINDOW)) for start in range(0, len(names), WINDOW)]
        if len(windows) == 1:
            return windows[0]
        return Answers(_joined([window.texts for window in windows]), _joined([window.statuses for window in windows]))

    def _of_window(self, names: pa.Array) -> Answers:
        names = names.cast(pa.string())
        if self._transliterator.reader.whole_names:
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
        results = self._transliterator.transliterate_detailed(encoded.dictionary.to_pylist())
        texts = pa.array([result.text for result in results], pa.string())
        statuses = pa.array([str(result.status) for result in results], pa.string())
        return Answers(texts, statuses).take(encoded.indices)

    def _of_words(self, names: pa.Array) -> tuple[Answers, pa.BooleanArray]:
        """Return answers for ``names`` and which of them are open, since a word in them has no text of its own."""
        split = pc.split_pattern(names, " ")
        encoded = split.values.dictionary_encode()
        words = self._known_words(encoded.dictionary.to_pylist())
        is_missing = names.is_null()

        def joined(texts: list[str | None], separator: str) -> pa.Array:
            of_words = pa.array(texts, pa.string()).take(encoded.indices)
            in_names = pa.ListArray.from_arrays(split.offsets, of_words, mask=is_missing)
            return pc.binary_join(in_names, separator)

        texts = joined([word.text for word in words], self._transliterator.separator)
        status = pa.scalar(Status.OK.value)
        if any(word.is_listed for word in words):
            # A join is null where any word is, so that it tells names all of whose words are from the lexicon.
            all_listed = joined(["" if word.is_listed else None for word in words], "").is_valid()
            status = pc.if_else(all_listed, Status.LEXICON.value, status)
        statuses = pc.if_else(is_missing, MISSING, status)
        return Answers(texts, statuses), pc.and_not(texts.is_null(), is_missing)

    def _known_words(self, distinct: list[str]) -> list[_Word]:
        known = self._words.known(distinct)
        new = [word for word in distinct if word not in known]
        found = dict.fromkeys(new, _ASKED_FOR_WHOLE)
        alone = list(filter(self._transliterator.reader.stands_alone, new))
        for result in self._transliterator.transliterate_detailed(alone):
            found[result.name] = _Word(result.text, result.status is Status.LEXICON)
        self._words.remember(found.items())
        known.update(found)
        return [known[word] for word in distinct]


def _joined(arrays: list[pa.Array]) -> pa.Array:
    return pa.concat_arrays(arrays) if arrays else pa.array([], pa.string())
