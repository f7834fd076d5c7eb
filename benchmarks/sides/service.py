"""The service, and who asks it: ``hayakana serve`` on a core, clients on another, and the library without either."""

import asyncio
import atexit
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.harness.child import timed
from benchmarks.sides.engine import WARM_UP, open_warm


def start_service(options: Sequence[str]) -> tuple["subprocess.Popen[str]", int]:
    """Start ``hayakana serve`` with ``options``, and return its process and its port."""
    command = [Path(sys.executable).parent / "hayakana", "serve", "--port=0", "--no-access-log", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    return process, int(json.loads(process.stderr.readline())["url"].rpartition(":")[2])


def open_service(options: Sequence[str]) -> Callable[[object], int]:
    """Start ``hayakana serve`` with ``options``, which ends with this process; serve its port."""
    process, port = start_service(options)
    atexit.register(process.wait)
    atexit.register(process.terminate)
    return lambda _: port


def open_library(model: str) -> Callable[[dict], dict]:
    """Serve ``{"lists": [[name, …], …]}`` with ``{"seconds": float, "texts": [...]}``.

    The clock is around lists of str in, results as objects out, one list after the other.
    """
    transliterator = open_warm({"model": model})

    def handle(asked: dict) -> dict:
        answered = timed(lambda: [transliterator.transliterate_detailed(names) for names in asked["lists"]])
        return {**answered, "texts": [result.text for results in answered["texts"] for result in results]}

    return handle


def open_clients() -> Callable[[dict], dict]:
    """Serve ``{"port", "connections", "lists"}`` with ``{"seconds": float, "milliseconds": [...], "texts": [...]}``.

    Each connection sends a list once it has the answer to its last one. Requests are bytes before the clock begins,
    and answers are parsed when it has ended; ``milliseconds`` has the time of each request.
    """

    def handle(asked: dict) -> dict:
        port, connections = asked["port"], asked["connections"]
        if asked.get("is_first"):
            asyncio.run(_ask(port, 4, [WARM_UP[start::20] for start in range(20)]))
        seconds, taken, bodies = asyncio.run(_ask(port, connections, asked["lists"]))
        results = [result for body in bodies for result in json.loads(body)["results"]]
        return {"seconds": seconds, "milliseconds": taken, "texts": [result["text"] for result in results]}

    return handle


async def _ask(port: int, connections: int, lists: Sequence[Sequence[str]]) -> tuple[float, list[float], list[bytes]]:
    """Return the seconds for all lists, the milliseconds of each, and the bodies of their answers."""
    loop = asyncio.get_running_loop()
    bodies, taken = [b""] * len(lists), [0.0] * len(lists)
    bodies_sent = (json.dumps({"names": names}, ensure_ascii=False).encode() for names in lists)
    requests = iter([(place, request(body)) for place, body in enumerate(bodies_sent)])
    clients = []
    for _ in range(connections):
        _, client = await loop.create_connection(lambda: _Client(requests, bodies, taken), "127.0.0.1", port)
        clients.append(client)
    began = time.perf_counter()
    for client in clients:
        client.send_next()
    await asyncio.gather(*(client.done for client in clients))
    return time.perf_counter() - began, taken, bodies


def request(body: bytes) -> bytes:
    """Return the bytes of a request to transliterate, with its JSON ``body``."""
    head = f"POST /v1/transliterate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Content-Type: application/json\r\n\r\n" + body


class _Client(asyncio.Protocol):
    """A connection that sends request after request, and keeps the bodies of answers; another status ends it."""

    def __init__(self, requests: Iterator[tuple[int, bytes]], bodies: list[bytes], taken: list[float]) -> None:
        self._requests, self._bodies, self._taken = requests, bodies, taken
        self._received = b""
        self._place, self._sent_at = 0, 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the service ended a connection"))

    def data_received(self, received: bytes) -> None:
        self._received += received
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        if not head.startswith(b"HTTP/1.1 200 "):
            self.done.set_exception(RuntimeError(self._received.decode()))
            self._transport.close()
            return
        if len(body) == int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]):
            self._taken[self._place] = (time.perf_counter() - self._sent_at) * 1_000
            self._bodies[self._place] = body
            self._received = b""
            self.send_next()

    def send_next(self) -> None:
        """Send the next request, or end."""
        self._place, content = next(self._requests, (0, b""))
        if not content:
            self.done.set_result(None)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(content)
