import numpy as np
import pytest
from benchmarks.harness.samples import distinct_parts, full_names, length_histogram, synthetic_parts
from benchmarks.harness.trigrams import LONGEST, draw, third_letters, unpack
from benchmarks.sides.engine import ONE_BY_ONE, WARM_UP
from numpy.typing import NDArray

from hayakana_training.data.unlabelled_names import census_parts


@pytest.fixture(scope="module")
def third() -> NDArray[np.uint8]:
    return third_letters(census_parts())


def test_distinct_parts_are_distinct_short_enough_and_the_same_for_a_seed() -> None:
    parts = distinct_parts(1000, seed=1, longest=8)
    assert len(set(parts)) == 1000
    assert max(map(len, parts)) <= 8
    assert parts == distinct_parts(1000, seed=1, longest=8) != distinct_parts(1000, seed=2, longest=8)


def test_full_names_come_as_often_as_people_bear_them() -> None:
    names = full_names(20_000, seed=1)
    assert names == full_names(20_000, seed=1)
    families = [name.split()[1] for name in names]
    # Smith is 1.006 of 90.483 percent: 222 of 20,000, with a standard deviation of 15.
    assert 160 < families.count("Smith") < 290
    assert len(set(families)) < 10_000


def test_synthetic_parts_are_distinct_and_the_same_for_a_seed(third: NDArray[np.uint8]) -> None:
    names = unpack(draw(third, 50_000, seed=1))
    assert len(set(names)) == 50_000
    assert {len(name) for name in names} <= set(range(2, LONGEST + 1))
    assert all(name.isalpha() and name.isascii() and name.istitle() for name in names)
    assert names == unpack(draw(third, 50_000, seed=1))


def test_the_first_synthetic_parts_are_as_long_as_all(third: NDArray[np.uint8]) -> None:
    lengths = np.array([len(name) for name in unpack(draw(third, 100_000, seed=1))])
    assert abs(lengths[:10_000].mean() - lengths.mean()) < 0.1


def test_a_trigram_model_writes_no_trigram_that_it_has_not_seen() -> None:
    names = unpack(draw(third_letters(["abab"]), 6, seed=1))
    assert sorted(names, key=len) == [("ab" * pairs).capitalize() for pairs in range(1, 7)]


def test_all_names_come_in_their_order(third: NDArray[np.uint8]) -> None:
    assert list(synthetic_parts(250_000, seed=1)) == unpack(draw(third, 250_000, seed=1))


def test_names_that_warm_up_are_in_no_sample() -> None:
    assert len(set(WARM_UP)) == len(WARM_UP)
    assert set(ONE_BY_ONE) < set(WARM_UP)
    assert not any("qx" in part.lower() for part in census_parts())


def test_names_that_warm_up_have_all_lengths_in_every_stretch() -> None:
    lengths = {len(name) for name in WARM_UP}
    assert {len(name) for name in ONE_BY_ONE} == lengths == set(range(2, 14))
    half = len(WARM_UP) // 2
    for stretch in (WARM_UP[:half], WARM_UP[half:]):
        assert {len(name) for name in stretch} >= lengths - {2}


def test_a_histogram_counts_lengths_in_their_order() -> None:
    assert list(length_histogram(["abc", "a", "abd"]).items()) == [("1", 1), ("3", 2)]
