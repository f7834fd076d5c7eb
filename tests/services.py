"""Services that tests start and ask: a real process on a free port, whose log is kept, and which ends in time."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx
from tests.processes import started

COMMAND = Path(sys.executable).parent / "hayakana"
LIMIT_S = 60
"""Seconds that anything asked of a service may take, on a busy machine too."""


@dataclass
class Service:
    """A service that listens at ``url``, and what it has logged."""

    url: str
    process: subprocess.Popen
    log: list[dict[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> tuple[str, int]:
        url = httpx.URL(self.url)
        assert url.port is not None
        return url.host, url.port

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=LIMIT_S, trust_env=False, **options)

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        with self.client() as client:
            return client.post(path, json=body, headers=headers)

    def get(self, path: str, **headers: str) -> httpx.Response:
        with self.client() as client:
            return client.get(path, headers=headers)

    def logged(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.log if line["event"] == event]


@contextmanager
def serving(
    *options: str | Path, env: Mapping[str, str] | None = None, code: int = 0, limit_s: float = 180
) -> Iterator[Service]:
    """Start ``hayakana serve``, and end it with SIGTERM; it must exit with ``code``."""
    command = [COMMAND, "serve", "--port=0", *options]
    with started(command, stderr=subprocess.PIPE, env=os.environ | (env or {}), limit_s=limit_s) as process:
        log: list[dict[str, Any]] = []
        listening: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        assert process.stderr is not None
        reader = threading.Thread(target=_read, args=(process.stderr, log, listening))
        reader.start()
        try:
            first = listening.get(timeout=LIMIT_S)
            assert first is not None, log
            yield Service(first["url"], process, log)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(LIMIT_S)
            reader.join(LIMIT_S)
        assert process.returncode == code, log


def until(is_so: Callable[[], object]) -> None:
    """Wait until ``is_so()``, for a minute at most."""
    ends = time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.02)


def _read(stream: IO[bytes], log: list[dict[str, Any]], listening: "queue.SimpleQueue[dict[str, Any] | None]") -> None:
    for line in stream:
        try:
            record = json.loads(line)
        except ValueError:
            record = {"event": line.decode(errors="replace"), "is_plain": True}
        log.append(record)
        if record["event"] == "listening":
            listening.put(record)
    listening.put(None)
