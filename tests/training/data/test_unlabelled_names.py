import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from hayakana_training.data.unlabelled_names import NameGenerator

NAMES = ["maria", "mario", "marion", "anna", "annette", "anton", "josé", "jorge", "o'brien"]


def test_the_same_seed_draws_the_same_names() -> None:
    first, again, other = (
        list(itertools.islice(NameGenerator(NAMES).draw(seed=seed, longest=12), 50)) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_names_are_mostly_new_and_of_the_same_letters() -> None:
    drawn = list(itertools.islice(NameGenerator(NAMES).draw(seed=1, longest=12), 300))
    assert set("".join(drawn)) <= set("".join(NAMES))
    assert len(set(drawn) - set(NAMES)) > 30


@settings(max_examples=20)
@given(st.lists(st.text("abcé'", min_size=2, max_size=6), min_size=1), st.integers(2, 8))
def test_lengths_keep_their_limits(names: list[str], longest: int) -> None:
    for name in itertools.islice(NameGenerator([*names, "ab"]).draw(seed=3, longest=longest), 20):
        assert 2 <= len(name) <= longest
