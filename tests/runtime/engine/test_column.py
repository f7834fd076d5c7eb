"""What becomes of a list: by column, and as if its names had come one by one."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import in_windows

from hayakana import Candidate, Lexicon, Status, Transliteration, Transliterator
from hayakana.engine.column import KatakanaColumn
from hayakana.errors import EmptyNameError, NameTooLongError, UnfinishedNameError, UnreadableNameError

NAMES = ["mori", "", "山田", "2", "aaa", "kkk", "kato"]
ERRORS = {
    5: UnfinishedNameError("not finished", name="kkk", limit=2),
    1: EmptyNameError("empty", name=""),
    4: NameTooLongError("long", name="aaa", limit=2),
    3: UnreadableNameError("no", name="2", characters="2"),
}


def column() -> KatakanaColumn:
    return KatakanaColumn(
        ["モリ", None, "山田", None, None, None, "カト"], dict(ERRORS), frozenset({2}), frozenset({0})
    )


def test_every_name_has_a_status_of_its_own() -> None:
    assert column().detailed(NAMES) == [
        Transliteration("mori", "モリ", Status.LEXICON),
        Transliteration("", None, Status.EMPTY, ERRORS[1]),
        Transliteration("山田", "山田", Status.KEPT),
        Transliteration("2", None, Status.UNREADABLE, ERRORS[3]),
        Transliteration("aaa", None, Status.TOO_LONG, ERRORS[4]),
        Transliteration("kkk", None, Status.UNFINISHED, ERRORS[5]),
        Transliteration("kato", "カト", Status.OK),
    ]


def test_kept_and_listed_names_keep_their_probability_and_candidates() -> None:
    candidates = [(Candidate("モリ", 1.0),), (), (Candidate("山田", 1.0),), (), (), (), (Candidate("カト", 0.5),)]
    probabilities = np.array([1, 1, 1, 1, 1, 1, 0.25])
    detailed = dataclasses.replace(column(), probabilities=probabilities, candidates=candidates).detailed(NAMES)
    assert detailed[0] == Transliteration("mori", "モリ", Status.LEXICON, None, 1.0, candidates[0])
    assert detailed[1] == Transliteration("", None, Status.EMPTY, ERRORS[1])
    assert detailed[2] == Transliteration("山田", "山田", Status.KEPT, None, 1.0, candidates[2])
    assert detailed[6] == Transliteration("kato", "カト", Status.OK, None, 0.25, candidates[6])


def test_what_becomes_of_a_name_without_a_text_is_chosen() -> None:
    assert column().resolved(NAMES, on_error="keep") == ["モリ", "", "山田", "2", "aaa", "kkk", "カト"]
    assert column().resolved(NAMES, on_error="empty") == ["モリ", "", "山田", "", "", "", "カト"]
    with pytest.raises(EmptyNameError) as caught:
        column().resolved(NAMES, on_error="raise")
    assert caught.value is ERRORS[1]
    fine = KatakanaColumn(["モリ", "山田"], {}, frozenset({1}))
    assert fine.resolved(["mori", "山田"], on_error="raise") == ["モリ", "山田"]


LEXICON = Lexicon.of(
    {"Mori": "モーリ", "a": "ア", "mori kato": "モリカト", "山田": "ヤマダ", "7": "ナナ", "k" * 25: "ク"}
)


@pytest.fixture(scope="module", params=["tiny", "seed", "tiny and a lexicon", "seed and a lexicon"])
def one_of_each(request: pytest.FixtureRequest, tiny_folder: Path) -> Transliterator:
    """A model whose unit is the part, and one whose unit is the name; nothing is remembered, so all is decoded."""
    model, *lexicon = request.param.split(" and ")
    return Transliterator(
        tiny_folder if model == "tiny" else "seed", cache_size=0, lexicon=LEXICON if lexicon else None
    )


LISTS = st.lists(
    st.text(st.sampled_from("aikmnorstAIKMNORST'é -"), max_size=14)
    | st.text(st.sampled_from("aikOéßıŒǆ'’ -–.\n\u3000かナー山😀\ud800\u0301\u00ad7"), max_size=8)
    | st.sampled_from(["k" * 24, "k" * 25, "mori kato", "mori " * 12, "山田 太郎", "山田\n太郎", "Mori 山田"])
    | st.sampled_from(["Mori", "MORI KATO", "TK Mori", "MORI TK", "Mori II", "Mori y Kato", "J. Mori", "Mori 7"]),
    max_size=30,
)


@settings(max_examples=60)
@given(LISTS, st.integers(1, 12))
def test_a_list_gives_what_its_names_give_one_by_one(
    one_of_each: Transliterator, names: list[str], window: int
) -> None:
    expected = [one_of_each.transliterate_detailed([name])[0] for name in names]
    results = in_windows(one_of_each, names, window=window)
    assert [(result.name, result.text, result.status) for result in results] == [
        (result.name, result.text, result.status) for result in expected
    ]
    for result, same in zip(results, expected, strict=True):
        assert (type(result.error), str(result.error)) == (type(same.error), str(same.error))
        assert result.error is None or vars(result.error) == vars(same.error)
