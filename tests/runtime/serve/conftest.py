"""A service that all kinds of requests are sent to, and the same model without it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.services import Service, serving

from hayakana import Transliterator


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
