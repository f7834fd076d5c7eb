"""A real service, asked over HTTP."""

import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from tests.services import LIMIT_S, Service, serving

import hayakana
from hayakana import Transliterator

NDJSON = {"Content-Type": "application/x-ndjson"}
NAMES = ["Mori", "mori tanaka", "Kato-Mori", "2Pac", "", "山田 Anna", "J. R. Kato", "a" * 50, "Shin Kato", "\u0000"]


@pytest.fixture(scope="module")
def service(tagged_known_folder: Path) -> Iterator[Service]:
    with serving("--model", tagged_known_folder, "--model", "seed", "--piece", "16") as running:
        yield running


@pytest.fixture(scope="module")
def known(tagged_known_folder: Path) -> Iterator[Transliterator]:
    with Transliterator(tagged_known_folder) as transliterator:
        yield transliterator


@pytest.fixture(scope="module")
def document(service: Service) -> dict[str, Any]:
    described: dict[str, Any] = service.get("/openapi.json").json()
    return described


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


def as_sent(
    transliterator: Transliterator, names: list[str], languages: list[str | None] | None = None, **details: Any
) -> list[dict[str, Any]]:
    """Return what the service must answer, from the library alone."""
    results = []
    for result in transliterator.transliterate_detailed(names, languages, **details):
        sent: dict[str, Any] = {"name": result.name, "text": result.text, "status": str(result.status)}
        if result.error is not None:
            sent["error"] = str(result.error)
        if result.probability is not None:
            sent["probability"] = pytest.approx(result.probability, abs=2e-4)
        if result.candidates:
            sent["candidates"] = [
                {"text": candidate.text, "probability": pytest.approx(candidate.probability, abs=2e-4)}
                for candidate in result.candidates
            ]
        if result.origins:
            sent["origins"] = list(map(str, result.origins))
        if result.language is not None:
            sent["language"] = result.language
        results.append(sent)
    return results


@pytest.mark.parametrize("details", [{}, {"probabilities": True}, {"candidates": 3}])
def test_names_have_what_the_library_says_of_them(
    service: Service, known: Transliterator, document: dict[str, Any], details: dict[str, Any]
) -> None:
    response = service.post("/v1/transliterate", {"names": NAMES, **details})
    assert response.status_code == 200
    assert response.json() == {"model": "tiny", "results": as_sent(known, NAMES, **details)}
    check(document, "post", "/v1/transliterate", response)


def test_names_have_hints_of_language(service: Service, known: Transliterator, document: dict[str, Any]) -> None:
    names = ["Mori", {"name": "Mori", "language": "nl"}, {"name": "Anna"}, {"name": "Anna", "language": "xx"}]
    codes = ["fr", "nl", "fr", "xx"]
    expected = as_sent(known, ["Mori", "Mori", "Anna", "Anna"], codes)
    assert [result.get("language") for result in expected] == ["fr", "nl", "fr", None]
    response = service.post("/v1/transliterate", {"names": names, "language": "fr"})
    assert response.json()["results"] == expected
    check(document, "post", "/v1/transliterate", response)
    lines = "\n".join(map(json.dumps, names)).encode()
    streamed = httpx.post(f"{service.url}/v1/transliterate?language=FR", content=lines, headers=NDJSON, timeout=LIMIT_S)
    assert list(map(json.loads, streamed.text.splitlines())) == expected
    explained = service.post("/v1/explain", {"names": names, "language": "fr"}).json()["results"]
    assert [explanation["text"] for explanation in explained] == [result["text"] for result in expected]


def test_a_request_names_its_model(service: Service) -> None:
    assert service.post("/v1/transliterate", {"names": ["Jon Snow"], "model": "seed"}).json() == {
        "model": "seed",
        "results": [{"name": "Jon Snow", "text": "ジョン・スノー", "status": "ok", "origins": ["model"]}],
    }


_LISTS = st.lists(st.lists(st.text("mori tankeshu-'É2", max_size=12), min_size=1, max_size=40), min_size=1, max_size=8)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_LISTS)
def test_joined_split_and_concurrent_requests_give_the_strings_of_the_library(
    service: Service, known: Transliterator, lists: list[list[str]]
) -> None:
    with service.client() as client, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda names: client.post("/v1/transliterate", json={"names": names}), lists))
    for names, answer in zip(lists, answers, strict=True):
        assert answer.json()["results"] == as_sent(known, names)


def test_a_stream_has_a_line_for_a_line(service: Service, known: Transliterator, document: dict[str, Any]) -> None:
    lines = [json.dumps(name) for name in NAMES] + [
        '{"name": "Mori"}',
        "",
        "5",
        "{",
        '"\\ud800"',
        '["Mori"]',
        '{"name": "Kato", "language": "?"}',
        '"Kato"',
    ]
    response = httpx.post(
        f"{service.url}/v1/transliterate?probabilities=true",
        content="\r\n".join(lines).encode(),
        headers=NDJSON,
        timeout=LIMIT_S,
    )
    assert response.status_code == 200
    answered = list(map(json.loads, response.text.splitlines()))
    assert len(answered) == len(lines)
    assert answered[: len(NAMES)] == as_sent(known, NAMES, probabilities=True)
    place = len(NAMES)
    assert answered[place]["text"] == answered[0]["text"]
    assert [(line["line"], line["error_type"]) for line in answered[place + 1 : -1]] == [
        (place + 2, "malformed"),
        (place + 3, "invalid"),
        (place + 4, "malformed"),
        (place + 5, "malformed"),
        (place + 6, "invalid"),
        (place + 7, "invalid"),
    ]
    assert answered[-1]["name"] == "Kato"
    check(document, "post", "/v1/transliterate", response)


def test_an_explanation_has_what_the_library_says(
    service: Service, known: Transliterator, document: dict[str, Any]
) -> None:
    response = service.post("/v1/explain", {"names": ["Shinoka-Kato Mori", "2Pac"]})
    check(document, "post", "/v1/explain", response)
    explained, refused = response.json()["results"]
    alignment = known.explain("Shinoka-Kato Mori")
    assert explained["text"] == alignment.text
    assert [(pair["kana"], pair["letters"]) for pair in explained["pairs"]] == alignment.pairs()
    assert "".join(part["source"] for part in explained["parts"]) == "".join(alignment.source)
    row = column = 0
    for part in explained["parts"]:
        height, width = len(part["target"]), len(part["source"])
        expected = alignment.weights[row : row + height, column : column + width]
        for weights, expected_weights in zip(part["weights"], expected.tolist(), strict=True):
            assert weights == pytest.approx(expected_weights, abs=1e-4)
        row, column = row + height, column + width
    assert (refused["text"], refused["status"]) == (None, "unreadable")


def test_what_serves_here_is_said(service: Service, document: dict[str, Any]) -> None:
    for path, expected in (("/health", "ok"), ("/ready", "ready")):
        response = service.get(path)
        assert (response.status_code, response.json()["status"]) == (200, expected)
        check(document, "get", path, response)
    response = service.get("/info")
    check(document, "get", "/info", response)
    said = response.json()
    assert said["version"] == hayakana.__version__
    assert [(model["name"], model["unit"], model["known_names"]) for model in said["models"]] == [
        ("tiny", "part", True),
        ("seed", "name", False),
    ]
    assert said["limits"]["names"] == 10_000


def test_openapi_is_valid_and_has_every_path(service: Service, document: dict[str, Any]) -> None:
    validate(document)
    # Of the page's files the document need not speak.
    assert all(service.get(path).status_code in (200, 405) for path in document["paths"])


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_ask_no_other_host(service: Service, path: str) -> None:
    page = service.get(path)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert "unsafe" not in policy
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]* (?:src|href)="([^"]*)"', page.text)
    for file in loaded:
        assert ":" not in file
        assert not file.startswith("/")
        assert service.get(f"/{file}").status_code == 200


def test_the_reference_shows_every_path_and_type(service: Service, document: dict[str, Any]) -> None:
    page = service.get("/docs").text
    assert all(f"{method.upper()} {path}" in page for path, methods in document["paths"].items() for method in methods)
    assert all(f'id="{name}"' in page for name in document["components"]["schemas"])
    targets = set(re.findall(r'href="#([^"]*)"', page))
    assert targets <= set(re.findall(r'id="([^"]*)"', page))


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


def test_a_request_id_is_kept_if_it_is_short_and_plain(service: Service) -> None:
    assert service.get("/health", **{"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    for other in ("a b", "a" * 65, "<script>"):
        assert re.fullmatch("[0-9a-f]{16}", service.get("/health", **{"X-Request-ID": other}).headers["x-request-id"])


def raw(service: Service, sent: bytes) -> bytes:
    """Send bytes as they are, and return all that comes back until the service closes the connection."""
    with socket.create_connection(service.address, timeout=LIMIT_S) as connection:
        connection.sendall(sent)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
        return received
