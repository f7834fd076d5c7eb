"""What looking known names up costs: lists, arrays, single names and jobs, with the table and without, in turns.

python -m benchmarks.studies.known_names [--model fast] [--output known_names.json]

The clock counts processor time of the process; of a job, that of all its processes. Names "given family" are drawn from
the US census lists as often as people bear them. A list of them is asked for twice, and the second time is measured.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv

from benchmarks.harness.processes import run
from benchmarks.harness.record import RESULTS, head, origin, page, publish, table
from benchmarks.harness.rounds import Side, interleave, ratios, summaries, summary
from benchmarks.harness.samples import SEED, SOURCE, distinct_parts, full_names
from benchmarks.studies.jobs import batch
from hayakana import Transliterator
from hayakana.batch import ArrowTransliterator
from hayakana.model.folder import bundled_models

WITH, WITHOUT = "with the table", "without it"
KNOWN, UNKNOWN = "Thompson", "Qvothmere"
"""A name that the table of every model has, and an invented name."""
_ROUNDS, _TIMES = 7, 1_000


def main() -> None:
    """Measure, print the table, and write results/known_names.json and known_names.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.known_names", description=__doc__)
    parser.add_argument("--model", default="fast", help="name of a bundled model that has known names")
    parser.add_argument("--output", type=Path, default=RESULTS / "known_names.json")
    parser.add_argument("--quick", action="store_true", help="small sizes: does everything run? Not to be quoted")
    arguments = parser.parse_args()
    values = {
        "head": head({arguments.model: bundled_models()[arguments.model]}),
        "inside_the_clock": "processor time, from names to Katakana; of a job, from its start to its end",
        "settings": {"model": arguments.model, "names": SOURCE, "seed": SEED, "quick": arguments.quick},
        "sections": measure(arguments.model, quick=arguments.quick),
    }
    publish(arguments.output, values, render)


def measure(model: str, *, quick: bool) -> dict[str, Any]:
    """Return the seconds of each section with the table and without, and the ratio of the two in each round."""
    count = 5_000 if quick else 500_000
    names, parts = full_names(count), distinct_parts(count // 10)
    found = {}
    with ExitStack() as stack:
        file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "names.csv"
        pyarrow.csv.write_csv(pa.table({"name": names}), file)
        with_table, without = (
            _sections(stack, model, names, parts, file, known_names=known_names) for known_names in (True, False)
        )
        for section, side in with_table.items():
            rates = interleave({WITH: side, WITHOUT: without[section]}, rounds=2 if quick else _ROUNDS)
            seconds = {name: [side.amount / rate for rate in of_side] for name, of_side in rates.items()}
            found[section] = {
                "amount": side.amount,
                "seconds": summaries(seconds),
                "with_to_without": summary(ratios(seconds[WITH], seconds[WITHOUT])),
            }
    return found


def _sections(
    stack: ExitStack, model: str, names: list[str], parts: list[str], file: Path, *, known_names: bool
) -> dict[str, Side]:
    """Return what is measured with the table or without it; ``stack`` closes what is opened."""
    listed = stack.enter_context(Transliterator(model, known_names=known_names))
    arrays = stack.enter_context(ArrowTransliterator(model, known_names=known_names))
    forgetful = stack.enter_context(Transliterator(model, known_names=known_names, cache_size=0))
    rows = pa.table({"name": names})
    listed.transliterate(names)
    arrays(rows)
    options = [] if known_names else ["--no-known-names"]
    job = batch(file, file.with_name("out.csv"), "--model", model, "--overwrite", *options)
    clocked = {
        "opening the model": (1, lambda: Transliterator(model, known_names=known_names)(UNKNOWN)),
        "distinct parts": (len(parts), lambda: forgetful.transliterate(parts)),
        "names as borne, met before": (len(names), lambda: listed.transliterate(names)),
        "the same as an Arrow array": (len(names), lambda: arrays(rows)),
        "a known name": (_TIMES, lambda: [forgetful(KNOWN) for _ in range(_TIMES)]),
        "an unknown name": (_TIMES, lambda: [forgetful(UNKNOWN) for _ in range(_TIMES)]),
    }
    return {
        **{section: Side(amount, partial(_processor_time, work)) for section, (amount, work) in clocked.items()},
        "a job, CSV to CSV": Side(len(names), partial(_time_of_children, job)),
    }


def _processor_time(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _time_of_children(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def render(values: Mapping[str, Any]) -> str:
    """Return the Markdown, a row a section."""
    rows = []
    for section, found in values["sections"].items():
        sides = [_time(found["seconds"][side]["median"] / found["amount"]) for side in (WITH, WITHOUT)]
        ratio = found["with_to_without"]
        rows.append((section, *sides, f"{ratio['median']:.2f} ({ratio['min']:.2f} to {ratio['max']:.2f})"))
    what = f"`{values['settings']['model']}`, processor time with the table of known names and without it."
    figures = table(("", "with", "without", "with / without"), rows)
    return page("Known names", origin(values["head"]), what, figures)


def _time(seconds: float) -> str:
    if seconds < 1e-6:
        return f"{seconds * 1e9:.0f} ns"
    return f"{seconds * 1e6:.2f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms"


if __name__ == "__main__":
    main()
