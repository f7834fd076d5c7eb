"""Ray Datasets on a real cluster of two nodes: every row once and right, whatever dies on the way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import ray.data
from ray.data.checkpoint import CheckpointConfig
from ray.exceptions import UserCodeException

from hayakana import Lexicon, Transliterator
from hayakana.batch import ArrowTransliterator
from hayakana.extras import install_line
from hayakana.integrations.ray import transliterate_dataset

ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # Actors cannot import this module.
pytestmark = pytest.mark.usefixtures("ray_cluster")

NAMES = ["Mori Kato", "tanaka", None, "2Pac", "Mori-Kato", "", "J. R. Mori", "山田", "Kató", "k" * 99]
ROWS, BLOCK = 12_000, 1_000
PATIENCE = 120.0
"""Seconds until a process that waits for another gives up."""


@pytest.fixture
def context() -> Iterator[ray.data.DataContext]:
    """Ray's settings, for one test."""
    settings = ray.data.DataContext.get_current().copy()
    with ray.data.DataContext.current(settings):
        yield settings


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return pa.table({"id": range(ROWS), "name": (NAMES * ROWS)[:ROWS]})


@pytest.fixture(scope="module")
def folder(table: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names")
    pq.write_table(table, folder / "names.parquet")
    return folder


def in_blocks(folder: Path) -> ray.data.Dataset:
    return ray.data.read_parquet(str(folder)).repartition(target_num_rows_per_block=BLOCK)


def with_answers(table: pa.Table, transliterator: Transliterator, katakana: str, status: str) -> pa.Table:
    """Return ``table`` with what ``transliterate_detailed`` says of each name, in two columns of these names."""
    names = table["name"].to_pylist()
    results = transliterator.transliterate_detailed([name for name in dict.fromkeys(names) if name is not None])
    texts = {result.name: result.text for result in results}
    statuses = {result.name: str(result.status) for result in results}
    return table.append_column(katakana, pa.array(map(texts.get, names), pa.string())).append_column(
        status, pa.array([statuses.get(name, "missing") for name in names])
    )


def written(folder: Path) -> pa.Table:
    return pq.read_table(folder).sort_by("id")


# --- the same answers ---


def test_the_same_answers_in_the_same_order(
    table: pa.Table, tiny: Transliterator, tiny_folder: Path, context: ray.data.DataContext
) -> None:
    context.execution_options.preserve_order = True
    blocks = [table.slice(start, BLOCK) for start in range(0, ROWS, BLOCK)]
    dataset = transliterate_dataset(ray.data.from_arrow(blocks), ArrowTransliterator(tiny_folder))
    done = pa.concat_tables(ray.get(dataset.to_arrow_refs()))
    assert done.equals(with_answers(table, tiny, "katakana", "status"))


def test_a_bundled_model_and_options_travel(table: pa.Table, folder: Path, tmp_path: Path) -> None:
    options = {"separator": " ", "hyphen": "", "lexicon": Lexicon.of({"2Pac": "ツーパック"})}
    options |= {"least_probability": 0.9, "style": "half-width"}
    dataset = ray.data.read_parquet(str(folder)).rename_columns({"name": "who"})
    columns = {"column": "who", "output_column": "kana", "status_column": "said"}
    done = transliterate_dataset(dataset, ArrowTransliterator("default", **columns, **options), actors=1)
    done.write_parquet(str(tmp_path))
    with Transliterator("default", **options) as default:
        wanted = with_answers(table, default, "kana", "said").rename_columns({"name": "who"})
    assert written(tmp_path).equals(wanted)
    assert "unsure" in wanted["said"].to_pylist()


# --- what goes wrong ---


class Eventful:
    """A transliterator for actors that leaves a trace of each block that it begins, and has an event at its third."""

    def __init__(self, model: Path, traces: Path, event: Callable[[Path, str], None]) -> None:
        self._transliterator, self._traces, self._event = ArrowTransliterator(model), traces, event
        self._blocks = 0

    def __call__(self, block: pa.Table) -> pa.Table:
        self._blocks += 1
        first = str(block["id"][0])
        (self._traces / f"{first}-{os.getpid()}").touch()
        if self._blocks == 3:
            self._event(self._traces, first)
        return self._transliterator(block)


def wait_to_be_killed(traces: Path, first: str) -> None:
    try:
        (traces / "victim").symlink_to(f"{first}-{os.getpid()}")
    except FileExistsError:
        return  # It is another.
    time.sleep(PATIENCE)
    raise AssertionError("nobody came")


def test_an_actor_that_is_killed_loses_no_row(
    table: pa.Table, folder: Path, tiny: Transliterator, tiny_folder: Path, tmp_path: Path
) -> None:
    traces, output = tmp_path / "traces", tmp_path / "output"
    traces.mkdir()
    dataset = transliterate_dataset(in_blocks(folder), Eventful(tiny_folder, traces, wait_to_be_killed))
    with ThreadPoolExecutor(1) as thread:
        job = thread.submit(dataset.write_parquet, str(output))
        while not (traces / "victim").is_symlink():
            assert not job.done(), job.result()
            time.sleep(0.05)
        first, process = (traces / "victim").readlink().name.split("-")
        assert [trace.name for trace in traces.glob(f"{first}-*")] == [f"{first}-{process}"]
        os.kill(int(process), signal.SIGKILL)
        job.result(PATIENCE)
    assert len(list(traces.glob(f"{first}-*"))) == 2  # The block that it died of was begun again by another process.
    assert written(output).equals(with_answers(table, tiny, "katakana", "status"))


def fail_when_something_is_written(traces: Path, first: str) -> None:
    limit = time.monotonic() + PATIENCE
    while all(".pending" in path.name for path in (traces.parent / "progress").glob("*")):
        assert time.monotonic() < limit, "nothing was written"
        time.sleep(0.05)
    raise RuntimeError("power cut")


def test_a_job_that_failed_goes_on_from_its_checkpoint(
    table: pa.Table,
    folder: Path,
    tiny: Transliterator,
    tiny_folder: Path,
    tmp_path: Path,
    context: ray.data.DataContext,
) -> None:
    traces, output, progress = tmp_path / "traces", tmp_path / "output", tmp_path / "progress"
    context.checkpoint_config = CheckpointConfig(id_column="id", checkpoint_path=str(progress))
    traces.mkdir()
    failing = transliterate_dataset(in_blocks(folder), Eventful(tiny_folder, traces, fail_when_something_is_written))
    with pytest.raises(UserCodeException, match="power cut"):
        failing.write_parquet(str(output))
    before = written(output).num_rows
    assert 0 < before < ROWS
    rest = transliterate_dataset(in_blocks(folder), ArrowTransliterator(tiny_folder))
    rest.write_parquet(str(output))
    assert written(output).equals(with_answers(table, tiny, "katakana", "status"))
    assert not progress.exists()


def test_what_an_actor_raises_comes_out_readable(table: pa.Table, tiny_folder: Path) -> None:
    dataset = transliterate_dataset(
        ray.data.from_arrow(table), ArrowTransliterator(tiny_folder, column="who"), actors=1
    )
    with pytest.raises(UserCodeException, match="TableError: no column 'who': give column one of id, name"):
        dataset.materialize()


def test_no_actors(table: pa.Table, tiny_folder: Path) -> None:
    with pytest.raises(ValueError, match="size must be >= 1"):
        transliterate_dataset(ray.data.from_arrow(table), ArrowTransliterator(tiny_folder), actors=0)


@pytest.mark.parametrize("package", ["ray", "pyarrow"])
def test_without_the_extra(package: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; import hayakana.integrations.ray"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.stderr.splitlines()[-1] == (
        "hayakana.errors.MissingExtraError: transliterating a Ray Dataset needs an optional dependency: "
        + install_line("ray")
    )
