"""No test can hang: every process of a test has a limit."""

import ast
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.processes import started

TESTS = Path(__file__).parent.parent
RUNNING = {"run", "call", "check_call", "check_output"}
"""Functions of ``subprocess`` that wait for a process."""
UNBOUNDED = {"Popen", "getoutput", "getstatusoutput", "system", "popen"}
"""What starts a process and takes no limit: ``started`` of tests/processes.py is in their place."""
BOUNDED_THEMSELVES = ("processes.py", "watch.py")
"""Files with one ``Popen`` each, which has a limit of its own: for processes of tests, and for those of the fuzzer."""


def faults(code: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the call of whatever may wait for a process, or for anything, without a limit."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module == "subprocess":
            yield node.lineno, "from subprocess import"  # Under another name it could not be found here.
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        of, name = node.func.value, node.func.attr
        module = of.id if isinstance(of, ast.Name) else ""
        has_limit = any(one.arg == "timeout" for one in node.keywords)
        if (
            (module == "subprocess" and name in RUNNING and not has_limit)
            or (module in ("subprocess", "os") and name in UNBOUNDED)
            or (name in ("communicate", "wait") and not has_limit and not node.args)
        ):
            yield node.lineno, f"{module}.{name}"


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: str(path.relative_to(TESTS)))
def test_every_process_of_a_test_has_a_limit(path: Path) -> None:
    found = list(faults(path.read_text(encoding="utf-8")))
    assert [name for _, name in found] == (["subprocess.Popen"] if path.name in BOUNDED_THEMSELVES else []), found


@pytest.mark.parametrize(
    "code",
    [
        "subprocess.run(['true'], check=True)",
        "subprocess.check_output(['true'])",
        "subprocess.Popen(['true'])",
        "os.system('true')",
        "from subprocess import run",
        "process.wait()",
        "process.communicate()",
        "process.communicate(input=b'')",
    ],
)
def test_what_has_no_limit_is_found(code: str) -> None:
    assert len(list(faults(code))) == 1


@pytest.mark.parametrize("code", ["subprocess.run([], timeout=9)", "process.wait(9)", "process.communicate(timeout=9)"])
def test_what_has_one_is_not(code: str) -> None:
    assert list(faults(code)) == []


@pytest.mark.slow
def test_a_process_over_its_limit_is_killed_with_all_that_it_started() -> None:
    code = "import subprocess, sys; subprocess.run(['sleep', '600'])"
    with started([sys.executable, "-c", code], stdout=subprocess.PIPE, limit_s=0.5) as process:
        assert process.stdout is not None
        assert process.stdout.read() == b""  # Which ``sleep`` holds open too.
    assert process.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_a_process_has_the_usual_signals_whoever_started_the_tests() -> None:
    code = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    ignored = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with started([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.read() == "True\n"
    finally:
        signal.signal(signal.SIGINT, ignored)
