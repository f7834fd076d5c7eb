import pytest
from benchmarks.harness.rounds import Side, interleave, ratios, summary


def orders(sides: str, *, rounds: int) -> list[str]:
    """The order of each round."""
    ran: list[str] = []
    interleave({name: Side(1, lambda name=name: ran.append(name) or 1.0) for name in sides}, rounds=rounds)
    return ["".join(ran[start : start + len(sides)]) for start in range(0, len(ran), len(sides))]


def test_every_side_runs_once_a_round_in_orders_that_are_the_same_in_every_run() -> None:
    found = orders("abc", rounds=4)
    assert [sorted(order) for order in found] == [["a", "b", "c"]] * 4
    assert found == orders("abc", rounds=4)


def test_no_side_always_follows_the_same_one() -> None:
    found = orders("abcdefgh", rounds=5)
    for side in "abcdefgh":
        assert len({order.partition(side)[0][-1:] for order in found}) > 1


def test_a_rate_is_the_amount_over_the_seconds_of_that_round() -> None:
    seconds = iter([2.0, 4.0])
    rates = interleave({"side": Side(100, lambda: next(seconds))}, rounds=2)
    assert rates == {"side": [50.0, 25.0]}


def test_a_ratio_is_taken_within_its_round() -> None:
    # Both slow down by ten in the second round: the ratio does not notice.
    assert ratios([100.0, 10.0], [50.0, 5.0]) == [2.0, 2.0]
    with pytest.raises(ValueError, match="zip"):
        ratios([1.0], [1.0, 2.0])


def test_a_summary_keeps_every_repetition_in_order() -> None:
    assert summary([3.0, 1.0, 2.123456]) == {"median": 2.1235, "min": 1.0, "max": 3.0, "all": [3.0, 1.0, 2.1235]}
