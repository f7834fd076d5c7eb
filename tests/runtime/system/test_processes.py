"""Many threads, a fork, a spawned process, a pickle: where users put a Transliterator."""

import multiprocessing
import os
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from hayakana import NameTooLongError, Transliterator, UnreadableNameError
from hayakana.errors import MissingExtraError

NAMES = ["Tanaka Mori", "Kato-Sato", "ketsu", "shin'a"] * 5


def test_many_threads_share_one(tiny: Transliterator) -> None:
    expected = tiny.transliterate(NAMES)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(tiny.transliterate, [NAMES] * 64)) == [expected] * 64


def test_a_pickle_carries_model_and_options(tiny_folder: Path) -> None:
    original = Transliterator(tiny_folder, separator=" ", hyphen="-", batch_size=3)
    data = pickle.dumps(original)
    assert len(data) < 1_000
    assert pickle.loads(data)("Tanaka Kato-Sato") == original("Tanaka Kato-Sato")


def test_a_bundled_model_is_pickled_by_name() -> None:
    assert os.fsencode(Path(__file__).parent.parent.parent.parent) not in pickle.dumps(Transliterator("seed"))


@pytest.mark.parametrize(
    "error",
    [
        UnreadableNameError("no", name="2", characters="2"),
        NameTooLongError("no", name="aaa", limit=2),
        MissingExtraError("this", extra="plot"),
    ],
)
def test_errors_cross_processes_whole(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


@pytest.mark.slow
def test_a_spawned_pool(tiny: Transliterator) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        assert list(pool.map(tiny.transliterate, [NAMES] * 4)) == [tiny.transliterate(NAMES)] * 4


FORK = """
import os, sys, threading
from hayakana import Transliterator
from hayakana.transliterator import team_of

transliterator = Transliterator(sys.argv[1])
team = team_of(transliterator)
before = team.engine()
assert transliterator("mori") == "モリ"
child = os.fork()
if child == 0:
    results = []
    threads = [threading.Thread(target=lambda: results.append(transliterator("mori"))) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    fresh = team.engine()
    os._exit(0 if results == ["モリ"] * 4 and fresh is not before and team.engine() is fresh else 1)
_, status = os.waitpid(child, 0)
assert team.engine() is before
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.slow
def test_after_a_fork_the_child_opens_its_own_sessions(tiny_folder: Path) -> None:
    subprocess.run([sys.executable, "-c", FORK, str(tiny_folder)], check=True, timeout=60)
