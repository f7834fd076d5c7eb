"""Ways to decode the same names with the same weights, from the article's loop to hayakana, strings compared.

The seed model; names are distinct parts from the census lists. Each side runs in a process of its own and is otherwise
let loose on all cores: TensorFlow takes them by itself; naive onnxruntime and hayakana's one worker have one thread.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.child import Child, cores, timed
from benchmarks.lists import open_lists
from benchmarks.record import describe_models
from benchmarks.rounds import Side, interleave, ratios, summaries
from benchmarks.samples import SOURCE, distinct_parts, length_histogram
from benchmarks.settings import Settings
from hayakana.model.folder import bundled_models

ARTICLE = "Keras predict, one name at a time (the article's loop)"
PREDICT = "the same, batches of 1,024"
COMPILED = "the same in a tf.function, batches of 1,024"
ARTICLE_STOPPING, PREDICT_STOPPING, COMPILED_STOPPING = (
    f"{side}, stopping when all have ended" for side in (ARTICLE, PREDICT, COMPILED)
)
FAIR = "Keras, fair: encoder once, a compiled decoder step"
IN_GRAPH = "TensorFlow, the whole search in one function"
NAIVE_RUNTIME = "onnxruntime, naive re-prediction, one thread"
ONE_AT_A_TIME = "hayakana, one name at a time, one thread"
ONE_WORKER = "hayakana, a list, one worker"
ALL_CORES = "hayakana, a list, a worker a core"
REPREDICTIONS = {
    ARTICLE: ("predict", 1),
    ARTICLE_STOPPING: ("predict, stopping", 1),
    PREDICT: ("predict", 1024),
    PREDICT_STOPPING: ("predict, stopping", 1024),
    COMPILED: ("compiled", 1024),
    COMPILED_STOPPING: ("compiled, stopping", 1024),
}
"""Name → side in ``sides.keras``, names in a batch. The article's loop goes to the last position whatever it wrote."""
BASELINES = (*REPREDICTIONS, FAIR, IN_GRAPH, NAIVE_RUNTIME)

BATCH_SIZES = {FAIR: (512, 2048, 8192), IN_GRAPH: (512, 2048, 8192), NAIVE_RUNTIME: (64, 256, 1024)}
"""Batch sizes that these are given to choose from: each runs at its best."""
MISSING = "(missing)"
"""Stands where a side gave fewer texts than it was asked for."""


@dataclass(frozen=True)
class Contender:
    """A side, the process it runs in, and what that is asked; it decodes ``request["names"]``."""

    child: Child
    request: dict[str, Any]

    @property
    def side(self) -> Side:
        """The side that a round runs."""
        return Side(len(self.request["names"]), timed(self.child, self.request))

    def of(self, names: Sequence[str]) -> "Contender":
        """Return the same for other names."""
        return Contender(self.child, {**self.request, "names": names})

    def with_batch_size(self, size: int) -> "Contender":
        """Return the same at another batch size."""
        return Contender(self.child, {**self.request, "batch_size": size})


def run(settings: Settings) -> dict[str, Any]:
    """Measure names a second of every side, and the ratios of hayakana's lists to each baseline."""
    many = settings.pick(full=60_000, quick=4_000)
    names = distinct_parts(many, seed=settings.seed)
    weights = str(bundled_models()["seed"] / "training")
    with contextlib.ExitStack() as stack:
        keras = stack.enter_context(Child("benchmarks.sides.keras:open_keras", weights))
        naive = stack.enter_context(Child("benchmarks.sides.reprediction:open_reprediction", weights))
        engines = [open_lists(stack, {"model": "seed", "workers": workers}) for workers in (1, cores())]
        half = names[: many // 2]
        tuned = {
            FAIR: Contender(keras, {"side": "fair", "names": half}),
            IN_GRAPH: Contender(keras, {"side": "in graph", "names": half}),
            NAIVE_RUNTIME: Contender(naive, {"names": names[: many // 5]}),
        }
        by_size = {name: _by_batch_size(contender, BATCH_SIZES[name]) for name, contender in tuned.items()}
        best = {name: int(max(rates, key=rates.__getitem__)) for name, rates in by_size.items()}
        few, some = names[: settings.pick(full=3, quick=1)], names[:1024]
        contenders = {
            **{
                name: Contender(keras, {"side": side, "names": few if size == 1 else some, "batch_size": size})
                for name, (side, size) in REPREDICTIONS.items()
            },
            **{name: tuned[name].with_batch_size(size) for name, size in best.items()},
            **{name: tuned[name].of(names).with_batch_size(best[name]) for name in (FAIR, IN_GRAPH)},
            ONE_AT_A_TIME: Contender(engines[0], {"names": some, "one_at_a_time": True}),
            ONE_WORKER: Contender(engines[0], {"names": names}),
            ALL_CORES: Contender(engines[1], {"names": names}),
        }
        # A run outside the clock: warms up, compiles, and gives the strings.
        texts = {name: contender.child(contender.request)["texts"] for name, contender in contenders.items()}
        rates = interleave({name: contender.side for name, contender in contenders.items()}, rounds=settings.rounds)
    return {
        "inside_the_clock": "names as str in, Katakana as str out; models loaded, compiled and warm",
        "models": describe_models("seed"),
        "data": {"source": SOURCE, "seed": settings.seed, "length_histogram": length_histogram(names)},
        "settings": {
            "cores": cores(),
            "names_of_a_side": "the first ones of one list",
            "names": {name: len(contender.request["names"]) for name, contender in contenders.items()},
            "batch_size": best,
            "names_per_second_by_batch_size": by_size,
            "tensorflow_threads": "TensorFlow's default",
        },
        "differing_strings": {
            name: differences(contender.request["names"], expected=texts[ONE_WORKER], found=texts[name])
            for name, contender in contenders.items()
        },
        "names_per_second": summaries(rates),
        "ratio": {
            of: summaries({to: ratios(rates[of], rates[to]) for to in (*BASELINES, *also)})
            for of, also in ((ALL_CORES, (ONE_WORKER, ONE_AT_A_TIME)), (ONE_WORKER, (ONE_AT_A_TIME,)))
        },
    }


def differences(names: Sequence[str], *, expected: Sequence[str | None], found: Sequence[str | None]) -> dict[str, Any]:
    """Compare the texts ``found`` for ``names`` with ``expected``: how many differ, and the first of them.

    ``expected`` may hold texts of further names after those of ``names``. One that is missing from ``found``
    differs.

    Raises:
        ValueError: there are more texts than names, or fewer expected ones.
    """
    padded = [*found, *[MISSING] * (len(names) - len(found))]
    rows = zip(names, expected[: len(names)], padded, strict=True)
    differing = [row for row in rows if row[1] != row[2]]
    return {
        "compared": len(names),
        "differing": len(differing),
        "examples": [{"name": name, "hayakana": expected, "found": found} for name, expected, found in differing[:5]],
    }


def _by_batch_size(contender: Contender, sizes: Sequence[int]) -> dict[str, float]:
    """Return names a second at each batch size, the better of two runs after one that warms up."""
    rates = {}
    for size in sizes:
        side = contender.with_batch_size(size).side
        seconds = [side.measure() for _ in range(3)]
        rates[str(size)] = round(side.amount / min(seconds[1:]), 1)
    return rates
