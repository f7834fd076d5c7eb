"""Who may ask a service, and what it never says of them: keys, origins and hosts, names in the log."""

import base64
import json
from pathlib import Path

import pytest
from tests.services import lines_of, serving, until

pytestmark = pytest.mark.slow

NOWHERE = "Zzyzxova"
"""A name that is looked for wherever it must not be."""


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
