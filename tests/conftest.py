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
def read_pairs_file(pairs_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pairs whose names the model reads: single letters are read by rule, and the fixture has other Katakana."""
    path = tmp_path_factory.mktemp("pairs") / "read.tsv"
    lines = pairs_file.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if line.index("\t") > 1), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Iterator[Transliterator]:
    with Transliterator(tiny_folder) as transliterator:
        yield transliterator


@pytest.fixture(scope="module")
def ray_cluster() -> Iterator[str]:
    """The address of a Ray cluster of two nodes with two logical CPUs each, which this process is connected to.

    All its processes end with the module. Nothing leaves this machine, and Ray's files stay under its folder in /tmp.
    """
    import ray
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 2, "object_store_memory": 200_000_000, "include_dashboard": False}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_AUTH_MODE", "disabled")  # It would write a token into the home folder.
        # Workers that are nice to whatever else runs may start so late that Ray starts more of them, again and again.
        patch.setenv("RAY_worker_niceness", "0")
        cluster = Cluster(initialize_head=True, head_node_args=node)
        try:
            cluster.add_node(**node)
            ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
            yield cluster.address
        finally:
            ray.shutdown()
            cluster.shutdown()
