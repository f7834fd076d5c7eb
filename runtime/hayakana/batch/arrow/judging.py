"""What Arrow's kernels, and tables of words, say about names: which words stand alone, and which names go whole."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hayakana.batch.arrow.words import ANCHOR, PARTICLE, Words
from hayakana.names.known_names import KnownNames
from hayakana.names.normalization import LONGEST_NAME
from hayakana.names.parsing import NameParser
from hayakana.names.particles import BY_SIGNS, WORDS_OF_LANGUAGES, signs_of_word
from hayakana.names.rules import BESIDE_OTHERS, SMALL_WORDS
from hayakana.names.syllabaries import signs

_AT_ONCE = 4_096
"""Words whose parts are strings of Python at once, so that these take no memory to speak of."""


def keys_of(words: pa.StringArray, language: str) -> pa.StringArray:
    """Return what each of ``words`` is remembered by under a hint of ``language``, which is empty where there is none.

    No word has a space in it, so only such a key has one.
    """
    return pc.binary_join_element_wise(language, words, " ") if language else words


def words_of(keys: pa.StringArray, language: str) -> pa.StringArray:
    """Return the words that were given to ``keys_of``."""
    return pc.utf8_slice_codeunits(keys, len(language) + 1) if language else keys


def language_of_key(key: str) -> str:
    """Return the language that was given to ``keys_of``."""
    return key.rpartition(" ")[0]


def ends(words: list[str], parser: NameParser, known: KnownNames) -> NDArray[np.int64]:
    """Return the numbers of the first and the last part of each of ``words``, ``(2, words)``: see ``Learnt.ends``."""
    numbers = np.empty((2, len(words)), np.int64)
    for start in range(0, len(words), _AT_ONCE):
        firsts, lasts = zip(*map(parser.ends_of, words[start : start + _AT_ONCE]), strict=True)
        numbers[:, start : start + len(firsts)] = known.ids_of_first(firsts), known.ids_of_last(lasts)
    return numbers


def are_particles(words: pa.StringArray) -> NDArray[np.bool_]:
    """Return which of ``words`` are particles that other words of a name may decide on (rule 14)."""
    are_there: NDArray[np.bool_] = pc.is_in(pc.ascii_lower(words), pa.array(sorted(BY_SIGNS))).to_numpy(
        zero_copy_only=False
    )
    return are_there


def may_be_known(
    known: KnownNames, words: Words, indices: NDArray[np.int32], offsets: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Return which names may be known whole (rule 22), ``(names,)``.

    The words of each name are at ``indices`` of ``words``, from one of ``offsets`` to the next.
    """
    if not len(indices):
        return np.zeros(len(offsets) - 1, np.bool_)
    # A name without words gets those of a neighbour: it has not several.
    firsts, lasts = (indices.take(places, mode="clip") for places in (offsets[:-1], offsets[1:] - 1))
    return known.are_pairs(words.ends, firsts, lasts) & (np.diff(offsets) > 1)


def may_go_by_syllables(words: Words, indices: NDArray[np.int32], offsets: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which names may be told by their syllables (rule 23), ``(names,)``; arguments as above."""
    may_be = np.zeros(len(offsets) - 1, np.bool_)
    names = _names_with(ANCHOR, words, indices, offsets)
    names = names[offsets[names + 1] - offsets[names] > 1]
    if len(names):
        places, lengths = _places_in(names, offsets)
        found = map(signs.signs_of_word, words.words.take(pa.array(indices[places])).to_pylist())
        may_be[names] = signs.which_may_be_unmistakable(np.fromiter(found, np.uint8, len(places)), lengths)
    return may_be


def go_by_signs(
    words: Words, indices: NDArray[np.int32], offsets: NDArray[np.int32], *, language: str
) -> NDArray[np.bool_]:
    """Return which names have ``de`` or ``van``, and a word beside it that may have a say in it (rule 14).

    Arguments and result are as above. ``language`` is that of a hint. What that decides, no word has a say in.
    """
    go = np.zeros(len(offsets) - 1, np.bool_)
    names = _names_with(PARTICLE, words, indices, offsets)
    if not len(names):
        return go
    places, lengths = _places_in(names, offsets)
    distinct, of_names = np.unique(indices[places], return_inverse=True)
    texts = words_of(words.words.take(pa.array(distinct)), language).to_pylist()
    signs_of_texts = list(map(signs_of_word, texts))
    firsts = np.cumsum(lengths) - lengths
    for particle in BY_SIGNS.difference(WORDS_OF_LANGUAGES.get(language, ())):
        is_particle = np.array([text.lower() == particle for text in texts])[of_names]
        is_sign = np.array([particle in found for found in signs_of_texts])[of_names]
        go[names] |= np.logical_or.reduceat(is_particle, firsts) & np.logical_or.reduceat(is_sign, firsts)
    return go


def _names_with(mark: int, words: Words, indices: NDArray[np.int32], offsets: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the names that have a word with ``mark``: few, in most lists."""
    are_marked = (words.marks & mark) > 0
    if not are_marked.any():
        return np.array([], np.int64)
    marked = np.flatnonzero(are_marked.take(indices, mode="clip"))
    names = np.unique(np.searchsorted(offsets, marked, side="right") - 1)
    return names[(names >= 0) & (names < len(offsets) - 1)]


def _places_in(names: NDArray[np.int64], offsets: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the words of ``names`` among all words, and how many words each name has: one at least."""
    lengths = (offsets[names + 1] - offsets[names]).astype(np.int64)
    firsts = np.cumsum(lengths) - lengths
    return np.repeat(offsets[names] - firsts, lengths) + np.arange(lengths.sum()), lengths


def products(log_probabilities: NDArray[np.float64], offsets: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the product of the probabilities from each of ``offsets`` to the next; 1 where there is none."""
    sums = np.concatenate([[0.0], np.cumsum(log_probabilities)])[offsets]
    return np.exp(np.minimum(np.diff(sums), 0.0))


def are_too_long(names: pa.StringArray) -> pa.BooleanArray | None:
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
