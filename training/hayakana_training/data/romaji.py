"""Pairs of Japanese names in romaji, composed by rule: the spellings that names have on passports, in papers and print.

Modified Hepburn, and the Japanese passport regulations, which drop long vowels: おおたに is Ōtani, Otani, Ohtani,
Ootani. The runtime knows the spellings (``names.syllabaries.romaji``). One Katakana is given for each spelling, that of
the most frequent reading, since a name has one answer.
"""

import itertools
from collections.abc import Mapping

from hayakana.names.syllabaries import japanese_names
from hayakana.names.syllabaries.romaji import spellings
from hayakana_training.data.pairs import DICTIONARY_COUNT, Pair


def pairs(counts: Mapping[str, int]) -> list[Pair]:
    """Return a pair for each spelling of the Katakana in ``counts``, which says how common each Katakana is."""
    best: dict[str, tuple[int, str]] = {}
    for text, count in counts.items():
        for spelling in spellings(text):
            if count > best.get(spelling, (0, ""))[0]:
                best[spelling] = (count, text)
    return [Pair(spelling, text, DICTIONARY_COUNT) for spelling, (_, text) in best.items() if len(text) > 1]


def japanese_name_pairs() -> list[Pair]:
    """Return some 11,000 romanised spellings of Japanese surnames and given names, composed by rule: nobody's data.

    They tell models that may be trained on nothing but public-domain pairs how romaji is read. Models trained on
    enamdict get real names from there, through the same rules. Of names spelled alike, the usual one wins over a
    composed one.
    """
    composed = map(
        "".join,
        itertools.chain(
            itertools.product(japanese_names.SURNAME_BEGINNINGS, japanese_names.SURNAME_ENDINGS),
            itertools.product(japanese_names.GIVEN_BEGINNINGS, japanese_names.GIVEN_ENDINGS),
        ),
    )
    usual = japanese_names.SURNAMES + japanese_names.GIVEN_NAMES
    return pairs(dict.fromkeys(composed, 1) | dict.fromkeys(usual, 2))
