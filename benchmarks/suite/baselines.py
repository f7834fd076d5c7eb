"""Ways to decode the same names with the same weights, from the article's loop to hayakana, strings compared.

The seed model; names are distinct parts from the census lists. Each side runs in a process of its own and is otherwise
let loose on all cores: TensorFlow takes them by itself; naive onnxruntime and hayakana's one worker have one thread.
"""

import contextlib
import itertools
from collections.abc import Sequence
from typing import Any

from benchmarks.harness.child import Child
from benchmarks.harness.race import Contender, open_lists, race
from benchmarks.harness.rounds import Settings, ratios, summaries
from benchmarks.harness.samples import SEED, SOURCE, distinct_parts, length_histogram
from hayakana.model.folder import bundled_models
from hayakana.system.processors import usable_processors

MODELS = ("seed",)
ARTICLE = "Keras predict, one name at a time (the article's loop)"
PREDICT = "the same, batches of 1,024"
COMPILED = "the same in a tf.function, batches of 1,024"
FAIR = "Keras, fair: encoder once, a compiled decoder step"
IN_GRAPH = "TensorFlow, the whole search in one function"
NAIVE_RUNTIME = "onnxruntime, naive re-prediction, one thread"
ONE_AT_A_TIME = "hayakana, one name at a time, one thread"
ONE_WORKER = "hayakana, a list, one worker"
ALL_CORES = "hayakana, a list, a worker a core"
LOOPS = {ARTICLE: ("predict", 1), PREDICT: ("predict", 1024), COMPILED: ("compiled", 1024)}
"""Name → side in ``sides.keras``, names in a batch. The article's loop goes to the last position whatever it wrote."""
STOPPING = {name: f"{name}, stopping when all have ended" for name in LOOPS}
"""Name of a loop → the name of the same loop that ends when all names of a batch have."""
BASELINES = (*itertools.chain.from_iterable(STOPPING.items()), FAIR, IN_GRAPH, NAIVE_RUNTIME)

BATCH_SIZES = {FAIR: (512, 2048, 8192), IN_GRAPH: (512, 2048, 8192), NAIVE_RUNTIME: (64, 256, 1024)}
"""Batch sizes that these are given to choose from: each runs at its best."""


def run(settings: Settings) -> dict[str, Any]:
    """Measure names a second of every side, and the ratios of hayakana's lists to each baseline."""
    names = distinct_parts(settings.pick(full=60_000, quick=4_000))
    weights = str(bundled_models()["seed"] / "training")
    with contextlib.ExitStack() as stack:
        keras = stack.enter_context(Child("benchmarks.sides.keras:open_keras", weights))
        naive = stack.enter_context(Child("benchmarks.sides.reprediction:open_reprediction", weights))
        one, many = (open_lists(stack, model="seed", workers=workers) for workers in (1, usable_processors()))
        half = names[: len(names) // 2]
        tuned = {
            FAIR: Contender(keras, {"side": "fair", "names": half}),
            IN_GRAPH: Contender(keras, {"side": "in graph", "names": half}),
            NAIVE_RUNTIME: Contender(naive, {"names": names[: len(names) // 5]}),
        }
        by_size = {name: _by_batch_size(contender, BATCH_SIZES[name]) for name, contender in tuned.items()}
        best = {name: int(max(rates, key=rates.__getitem__)) for name, rates in by_size.items()}
        few, some = names[: settings.pick(full=3, quick=1)], names[:1024]
        contenders = {
            **{
                STOPPING[name] if stops else name: Contender(
                    keras, {"side": side, "stops": stops, "names": few if size == 1 else some, "batch_size": size}
                )
                for name, (side, size) in LOOPS.items()
                for stops in (False, True)
            },
            **{name: tuned[name].but(names=names, batch_size=best[name]) for name in (FAIR, IN_GRAPH)},
            NAIVE_RUNTIME: tuned[NAIVE_RUNTIME].but(batch_size=best[NAIVE_RUNTIME]),
            ONE_AT_A_TIME: Contender(one, {"names": some, "one_at_a_time": True}),
            ONE_WORKER: Contender(one, {"names": names}),
            ALL_CORES: Contender(many, {"names": names}),
        }
        found = race(contenders, rounds=settings.rounds)
    return {
        "inside_the_clock": "names as str in, Katakana as str out; models loaded, compiled and warm",
        "data": {"source": SOURCE, "seed": SEED, "length_histogram": length_histogram(names)},
        "settings": {
            "cores": usable_processors(),
            "names_of_a_side": "the first ones of one list",
            "names": {name: len(contender.names) for name, contender in contenders.items()},
            "batch_size": best,
            "names_per_second_by_batch_size": by_size,
            "tensorflow_threads": "TensorFlow's default",
        },
        "differing_strings": found.differing_strings(ONE_WORKER),
        "names_per_second": summaries(found.rates),
        "ratio": {
            of: summaries({to: ratios(found.rates[of], found.rates[to]) for to in (*BASELINES, *also)})
            for of, also in ((ALL_CORES, (ONE_WORKER, ONE_AT_A_TIME)), (ONE_WORKER, (ONE_AT_A_TIME,)))
        },
    }


def _by_batch_size(contender: Contender, sizes: Sequence[int]) -> dict[str, float]:
    """Return names a second at each batch size, the better of two runs after one that warms up."""
    rates = {}
    for size in sizes:
        side = contender.but(batch_size=size).side
        seconds = [side.measure() for _ in range(3)]
        rates[str(size)] = round(side.amount / min(seconds[1:]), 1)
    return rates
