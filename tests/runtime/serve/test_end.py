"""Ends: of a service that is told to end, of its workers, and of a client that leaves."""

import asyncio
import http.client
import itertools
import json
import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from tests.services import HEAD, LIMIT_S, Service, distinct, rest_of, serving, until

from hayakana import Transliterator
from hayakana.serve.app import app_of
from hayakana.serve.settings import Settings

pytestmark = pytest.mark.slow

CLIENTS = 24
"""Half of them keep their connection, and half open one for each request."""
BEFORE_THE_END = 300
"""Requests that are answered before the service is told to end."""


@dataclass
class Answers:
    """What clients got: names by the id of their request, which count only where the answer is whole."""

    whole: dict[str, list[str]] = field(default_factory=dict)
    unavailable: list[str] = field(default_factory=list)
    of_another_status: list[int] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)


def asking(service: Service, client: int, answers: Answers) -> None:
    """Send small requests without a pause until the service takes no more connections."""
    host, port = service.address
    keeps = client % 2 == 0
    connection = http.client.HTTPConnection(host, port, timeout=LIMIT_S)
    for number in itertools.count():
        request_id = f"{client}-{number}"
        body = json.dumps({"names": ["Mori", "Kato"][: 1 + number % 2]})
        headers = {"Content-Type": "application/json", "X-Request-ID": request_id}
        try:
            connection.request("POST", "/v1/transliterate", body, headers)
            response = connection.getresponse()
            content = response.read()
        except ConnectionRefusedError:
            return
        except http.client.IncompleteRead:
            answers.torn.append(request_id)
            return
        except (ConnectionError, http.client.RemoteDisconnected):
            connection.close()  # Before any answer: a request that the service did not take.
            continue
        if response.status == 200:
            answers.whole[request_id] = [result["text"] for result in json.loads(content)["results"]]
        elif response.status == 503:
            answers.unavailable.append(request_id)
        else:
            answers.of_another_status.append(response.status)
        if not keeps:
            connection.close()


def taken(service: Service) -> Iterator[str]:
    """Yield the id of each request that the service took and has an answer for, as its log says."""
    return (line["request_id"] for line in service.logged("request") if line["status"] == 200)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_end_under_load_loses_no_request_that_was_taken(tiny_folder: Path, workers: int) -> None:
    answers = Answers()
    with serving("--model", tiny_folder, f"--workers={workers}", "--window-ms=2") as service:
        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(asking, service, client, answers) for client in range(CLIENTS)]
            until(lambda: len(answers.whole) >= BEFORE_THE_END or any(client.done() for client in clients))
            service.process.send_signal(signal.SIGTERM)
            for client in clients:
                client.result(LIMIT_S)
        assert service.process.wait(LIMIT_S) == 0
        until(lambda: service.logged("stopped"))
    assert (answers.torn, answers.of_another_status) == ([], [])
    assert set(answers.whole) == set(taken(service))
    assert all(texts == ["モリ", "カト"][: len(texts)] for texts in answers.whole.values())
    # Requests were under way when the signal came, and the end did not have to cancel any.
    events = [line["event"] for line in service.log]
    assert "request" in events[events.index("stopping") :]
    assert set(events) == {"listening", "request", "stopping", "stopped"}


def test_answers_end_their_connection_once_the_service_ends(tiny_folder: Path) -> None:
    """On a connection that is taken just as the signal comes, requests would follow until ``--grace`` is over."""

    async def connections() -> list[str | None]:
        with Transliterator(tiny_folder) as transliterator:
            app, service = app_of([transliterator], Settings(access_log=False))
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
                before = await client.get("/ready")
                service.stopping.set()
                after = await client.get("/ready")
        return [response.headers.get("connection") for response in (before, after)]

    assert asyncio.run(connections()) == [None, "close"]


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
