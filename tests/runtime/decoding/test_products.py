"""The best products of a name's parts, against the products of all of them."""

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from hayakana import Candidate
from hayakana.decoding.products import Scored, as_candidates, best_products


def ranked(texts: dict[str, int]) -> list[Scored]:
    return sorted((Scored(text, -float(cost)) for text, cost in texts.items()), key=lambda one: -one.log_probability)


# Whole numbers, so that sums are exact; few letters and no separator, so that one text comes of several pairs.
PART = st.dictionaries(st.text("アイ", min_size=1, max_size=3), st.integers(0, 6), min_size=1, max_size=5).map(ranked)


@given(st.lists(PART, min_size=1, max_size=4), st.sampled_from(["", "・"]), st.integers(1, 12))
def test_the_best_products_are_the_best_of_all(parts: list[list[Scored]], separator: str, count: int) -> None:
    best_of_text: dict[str, float] = {}
    for chosen in itertools.product(*parts):
        text = separator.join(one.text for one in chosen)
        score = sum(one.log_probability for one in chosen)
        best_of_text[text] = max(score, best_of_text.get(text, -math.inf))
    found = best_products(parts, [separator] * (len(parts) - 1), count=count)
    assert [one.log_probability for one in found] == sorted(best_of_text.values(), reverse=True)[:count]
    assert len({one.text for one in found}) == len(found)
    assert all(best_of_text[one.text] == one.log_probability for one in found)


def test_equals_come_in_the_order_of_their_first_parts() -> None:
    part = ranked({"ア": 0, "イ": 1})
    found = best_products([part, part], ["＝"], count=4)
    assert [one.text for one in found] == ["ア＝ア", "ア＝イ", "イ＝ア", "イ＝イ"]


def test_a_part_without_candidates_leaves_the_name_without() -> None:
    assert best_products([ranked({"ア": 0}), []], ["・"], count=3) == []
    assert best_products([[], ranked({"ア": 0})], ["・"], count=3) == []


def test_many_parts_are_no_explosion_and_no_zero_before_the_end() -> None:
    part = ranked({"ア": 1, "イ": 2, "ウ": 3})
    found = best_products([part] * 2_000, ["・"] * 1_999, count=3)
    assert found[0] == Scored("・".join("ア" * 2_000), -2_000.0)
    assert [one.log_probability for one in found] == [-2_000, -2_001, -2_001]
    assert as_candidates(found)[0] == Candidate(found[0].text, 0.0)


def test_a_candidate_has_its_probability() -> None:
    assert as_candidates([Scored("ア", 0.0), Scored("イ", math.log(0.25))]) == (
        Candidate("ア", 1.0),
        Candidate("イ", 0.25),
    )
