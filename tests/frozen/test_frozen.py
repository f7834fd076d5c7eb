"""A program that PyInstaller has packed: it has its models, and is never started as a worker of itself.

Each run has a limit of processes, set by the kernel: what is tested here once started processes without end.
"""

import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

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

NOBODY = 61_234
"""The user as whom root runs the program, since no limit of processes binds root."""
MOST_PROCESSES = 32


def limited(*command: str | Path, **options: object) -> "subprocess.Popen[str]":
    """Start ``command`` where there can be no more than ``MOST_PROCESSES`` besides those that there are."""
    is_root = os.getuid() == 0
    limit = MOST_PROCESSES + (0 if is_root else tasks_of(os.getuid()))
    who = {"user": NOBODY, "group": NOBODY, "extra_groups": ()} if is_root else {}
    return subprocess.Popen(  # noqa: S603
        [str(argument) for argument in command],
        encoding="utf-8",
        cwd="/",
        start_new_session=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit)),
        **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | who | options),
    )


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
    with limited(program, str(workers), env=os.environ | {"PYTHONUTF8": "1"} | environment) as process:
        try:
            out, err = process.communicate(timeout=120)
        finally:
            ended = kill(process)
    assert (process.returncode, err) == (0, "")
    assert ended == "nobody was left"
    return out


def kill(process: "subprocess.Popen[str]") -> str:
    """End all that ``process`` has started; say whether there was anything."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return "nobody was left"
    return "something was left"


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
        subprocess.run(  # noqa: S603
            [sys.executable, "-m", "PyInstaller", *options, str(work / "program.py")],
            check=True,
            timeout=300,
            env=os.environ | {"PYINSTALLER_CONFIG_DIR": str(work / "cache")},
        )
        yield work / "dist" / "program" / "program"


def test_the_limit_binds(tmp_path: Path) -> None:
    script = "for number in $(seq 200); do sleep 60 & done"
    with (tmp_path / "errors").open("w") as errors, limited("/bin/sh", "-c", script, stderr=errors) as process:
        try:
            process.wait(60)  # Some shells try again for a while.
        finally:
            kill(process)
    assert "fork" in (tmp_path / "errors").read_text(encoding="utf-8")


def test_the_models_are_in_the_program(program: Path) -> None:
    assert run(program, 1) == "ジョン・スノー バナナ\n[]\n"
    models = program.parent / "_internal" / "hayakana" / "models"
    assert {"ATTRIBUTION.md", "LICENSE-CC0.txt", "LICENSE-CC-BY-SA-4.0.txt"} <= {path.name for path in models.iterdir()}
    assert not list(models.glob("*/training"))


def test_workers_are_refused_before_anything_is_started(program: Path) -> None:
    out, events = run(program, 2).splitlines()
    assert out.startswith(f"WorkersUnavailableError: no workers, since {program} is a program of its own and no Python")
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
