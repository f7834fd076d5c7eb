"""What is slow says so: a test without the mark ``slow`` that starts a process fails; see CONTRIBUTING.md."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

STARTS = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system")
"""Events of Python's audit hooks that say that a process is being started."""

RUNNING: list[pytest.Item] = []
"""The test that runs, if it is none of the slow ones."""


def _refuse(event: str, _: object) -> None:
    # RUNNING comes first: it is None when Python ends, which hooks hear of too.
    if RUNNING and event in STARTS:
        pytest.fail("a test that starts a process is slow: give it @pytest.mark.slow", pytrace=False)


sys.addaudithook(_refuse)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    # The hook hears of the tests of all folders.
    is_here = item.path.is_relative_to(Path(__file__).parent)
    RUNNING[:] = [item] if is_here and not item.get_closest_marker("slow") else []
    try:
        return (yield)
    finally:
        RUNNING.clear()
