"""A small budget of each door, the same cases every time, and all cases that were ever too much."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from tests.fuzz.cases import KEPT, Case
from tests.fuzz.doors import DOORS

_EXAMPLES = {"list": 15, "folder": 15, "name": 100, "lexicon": 60}
_OF_OTHERS = 25


@pytest.mark.parametrize("door", DOORS)
def test_what_comes_in_is_answered_or_refused(door: str) -> None:
    @settings(
        max_examples=_EXAMPLES.get(door, _OF_OTHERS),
        derandomize=True,  # Others are met by hand: python -m tests.fuzz.
        phases=[Phase.generate],  # Smaller ones of a kind would take minutes to find.
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=False))
    def check(random: Random) -> None:
        case = DOORS[door].make(random)
        note(f"{case.options} {case.files}"[:10_000])
        with TemporaryDirectory() as folder:
            DOORS[door].check(case, Path(folder))

    check()


@pytest.mark.parametrize("place", sorted(path.parent for path in KEPT.glob("*/case.json")), ids=lambda path: path.name)
def test_what_was_too_much_once_is_not_any_more(place: Path, tmp_path: Path) -> None:
    case = Case.load(place)
    DOORS[case.door].check(case, tmp_path)


@pytest.mark.parametrize("door", DOORS)
def test_a_case_is_kept_as_it_is(door: str, tmp_path: Path) -> None:
    case = DOORS[door].make(Random(7))
    assert Case.load(case.save(tmp_path)) == case
    assert DOORS[door].make(Random(7)) == case
