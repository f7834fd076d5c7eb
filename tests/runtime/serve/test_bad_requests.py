"""Bad requests are refused and say why, and the service is alive after them."""

import json
import socket
from typing import Any

import pytest
from tests.services import LIMIT_S, NDJSON, Service, check

pytestmark = pytest.mark.slow

BAD = [
    (b"", 400, "malformed"),
    (b"no JSON", 400, "malformed"),
    (b'{"names": ["Mori"]', 400, "malformed"),
    (b'{"names": ["Mori"]} x', 400, "malformed"),
    (b'{"names": ["M\xffri"]}', 400, "malformed"),
    (b'{"names": ["\\ud800"]}', 400, "malformed"),
    (b'{"names": [NaN]}', 400, "malformed"),
    (b"[" * 100_000, 422, "invalid"),
    (b'{"x": ' * 100_000, 422, "invalid"),
    (b"[]", 422, "invalid"),
    (b"null", 422, "invalid"),
    (b"{}", 422, "invalid"),
    (b'{"names": []}', 422, "invalid"),
    (b'{"names": "Mori"}', 422, "invalid"),
    (b'{"names": ["Mori", 7]}', 422, "invalid"),
    (b'{"names": [null]}', 422, "invalid"),
    (b'{"names": [{"nam": "Mori"}]}', 422, "invalid"),
    (b'{"names": ["Mori"], "language": "French"}', 422, "invalid"),
    (b'{"names": [{"name": "Mori", "language": "7"}]}', 422, "invalid"),
    (b'{"names": ["Mori"], "model": "none"}', 422, "unknown_model"),
    (b'{"names": ["Mori"], "model": "../seed"}', 422, "unknown_model"),
    (b'{"names": ["Mori"], "candidates": -1}', 422, "invalid"),
    (b'{"names": ["Mori"], "candidates": 21}', 422, "invalid"),
    (b'{"names": ["Mori"], "candidates": 1e999}', 422, "invalid"),
    (b'{"names": ["Mori"], "probabilities": 1}', 422, "invalid"),
    (b'{"names": ["Mori"], "probabilites": true}', 422, "invalid"),
    (b'{"names": ["' + b"a" * 1_001 + b'"]}', 422, "name_too_long"),
    (b'{"names": [' + b",".join([b'"a"'] * 10_001) + b"]}", 413, "too_many_names"),
    (b'{"names": ["' + b"a" * 2_000_000 + b'"]}', 413, "too_large"),
]


@pytest.mark.parametrize(("body", "status", "error_type"), BAD, ids=[f"{body[:40]!r}" for body, _, _ in BAD])
def test_bad_bodies_are_refused_and_say_why(
    service: Service, document: dict[str, Any], body: bytes, status: int, error_type: str
) -> None:
    with service.client() as client:
        response = client.post("/v1/transliterate", content=body, headers={"Content-Type": "application/json"})
        check(document, "post", "/v1/transliterate", response)
        assert (response.status_code, response.json()["error_type"]) == (status, error_type)
        if "limit" in response.json():
            assert f"{response.json()['limit']:,}" in response.json()["error"]
        assert client.post("/v1/transliterate", json={"names": ["Mori"]}).status_code == 200


@pytest.mark.parametrize("content_type", [None, "", "text/plain", "application/x-www-form-urlencoded", "application"])
def test_another_media_type_is_refused(service: Service, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    with service.client() as client:
        response = client.post("/v1/transliterate", content=b'{"names": ["Mori"]}', headers=headers)
    assert (response.status_code, response.json()["error_type"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("query", "error_type"),
    [
        ("model=none", "unknown_model"),
        ("candidates=x", "invalid"),
        ("candidates=21", "invalid"),
        ("probabilities=perhaps", "invalid"),
        ("unknown=1", "invalid"),
        ("language=French", "invalid"),
        ("candidates=1&candidates=2", "invalid"),
    ],
)
def test_bad_options_of_a_stream_are_refused(service: Service, query: str, error_type: str) -> None:
    with service.client() as client:
        response = client.post(f"/v1/transliterate?{query}", content=b'"Mori"', headers=NDJSON)
    assert (response.status_code, response.json()["error_type"]) == (422, error_type)


@pytest.mark.parametrize("path", ["/v1/transliterate", "/v1/explain"])
def test_options_of_a_json_body_are_refused_in_the_query(service: Service, path: str) -> None:
    with service.client() as client:
        response = client.post(f"{path}?language=fr", json={"names": ["Mori"]})
    assert response.status_code == 422
    assert response.json()["error"] == "options were given in the query: those of a JSON body are members of it"


@pytest.mark.parametrize(
    ("method", "path", "status", "error_type"),
    [
        ("GET", "/v1/transliterate", 405, "method_not_allowed"),
        ("DELETE", "/health", 405, "method_not_allowed"),
        ("POST", "/", 405, "method_not_allowed"),
        ("OPTIONS", "/v1/transliterate", 405, "method_not_allowed"),
        ("GET", "/v1", 404, "not_found"),
        ("GET", "/v1/transliterate/", 404, "not_found"),
        ("GET", "/../../etc/passwd", 404, "not_found"),
        ("GET", "/page/../../app.py", 404, "not_found"),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404, "not_found"),
        ("GET", "/app.py", 404, "not_found"),
        ("GET", "//", 404, "not_found"),
        ("GET", "/%00", 404, "not_found"),
        ("GET", "/" + "a" * 5_000, 404, "not_found"),
    ],
)
def test_other_paths_and_methods(service: Service, method: str, path: str, status: int, error_type: str) -> None:
    answer = raw(service, f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split()[1] == str(status).encode()
    assert json.loads(body)["error_type"] == error_type
    assert (b"\r\nallow: " in head.lower()) == (status == 405)


@pytest.mark.parametrize(
    "host", ["attacker.example", "127.0.0.1.attacker.example", "", "localhost.attacker.example:80"]
)
def test_another_host_is_refused(service: Service, host: str) -> None:
    answer = raw(service, f"GET /info HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error_type"] == "unknown_host"
    probe = raw(service, f"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert probe.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "sent", [b"\r\n\x00\xff nonsense\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nA B: c\r\n\r\n"]
)
def test_what_is_no_http_is_refused(service: Service, sent: bytes) -> None:
    answer = raw(service, sent)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error_type"] == "malformed"
    assert service.get("/health").status_code == 200


def raw(service: Service, sent: bytes) -> bytes:
    """Send bytes as they are, and return all that comes back until the service closes the connection."""
    with socket.create_connection(service.address, timeout=LIMIT_S) as connection:
        connection.sendall(sent)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
        return received
