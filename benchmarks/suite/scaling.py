"""How speed changes with batch size, number of names, workers, length, repetition of parts, and size of the model.

Up to a million names and more are synthetic: distinct parts drawn from a character trigram model of the census parts
(see ``trigrams``), shuffled, so that few of them have the lengths of many. They go through in windows of at most
100,000 a call, as from someone who reads a file; reading it is outside the clock.
"""

import contextlib
import functools
import itertools
from pathlib import Path
from typing import Any

from benchmarks.harness.child import Child, last_core
from benchmarks.harness.race import Contender, differing_strings, open_lists, race
from benchmarks.harness.rounds import Settings, in_turns, interleave, ratios, summaries, summary
from benchmarks.harness.samples import SEED, SOURCE, distinct_parts, full_names, length_histogram, synthetic_parts
from hayakana.system.processors import usable_processors

MODELS = ("seed", "default")
BATCH_SIZES = (64, 128, 256, 512, 1024, 2048)
COMPARED_SIZE = 512
"""The batch size with whose strings those of all sizes are compared."""
LENGTHS = range(4, 13)
WINDOW = 100_000
REFERENCE = 100_000
"""The number of names whose cost a part is 1."""


def run(settings: Settings) -> dict[str, Any]:
    """Measure everything that the module names, one ``by_…`` after the other."""
    file = settings.folder / "synthetic.txt"
    parts = synthetic_parts(settings.pick(full=10_000_000, quick=30_000))
    synthetic = list(itertools.islice(parts, settings.pick(full=1_000_000, quick=30_000)))
    with file.open("w", encoding="ascii") as lines:
        lines.writelines(f"{part}\n" for part in itertools.chain(synthetic, parts))
    by_batch_size, differing = _by_batch_size(settings)
    return {
        "inside_the_clock": "names as str in, Katakana as str out; models loaded, workers started, all warm",
        "data": {
            "census parts": SOURCE,
            "synthetic parts": f"character trigram model of the {SOURCE}",
            "seed": SEED,
            "synthetic_length_histogram": length_histogram(synthetic),
        },
        "differing_strings": differing,
        "by_batch_size": by_batch_size,
        "by_length": _by_length(synthetic, settings),
        "by_frequency": _by_frequency(settings),
        "by_workers": _by_workers(file, settings),
        "by_number": _by_number(file, settings),
    }


def _by_batch_size(settings: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Names a second of a list of census parts, one worker, both models; and strings that differ."""
    counts = {"seed": settings.pick(full=30_000, quick=2_000), "default": settings.pick(full=8_000, quick=500)}
    names = distinct_parts(counts["seed"])
    races = {}
    for model in MODELS:
        with contextlib.ExitStack() as stack:
            contenders = {
                f"batch size {size}": Contender(
                    open_lists(stack, model=model, batch_size=size, core=last_core()), {"names": names[: counts[model]]}
                )
                for size in settings.pick(full=BATCH_SIZES, quick=BATCH_SIZES[::3])
            }
            races[model] = race(contenders, rounds=settings.rounds)
    rates = {f"{model}, {side}": of_side for model, found in races.items() for side, of_side in found.rates.items()}
    measured = {"cores": 1, "names": counts, "names_per_second": summaries(rates)}
    return measured, differing_strings(races, f"batch size {COMPARED_SIZE}")


def _by_length(synthetic: list[str], settings: Settings) -> dict[str, Any]:
    """Names a second of synthetic parts of one length each, the seed model, one worker."""
    count = settings.pick(full=5_000, quick=200)
    by_length = {
        length: list(itertools.islice((name for name in synthetic if len(name) == length), count)) for length in LENGTHS
    }
    with contextlib.ExitStack() as stack:
        child = open_lists(stack, model="seed", core=last_core())
        sides = {f"{length} letters": Contender(child, {"names": names}).side for length, names in by_length.items()}
        rates = interleave(sides, rounds=settings.rounds)
    return {
        "cores": 1,
        "names": {name: side.amount for name, side in sides.items()},
        "names_per_second": summaries(rates),
    }


def _by_frequency(settings: Settings) -> dict[str, Any]:
    """Full names a second, drawn as often as people bear them, one worker: most parts have been decoded before."""
    names = full_names(settings.pick(full=200_000, quick=2_000))
    with contextlib.ExitStack() as stack:
        sides = {
            model: Contender(open_lists(stack, model=model, core=last_core()), {"names": names}).side
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
    request = {"file": str(file), "count": count, "window": count}
    options = {str(workers): {"model": "seed", "workers": workers} for workers in worker_counts(usable_processors())}
    with contextlib.ExitStack() as stack:
        streams, starts = (
            {
                workers: stack.enter_context(Child(f"benchmarks.sides.engine:{opener}", given))
                for workers, given in options.items()
            }
            for opener in ("open_stream", "open_start")
        )
        sides = {workers: functools.partial(child, request) for workers, child in streams.items()}
        answers = in_turns(sides, rounds=settings.pick(full=3, quick=2))
        repetitions = settings.pick(full=5, quick=1)
        seconds = {workers: [child({}) for _ in range(repetitions)] for workers, child in starts.items()}
    rates = {workers: [count / sum(run["seconds"]) for run in of_side] for workers, of_side in answers.items()}
    checksums = {workers: {run["texts_sha256"] for run in of_side} for workers, of_side in answers.items()}
    return {
        "cores": usable_processors(),
        "names": count,
        "names_per_second": summaries(rates),
        "ratio_to_one_worker": summaries({name: ratios(rates[name], rates["1"]) for name in rates if name != "1"}),
        "same_strings": len(set.union(*checksums.values())) == 1,
        "texts_sha256": {workers: sorted(found) for workers, found in checksums.items()},
        "start_s": summaries(seconds),
    }


def _by_number(file: Path, settings: Settings) -> dict[str, Any]:
    """Microseconds a part and peak memory by number of distinct parts, the seed model, one worker, one core.

    Every run is a process of its own, since its peak is asked for. The largest runs once, with the reference number
    before and after it.
    """
    small = settings.pick(full=(100, 1_000, 10_000, REFERENCE, 1_000_000), quick=(100, 1_000, 10_000))
    sides = {str(count): functools.partial(_one_run, file, count) for count in small}
    runs = in_turns(sides, rounds=settings.pick(full=2, quick=1))
    costs = {count: [run["cost"] for run in of_count] for count, of_count in runs.items()}
    peaks = {count: [run["peak_resident_mib"] for run in of_count] for count, of_count in runs.items()}
    measured: dict[str, Any] = {
        "cores": 1,
        "window": WINDOW,
        "names_per_second": summaries({count: [1 / cost for cost in of_count] for count, of_count in costs.items()}),
        "peak_resident_mib": summaries(peaks),
    }
    if settings.quick:
        return {**measured, "ten_million": "not run: --quick"}
    reference = costs.pop(str(REFERENCE))
    relative = {count: ratios(of_count, reference) for count, of_count in costs.items()}
    return {**measured, "cost_relative_to_100000": summaries(relative), "ten_million": _ten_million(file)}


def _ten_million(file: Path) -> dict[str, Any]:
    """Cost of ten million parts over that of the reference number, three runs of it before and three after.

    Ten million run once: that one cost is divided by each of the six, so the spread is that of the references alone.
    """
    before = [_one_run(file, REFERENCE) for _ in range(3)]
    most = _one_run(file, 10_000_000)
    after = [_one_run(file, REFERENCE) for _ in range(3)]
    return {
        "names_per_second": summary([1 / most["cost"]]),
        "peak_resident_mib": summary([most["peak_resident_mib"]]),
        "cost_relative_to_100000": summary([most["cost"] / run["cost"] for run in (*before, *after)]),
    }


def worker_counts(available: int) -> list[int]:
    """Return 1, 2, 4, … and the number of cores itself."""
    doubled = itertools.takewhile(lambda number: number < available, (2**power for power in itertools.count()))
    return [*doubled, available]


def _one_run(file: Path, count: int) -> dict[str, Any]:
    """Return what a process of its own answers on ``count`` parts, and the ``cost`` of a part in seconds."""
    with Child("benchmarks.sides.engine:open_stream", {"model": "seed"}, core=last_core()) as child:
        run = child({"file": str(file), "count": count, "window": WINDOW})
    return {**run, "cost": sum(run["seconds"]) / count}
