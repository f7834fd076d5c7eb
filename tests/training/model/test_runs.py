"""What a run builds on is told once, nothing of it is lost, and telling it again changes nothing."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hayakana_training.model.run_folder import told_once


def told(name: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"run": name, "config": {"epochs": 1}, "data": data, "history": [{"epoch": 1}]}


def expanded(report: dict[str, Any]) -> Any:
    """``report`` with its runs told inside one another again."""
    runs = report.get("runs", {})

    def inside(value: Any) -> Any:
        if isinstance(value, list):
            return [inside(item) for item in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"run"}:
            return inside(runs[value["run"]])
        return {key: inside(item) for key, item in value.items() if key != "runs"}

    return inside(report)


DATA = st.recursive(
    st.fixed_dictionaries({"pairs": st.integers(0, 3)}),
    lambda data: st.fixed_dictionaries(
        {"pairs": st.integers(0, 3)},
        optional={
            "initial": st.builds(told, st.sampled_from(["a", "b"]), data),
            "labels": st.fixed_dictionaries(
                {"teachers": st.lists(st.builds(told, st.sampled_from(["a", "b"]), data), max_size=2)}
            ),
        },
    ),
    max_leaves=6,
)


@given(DATA)
def test_nothing_is_lost_and_no_run_is_told_twice(report: dict[str, Any]) -> None:
    once = told_once(report)
    assert expanded(once) == report
    of_runs = [json.dumps(run, sort_keys=True) for run in once.get("runs", {}).values()]
    assert len(set(of_runs)) == len(of_runs)


@given(DATA)
def test_what_was_told_once_may_be_built_on(report: dict[str, Any]) -> None:
    once = told_once(report)
    assert told_once(once) == once
    # A run folder holds the one form or the other, and what builds on it tells the same.
    assert told_once({"initial": told("c", once)}) == told_once({"initial": told("c", report)})


def test_a_file_grows_with_the_runs_and_not_with_the_ways_to_them() -> None:
    report: dict[str, Any] = {"pairs": 1}
    for generation in range(12):
        of_run = told(f"run{generation}", report)
        report = {"initial": of_run, "labels": {"teachers": [of_run, of_run]}}
        report = told_once(report)
    assert len(report["runs"]) == 12
    assert len(json.dumps(report)) < 4_000
