"""What a service does at its limits: too much, too slow, too many."""

import collections
import contextlib
import json
import resource
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.services import HEAD, LIMIT_S, NDJSON, Service, distinct, lines_of, rest_of, serving, until

from hayakana import Transliterator

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def hasty(tiny_folder: Path) -> Iterator[Service]:
    """A service with small limits."""
    limits = {
        "body-bytes": 10_000,
        "names": 20,
        "characters": 30,
        "candidates": 3,
        "explained-names": 2,
        "explained-characters": 10,
        "line-bytes": 1_000,
        "streams": 1,
        "connections": 8,
        "header-bytes": 4_000,
        "header-seconds": 1,
        "body-seconds": 1,
        "idle-seconds": 1,
        "write-seconds": 1,
    }
    with serving("--model", tiny_folder, *(f"--limit-{limit}={number}" for limit, number in limits.items())) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "body", "status", "error_type", "limit"),
    [
        ("/v1/transliterate", {"names": ["Mori"] * 21}, 413, "too_many_names", 20),
        ("/v1/transliterate", {"names": ["Mori", "a" * 31]}, 422, "name_too_long", 30),
        ("/v1/transliterate", {"names": [{"name": "a" * 31}]}, 422, "name_too_long", 30),
        ("/v1/transliterate", {"names": ["Mori"], "candidates": 4}, 422, "invalid", 3),
        ("/v1/transliterate", {"names": ["a" * 10_000]}, 413, "too_large", 10_000),
        ("/v1/explain", {"names": ["Mori"] * 3}, 413, "too_many_names", 2),
        ("/v1/explain", {"names": ["a" * 11]}, 422, "name_too_long", 10),
    ],
)
def test_every_limit_says_itself(
    hasty: Service, path: str, body: dict[str, Any], status: int, error_type: str, limit: int
) -> None:
    response = hasty.post(path, body)
    said = response.json()
    assert (response.status_code, said["error_type"], said["limit"]) == (status, error_type, limit)
    assert f"{limit:,}" in said["error"]


def test_what_is_just_within_the_limits_is_answered(hasty: Service) -> None:
    body = {"names": ["a" * 30] * 20, "candidates": 3}
    assert hasty.post("/v1/transliterate", body).status_code == 200
    assert hasty.post("/v1/explain", {"names": ["a" * 10] * 2}).status_code == 200


def test_a_body_without_a_length_is_bounded(hasty: Service) -> None:
    with hasty.client() as client:
        response = client.post(
            "/v1/transliterate",
            content=(b" " * 1_000 for _ in range(1_000)),
            headers={"Content-Type": "application/json"},
        )
    assert (response.status_code, response.json()["error_type"]) == (413, "too_large")


def test_lines_beyond_their_limits_are_said_and_passed_over(hasty: Service) -> None:
    content = b'"Mori"\n"' + b"a" * 200_000 + b'"\n"' + b"a" * 31 + b'"\n"Kato"\n' + b'"' + b"a" * 5_000
    with hasty.client() as client:
        response = client.post("/v1/transliterate", content=content, headers={"Content-Type": "application/x-ndjson"})
    first, long_line, long_name, last, unended = map(json.loads, response.text.splitlines())
    assert (first["name"], last["name"]) == ("Mori", "Kato")
    assert (long_line["line"], long_line["error_type"], long_line["limit"]) == (2, "too_large", 1_000)
    assert (long_name["line"], long_name["error_type"], long_name["limit"]) == (3, "name_too_long", 30)
    assert (unended["line"], unended["error_type"]) == (5, "too_large")


@pytest.mark.parametrize(
    ("sent", "status", "error_type"),
    [
        (b"", None, None),
        (b"POST /v1/trans", 408, "too_slow"),
        (HEAD, 408, "too_slow"),
        (HEAD + b"application/json\r\nContent-Length: 100\r\n\r\n{", 408, "too_slow"),
        (HEAD + b"x" * 5_000, 431, "too_large"),
        (b"GET /" + b"x" * 5_000, 431, "too_large"),
        (b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", 200, None),
    ],
)
def test_half_open_and_slow_connections_end(
    hasty: Service, sent: bytes, status: int | None, error_type: str | None
) -> None:
    with socket.create_connection(hasty.address, timeout=LIMIT_S) as connection:
        connection.sendall(sent)
        answer = rest_of(connection)
    if status is None:
        assert answer == b""
        return
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert json.loads(answer.partition(b"\r\n\r\n")[2]).get("error_type") == error_type


def test_a_stream_that_pauses_for_long_ends_and_says_where(hasty: Service) -> None:
    with socket.create_connection(hasty.address, timeout=LIMIT_S) as connection:
        connection.sendall(HEAD + b'application/x-ndjson\r\nContent-Length: 100\r\n\r\n"Mori"\n"Ka')
        answer = rest_of(connection)
    lines = [json.loads(line) for line in answer.partition(b"\r\n\r\n")[2].split(b"\r\n") if line.startswith(b"{")]
    assert lines[0]["name"] == "Mori"
    assert (lines[1]["line"], lines[1]["error_type"]) == (2, "too_slow")


def test_whoever_does_not_take_an_answer_is_left(hasty: Service) -> None:
    with socket.create_connection(hasty.address, timeout=LIMIT_S) as connection:
        connection.sendall(HEAD + b"application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b'"Mori"\n' * 1_000
        framed = f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n"
        sending = iter(lambda: connection.sendall(framed), "never")
        # Both buffers fill up, and then nothing moves until the service ends the connection.
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            collections.deque(sending, maxlen=0)
    assert hasty.get("/health").status_code == 200


def test_streams_and_connections_are_counted(hasty: Service) -> None:
    refusals = []

    def is_refused() -> bool:
        with hasty.client() as client, socket.create_connection(hasty.address, timeout=LIMIT_S) as connection:
            connection.sendall(HEAD + b'application/x-ndjson\r\nContent-Length: 100\r\n\r\n"Mori"\n')
            assert connection.recv(65_536)
            refusals.append(client.post("/v1/transliterate", content=b'"Kato"', headers=NDJSON))
        return refusals[-1].status_code == 429

    # The stream ends after a second without a byte: on a busy machine, before the client asks.
    until(is_refused)
    assert refusals[-1].json()["error_type"] == "overloaded"
    assert refusals[-1].headers["retry-after"] == "5"
    opened = [socket.create_connection(hasty.address, timeout=LIMIT_S) for _ in range(12)]
    try:
        answers = [rest_of(connection) for connection in opened]
    finally:
        for connection in opened:
            connection.close()
    refused = [answer for answer in answers if answer]
    assert refused
    assert all(answer.startswith(b"HTTP/1.1 503 ") and b'"overloaded"' in answer for answer in refused)
    until(lambda: hasty.get("/health").status_code == 200)


def test_too_many_names_are_refused_and_what_was_accepted_is_answered() -> None:
    with serving("--limit-waiting-names=2000", "--limit-names=2000", "--piece=64") as service:
        lists = [distinct(1_000, 1_000 * number) for number in range(8)]
        with service.client() as client, ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda names: client.post("/v1/transliterate", json={"names": names}), lists))
        by_status = {
            status: [place for place, answer in enumerate(answers) if answer.status_code == status]
            for status in (200, 429)
        }
        assert len(by_status[200]) + len(by_status[429]) == len(lists)
        assert by_status[200]
        assert by_status[429]
        for place in by_status[429]:
            assert answers[place].json()["error_type"] == "overloaded"
            assert 1 <= int(answers[place].headers["retry-after"]) <= 60
        with Transliterator() as transliterator:
            for place in by_status[200]:
                texts = [result["text"] for result in answers[place].json()["results"]]
                assert texts == transliterator.transliterate(lists[place])


def test_a_long_stream_takes_bounded_memory(tiny_folder: Path) -> None:
    names = distinct(100_000)
    with serving("--model", tiny_folder) as service, service.client() as client:
        assert client.post("/v1/transliterate", json={"names": names[:1_000]}).status_code == 200
        before = peak_mib(service.process.pid)

        def sent() -> Iterator[bytes]:
            for start in range(0, len(names), 500):
                yield lines_of(names[start : start + 500])

        # A client that sends while it reads: httpx sends all first, so it goes over a socket.
        answered = stream(service, sent())
        assert [json.loads(line)["name"] for line in answered] == names
        assert peak_mib(service.process.pid) - before < 150
        until(lambda: any(line["names"] == len(names) for line in service.logged("request")))


def stream(service: Service, chunks: Iterator[bytes]) -> list[bytes]:
    """Send a stream in one thread, and return the lines that come back meanwhile."""
    with socket.create_connection(service.address, timeout=LIMIT_S) as connection:
        connection.sendall(HEAD + b"application/x-ndjson\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")

        def send() -> None:
            for chunk in chunks:
                connection.sendall(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            connection.sendall(b"0\r\n\r\n")

        sending = threading.Thread(target=send)
        sending.start()
        answer = rest_of(connection)
        sending.join(LIMIT_S)
    body = unchunked(answer.partition(b"\r\n\r\n")[2])
    return body.splitlines()


def unchunked(body: bytes) -> bytes:
    parts, place = [], 0
    while True:
        end = body.index(b"\r\n", place)
        size = int(body[place:end], 16)
        if not size:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + size])
        place = end + 2 + size + 2


def peak_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1_024


def test_too_few_file_descriptors_do_not_end_the_service(tiny_folder: Path) -> None:
    with serving("--model", tiny_folder) as service:
        resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE, (40, 40))
        with contextlib.ExitStack() as opened:
            for _ in range(60):
                opened.enter_context(socket.create_connection(service.address, timeout=LIMIT_S))
        until(lambda: service.get("/health").status_code == 200)
