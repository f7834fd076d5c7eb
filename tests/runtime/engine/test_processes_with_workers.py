"""Whole processes that have workers: how all of them end, whatever ends first."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.processes import started

pytestmark = pytest.mark.slow


def has_ended(process: int) -> bool:
    """Whether ``process``, some other's child, is gone, or goes within half a minute."""
    for _ in range(300):
        try:
            os.kill(process, 0)
            # Where nobody waits for orphans, one that has ended stays as a zombie.
            if Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False


WITHOUT_A_GUARD = """
import sys
from hayakana import Transliterator
from hayakana.transliterator import team_of

print("main")
transliterator = Transliterator(sys.argv[1], workers=2)
print(*transliterator.transliterate(["Mori", "Tanaka", "Kato-Sato"]))
print(*[process.pid for process in team_of(transliterator).workers().processes])
"""


@pytest.mark.parametrize("given_as", ["file", "argument", "input"])
def test_no_guard_is_needed_and_leaving_ends_the_workers(tiny_folder: Path, tmp_path: Path, given_as: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(WITHOUT_A_GUARD, encoding="utf-8")
    where = {"file": [str(script)], "argument": ["-c", WITHOUT_A_GUARD], "input": ["-"]}[given_as]
    text = WITHOUT_A_GUARD if given_as == "input" else None
    command = [sys.executable, "-X", "utf8", "-W", "error", *where, str(tiny_folder)]
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.stderr == ""
    main, katakana, workers = done.stdout.splitlines()
    assert (main, katakana) == ("main", "モリ タナカ カト＝サト")
    assert len(workers.split()) == 2
    assert all(has_ended(int(worker)) for worker in workers.split())


AT_WORK = """
import sys
from hayakana import Transliterator
from hayakana.transliterator import team_of

transliterator = Transliterator(sys.argv[1], workers=2)
print(*[process.pid for process in team_of(transliterator).workers().processes], flush=True)
while True:
    transliterator.transliterate(["Mori Tanaka"] * 2_000)
"""


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_is_killed_takes_its_workers_with_it(tiny_folder: Path, sent: signal.Signals) -> None:
    command = [sys.executable, "-c", AT_WORK, str(tiny_folder)]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        workers = process.stdout.readline().split()
        process.send_signal(sent)
        _, err = process.communicate(timeout=120)
    assert process.returncode == -sent
    assert err == b""
    assert len(workers) == 2
    assert all(has_ended(int(worker)) for worker in workers)


AT_REST = AT_WORK.partition("while True")[0] + "import signal; signal.pause()"


@pytest.mark.parametrize("script", [AT_WORK, AT_REST], ids=["at work", "at rest"])
def test_ctrl_c_ends_all_with_one_traceback(tiny_folder: Path, script: str) -> None:
    command = [sys.executable, "-c", script, str(tiny_folder)]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        workers = process.stdout.readline().split()
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGINT
    assert err.count(b"Traceback") == 1
    assert err.endswith(b"KeyboardInterrupt\n")
    assert len(workers) == 2
    assert all(has_ended(int(worker)) for worker in workers)


FORK = """
import os, sys
from hayakana import Transliterator
from hayakana.transliterator import team_of

NAMES = ["Mori", "Tanaka", "Kato-Sato"]

def pids():
    return {process.pid for process in team_of(transliterator).workers().processes}

transliterator = Transliterator(sys.argv[1], workers=2)
expected, of_parent = transliterator.transliterate(NAMES), pids()
child = os.fork()
if child == 0:
    if sys.argv[2] != "leaves":
        assert transliterator.transliterate(NAMES) == expected
        assert not pids() & of_parent
    if sys.argv[2] == "closes":
        transliterator.close()
    sys.exit(0)
_, status = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(status) == 0
assert transliterator.transliterate(NAMES) == expected
assert pids() == of_parent
"""


@pytest.mark.parametrize("child", ["works", "closes", "leaves"])
def test_after_a_fork_the_child_has_its_own_workers_and_the_parent_keeps_its_own(tiny_folder: Path, child: str) -> None:
    command = [sys.executable, "-c", FORK, str(tiny_folder), child]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")


FORK_AT_WORK = """
import os, sys, threading
from hayakana import Transliterator

with Transliterator(sys.argv[1], workers=2) as transliterator:
    letters = "aikmnorst"
    names = [f"{a}{b}{c}{d} {e}ri" for a in letters for b in letters for c in letters for d in letters for e in letters]
    expected = transliterator.transliterate(names, on_error="keep")
    results = []
    thread = threading.Thread(target=lambda: results.append(transliterator.transliterate(names, on_error="keep")))
    thread.start()
    children = []
    while thread.is_alive():
        if (child := os.fork()) == 0:
            transliterator.close()
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert results == [expected]
"""


def test_a_fork_while_workers_work_disturbs_neither_side(tiny_folder: Path) -> None:
    subprocess.run([sys.executable, "-c", FORK_AT_WORK, str(tiny_folder)], check=True, timeout=120)


CLOSE_BESIDE_A_CHILD = """
import os, sys
from hayakana import Transliterator
from hayakana.transliterator import team_of

transliterator = Transliterator(sys.argv[1], workers=2)
workers = team_of(transliterator).workers().processes
read, write = os.pipe()
child = os.fork()
if child == 0:
    os.close(write)
    os.read(read, 1)
    os._exit(0)
transliterator.close()
print(*[process.returncode for process in workers])
os.close(write)
os.waitpid(child, 0)
"""


def test_workers_end_by_themselves_though_a_child_holds_their_pipes_open(tiny_folder: Path) -> None:
    command = [sys.executable, "-c", CLOSE_BESIDE_A_CHILD, str(tiny_folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 0\n", "")
