"""Real worker processes: what they answer, how they end, and what is said when they end too soon."""

import contextlib
import importlib
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest
from tests.engines import in_windows
from tests.processes import started

from hayakana import (
    ClosedError,
    ModelError,
    ModelFilesError,
    ModelNotFoundError,
    Transliterator,
    UnreadableNameError,
    WorkerDiedError,
)
from hayakana.engine.column import KatakanaColumn
from hayakana.engine.options import Options
from hayakana.engine.team import Team
from hayakana.engine.worker_processes import Patience, StoppedError, is_stopped, wait_for
from hayakana.engine.workers import Workers
from hayakana.transliterator import team_of

pytestmark = pytest.mark.slow

PROBLEMS = ["", "2Pac", "a" * 25, "a\udcffb", "山田 太郎", "Mori 山", "Peter 😀", "Mori\nTanaka", "山田\n太郎"]
NAMES = [
    f"{first}{between}{last}" for first in ("Mori", "kato", "Shin'a") for between in " -" for last in ("TANAKA", "k")
]


@pytest.fixture(scope="module")
def two(tiny_folder: Path) -> Iterator[Transliterator]:
    with Transliterator(tiny_folder, workers=2) as transliterator:
        yield transliterator


def processes(transliterator: Transliterator) -> list["subprocess.Popen[bytes]"]:
    return team_of(transliterator).workers().processes


def assert_all_closed(processes: list["subprocess.Popen[bytes]"]) -> None:
    """Nothing is left of them, neither in the system nor for the garbage collector to warn of."""
    for process in processes:
        assert process.returncode is not None
        assert process.stdin is not None
        assert process.stdin.closed
        assert process.stdout is not None
        assert process.stdout.closed


def test_workers_give_what_one_process_gives(tiny: Transliterator, two: Transliterator) -> None:
    assert len(processes(two)) == 2
    names = (NAMES + PROBLEMS) * 3
    expected = tiny.transliterate_detailed(names)
    results = two.transliterate_detailed(names)
    assert [(result.name, result.text, result.status) for result in results] == [
        (result.name, result.text, result.status) for result in expected
    ]
    for result, same in zip(results, expected, strict=True):
        assert type(result.error) is type(same.error)
        assert str(result.error) == str(same.error)
        assert result.error is None or vars(result.error) == vars(same.error)
    for on_error in ("keep", "empty"):
        assert two.transliterate(names, on_error=on_error) == tiny.transliterate(names, on_error=on_error)
    assert two.device == "cpu"


def test_many_small_windows_keep_their_order(tiny: Transliterator, two: Transliterator) -> None:
    names = [first + second for first in NAMES for second in NAMES]
    expected = tiny.transliterate(names)
    assert [result.text for result in in_windows(two, names, window=3)] == expected
    assert two.transliterate([]) == two.transliterate_detailed([]) == []
    assert two(names[0]) == expected[0]


def test_line_breaks_in_names_and_in_katakana_come_through(tiny_folder: Path) -> None:
    with Transliterator(tiny_folder, workers=2, separator="\n", hyphen="") as transliterator:
        katakana = transliterator.transliterate(["Mori Tanaka", "Kato-Sato", "Mori\nKato", "mori"])
    assert katakana == ["モリ\nタナカ", "カトサト", "モリ\nカト", "モリ"]


class Name(str):
    """No worker can import it."""

    __slots__ = ()


def test_names_of_a_class_of_the_callers_are_read_like_others(tiny: Transliterator, two: Transliterator) -> None:
    names = [Name("Mori"), Name("Kato\nSato")]
    assert two.transliterate(names) == tiny.transliterate(names)


def test_the_first_error_is_raised(two: Transliterator) -> None:
    with pytest.raises(UnreadableNameError) as caught:
        two.transliterate([*NAMES, "Mori 1", *NAMES, "Mori 2", ""])
    assert (caught.value.name, caught.value.characters) == ("Mori 1", "1")
    assert two("Mori") == "モリ"


def test_many_threads_share_the_workers(tiny: Transliterator, two: Transliterator) -> None:
    lists = [NAMES[start:] for start in range(len(NAMES))] * 4
    expected = [tiny.transliterate(names) for names in lists]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(two.transliterate, lists)) == expected


def test_a_pickle_carries_the_number_of_workers(two: Transliterator) -> None:
    with pickle.loads(pickle.dumps(two)) as again:
        assert len(processes(again)) == 2
        assert {process.pid for process in processes(again)}.isdisjoint(process.pid for process in processes(two))
        assert again.transliterate(NAMES) == two.transliterate(NAMES)


def test_close_ends_the_workers(tiny_folder: Path) -> None:
    with Transliterator(tiny_folder, workers=2) as transliterator:
        workers = processes(transliterator)
        assert [process.poll() for process in workers] == [None, None]
    assert [process.returncode for process in workers] == [0, 0]
    assert_all_closed(workers)
    for use in (
        lambda: transliterator("mori"),
        lambda: transliterator.transliterate(NAMES),
        lambda: transliterator.device,
    ):
        with pytest.raises(ClosedError):
            use()
    transliterator.close()


@pytest.mark.parametrize(("lost", "error"), [(".", ModelNotFoundError), ("encoder.onnx", ModelFilesError)])
def test_a_model_that_vanishes_before_the_workers_read_it(
    tiny_folder: Path, tmp_path: Path, lost: str, error: type[ModelError]
) -> None:
    folder = Path(shutil.copytree(tiny_folder, tmp_path / "model"))
    options = Options(str(folder), workers=2)
    shutil.rmtree(folder) if lost == "." else (folder / lost).unlink()
    with pytest.raises(error, match="model"):
        Team(options)


# What ends too soon, or talks too much: a module of a test's own, which a worker finds as this process does.

ODD_ONES = """
import os, signal, sys, time
from hayakana.engine.column import KatakanaColumn

class Odd:
    device, parser, manifest = "odd", None, None
    def __init__(self):
        print("a library says hello", flush=True)
        os.write(1, b"so does another\\n")
    def transliterate_window(self, names, details):
        if names == ["die"]:
            os.kill(os.getpid(), signal.SIGKILL)
        if names == ["exit"]:
            os._exit(3)
        for path in names[1:] if names[0] in ("stop", "sleep") else ():
            open(path, "w").close()
        if names[0] == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        if names[0] == "sleep":
            time.sleep(600)
        if names == ["raise oddly"]:
            raise OddError("no room", of="a class that nobody can unpickle")
        if names == ["raise"]:
            raise MemoryError("no room")
        print("hello again", flush=True)
        return KatakanaColumn([name.upper() for name in names], {}, frozenset())

class OddError(Exception):
    def __init__(self, text, *, of):
        super().__init__(text)

def fail():
    os._exit(3)

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def stop():
    os.kill(os.getpid(), signal.SIGSTOP)
"""


@pytest.fixture
def odd_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "hayakana_odd_ones.py").write_text(ODD_ONES, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("hayakana_odd_ones")
    del sys.modules["hayakana_odd_ones"]


def test_what_a_worker_prints_is_not_among_its_answers(odd_ones: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    workers = Workers(odd_ones.Odd, count=1)
    assert workers.device == "odd"
    assert [column.texts for column in workers.transliterate_windows([["a"], ["b", "c"]])] == [["A"], ["B", "C"]]
    workers.close()
    out, err = capfd.readouterr()
    assert out == ""
    assert sorted(err.splitlines()) == sorted(["a library says hello", "so does another", *["hello again"] * 2])


def test_what_a_worker_raises_is_raised_here_and_it_goes_on(odd_ones: ModuleType) -> None:
    workers = Workers(odd_ones.Odd, count=1)
    with pytest.raises(MemoryError, match="no room"):
        list(workers.transliterate_windows([["raise"]]))
    assert list(workers.transliterate_windows([["a"]])) == [KatakanaColumn(["A"], {}, frozenset())]
    workers.close()


def test_what_a_worker_raises_and_cannot_be_unpickled_is_said(odd_ones: ModuleType) -> None:
    workers = Workers(odd_ones.Odd, count=1)
    with pytest.raises(RuntimeError, match=r"^OddError in a worker process: no room$"):
        list(workers.transliterate_windows([["raise oddly"]]))
    assert list(workers.transliterate_windows([["a"]])) == [KatakanaColumn(["A"], {}, frozenset())]
    workers.close()


@pytest.mark.parametrize(("window", "cause"), [("die", "was ended by SIGKILL"), ("exit", "ended with exit code 3")])
def test_a_worker_that_dies_at_work(odd_ones: ModuleType, window: str, cause: str) -> None:
    workers = Workers(odd_ones.Odd, count=2)
    with pytest.raises(WorkerDiedError, match=cause):
        list(workers.transliterate_windows([["a"], [window], ["b"]]))
    for _ in range(3):
        with pytest.raises(WorkerDiedError, match=cause):
            list(workers.transliterate_windows([["a"]]))
    workers.close()
    assert_all_closed(workers.processes)


def test_a_worker_that_dies_before_it_is_ready(odd_ones: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)
            noted.append(self)

    monkeypatch.setattr("hayakana.engine.worker_processes.subprocess.Popen", Noted)
    with pytest.raises(WorkerDiedError, match="ended with exit code 3"):
        Workers(odd_ones.fail, count=2)
    assert len(noted) == 2
    assert_all_closed(noted)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        ("fail", "ended with exit code 3 before it was ready: what it wrote on standard error says why"),
        ("die", "was ended by SIGKILL before it was ready: .* with fewer workers if memory ran out"),
    ],
)
def test_the_end_of_a_worker_that_is_not_ready_is_said(odd_ones: ModuleType, make: str, said: str) -> None:
    with pytest.raises(WorkerDiedError, match=said):
        Workers(getattr(odd_ones, make), count=2)


# Time passes faster: a look at a silent worker is what counts.
SOON = Patience(look_s=0.05)
NO_PATIENCE = Patience(goodbye_s=0.2)


def test_a_worker_that_is_stopped_at_work_is_given_up(odd_ones: ModuleType) -> None:
    workers = Workers(odd_ones.Odd, count=2, patience=SOON)
    for _ in range(2):
        with pytest.raises(WorkerDiedError, match=r"was stopped .*what it worked on is not done: make a new"):
            list(workers.transliterate_windows([["a"], ["stop"], ["b"]]))
    workers.close()
    assert_all_closed(workers.processes)


def test_a_worker_that_is_stopped_before_it_is_ready_is_given_up(odd_ones: ModuleType) -> None:
    with pytest.raises(WorkerDiedError, match="was stopped"):
        Workers(odd_ones.stop, count=1, patience=SOON)


def test_a_worker_that_is_stopped_while_a_window_that_no_pipe_holds_is_sent(odd_ones: ModuleType) -> None:
    workers = Workers(odd_ones.Odd, count=1, patience=SOON)
    os.kill(workers.processes[0].pid, signal.SIGSTOP)
    with pytest.raises(WorkerDiedError, match="was stopped"):
        list(workers.transliterate_windows([["a" * 10_000_000]]))
    workers.close()
    assert_all_closed(workers.processes)


def test_a_worker_that_goes_on_in_time_has_its_answer_heard(odd_ones: ModuleType) -> None:
    workers = Workers(odd_ones.Odd, count=1, patience=Patience(look_s=0.1))
    stopped = threading.Event()

    def let_go_on() -> None:
        while not stopped.wait(0.01):
            if is_stopped(workers.processes[0]):
                os.kill(workers.processes[0].pid, signal.SIGCONT)

    thread = threading.Thread(target=let_go_on)
    thread.start()
    try:
        assert [column.texts for column in workers.transliterate_windows([["stop"], ["b"]])] == [["STOP"], ["B"]]
    finally:
        stopped.set()
        thread.join(60)
        workers.close()


@pytest.fixture
def silent() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that says nothing until it is told to end."""
    with started([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.mark.parametrize(
    ("looks", "is_given_up"),
    [
        ([True] * 10, True),
        ([True] * 9 + [False] + [True] * 10, True),
        ([True] * 9 + [False] + [True] * 9 + [False], False),  # Looks at a worker that went on do not add up.
        ([False] * 100, False),  # It may be at work on what takes long.
    ],
)
def test_a_worker_is_given_up_after_ten_looks_in_a_row(
    silent: "subprocess.Popen[bytes]", looks: list[bool], is_given_up: bool
) -> None:
    read, write = os.pipe()
    left = list(looks)

    def look(_: "subprocess.Popen[bytes]") -> bool:
        if len(left) == 1:
            os.write(write, b"done")
        return left.pop(0)

    ends = pytest.raises(StoppedError) if is_given_up else contextlib.nullcontext()
    with os.fdopen(read, "rb", buffering=0) as pipe, os.fdopen(write, "wb"), ends:
        wait_for(silent, pipe, Patience(look_s=0.001), is_stopped=look)
    assert not left


def test_whether_a_process_is_stopped_can_be_asked_again_and_again(silent: "subprocess.Popen[bytes]") -> None:
    assert not is_stopped(silent)
    os.kill(silent.pid, signal.SIGSTOP)
    while not is_stopped(silent):
        time.sleep(0.01)
    assert is_stopped(silent)
    os.kill(silent.pid, signal.SIGCONT)
    while is_stopped(silent):
        time.sleep(0.01)
    silent.communicate(b"end\n", timeout=60)
    assert (silent.returncode, is_stopped(silent)) == (0, False)


@pytest.mark.parametrize("state", ["stopped at rest", "stopped at work", "busy"])
def test_close_ends_whatever_the_workers_do(odd_ones: ModuleType, tmp_path: Path, state: str) -> None:
    workers = Workers(odd_ones.Odd, count=2, patience=NO_PATIENCE)
    begun = tmp_path / "begun"
    errors: list[BaseException] = []

    def work() -> None:
        try:
            list(workers.transliterate_windows([["sleep" if state == "busy" else "stop", str(begun)]]))
        except BaseException as error:  # noqa: BLE001  (asserted below)
            errors.append(error)

    thread = threading.Thread(target=work)
    if state == "stopped at rest":
        for process in workers.processes:
            os.kill(process.pid, signal.SIGSTOP)
    else:
        thread.start()
        while not begun.exists():
            time.sleep(0.01)
    workers.close()
    assert_all_closed(workers.processes)
    if state != "stopped at rest":
        thread.join(60)
        assert [type(error) for error in errors] == [ClosedError]


def test_close_lets_a_window_be_done(odd_ones: ModuleType) -> None:
    workers = Workers(odd_ones.Odd, count=1)
    columns = workers.transliterate_windows([["a"], *[[f"b{number}"] for number in range(20_000)]])
    assert next(columns).texts == ["A"]
    workers.close()
    assert [process.returncode for process in workers.processes] == [0]
    with pytest.raises(ClosedError):
        list(columns)


def test_a_worker_that_was_killed_while_it_had_nothing_to_do(tiny_folder: Path) -> None:
    with Transliterator(tiny_folder, workers=2) as transliterator:
        workers = processes(transliterator)
        assert transliterator.transliterate(NAMES)
        os.kill(workers[0].pid, signal.SIGKILL)
        with pytest.raises(WorkerDiedError, match=rf"{workers[0].pid} was ended by SIGKILL"):
            transliterator.transliterate(NAMES)
        for use in (transliterator.transliterate, transliterator.transliterate_detailed):
            with pytest.raises(WorkerDiedError, match="SIGKILL"):
                use(["mori"])
    assert_all_closed(workers)
    with pytest.raises(ClosedError):
        transliterator("mori")
