"""What each idea of the engine is worth: the engine without it, or with another value of it, against the engine.

Every side changes one thing (``engines.Engine`` says what it can be); ratios are to the engine as shipped, in the same
round, in the same process. That engine runs once more under another name, ``CONTROL``: how far its ratio is from 1 is
what chance does.
"""

import contextlib
import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.baselines import differences
from benchmarks.child import Child, cores, last_core, timed
from benchmarks.engines import Engine
from benchmarks.record import describe_file, describe_models
from benchmarks.rounds import Side, interleave, ratios, summaries, summary
from benchmarks.samples import SOURCE, distinct_parts, full_names, length_histogram
from benchmarks.settings import Settings
from benchmarks.variants import INT8, INT8_BY_CHANNEL, LAYOUT, LAYOUTS, PROJECTION, UNFOLDED, layout_file
from hayakana.model.manifest import DECODER_STEP

MODELS = ("seed", "default")
PROJECTED = "the projection of the values alone"
ENGINE, CONTROL = "the engine", "the engine again"

SEARCH = {
    "encoded again before every step": Engine(change="encoded again"),
    "encoded again before every step, whole encoder": Engine(change="encoded again, whole encoder"),
    "whole encoder, no shared prefixes": Engine(change="whole encoder"),
    "not sorted across the list, 512 at a time": Engine(units_at_a_time=512),
    "slots not in place": Engine(change="slots of copies"),
    "slots never dropped at the end": Engine(change="slots never dropped"),
    **{f"batches of {size}, compacted": Engine(change="greedy", slots=size, alphabetical=True) for size in (256, 512)},
    **{
        f"batches of {size}, not compacted": Engine(change="greedy of whole batches", slots=size, alphabetical=True)
        for size in (256, 512)
    },
    "embedding not folded": Engine(graphs=UNFOLDED),
}
SIZES = {
    **{f"{slots} slots": Engine(slots=slots) for slots in (64, 128, 256, 512, 1024, 2048)},
    **{f"{rows} times the slots encoded at once": Engine(slots_encoded_at_once=rows) for rows in (1, 2, 8, 16)},
    **{f"{most} prefixes at once": Engine(prefixes_at_once=most) for most in (256, 512, 2048, 4096)},
}
OPTIONS = {
    "no memory arena": Engine(arena=False),
    "no memory patterns": Engine(patterns=False),
    "weights not laid out for the kernels": Engine(prepacks=False),
    "graph not optimised": Engine(optimization="ORT_DISABLE_ALL"),
    "graph optimised, basic": Engine(optimization="ORT_ENABLE_BASIC"),
    "graph optimised, extended": Engine(optimization="ORT_ENABLE_EXTENDED"),
}
THREADS = {
    "two threads in onnxruntime": Engine(threads=2),
    "two threads in onnxruntime, not spinning": Engine(threads=2, spins=False),
}
INTEGERS = {"int8": Engine(graphs=INT8), "int8, a scale a channel": Engine(graphs=INT8_BY_CHANNEL)}
ONE_BY_ONE = {
    **{f"batches of {size}, compacted": "slots not in place" for size in (256, 512)},
    **{f"batches of {size}, not compacted": f"batches of {size}, compacted" for size in (256, 512)},
}
"""Sides of ``SEARCH`` that do without more than one idea, and the side that they differ from by one."""
GROUPS = {"search": SEARCH, "sizes": SIZES, "session_options": OPTIONS, "int8": INTEGERS}
"""Groups that run on one core."""


@dataclass(frozen=True)
class Bench:
    """One model: its graphs that are not shipped, the units that it decodes, and the process that does it."""

    model: str
    folder: Path
    units: Sequence[str]
    child: Child

    def request(self, engine: Engine) -> dict[str, Any]:
        """Return what the child is asked for all units."""
        graphs = None if engine.graphs is None else str(self.folder / engine.graphs)
        return {"engine": dataclasses.asdict(dataclasses.replace(engine, graphs=graphs)), "units": list(self.units)}

    def texts(self, engine: Engine) -> list[str | None]:
        """Return the Katakana of all units."""
        return self.child(self.request(engine))["texts"]

    def of(self, units: Sequence[str]) -> "Bench":
        """Return the same for other units."""
        return dataclasses.replace(self, units=units)


def run(settings: Settings) -> dict[str, Any]:
    """Measure every group, and say which strings differ from the engine's."""
    counts = {"seed": settings.pick(full=20_000, quick=1_500), "default": settings.pick(full=3_500, quick=300)}
    units = [name.lower() for name in distinct_parts(counts["seed"], seed=settings.seed)]
    for model in MODELS:
        with Child("benchmarks.sides.variants:open_variants", model) as child:
            child({"folder": str(settings.folder / model)})
    measured: dict[str, dict[str, Any]] = {group: {} for group in GROUPS}
    strings: dict[str, Any] = {}
    for model in MODELS:
        with _engines(model, core=last_core()) as child:
            bench = Bench(model, settings.folder / model, units[: counts[model]], child)
            for group, engines in GROUPS.items():
                measured[group][model], differing = compare(bench, engines, settings.rounds)
                strings |= {f"{model}, {side}": found for side, found in differing.items()}
            measured["search"][model]["ratio_of_one_idea"] = one_by_one(measured["search"][model])
            measured["int8"][model] |= _agreement(bench, settings)
    with _engines("seed", core=None) as child:
        bench = Bench("seed", settings.folder / "seed", units, child)
        measured["threads"], differing = compare(bench, THREADS, settings.rounds)
        strings |= {f"seed, {side}": found for side, found in differing.items()}
    measured["workers"], of_workers = _workers(settings)
    measured["cache"], of_cache = _cache(settings)
    measured["decoder_step"] = {model: _decoder_step(model, units, settings) for model in MODELS}
    return {
        "inside_the_clock": {
            ", ".join([*GROUPS, "threads"]): "distinct units in lower case in, Katakana out; warm, nothing remembered",
            "workers, cache": "names as str in, Katakana as str out; models loaded, workers started, all warm",
            "decoder step": "one step, from arrays into arrays that stay where they are",
        },
        "models": describe_models(*MODELS),
        "data": {"source": SOURCE, "seed": settings.seed, "length_histogram": length_histogram(units)},
        "settings": {"cores": {"workers": cores(), "threads": cores(), "others": 1}, "units": counts},
        "differing_strings": {**strings, **of_workers, **of_cache},
        **measured,
    }


def compare(bench: Bench, engines: Mapping[str, Engine], rounds: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return rates of ``engines`` and of the engine with the ratios to it, and how their strings differ from its."""
    # Spinning is onnxruntime's default, and one thread never does: the same engine with sessions of its own.
    sides = {ENGINE: Engine(), CONTROL: Engine(spins=True), **engines}
    # A run outside the clock: opens the sessions, warms up, and gives the strings.
    texts = {name: bench.texts(engine) for name, engine in sides.items()}
    count = len(bench.units)
    rates = interleave(
        {name: Side(count, timed(bench.child, bench.request(engine))) for name, engine in sides.items()}, rounds=rounds
    )
    return _rates("units_per_second", rates), {
        name: differences(bench.units, expected=texts[ENGINE], found=texts[name]) for name in engines
    }


def one_by_one(search: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ratios of ``ONE_BY_ONE`` from the rates of ``SEARCH``."""
    rates = search["units_per_second"]
    return {f"{of} / {to}": summary(ratios(rates[of]["all"], rates[to]["all"])) for of, to in ONE_BY_ONE.items()}


def _agreement(bench: Bench, settings: Settings) -> dict[str, Any]:
    """Say how far int8 agrees with the engine, each with itself in other batches, and both with the pairs."""
    engines = {ENGINE: Engine(), **INTEGERS}
    texts = {side: bench.texts(engine) for side, engine in engines.items()}
    return {
        "share_of_strings_that_differ": {
            side: summary([_differing(texts[ENGINE], texts[side]) / len(bench.units)]) for side in INTEGERS
        },
        "strings_that_change_with_the_rest_of_the_batch": {
            side: other_batches(bench, engine) for side, engine in engines.items()
        },
        "exact_match": exact_match(bench, settings) if settings.pairs else "not run: no --pairs",
    }


def other_batches(bench: Bench, engine: Engine) -> dict[str, Any]:
    """Count the units whose Katakana changes with what else is decoded with them, all else equal."""
    texts = bench.texts(engine)
    halves = [bench.of(bench.units[start::2]).texts(engine) for start in range(2)]
    fewer = bench.texts(dataclasses.replace(engine, slots=64))
    return {
        "without every other unit": summary(
            [sum(_differing(texts[start::2], half) for start, half in enumerate(halves))]
        ),
        "in 64 slots": summary([_differing(texts, fewer)]),
    }


def exact_match(bench: Bench, settings: Settings) -> dict[str, Any]:
    """Return scores of the engine and of int8 on the pairs whose names are letters a to z, at most 10,000."""
    from benchmarks.peers import references
    from hayakana_training.metrics import score

    readings = {name: texts for name, texts in references(settings).items() if name.isascii() and name.isalpha()}
    units = list(readings)[: settings.pick(full=10_000, quick=300)]
    found = {side: bench.of(units).texts(engine) for side, engine in {ENGINE: Engine(), **INTEGERS}.items()}
    return {
        "data": describe_file(settings.pairs),
        "names": len(units),
        **{
            side: summary([score([text or "" for text in texts], [readings[unit] for unit in units]).exact_match])
            for side, texts in found.items()
        },
    }


def _workers(settings: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Processes against threads that share a ``Transliterator``; each has its turn on all cores."""
    names = distinct_parts(settings.pick(full=60_000, quick=8_000), seed=settings.seed)
    request = {"names": names, "window": len(names), "threads": 1}
    # As many windows as two workers get.
    windows = {**request, "window": -(-len(names) // 8)}
    with contextlib.ExitStack() as stack:
        one, two = (_windows(stack, {"model": "seed", "workers": workers}, core=None) for workers in (1, 2))
        sides = {
            "one process": (one, request),
            "two worker processes": (two, request),
            "one process, two threads": (one, {**windows, "threads": 2}),
        }
        return _sides(names, sides, rounds=settings.pick(full=5, quick=2))


def _cache(settings: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Full names as often as people bear them, a file in windows; a window's own repetitions are known without it."""
    names = full_names(settings.pick(full=60_000, quick=1_500), seed=settings.seed)
    request = {"names": names, "window": len(names) // 15, "threads": 1}
    with contextlib.ExitStack() as stack:
        sides = {
            f"default, {size} units remembered": (
                _windows(stack, {"model": "default", "cache_size": size}, core=last_core()),
                request,
            )
            for size in (65_536, 0)
        }
        return _sides(names, sides, rounds=settings.pick(full=3, quick=2))


def _sides(
    names: Sequence[str], sides: Mapping[str, tuple[Child, dict[str, Any]]], *, rounds: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """As ``compare``, for sides of their own; the first one is what the others are compared with."""
    texts = {name: child(request)["texts"] for name, (child, request) in sides.items()}
    rates = interleave(
        {name: Side(len(names), timed(child, request)) for name, (child, request) in sides.items()}, rounds=rounds
    )
    first, *others = sides
    return {"names": len(names), **_rates("names_per_second", rates)}, {
        name: differences(names, expected=texts[first], found=texts[name]) for name in others
    }


def _decoder_step(model: str, units: Sequence[str], settings: Settings) -> dict[str, Any]:
    """Measure one step of 512 rows of seven characters, layout by layout, against the exported graph."""
    rows = [unit for unit in units if len(unit) == 7][: settings.pick(full=512, quick=128)]
    steps = settings.pick(full={"seed": 200, "default": 30}, quick={"seed": 20, "default": 5})[model]
    graphs = {ENGINE: DECODER_STEP, **{layout: layout_file(layout) for layout in LAYOUTS}}
    graphs[PROJECTED] = PROJECTION
    folder = settings.folder / model / LAYOUT
    with Child("benchmarks.sides.steps:open_steps", model, str(folder), core=last_core()) as child:
        requests = {name: {"graph": graph, "steps": steps, "units": rows} for name, graph in graphs.items()}
        compared = {name: child(request) for name, request in requests.items()}
        sides = {name: Side(steps * len(rows), timed(child, request)) for name, request in requests.items()}
        rates = interleave(sides, rounds=settings.rounds)
    return {
        "rows": len(rows),
        "source_length": 7,
        **_rates("rows_per_second", rates),
        "against_the_exported_graph": {
            name: summaries({key: [value] for key, value in found.items() if key != "seconds"})
            for name, found in compared.items()
            if name not in (ENGINE, PROJECTED)
        },
    }


def _rates(name: str, rates: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    """Return ``rates`` and their ratios to the first of them."""
    first, *others = rates
    to_first = {other: ratios(rates[other], rates[first]) for other in others}
    return {name: summaries(rates), f"ratio_to_{first.replace(' ', '_')}": summaries(to_first)}


def _differing(texts: Sequence[str | None], others: Sequence[str | None]) -> int:
    return sum(text != other for text, other in zip(texts, others, strict=True))


def _engines(model: str, *, core: int | None) -> Child:
    return Child("benchmarks.sides.ablations:open_engines", model, core=core)


def _windows(stack: contextlib.ExitStack, options: dict[str, Any], *, core: int | None) -> Child:
    return stack.enter_context(Child("benchmarks.sides.ablations:open_windows", json.dumps(options), core=core))
