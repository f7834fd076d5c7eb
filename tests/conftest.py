"""What all tests share: the tiny model, and the versions in the header."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hayakana import Transliterator
from hayakana.sessions import runtime

TESTS = Path(__file__).parent


def pytest_report_header() -> str:
    onnxruntime = runtime()
    return f"numpy {np.__version__}, onnxruntime {onnxruntime.__version__}: {onnxruntime.get_available_providers()}"


@pytest.fixture(scope="session")
def tiny_folder() -> Path:
    """A real ONNX model of 9,000 weights, trained on the made-up names of fixtures/make_pairs.py."""
    return TESTS / "tiny_model"


@pytest.fixture(scope="session")
def pairs_file() -> Path:
    return TESTS / "fixtures" / "pairs.tsv"


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Iterator[Transliterator]:
    with Transliterator(tiny_folder) as transliterator:
        yield transliterator
