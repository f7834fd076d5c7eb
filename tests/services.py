"""Services that tests start and ask: a real process on a free port, whose log is kept, and which ends in time."""

import json
import os
import queue
import signal
import socket
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
import jsonschema
from tests.processes import started

COMMAND = Path(sys.executable).parent / "hayakana"
LIMIT_S = 60
"""Seconds that anything asked of a service may take, on a busy machine too."""
NDJSON = {"Content-Type": "application/x-ndjson"}
HEAD = b"POST /v1/transliterate HTTP/1.1\r\nHost: localhost\r\nContent-Type: "


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


def rest_of(connection: socket.socket) -> bytes:
    """Return all that comes until the service ends the connection."""
    received = b""
    try:
        while chunk := connection.recv(65_536):
            received += chunk
    except ConnectionResetError:
        pass
    return received


def distinct(count: int, start: int = 0) -> list[str]:
    """Return names, each other than the others."""
    letters = "aiueo", "kmnrst"
    names = []
    for number in range(start, start + count):
        text = ""
        for place in range(7):
            vowels, consonants = letters
            text += consonants[number // 30**place % 6] + vowels[number // (6 * 30**place) % 5]
        names.append(text)
    return names


def lines_of(names: list[str]) -> bytes:
    return "".join(f"{json.dumps(name)}\n" for name in names).encode()


def check(document: dict[str, Any], method: str, path: str, response: httpx.Response) -> None:
    """Hold a response to what openapi.json says of it."""
    content = document["paths"][path][method]["responses"][str(response.status_code)]["content"]
    body = content[response.headers["content-type"].partition(";")[0]]
    schema = body.get("x-itemSchema", body["schema"]) | {"components": document["components"]}
    if schema.get("type") == "string":
        return
    lines = response.text.splitlines() if "x-itemSchema" in body else [response.text]
    for line in lines:
        jsonschema.validate(json.loads(line), schema, cls=jsonschema.Draft202012Validator)
