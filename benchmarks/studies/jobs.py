"""Jobs on files of names, run as users run them, start and end of the program included.

python -m benchmarks.studies.jobs [SECTION ...]

Names are "given family", drawn from the US census lists as often as people bear them, in a column of strings. Each
function in ``SECTIONS`` is a section.
"""

import argparse
import contextlib
import functools
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.harness.processes import run
from benchmarks.harness.race import Contender, open_lists
from benchmarks.harness.record import RESULTS, head, origin, page, read, table, write
from benchmarks.harness.rounds import Settings, Side, figures, interleave, number, summaries, summary
from benchmarks.harness.samples import SEED, SOURCE, full_names, synthetic_parts
from hayakana.model.folder import bundled_models
from hayakana.system.processors import usable_processors

MODELS = ("fast", "default")
WORKERS = 2


def main() -> None:
    """Run the sections that are asked for; each is written as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.jobs", description=__doc__)
    choices = ", ".join(SECTIONS)
    parser.add_argument("sections", nargs="*", choices=[[], *SECTIONS], metavar="SECTION", help=f"of {choices}")
    parser.add_argument("--quick", action="store_true", help="small sizes: does everything run? Not to be quoted")
    arguments = parser.parse_args()
    output = RESULTS / ("quick_jobs.json" if arguments.quick else "jobs.json")
    # Sections may be from different days and machines: each has a head.
    values = {"sections": {}, **(read(output) if output.is_file() else {}), "quick": arguments.quick}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(folder=Path(folder), quick=arguments.quick)
        for section in arguments.sections or SECTIONS:
            print(f"{section} …", file=sys.stderr, flush=True)
            begun = {"head": head({model: bundled_models()[model] for model in MODELS})}
            values["sections"][section] = {**begun, **SECTIONS[section](settings)}
            write(output, values, render(values))
    print(render(values), end="")


def rates(settings: Settings) -> dict[str, Any]:
    """Measure ten million names, Parquet to Parquet and CSV to CSV, beside a program that only copies the rows."""
    rows = settings.pick(full=10_000_000, quick=20_000)
    _write_names(settings.folder, rows)
    commands = {}
    for suffix in ("parquet", "csv"):
        source, target = settings.folder / f"names.{suffix}", settings.folder / f"out.{suffix}"
        commands |= {f"{suffix}, {model}": batch(source, target, "--model", model) for model in MODELS}
        copying = [sys.executable, "-m", "benchmarks.sides.machine", str(source), str(target)]
        commands[f"{suffix}, only read and written"] = copying
    measured, peaks = _race(rows, commands, rounds=settings.pick(full=3, quick=1))
    return {
        "inside_the_clock": "the program from start to end: model, workers, reading, writing, fsync",
        "settings": {"rows": rows, "workers": WORKERS, "cores": usable_processors(), "names": SOURCE, "seed": SEED},
        "rows_per_second": summaries(measured),
        "peak_mib": summaries(peaks),
    }


def distinct(settings: Settings) -> dict[str, Any]:
    """Measure parts of which none comes twice: the job beside the engine, with as many workers."""
    found: dict[str, Any] = {}
    counts = {"fast": settings.pick(full=5_000_000, quick=5_000), "default": settings.pick(full=1_000_000, quick=2_000)}
    for model, count in counts.items():
        names = list(synthetic_parts(count))
        source, target = settings.folder / "parts.parquet", settings.folder / "out.parquet"
        pq.write_table(pa.table({"name": names}), source)
        commands = {"job": batch(source, target, "--model", model)}
        with contextlib.ExitStack() as stack:
            engine = Contender(open_lists(stack, model=model, workers=WORKERS), {"names": names})
            rounds = settings.pick(full=2, quick=1)
            measured, peaks = _race(count, commands, rounds=rounds, beside={"engine": engine.side})
        found[model] = {"parts": count, "parts_per_second": summaries(measured), "peak_mib": summary(peaks["job"])}
    return {
        "inside_the_clock": "job: the program from start to end; engine: Transliterator.transliterate on a list, warm",
        "settings": {"workers": WORKERS, "names": "synthetic parts, trigrams of the census lists"},
        "figures": found,
    }


def scale(settings: Settings) -> dict[str, Any]:
    """Measure how time and memory grow from 10,000 to 10,000,000 names, to a file and to a folder."""
    found: dict[str, Any] = {}
    for rows in settings.pick(full=(10_000, 100_000, 1_000_000, 10_000_000), quick=(100, 1_000)):
        _write_names(settings.folder, rows)
        source, report = settings.folder / "names.parquet", settings.folder / "report.json"
        targets = {"file": settings.folder / "out.parquet", "folder": settings.folder / "out"}
        commands = {name: batch(source, target, "--report", str(report)) for name, target in targets.items()}
        measured, peaks = _race(rows, commands, rounds=settings.pick(full=3, quick=1))
        found[str(rows)] = {
            name: {"seconds": summary([rows / rate for rate in measured[name]]), "peak_mib": summary(peaks[name])}
            for name in commands
        }
        found[str(rows)]["distinct_words"] = read(report)["distinct_words"]
    return {
        "inside_the_clock": "the program from start to end",
        "settings": {"model": "default", "workers": WORKERS, "names": SOURCE, "seed": SEED},
        "figures": found,
    }


def engines(settings: Settings) -> dict[str, Any]:
    """Measure the same job by Ray (two actors) and Spark (local[2]), each as its script in ``examples/`` has it."""
    rows = settings.pick(full=10_000_000, quick=20_000)
    _write_names(settings.folder, rows)
    source, target = settings.folder / "in", settings.folder / "out"
    source.mkdir(exist_ok=True)
    table = pq.read_table(settings.folder / "names.parquet")
    rows_of_file = -(-rows // 10)
    for place in range(10):  # As a folder of files, which is what engines share out.
        pq.write_table(table.slice(place * rows_of_file, rows_of_file), source / f"{place}.parquet")
    commands = {
        "hayakana batch": batch(source, target),
        "Ray, two actors": [sys.executable, "examples/ray_job.py", str(source), str(target)],
        "Spark, local[2]": [sys.executable, "examples/spark_job.py", str(source), str(target)],
    }
    measured, peaks = _race(rows, commands, rounds=settings.pick(full=3, quick=1))
    return {
        "inside_the_clock": "the program from start to end: the engine's own start too",
        "settings": {"rows": rows, "files": 10, "model": "default", "cores": usable_processors(), "names": SOURCE},
        "rows_per_second": summaries(measured),
        "peak_mib": summaries(peaks),
    }


SECTIONS: dict[str, Callable[[Settings], dict[str, Any]]] = {
    section.__name__: section for section in (rates, distinct, scale, engines)
}


def _write_names(folder: Path, rows: int) -> None:
    table = pa.table({"name": full_names(rows)})
    pq.write_table(table, folder / "names.parquet", row_group_size=1 << 20)
    pyarrow.csv.write_csv(table, folder / "names.csv", pyarrow.csv.WriteOptions(quoting_style="none"))


def batch(source: Path, target: Path, *options: str) -> list[str]:
    """Return the command of a job from one file to another."""
    return [sys.executable, "-m", "hayakana", "batch", "--workers", str(WORKERS), *options, str(source), str(target)]


def _race(
    rows: int, commands: Mapping[str, Sequence[str]], *, rounds: int, beside: Mapping[str, Side] | None = None
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Run ``commands``, which write their last argument anew, in turns with the sides ``beside`` them.

    Return rows a second, one a round, and the peaks of memory in MiB.
    """
    peaks: dict[str, list[float]] = {name: [] for name in commands}

    def measure(name: str) -> float:
        target = Path(commands[name][-1])
        if target.is_dir():
            shutil.rmtree(target)
        target.unlink(missing_ok=True)
        done = run(commands[name], environment={"MASTER": "local[2]"})  # Spark's.
        peaks[name].append(done.peak_mib)
        return done.seconds

    sides = {name: Side(rows, functools.partial(measure, name)) for name in commands}
    return interleave({**sides, **(beside or {})}, rounds=rounds), peaks


def render(values: Mapping[str, Any]) -> str:
    """Return the result as Markdown."""
    paragraphs = ["Small sizes: not to be quoted."] if values["quick"] else []
    for section, measured in values["sections"].items():
        settings = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in measured["settings"].items())
        machine = measured["head"]["machine"]
        rows = [
            (", ".join(path).replace("_", " "), *(number(found[key]) for key in ("median", "min", "max")))
            for path, found in figures(measured)
        ]
        paragraphs += [
            f"## {section}",
            f"{machine['processor']}, {machine['cores']} cores; {settings}. Inside the clock:"
            f" {measured['inside_the_clock']}. {origin(measured['head'])}",
            table(("", "median", "smallest", "largest"), rows),
        ]
    return page("Jobs on files", *paragraphs)


if __name__ == "__main__":
    main()
