"""Which Python workers are started with and how: refusals before anything starts, flags, paths, closed streams."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hayakana.engine.worker_processes import MARK, path_of_workers

pytestmark = pytest.mark.slow

PREPARE = """
import multiprocessing, os, sys

EVENTS = []
STARTS = ("subprocess.Popen", "os.fork", "os.posix_spawn", "os.exec", "os.spawn", "os.system")
sys.addaudithook(lambda event, _: EVENTS.append(event) if event in STARTS else None)
"""
USE = """
from hayakana import HayakanaError, Transliterator, WorkersUnavailableError

try:
    with Transliterator(sys.argv[1], workers=2) as transliterator:
        print(*transliterator.transliterate(["Mori", "Tanaka"]), len(EVENTS))
except WorkersUnavailableError as error:
    assert isinstance(error, HayakanaError) and isinstance(error, RuntimeError)
    print(error)
    assert not EVENTS, EVENTS
with Transliterator(sys.argv[1]) as transliterator:
    assert transliterator("Mori") == "モリ"
"""


def run(
    model: Path, prepared: str = "", *flags: str, python: Path | str = sys.executable, use: str = USE, **options: object
) -> tuple[str, str]:
    """Run a program that wants two workers; return its output and its errors."""
    command = [str(python), "-X", "utf8", *flags, "-c", PREPARE + prepared + use, str(model)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    done = subprocess.run(command, encoding="utf-8", timeout=120, check=False, **(pipes | options))
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    ("prepared", "said"),
    [
        ("sys.frozen = True", "is a program of its own, not a Python"),
        ("sys.frozen = 'console_exe'", "is a program of its own, not a Python"),
        ("__compiled__ = object()", "is a program of its own, not a Python"),
        ("sys.executable = ''", "nothing says where Python is"),
        ("sys.executable = None", "nothing says where Python is"),
        ("import multiprocessing.spawn; multiprocessing.set_executable('/no/python')", "/no/python is no file"),
        ("sys.executable = '/bin/sh'", "/bin/sh is a program of its own, not a Python"),
    ],
)
def test_a_program_that_is_no_python_starts_no_workers(tiny_folder: Path, prepared: str, said: str) -> None:
    out, err = run(tiny_folder, prepared)
    assert said in out
    assert "take workers=1, or name a Python that has hayakana with multiprocessing.set_executable()" in out
    assert (out.count("\n"), err) == (1, "")


def test_a_frozen_program_that_is_named_again_by_a_link_starts_no_workers(tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "python").symlink_to(sys.executable)
    out, _ = run(tiny_folder, f"sys.frozen = True; multiprocessing.set_executable({str(tmp_path / 'python')!r})")
    assert "is a program of its own, not a Python" in out


def test_what_a_worker_starts_starts_no_workers(tiny_folder: Path) -> None:
    out, err = run(tiny_folder, env=os.environ | {MARK: "1"})
    assert out == f"a worker of hayakana starts no workers ({MARK} is set): take workers=1\n"
    assert err == ""


def test_a_worker_is_marked(tiny_folder: Path) -> None:
    use = """
from hayakana import Transliterator
from hayakana.transliterator import team_of
with Transliterator(sys.argv[1], workers=2) as transliterator:
    for process in team_of(transliterator).workers().processes:
        with open(f"/proc/{process.pid}/environ", "rb") as file:
            print(b"HAYAKANA_WORKER=1" in file.read().split(bytes(1)), "HAYAKANA_WORKER" in os.environ)
"""
    if not Path("/proc/self/environ").exists():
        pytest.skip("no /proc")
    assert run(tiny_folder, use=use)[0] == "True False\n" * 2


def test_a_frozen_program_with_a_python_that_was_named(tiny_folder: Path, tmp_path: Path) -> None:
    """The other Python finds hayakana by itself: the path of a frozen program leads into the program."""
    wrapper = tmp_path / "named"
    wrapper.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    prepared = f"multiprocessing.set_executable({str(wrapper)!r}); import hayakana, numpy; hayakana.Transliterator\n"
    prepared += "import hayakana.engine.workers, onnxruntime; sys.path[:] = ['/no/where']; sys.frozen = True"
    assert run(tiny_folder, prepared)[0] == "モリ タナカ 2\n"


def test_a_program_that_is_no_python_and_was_named_is_said(tiny_folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho not a worker\nexit 7\n", encoding="utf-8")
    other.chmod(0o755)
    use = """
from hayakana import Transliterator, WorkerDiedError
try:
    Transliterator(sys.argv[1], workers=2)
except WorkerDiedError as error:
    print(error)
"""
    out, _ = run(tiny_folder, f"multiprocessing.set_executable({str(other)!r})", use=use)
    assert "ended with exit code 7 before it was ready" in out
    assert f"unless {other} is no Python that has hayakana" in out


@pytest.mark.parametrize("flag", ["-I", "-E"])
def test_workers_of_an_isolated_python_are_isolated(tiny_folder: Path, tmp_path: Path, flag: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write('ran ')", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    assert run(tiny_folder, "", flag, env=environment)[0] == "モリ タナカ 2\n"
    assert not (tmp_path / "ran").exists()
    run(tiny_folder, env=environment)  # As the test can tell: one that is not isolated, and its two workers.
    assert (tmp_path / "ran").read_text(encoding="utf-8") == "ran ran ran "


def test_the_flags_of_python_are_those_of_its_workers(tiny_folder: Path, tmp_path: Path) -> None:
    use = """
from hayakana import Transliterator
from hayakana.transliterator import team_of
with Transliterator(sys.argv[1], workers=2) as transliterator:
    for process in team_of(transliterator).workers().processes:
        print(*process.args[1:process.args.index("-c")], sep="|")
"""
    flags = ["-O", "-B", "-s", "-W", "error::UserWarning", "-X", f"pycache_prefix={tmp_path}", "-X", "dev"]
    for line in run(tiny_folder, "", *flags, use=use)[0].splitlines():
        assert {"-O", "-B", "-s", "-P", "-Werror::UserWarning", "dev", f"pycache_prefix={tmp_path}"} <= {
            *line.split("|")
        }


@pytest.mark.parametrize(
    "prepared",
    [
        "import pathlib; sys.path.insert(0, pathlib.Path('/'))",
        "sys.path[:0] = [b'/', None, 7, object()]",
        "sys.path[:0] = [chr(0xdcff), 'a' + chr(10) + 'b']",
        "sys.path += [f'/no/{number}/' + 'x' * 200 for number in range(5_000)]",
        "import os, tempfile; sys.path.insert(0, ''); os.chdir(tempfile.mkdtemp()); os.rmdir(os.getcwd())",
        "class Entry(str):\n    __repr__ = __reduce__ = None\nsys.path.insert(0, Entry('/'))",
        "import sys; sys.path.append('')",
    ],
    ids=["Path", "other types", "odd text", "longer than a command may be", "folder removed", "kind of str", "empty"],
)
def test_whatever_is_in_the_path_of_python(tiny_folder: Path, prepared: str) -> None:
    assert run(tiny_folder, prepared) == ("モリ タナカ 2\n", "")


def test_a_relative_folder_in_the_path_is_the_one_it_was(tiny_folder: Path, tmp_path: Path) -> None:
    """The program has come to its hayakana by a relative folder, and goes elsewhere before it starts workers."""
    import hayakana

    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "hayakana").symlink_to(Path(hayakana.__file__).parent)
    prepared = "sys.path.insert(0, 'lib'); import hayakana; assert 'lib' in hayakana.__file__; os.chdir('/')"
    assert run(tiny_folder, prepared, cwd=tmp_path)[0] == "モリ タナカ 2\n"


def test_only_text_of_the_path_travels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [Path("/a"), b"/b", None, "/c", ""])
    assert path_of_workers() == ["/c", ""]


def test_what_a_worker_prints_before_hayakana_is_imported_is_no_answer(tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('hello', flush=True)", encoding="utf-8")
    out, err = run(tiny_folder, env=os.environ | {"PYTHONPATH": str(tmp_path)})
    assert out == "hello\nモリ タナカ 2\n"
    assert err == "hello\nhello\n"


@pytest.mark.parametrize("closed", ["0<&-", "2>&-", "0<&- 2>&-"])
def test_a_program_whose_streams_are_closed(tiny_folder: Path, closed: str) -> None:
    command = ["/bin/sh", "-c", f'exec "$0" "$@" {closed}', sys.executable, "-X", "utf8", "-c", PREPARE + USE]
    done = subprocess.run([*command, str(tiny_folder)], stdout=subprocess.PIPE, timeout=120, check=False)
    assert done.stdout.decode() == "モリ タナカ 2\n"


def test_a_system_that_starts_no_process_is_an_error(tiny_folder: Path, tmp_path: Path) -> None:
    no_program = tmp_path / "python"
    no_program.write_text("no program", encoding="utf-8")
    out, _ = run(
        tiny_folder, f"multiprocessing.set_executable({str(no_program)!r})", use=USE.replace("assert not EVENTS", "()")
    )
    assert out == "cannot start a worker (Permission denied): take fewer workers\n"
