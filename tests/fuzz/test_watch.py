"""Whoever watches the process that checks cases hears of all that can become of it."""

import contextlib
from pathlib import Path

import pytest
from tests.fuzz.watch import Watch


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    watch = Watch("txt", seed="1", crashes=tmp_path / "crashes", coverage=None)
    yield watch
    watch.close()


def test_cases_are_counted(watch: Watch) -> None:
    watch.run(cases=3)
    watch.close()
    assert watch.figures.inputs == watch.figures.outcomes.total() == 3
    assert watch.figures.seconds > 0
    assert watch.figures.most_memory > 1 << 20


def test_a_process_that_dies_is_a_failure_with_a_case(watch: Watch) -> None:
    watch.run(cases=1)
    watch._child.kill()
    watch._child.wait(60)
    watch.run(cases=2)
    assert watch.figures.failures == {"process ended with -9": 1}
    assert watch.figures.inputs == 3
    (place,) = watch.figures.saved
    assert "number 1, seed 1" in (place / "failure.txt").read_text(encoding="utf-8")


def test_a_process_that_does_not_answer_is_ended(tmp_path: Path) -> None:
    with contextlib.closing(Watch("txt", seed="1", crashes=tmp_path, coverage=None, most_waiting=0)) as watch:
        watch.run(cases=1)
    assert watch.figures.failures == {"hang": 1}
