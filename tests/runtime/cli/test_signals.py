"""The command line at its end: signals at any moment, readers that go away, streams that are closed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.processes import HAYAKANA, started

import hayakana
from hayakana.cli.main import main

pytestmark = pytest.mark.slow


def test_a_system_without_sigpipe_has_the_same_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As Windows."""
    monkeypatch.delattr(signal, "SIGPIPE")

    def gone(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("hayakana.cli.info.bundled_models", gone)
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    monkeypatch.setattr(sys.stdout, "fileno", lambda: 1, raising=False)
    assert main(["info"]) == 141


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_closed_streams_are_no_traceback(tiny_folder: Path, closed: str) -> None:
    command = f"{sys.executable} -m hayakana transliterate --model {tiny_folder} {closed}"
    done = subprocess.run(["bash", "-c", command], input=b"", capture_output=True, check=False, timeout=120)
    assert done.returncode in (0, 1)
    assert b"Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_traceback(tiny_folder: Path) -> None:
    command = f"{sys.executable} -m hayakana transliterate --model {tiny_folder} | head -1"
    text = b"mori\n" * 200_000
    done = subprocess.run(["bash", "-c", command], input=text, capture_output=True, check=False, timeout=120)
    assert done.stdout.decode() == "モリ\n"
    assert done.stderr == b""


def test_an_interrupt_is_130(tiny_folder: Path) -> None:
    command = [*HAYAKANA, "transliterate", "--model", str(tiny_folder)]
    with started(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"mori\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b""


AT_AN_IMPORT = """
import os, runpy, sys
module, number = sys.argv[1], int(sys.argv[2])
class Finder:
    def find_spec(name, path, target=None):
        if name == module:
            os.kill(os.getpid(), number)
sys.meta_path.insert(0, Finder)
sys.argv[1:] = sys.argv[3:]
runpy.run_module("hayakana", run_name="__main__")
"""
"""The program, to which a signal comes when it imports some module."""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "module", ["hayakana.cli.main", "argparse", "numpy", "numpy._core._multiarray_umath", "hayakana.transliterator"]
)
def test_a_signal_at_any_moment_of_the_start_is_no_traceback(module: str, sent: signal.Signals) -> None:
    command = [sys.executable, "-c", AT_AN_IMPORT, module, str(int(sent)), "transliterate", "Mori"]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.communicate(timeout=60) == (b"", b"")
    assert process.returncode == 128 + sent


@pytest.mark.parametrize("module", ["onnxruntime", "onnxruntime.capi._pybind_state", "pyarrow", "tqdm"])
def test_a_signal_while_a_command_loads_is_no_traceback(module: str, tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("Mori\n", encoding="utf-8")
    job = ["batch", "--model", str(tiny_folder), str(tmp_path / "in.txt"), str(tmp_path / "out.csv")]
    command = [sys.executable, "-c", AT_AN_IMPORT, module, str(int(signal.SIGINT)), *job]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.communicate(timeout=60) == (b"", b"")
    assert process.returncode == 130
    assert [path.name for path in tmp_path.iterdir()] == ["in.txt"]


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    """As SIGINT is in a job in the background, which Ctrl-C does not mean."""
    command = f"trap '' INT; {sys.executable} -c '{AT_AN_IMPORT}' numpy {int(signal.SIGINT)} --version"
    with started(["bash", "-c", command], stdout=subprocess.PIPE, text=True) as process:
        assert process.communicate(timeout=60)[0] == f"hayakana {hayakana.__version__}\n"


def test_an_interrupt_that_does_not_interrupt_the_main_thread_is_heard() -> None:
    """As one that comes just before the main thread reads: here another thread gets it."""
    code = """
import os, signal, threading
from hayakana.system.signals import ended_by_signals
with ended_by_signals():
    threading.Timer(1, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT)).start()
    os.read(0, 1)
"""
    with started([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        assert process.wait(60) == 130


def test_an_interrupted_batch_leaves_nothing(tiny_folder: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "in.txt")
    command = [*HAYAKANA, "batch", "--model", str(tiny_folder), str(tmp_path / "in.txt"), str(tmp_path / "out.csv")]
    # For reading too, since to open it for writing alone would wait for a process that may never come to read.
    pipe = os.open(tmp_path / "in.txt", os.O_RDWR)
    with started(command, stderr=subprocess.PIPE) as process, os.fdopen(pipe, "wb"):
        os.write(pipe, b"mori\n")
        while not list(tmp_path.glob(".hayakana-*.tmp")):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    assert [path.name for path in tmp_path.iterdir()] == ["in.txt"]


def test_a_signal_that_does_not_interrupt_the_main_thread_is_heard() -> None:
    """As one that comes just before the main thread waits: here another thread gets it."""
    code = """
import signal, threading
from hayakana.system.signals import ended_by_signals
lock = threading.Lock()
lock.acquire()
with ended_by_signals():
    threading.Timer(1, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT)).start()
    lock.acquire()
"""
    with started([sys.executable, "-c", code]) as process:
        assert process.wait(60) == 130
