"""What a service says of itself: probes, versions, its reference and its pages."""

import re
from typing import Any

import pytest
from openapi_spec_validator import validate
from tests.services import Service, check

import hayakana

pytestmark = pytest.mark.slow


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


def test_a_request_id_is_kept_if_it_is_short_and_plain(service: Service) -> None:
    assert service.get("/health", **{"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    for other in ("a b", "a" * 65, "<script>"):
        assert re.fullmatch("[0-9a-f]{16}", service.get("/health", **{"X-Request-ID": other}).headers["x-request-id"])
