"""How speed changes with batch size, number of names, workers, length, repetition of parts, and size of the model.

Up to a million names and more are synthetic: distinct parts drawn from a character trigram model of the census parts
(see ``trigrams``), shuffled, so that few of them have the lengths of many. They go through in windows of at most
100,000 a call, as from someone who reads a file; reading it is outside the clock.
"""

import contextlib
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.baselines import differences
from benchmarks.child import Child, cores, last_core, timed
from benchmarks.lists import open_lists
from benchmarks.record import describe_models
from benchmarks.rounds import Side, interleave, ratios, summaries, summary
from benchmarks.samples import SOURCE, distinct_parts, full_names, length_histogram, write_synthetic_parts
from benchmarks.settings import Settings

MODELS = ("seed", "default")
BATCH_SIZES = (64, 128, 256, 512, 1024, 2048)
COMPARED_SIZE = 512
"""The batch size whose strings those of the others are compared with."""
LENGTHS = range(4, 13)
WINDOW = 100_000
REFERENCE = 100_000
"""The number of names whose cost a part is 1."""


def run(settings: Settings) -> dict[str, Any]:
    """Measure everything that the module names, one ``by_…`` after the other."""
    file = settings.folder / "synthetic.txt"
    write_synthetic_parts(file, settings.pick(full=10_000_000, quick=30_000), seed=settings.seed)
    by_batch_size, differing = _by_batch_size(settings)
    return {
        "inside_the_clock": "names as str in, Katakana as str out; models loaded, workers started, all warm",
        "models": describe_models(*MODELS),
        "data": {
            "census parts": SOURCE,
            "synthetic parts": f"character trigram model of the {SOURCE}",
            "seed": settings.seed,
            "synthetic_length_histogram": length_histogram(_read(file, settings.pick(full=1_000_000, quick=30_000))),
        },
        "differing_strings": differing,
        "by_batch_size": by_batch_size,
        "by_length": _by_length(file, settings),
        "by_frequency": _by_frequency(settings),
        "by_workers": _by_workers(file, settings),
        "by_number": _by_number(file, settings),
    }


def _by_batch_size(settings: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Names a second of a list of census parts, one worker, both models; and strings that differ."""
    counts = {"seed": settings.pick(full=30_000, quick=2_000), "default": settings.pick(full=8_000, quick=500)}
    names = distinct_parts(counts["seed"], seed=settings.seed)
    with contextlib.ExitStack() as stack:
        children = {
            (model, size): open_lists(stack, {"model": model, "batch_size": size}, core=last_core())
            for model in MODELS
            for size in settings.pick(full=BATCH_SIZES, quick=BATCH_SIZES[::3])
        }
        requests = {model: {"names": names[: counts[model]]} for model in MODELS}
        texts = {key: child(requests[key[0]])["texts"] for key, child in children.items()}
        sides = {
            f"{model}, batch size {size}": Side(counts[model], timed(child, requests[model]))
            for (model, size), child in children.items()
        }
        rates = interleave(sides, rounds=settings.rounds)
    strings = {
        f"{model}, batch size {size}": differences(
            requests[model]["names"], expected=texts[model, COMPARED_SIZE], found=found
        )
        for (model, size), found in texts.items()
        if size != COMPARED_SIZE
    }
    return {"cores": 1, "names": counts, "names_per_second": summaries(rates)}, strings


def _by_length(file: Path, settings: Settings) -> dict[str, Any]:
    """Names a second of synthetic parts of one length each, the seed model, one worker."""
    count = settings.pick(full=5_000, quick=200)
    by_length: dict[int, list[str]] = {length: [] for length in LENGTHS}
    for name in _read(file, settings.pick(full=1_000_000, quick=30_000)):
        if len(name) in by_length and len(by_length[len(name)]) < count:
            by_length[len(name)].append(name)
    with contextlib.ExitStack() as stack:
        child = open_lists(stack, {"model": "seed"}, core=last_core())
        sides = {
            f"{length} letters": Side(len(names), timed(child, {"names": names})) for length, names in by_length.items()
        }
        rates = interleave(sides, rounds=settings.rounds)
    return {
        "cores": 1,
        "names": {name: side.amount for name, side in sides.items()},
        "names_per_second": summaries(rates),
    }


def _by_frequency(settings: Settings) -> dict[str, Any]:
    """Full names a second, drawn as often as people bear them, one worker: most parts have been decoded before."""
    names = full_names(settings.pick(full=200_000, quick=2_000), seed=settings.seed)
    with contextlib.ExitStack() as stack:
        sides = {
            model: Side(len(names), timed(open_lists(stack, {"model": model}, core=last_core()), {"names": names}))
            for model in MODELS
        }
        rates = interleave(sides, rounds=settings.pick(full=3, quick=2))
    return {
        "cores": 1,
        "names": len(names),
        "distinct_names": len(set(names)),
        "distinct_parts": len({part for name in names for part in name.split()}),
        "length_histogram": length_histogram(names),
        "names_per_second": summaries(rates),
    }


def _by_workers(file: Path, settings: Settings) -> dict[str, Any]:
    """A million distinct parts in one call, by workers; and the seconds until all workers have decoded a list."""
    count = settings.pick(full=1_000_000, quick=10_000)
    workers = worker_counts(cores())
    request = {"file": str(file), "count": count, "window": count}
    with contextlib.ExitStack() as stack:
        children = {
            number: stack.enter_context(
                Child("benchmarks.sides.engine:open_stream", json.dumps({"model": "seed", "workers": number}))
            )
            for number in workers
        }
        checksums: dict[str, set[str]] = {str(number): set() for number in workers}
        sides = {
            str(number): Side(count, _stream(child, request, checksums[str(number)]))
            for number, child in children.items()
        }
        rates = interleave(sides, rounds=settings.pick(full=3, quick=2))
        starts = {str(number): _starts(stack, number, settings.pick(full=5, quick=1)) for number in workers}
    return {
        "cores": cores(),
        "names": count,
        "names_per_second": summaries(rates),
        "ratio_to_one_worker": summaries({name: ratios(rates[name], rates["1"]) for name in rates if name != "1"}),
        "same_strings": len(set.union(*checksums.values())) == 1,
        "texts_sha256": {number: sorted(found) for number, found in checksums.items()},
        "start_s": summaries(starts),
    }


def _by_number(file: Path, settings: Settings) -> dict[str, Any]:
    """Microseconds a part and peak memory by number of distinct parts, the seed model, one worker, one core.

    Every run is a process of its own, since its peak is asked for. The largest runs once, with the reference number
    before and after it.
    """
    small = settings.pick(full=(100, 1_000, 10_000, REFERENCE, 1_000_000), quick=(100, 1_000, 10_000))
    rounds = settings.pick(full=2, quick=1)
    runs: dict[int, list[dict]] = {count: [] for count in small}
    for number in range(rounds):
        for count in small if number % 2 == 0 else small[::-1]:
            runs[count].append(_one_run(file, count))
    measured = {"names_per_second": {}, "peak_resident_mib": {}}
    for count, answers in runs.items():
        measured["names_per_second"][str(count)] = summary([count / sum(run["seconds"]) for run in answers])
        measured["peak_resident_mib"][str(count)] = summary([run["peak_resident_mib"] for run in answers])
    if settings.quick:
        return {"cores": 1, "window": WINDOW, **measured, "ten_million": "not run: --quick"}
    return {
        "cores": 1,
        "window": WINDOW,
        **measured,
        "cost_relative_to_100000": summaries(
            {
                str(count): [
                    _cost(run, count) / _cost(reference, REFERENCE)
                    for run, reference in zip(runs[count], runs[REFERENCE], strict=True)
                ]
                for count in small
                if count != REFERENCE
            }
        ),
        "ten_million": _ten_million(file),
    }


def _ten_million(file: Path) -> dict[str, Any]:
    """Cost of ten million parts over that of the reference number, three runs of it before and three after.

    Ten million run once: that one cost is divided by each of the six, so the spread is that of the references alone.
    """
    count = 10_000_000
    before = [_one_run(file, REFERENCE) for _ in range(3)]
    most = _one_run(file, count)
    after = [_one_run(file, REFERENCE) for _ in range(3)]
    references = [_cost(run, REFERENCE) for run in (*before, *after)]
    return {
        "names_per_second": summary([count / sum(most["seconds"])]),
        "peak_resident_mib": summary([most["peak_resident_mib"]]),
        "seconds_by_window": [round(seconds, 3) for seconds in most["seconds"]],
        "cost_relative_to_100000": summary([_cost(most, count) / reference for reference in references]),
    }


def worker_counts(available: int) -> list[int]:
    """Return 1, 2, 4, … and the number of cores itself."""
    doubled = itertools.takewhile(lambda number: number < available, (2**power for power in itertools.count()))
    return [*doubled, available]


def _one_run(file: Path, count: int) -> dict[str, Any]:
    with Child("benchmarks.sides.engine:open_stream", json.dumps({"model": "seed"}), core=last_core()) as child:
        return child({"file": str(file), "count": count, "window": WINDOW})


def _cost(run: dict[str, Any], count: int) -> float:
    return sum(run["seconds"]) / count


def _stream(child: Child, request: dict[str, Any], checksums: set[str]) -> Callable[[], float]:
    """Return a side's ``measure``, which also adds the checksum of the texts to ``checksums``."""

    def measure() -> float:
        answer = child(request)
        checksums.add(answer["texts_sha256"])
        return sum(answer["seconds"])

    return measure


def _starts(stack: contextlib.ExitStack, workers: int, repetitions: int) -> list[float]:
    options = json.dumps({"model": "seed", "workers": workers})
    child = stack.enter_context(Child("benchmarks.sides.engine:open_start", options))
    return [child({}) for _ in range(repetitions)]


def _read(file: Path, count: int) -> list[str]:
    with file.open(encoding="ascii") as lines:
        return [line.rstrip("\n") for line in itertools.islice(lines, count)]
