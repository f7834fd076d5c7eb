"""What an expression of Polars and a function of DuckDB cost beside the table that they would be.

python -m benchmarks.studies.frames [--quick]

Names are "given family", drawn from the US census lists as often as people bear them, in memory. All sides run in one
process and take turns. ``new words`` begins with a model that has just been opened and remembers nothing;
``known words`` has met all of its names before.
"""

import argparse
import itertools
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from benchmarks.harness.child import cores
from benchmarks.harness.record import RESULTS, head, origin, write
from benchmarks.harness.rounds import Settings, Side, figures, interleave, number, summaries
from benchmarks.harness.samples import SOURCE, full_names
from hayakana.batch import ArrowTransliterator
from hayakana.integrations.duckdb import register
from hayakana.integrations.polars import Names
from hayakana.model.folder import bundled_models

MODEL = "default"
Job = Callable[[], object]
_SIZES = itertools.count(1 << 20)
"""Sizes of caches, all larger than what there is to remember: expressions of different options share no words."""


def main() -> None:
    """Measure, and write the result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.frames", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: does everything run? Not to be quoted")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        values = measured(Settings(folder=Path(folder), quick=arguments.quick))
    text = render(values)
    write(RESULTS / ("quick_frames.json" if arguments.quick else "frames.json"), values, text)
    sys.stdout.write(text)


def measured(settings: Settings) -> dict[str, Any]:
    """Return names a second of all sides."""
    rows = settings.pick(full=1_000_000, quick=3_000)
    begun = head({MODEL: bundled_models()[MODEL]})
    table = pa.table({"name": full_names(rows, seed=settings.seed)})
    opened = {name: side(table) for name, side in SIDES.items()}
    new = {name: Side(rows, lambda side=side: _seconds(side(table))) for name, side in SIDES.items()}
    for job in opened.values():
        job()
    known = {name: Side(rows, lambda job=job: _seconds(job)) for name, job in opened.items()}
    return {
        "head": begun | {"versions": begun["versions"] | {"polars": pl.__version__, "duckdb": duckdb.__version__}},
        "quick": settings.quick,
        "settings": {"rows": rows, "model": MODEL, "cores": cores(), "names": SOURCE, "seed": settings.seed},
        "names_per_second": {
            "new words": summaries(interleave(new, rounds=settings.rounds)),
            "known words": summaries(interleave(known, rounds=settings.rounds)),
        },
    }


def _arrow(table: pa.Table) -> Job:
    transliterator = ArrowTransliterator(MODEL, cache_size=next(_SIZES))
    transliterator(table.slice(0, 1))
    return lambda: transliterator(table)


def _polars(table: pa.Table, *, details: bool = False, streaming: bool = False) -> Job:
    frame = pl.DataFrame({"name": table["name"]})
    names, size = Names(pl.col("name")), next(_SIZES)
    expression = names.details(MODEL, cache_size=size) if details else names.katakana(MODEL, cache_size=size)
    frame.head(1).select(expression)
    if streaming:
        return lambda: frame.lazy().select(expression).collect(engine="streaming")
    return lambda: frame.select(expression)


def _duckdb(table: pa.Table, *, function: str = "katakana") -> Job:
    connection = duckdb.connect()
    connection.register("people", table)
    connection.execute("create table names as from people")
    register(connection, MODEL, cache_size=next(_SIZES))
    connection.execute("select katakana('Mori')").fetchall()
    query = f"create or replace table done as select {function}(name) from names"  # noqa: S608  (a name of SIDES)
    return lambda: connection.execute(query)


SIDES: Mapping[str, Callable[[pa.Table], Job]] = {
    "ArrowTransliterator": _arrow,
    "Polars, katakana()": _polars,
    "Polars, katakana(), streaming": lambda table: _polars(table, streaming=True),
    "Polars, details()": lambda table: _polars(table, details=True),
    "DuckDB, katakana(name)": _duckdb,
    "DuckDB, katakana_details(name)": lambda table: _duckdb(table, function="katakana_details"),
}
"""What opens a model and returns what is timed: Katakana of all names of a table."""


def _seconds(job: Job) -> float:
    start = perf_counter()
    job()
    return perf_counter() - start


def render(values: Mapping[str, Any]) -> str:
    """Return the result as Markdown."""
    settings = ", ".join(f"{key} {value}" for key, value in values["settings"].items())
    machine = values["head"]["machine"]
    versions = ", ".join(f"{package} {values['head']['versions'][package]}" for package in ("polars", "duckdb"))
    lines = ["# Frames", ""]
    if values["quick"]:
        lines += ["Small sizes: not to be quoted.", ""]
    lines += [f"{machine['processor']}, {machine['cores']} cores; {settings}; {versions}. {origin(values['head'])}", ""]
    lines += ["| names a second | median | smallest | largest |", "|---|--:|--:|--:|"]
    for path, found in figures(values["names_per_second"]):
        low, middle, high = (number(found[key]) for key in ("min", "median", "max"))
        lines.append(f"| {', '.join(path)} | {middle} | {low} | {high} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
