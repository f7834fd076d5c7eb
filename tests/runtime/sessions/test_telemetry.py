"""Nothing reports home: onnxruntime would, from version 1.32 on."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.processes import LIMIT_S, started

LIVES_S = 60
"""Reports were sent about 28 s after the first session was opened."""

CODE = """
import sys
from hayakana import Transliterator
with Transliterator(sys.argv[1], workers=2) as several, Transliterator(sys.argv[1]) as one:
    assert several("Mori") == one("Mori") == "モリ"
    print("ready", flush=True)
    sys.stdin.read()
"""


def sockets_of(group: list[int]) -> set[str]:
    """What the processes have open that is a socket."""
    found = set()
    for process in group:
        for descriptor in Path(f"/proc/{process}/fd").iterdir():
            try:
                target = str(descriptor.readlink())
            except FileNotFoundError:  # Closed meanwhile.
                continue
            if target.startswith("socket:"):
                found.add(target)
    return found


def children_of(process: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{process}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's /proc")
def test_a_process_and_its_workers_open_no_socket_and_write_nothing_at_home(tiny_folder: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}
    environment |= {"HOME": str(tmp_path)}
    command = [sys.executable, "-c", CODE, tiny_folder]
    pipe = subprocess.PIPE
    with started(command, env=environment, stdin=pipe, stdout=pipe, limit_s=2 * LIMIT_S) as process:
        assert process.stdout.readline() == b"ready\n"
        group = [process.pid, *children_of(process.pid)]
        assert len(group) == 3
        end = time.monotonic() + LIVES_S
        while time.monotonic() < end:
            assert sockets_of(group) == set()
            time.sleep(0.1)
        process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0
    assert list(tmp_path.rglob("*")) == []


def test_what_the_user_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    from hayakana.sessions.opening import runtime

    for given in ("0", "1"):
        monkeypatch.setenv("ORT_DISABLE_TELEMETRY", given)
        runtime()
        assert os.environ["ORT_DISABLE_TELEMETRY"] == given
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY")
    runtime()
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
