"""A program that PyInstaller has packed: it has its models, and is never started as a worker of itself.

Each run has a limit of processes, set by the kernel: what is tested here once started processes without end.
"""

import itertools
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.processes import LIMIT_S, started

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limit of processes is set as Linux has it")

PROGRAM = """
import sys

EVENTS = []
STARTS = ("subprocess.Popen", "os.fork", "os.posix_spawn", "os.exec", "os.spawn", "os.system")
sys.addaudithook(lambda event, _: EVENTS.append(event) if event in STARTS else None)

from hayakana import HayakanaError, Transliterator

if __name__ == "__main__":
    try:
        with Transliterator("seed", workers=int(sys.argv[1])) as transliterator:
            print(*transliterator.transliterate(["Jon Snow", "Banana"]))
    except HayakanaError as error:
        print(f"{type(error).__name__}: {error}")
    print(EVENTS)
"""

# PyInstaller follows optional imports of numpy and onnxruntime into whatever is installed beside them.
NOT_NEEDED = (
    "IPython PIL h5py jax keras matplotlib onnx pandas pyarrow pyspark ray scipy sympy tensorflow tkinter torch"
)

USERS = itertools.count(61_234)
"""The users as whom root runs a program, since no limit of processes binds root.

A user for each, since what has ended counts until somebody waits for it, which nobody may do for orphans.
"""
MOST_PROCESSES = 32


LIMITED = """
import os, resource, sys

limit, user, *command = sys.argv[1:]
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(int(user))
    os.setuid(int(user))
resource.setrlimit(resource.RLIMIT_NPROC, (int(limit), int(limit)))
os.chdir("/")
os.execv(command[0], command)
"""


def limited(*command: str | Path) -> list[str]:
    """Return the command that runs ``command`` where ``MOST_PROCESSES`` at most come to those that there are."""
    limit = MOST_PROCESSES + (0 if os.getuid() == 0 else tasks_of(os.getuid()))
    return [sys.executable, "-c", LIMITED, str(limit), str(next(USERS)), *map(str, command)]


def tasks_of(user: int) -> int:
    """Return how many processes and threads ``user`` has, which are what the limit counts."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == user:
                count += len(list((process / "task").iterdir()))
        except OSError:  # It has ended meanwhile.
            continue
    return count


def run(program: Path, workers: int, **environment: str) -> str:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    variables = os.environ | {"PYTHONUTF8": "1"} | environment
    with started(limited(program, str(workers)), text=True, env=variables, **pipes) as process:
        out, err = process.communicate(timeout=LIMIT_S)
        with pytest.raises(ProcessLookupError):  # Nothing that it has started is left.
            os.killpg(process.pid, signal.SIGKILL)
    assert (process.returncode, err) == (0, "")
    return out


@pytest.fixture(scope="module")
def program() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:  # Not pytest's, which no other user may enter.
        work = Path(folder)
        work.chmod(0o755)
        (work / "program.py").write_text(PROGRAM, encoding="utf-8")
        options = ["--onedir", "--noconfirm", "--log-level", "ERROR"]
        for option, name in (("--distpath", "dist"), ("--workpath", "build"), ("--specpath", ".")):
            options += [option, str(work / name)]
        for module in NOT_NEEDED.split():
            options += ["--exclude-module", module]
        subprocess.run(
            [sys.executable, "-m", "PyInstaller", *options, str(work / "program.py")],
            check=True,
            timeout=300,
            env=os.environ | {"PYINSTALLER_CONFIG_DIR": str(work / "cache")},
        )
        yield work / "dist" / "program" / "program"


def test_the_limit_binds() -> None:
    """As many processes as there may be are not hindered, and twice as many are."""
    script = "for number in $(seq {}); do sleep 60 >/dev/null 2>&1 & done 2>/dev/null; echo started"
    for count, out in ((MOST_PROCESSES // 2, "started\n"), (MOST_PROCESSES * 2, "")):
        with started(limited("/bin/sh", "-c", script.format(count)), stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == out
            os.killpg(process.pid, signal.SIGKILL)


def test_the_models_are_in_the_program(program: Path) -> None:
    assert run(program, 1) == "ジョン・スノー バナナ\n[]\n"
    models = program.parent / "_internal" / "hayakana" / "models"
    assert {"ATTRIBUTION.md", "LICENSE-CC0.txt", "LICENSE-CC-BY-SA-4.0.txt"} <= {path.name for path in models.iterdir()}
    assert not list(models.glob("*/training"))


def test_workers_are_refused_before_anything_is_started(program: Path) -> None:
    out, events = run(program, 2).splitlines()
    assert out.startswith(f"WorkersUnavailableError: no workers, since {program} is a program of its own, not a Python")
    assert events == "[]"


def test_what_a_worker_starts_is_refused_workers(program: Path) -> None:
    out, events = run(program, 2, HAYAKANA_WORKER="1").splitlines()
    assert out.startswith("WorkersUnavailableError: a worker of hayakana starts no workers")
    assert events == "[]"


def test_a_program_without_the_models_says_how_it_is_packed_with_them(program: Path) -> None:
    models = program.parent / "_internal" / "hayakana" / "models"
    away = models.rename(models.with_name("away"))
    try:
        assert "build it with PyInstaller's --collect-data hayakana" in run(program, 1)
    finally:
        away.rename(models)
