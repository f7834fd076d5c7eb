"""What a service does at its limits: too much, too slow, too many; keys; signals; and what it never says."""

import base64
import collections
import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.services import COMMAND, LIMIT_S, Service, serving, until

from hayakana import Transliterator

NOWHERE = "Zzyzxova"
"""A name that is looked for wherever it must not be."""


MODELS = Path(__file__).parents[3] / "models"


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


HEAD = b"POST /v1/transliterate HTTP/1.1\r\nHost: localhost\r\nContent-Type: "


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
    with socket.create_connection(hasty.address, timeout=LIMIT_S) as connection:
        connection.sendall(HEAD + b'application/x-ndjson\r\nContent-Length: 100\r\n\r\n"Mori"\n')
        assert connection.recv(65_536)
        with hasty.client() as client:
            response = client.post(
                "/v1/transliterate", content=b'"Kato"', headers={"Content-Type": "application/x-ndjson"}
            )
        assert (response.status_code, response.json()["error_type"]) == (429, "overloaded")
        assert response.headers["retry-after"] == "5"
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


@pytest.mark.parametrize("workers", [1, 2])
def test_the_end_answers_what_was_accepted(workers: int) -> None:
    names = distinct(4_000)
    with serving(f"--workers={workers}", "--piece=256") as service:
        with ThreadPoolExecutor(4) as pool, service.client() as client:
            answers = [
                pool.submit(client.post, "/v1/transliterate", json={"names": names[start : start + 1_000]})
                for start in range(0, len(names), 1_000)
            ]
            waiting = "hayakana_names_waiting 4000.0"
            with service.client() as watching:
                until(lambda: waiting in watching.get("/metrics").text or all(answer.done() for answer in answers))
            service.process.send_signal(signal.SIGTERM)
            results = [result for answer in answers for result in answer.result().json()["results"]]
        assert service.process.wait(LIMIT_S) == 0
        assert [result["name"] for result in results] == names
        assert all(result["text"] for result in results)
        until(lambda: service.logged("stopped"))


def test_an_idle_stream_is_told_of_the_end(tiny_folder: Path) -> None:
    with serving("--model", tiny_folder) as service:
        with socket.create_connection(service.address, timeout=LIMIT_S) as connection:
            connection.sendall(HEAD + b'application/x-ndjson\r\nContent-Length: 100\r\n\r\n"Mori"\n')
            assert connection.recv(65_536)
            service.process.send_signal(signal.SIGTERM)
            answer = rest_of(connection)
        assert b'"line":2,"error":"the service ends' in answer
        assert answer.endswith(b"0\r\n\r\n")


def test_worker_processes_that_die_are_started_again() -> None:
    with serving("--workers=2") as service:
        names = distinct(40)
        expected = service.post("/v1/transliterate", {"names": names}).json()
        children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text().split()
        assert children
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        answer = service.post("/v1/transliterate", {"names": names})
        assert (answer.status_code, answer.json()) == (200, expected)


def test_a_client_that_leaves_leaves_nothing_behind() -> None:
    with serving("--piece=16") as service:
        with pytest.raises(httpx.ReadTimeout), service.client() as client:
            client.post("/v1/transliterate", json={"names": distinct(10_000)}, timeout=0.3)
        until(lambda: "hayakana_names_waiting 0.0" in service.get("/metrics").text)
        until(lambda: any(line["status"] == 499 for line in service.logged("request")))


def test_nothing_says_a_name(tiny_folder: Path) -> None:
    with serving("--model", tiny_folder) as service:
        service.post("/v1/transliterate", {"names": [NOWHERE, f"{NOWHERE}2"], "candidates": 2})
        service.post("/v1/transliterate", {"names": [NOWHERE, 7], NOWHERE: NOWHERE})
        service.post("/v1/transliterate", {"names": [NOWHERE * 1_000]})
        service.post("/v1/explain", {"names": [NOWHERE, f"{NOWHERE}2"]})
        service.get(f"/{NOWHERE}?name={NOWHERE}", **{"User-Agent": NOWHERE, "X-API-Key": NOWHERE, "Referer": NOWHERE})
        with service.client() as client:
            client.post(f"/v1/transliterate?model={NOWHERE}", content=lines_of([NOWHERE]))
            client.request(NOWHERE.upper(), "/health")
        metrics = service.get("/metrics").text
        until(lambda: len(service.logged("request")) >= 7)
        said = metrics + json.dumps(service.log, ensure_ascii=False)
        assert NOWHERE.lower() not in said.lower()
        assert "127.0.0.1" not in said.replace(service.url, "")
        assert all(
            line["route"] in ("/v1/transliterate", "/v1/explain", "/metrics", "/health", "other")
            for line in service.logged("request")
        )


def test_names_are_logged_where_that_is_asked(tiny_folder: Path) -> None:
    with serving("--model", tiny_folder, "--log-names") as service:
        service.post("/v1/transliterate", {"names": ["Mori"]})
        until(lambda: service.logged("request"))
        assert service.logged("request")[0]["asked"] == ["Mori"]
    with serving("--model", tiny_folder, "--no-access-log") as service:
        service.post("/v1/transliterate", {"names": ["Mori"]})
    assert not service.logged("request")


def test_keys(tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("first-key\nsecond-key\n", encoding="utf-8")
    env = {"HAYAKANA_SERVE_API_KEYS": "third-key"}
    with serving("--model", tiny_folder, "--api-key-file", tmp_path / "keys", env=env) as service:
        for path in ("/health", "/ready", "/", "/docs", "/openapi.json"):
            assert service.get(path).status_code == 200
        basic = base64.b64encode(b"first-key:first-key").decode()
        for headers in (
            {},
            {"X-API-Key": "first"},
            {"Authorization": "Bearer"},
            {"Authorization": "Bearer third-ke"},
            {"Authorization": f"Basic {basic}"},
            {"X-API-Key": "first-key,second-key"},
        ):
            for path in ("/info", "/metrics"):
                response = service.get(path, **headers)
                assert (response.status_code, response.json()["error_type"]) == (401, "unauthorized")
                assert response.headers["www-authenticate"] == "Bearer"
            assert service.post("/v1/transliterate", {"names": ["Mori"]}, **headers).status_code == 401
            assert service.post("/v1/explain", {"names": ["Mori"]}, **headers).status_code == 401
        for key in ("first-key", "second-key", "third-key"):
            assert service.get("/info", Authorization=f"Bearer {key}").status_code == 200
            assert service.post("/v1/transliterate", {"names": ["Mori"]}, **{"X-API-Key": key}).status_code == 200
        said = json.dumps(service.log)
        assert not any(key in said for key in ("first-key", "second-key", "third-key"))


def test_origins_and_hosts_come_from_options_and_the_environment(tiny_folder: Path) -> None:
    env = {"HAYAKANA_SERVE_CORS_ORIGIN": "https://a.example, https://b.example", "HAYAKANA_SERVE_API_KEYS": "key"}
    with serving("--model", tiny_folder, "--allowed-host=*.c.example", env=env) as service:
        asking = {"Origin": "https://b.example", "Access-Control-Request-Method": "POST", "Host": "d.c.example"}
        with service.client() as client:
            allowed = client.options("/v1/transliterate", headers=asking)
            assert allowed.headers["access-control-allow-origin"] == "https://b.example"
            refused = client.options("/v1/transliterate", headers=asking | {"Origin": "https://e.example"})
            assert "access-control-allow-origin" not in refused.headers
            answer = client.post(
                "/v1/transliterate",
                json={"names": ["Mori"]},
                headers={"Origin": "https://a.example", "Host": "d.c.example", "X-API-Key": "key"},
            )
            assert answer.status_code == 200
            assert answer.headers["access-control-allow-origin"] == "https://a.example"
        assert service.get("/info", **{"X-API-Key": "key"}).status_code == 400


@pytest.mark.parametrize(
    ("options", "env", "code", "said"),
    [
        (["--port", "70000"], {}, 2, "argument --port: '70000': must be a number"),
        (["--window-ms", "3"], {}, 2, "must be a number from 0 to 2"),
        (["--limit-names", "100000"], {}, 2, "--limit-names must not be more than --limit-waiting-names"),
        (["--limit-names", "0"], {}, 2, "argument --limit-names: '0': must be a number of at least 1"),
        (["--model", "none"], {}, 1, "none"),
        (["--model", "seed", "--model", str(MODELS / "seed")], {}, 2, "two models have one name"),
        (["--host", "203.0.113.7"], {}, 1, "cannot listen at 203.0.113.7, port 0"),
        (["--api-key-file", "missing"], {}, 1, "missing: No such file"),
        (["--api-key-file", "/dev/zero"], {}, 2, "/dev/zero cannot hold API keys: it is not a regular file"),
        (["--cors-origin", "a.example"], {}, 2, "'a.example': must be * or an origin in small letters"),
        (["--cors-origin", "https://a.example/"], {}, 2, "without a path, such as https://a.example"),
        ([], {"HAYAKANA_SERVE_API_KEYS": ""}, 2, "HAYAKANA_SERVE_API_KEYS must have API keys"),
        ([], {"HAYAKANA_SERVE_PORT": "x"}, 2, "argument --port: 'x': must be a number"),
        ([], {"HAYAKANA_SERVE_LOG_NAMES": "perhaps"}, 2, "HAYAKANA_SERVE_LOG_NAMES: give 1 or 0"),
    ],
)
def test_wrong_use_is_said(options: list[str], env: dict[str, str], code: int, said: str) -> None:
    done = subprocess.run(  # noqa: S603
        [COMMAND, "serve", *([] if env or "--port" in options else ["--port=0"]), *options],
        env=os.environ | env,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(  # noqa: S603
            [COMMAND, "serve", f"--port={port}"], capture_output=True, text=True, timeout=LIMIT_S, check=False
        )
    assert (done.returncode, "give another --host or --port" in done.stderr) == (1, True)


def test_too_few_file_descriptors_do_not_end_the_service(tiny_folder: Path) -> None:
    with serving("--model", tiny_folder) as service:
        resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE, (40, 40))
        with contextlib.ExitStack() as opened:
            for _ in range(60):
                opened.enter_context(socket.create_connection(service.address, timeout=LIMIT_S))
        until(lambda: service.get("/health").status_code == 200)
