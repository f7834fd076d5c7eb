"""What of an array of words is told by Arrow's kernels is what the parser says of each."""

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hayakana import Transliterator
from hayakana.batch.arrow.answers import Answerer
from hayakana.batch.arrow.judging import stand_alone
from hayakana.names.normalization import LONGEST_NAME
from hayakana.names.parsing import NameParser

KNOWN = frozenset("abcdefghijklmnopqrstuvwxyzé'- ")
WORDS = st.one_of(
    st.text("abBCIVXyé'-.山２ ", max_size=4),
    st.text(st.characters(codec="utf-8"), max_size=4),
    st.sampled_from(
        ["Peter", "PETER", "II", "JFK", "McX", "ŁÓ", "ß", "ﬁ", "ａｂ", "山田", "of", "OF", "De", "in", "In"]
    ),
)


@given(
    words=st.lists(WORDS),
    lexicon=st.sampled_from([{}, {"ann": "アン"}, {"b c": "ビシ", "a": "ア"}]),
    whole_names=st.booleans(),
)
@example(words=["Peter"], lexicon={}, whole_names=True)
def test_words_that_stand_alone_are_told_as_the_reader_tells_them(
    *, words: list[str], lexicon: dict[str, str], whole_names: bool
) -> None:
    parser = NameParser(KNOWN, limit=8, whole_names=whole_names, lexicon=lexicon)
    assert stand_alone(pa.array(words, pa.string()), parser).tolist() == list(map(parser.stands_alone, words))


@pytest.mark.parametrize("words", [[], ["Peter"], ["J"]])
def test_few_words(words: list[str]) -> None:
    parser = NameParser(KNOWN, limit=8, whole_names=False)
    assert stand_alone(pa.array(words, pa.string()), parser).tolist() == list(map(parser.stands_alone, words))


def test_a_name_that_is_too_long_is_so_in_a_table_too(tiny: Transliterator) -> None:
    names = ["Mori " * LONGEST_NAME, "Mori", None, "é" * LONGEST_NAME, "Mori " + " " * (LONGEST_NAME - 5)]
    answers = Answerer(tiny).answers(pa.array(names))
    assert answers.statuses.to_pylist() == ["too_long", "ok", "missing", "too_long", "ok"]
    assert answers.texts.to_pylist() == [None, "モリ", None, None, "モリ"]
