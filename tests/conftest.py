"""What all tests share: the tiny model, Spark where Java is, the versions in the header, and what is left out."""

import hashlib
import importlib.util
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from hayakana import Transliterator
from hayakana.engine.lookups import Lookups
from hayakana.model.manifest import FORMAT_VERSION, KNOWN_NAMES, MANIFEST
from hayakana.names.known_tables import KnownName, write_known_names
from hayakana.sessions.opening import runtime

TESTS = Path(__file__).parent
NO_JAVA = "Spark tests were not run: no Java (apt-get install openjdk-17-jre-headless)"
"""What is said at the end of a run without them; .ci/run fails where it is."""

NEEDS = {
    "tensorflow": ("training", "benchmarks", "test_shipped_models.py"),
    "ray": ("integrations/test_ray.py", "test_readme.py", "test_examples.py"),
    "pyspark": ("integrations/test_spark.py", "test_readme.py", "test_examples.py"),
    "polars": ("integrations/test_polars.py", "test_readme.py"),
    "duckdb": ("integrations/test_duckdb.py", "test_readme.py"),
    "playwright": ("browser", "runtime/serve/test_page.py"),
    "axe_playwright_python": ("runtime/serve/test_page.py",),
    "PyInstaller": ("frozen",),
    "nox": ("test_release.py",),
    **dict.fromkeys(("faker", "maxminddb", "sklearn"), ("training/origin",)),
}
"""Package → the tests that need it: the group ``test`` has none of them, the group ``dev`` has all."""
MISSING = [package for package in NEEDS if importlib.util.find_spec(package) is None]
collect_ignore = sorted({path for package in MISSING for path in NEEDS[package]})
ALL = "pip install -r requirements/dev.txt has all"
LEFT_OUT = f"left out, without {', '.join(MISSING)}: {', '.join(collect_ignore)} ({ALL})"

# Hypothesis would fail a test that takes longer than usual, as tests do on a busy machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_report_header() -> str:
    onnxruntime = runtime()
    return f"numpy {np.__version__}, onnxruntime {onnxruntime.__version__}: {onnxruntime.get_available_providers()}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not shutil.which("java"):
        for item in items:
            if item.get_closest_marker("spark"):
                item.add_marker(pytest.mark.skip(reason=NO_JAVA))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if MISSING:
        terminalreporter.write_line(LEFT_OUT, yellow=True)
    if any(NO_JAVA in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(NO_JAVA, yellow=True)


@pytest.fixture(scope="session")
def spark() -> Iterator:
    """A Spark of two workers on this machine, which ends with the tests."""
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        session = (
            SparkSession.builder.master("local[2]")
            # Java started for seconds: a compiler that optimises costs more than it saves.
            .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            .config("spark.ui.enabled", value=False)
            .config("spark.ui.showConsoleProgress", value=False)
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", 2)
            .getOrCreate()
        )
        session.sparkContext.setLogLevel("OFF")
        gateway = session.sparkContext._gateway
        yield session
        session.stop()
        # Spark leaves its Java to the end of the process, where nothing waits for it.
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(60)


@pytest.fixture(scope="session")
def tiny_folder() -> Path:
    """A real ONNX model of 9,000 weights, trained on the made-up names of fixtures/make_pairs.py."""
    return TESTS / "tiny_model"


KNOWN_PARTS = {
    "mori": KnownName("モーリ", 100),
    "anna": KnownName("アンナ", 60),
    "shin": KnownName("シン", 73),
    "jr": KnownName("ジェイアール", 100),  # read by rule, which goes first
}
KNOWN_WHOLE_NAMES = {
    "kato tanaka": KnownName("カトー・タナーカ", 61),
    "mori-kato": KnownName("モリー＝カトー", 100),
    "tanaka y mori": KnownName("タナカ・イ・モリ", 100),
    "new york": KnownName("ニューヨーク", 60),
}
"""What ``known_folder`` knows."""


@pytest.fixture(scope="session")
def known_folder(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model with a table of known names."""
    folder = tmp_path_factory.mktemp("known") / "tiny"
    shutil.copytree(tiny_folder, folder)
    content = write_known_names(
        KNOWN_PARTS,
        KNOWN_WHOLE_NAMES,
        places={"mori": KnownName("モリノ", 60)},
        words={"shin": KnownName("シーン", 60)},
    )
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    values |= {"format_version": FORMAT_VERSION, "known_names": {"parts": len(KNOWN_PARTS)}}
    values["files"][KNOWN_NAMES] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (folder / KNOWN_NAMES).write_bytes(content)
    (folder / MANIFEST).write_text(json.dumps(values), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def tagged_folder(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model with tags of languages and places; see ``tagged_model``."""
    from tests.tagged_model import make_tagged_model

    folder = tmp_path_factory.mktemp("tagged") / "tiny"
    make_tagged_model(tiny_folder, folder, known=False)
    return folder


@pytest.fixture(scope="session")
def tagged_known_folder(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model with tags, and with a table of known names."""
    from tests.tagged_model import make_tagged_model

    folder = tmp_path_factory.mktemp("tagged_known") / "tiny"
    make_tagged_model(tiny_folder, folder, known=True)
    return folder


@pytest.fixture(scope="session")
def pairs_file() -> Path:
    return TESTS / "fixtures" / "pairs.tsv"


@pytest.fixture(scope="session")
def read_pairs_file(pairs_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pairs whose names the model reads: others are read by rule, and the fixture has other Katakana."""
    path = tmp_path_factory.mktemp("pairs") / "read.tsv"
    lines = pairs_file.read_text(encoding="utf-8").splitlines(keepends=True)
    by_rule = Lookups({}).look_up([line.partition("\t")[0] for line in lines])
    path.write_text("".join(line for line in lines if line.partition("\t")[0] not in by_rule), encoding="utf-8")
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
