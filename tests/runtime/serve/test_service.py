"""What a service answers: what the library says, joined, split and streamed."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.services import LIMIT_S, NDJSON, Service, check

from hayakana import Transliterator

pytestmark = pytest.mark.slow

NAMES = ["Mori", "mori tanaka", "Kato-Mori", "2Pac", "", "山田 Anna", "J. R. Kato", "a" * 50, "Shin Kato", "\u0000"]


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
