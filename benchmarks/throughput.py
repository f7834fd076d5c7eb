"""Naive Keras decoding against hayakana: same weights (the seed model), same names, strings compared.

    python -m benchmarks.throughput

Names are distinct parts drawn from the US census lists of PyPI's `names` with a fixed seed. Sides are interleaved:
every round runs each once, the ratio of a side is taken within its round, and the median over rounds is reported.
TensorFlow uses all cores, as it does by default, hayakana one thread.
"""

import os
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from benchmarks.footprint import summary
from benchmarks.record import write
from hayakana import Transliterator
from hayakana_training.census import census_parts
from hayakana_training.naive_decoding import decode_naively, pad_sources
from hayakana_training.runs import Run, open_run

ROUNDS = 5
SEED = 1
LIMIT = 20
"""Positions of the padded sequences: the article's, enough for every name here."""


def main() -> None:
    """Measure, print, and write results/throughput.json."""
    run = open_run(Path(__file__).parent.parent / "models" / "seed" / "training")
    random = np.random.default_rng(SEED)
    parts = [part for part in census_parts() if len(part) <= LIMIT]
    names = [parts[index] for index in random.choice(len(parts), size=50_000, replace=False)]
    few, some, many = names[:4], names[:1024], names
    with Transliterator("seed") as seed, Transliterator("default") as default:
        sides: dict[str, tuple[Callable[[list[str]], list[str]], list[str]]] = {
            "Keras, the article's loop, one name at a time": (lambda batch: _naive(run, batch, batch_size=1), few),
            "Keras, the article's loop, 1,024 at a time": (lambda batch: _naive(run, batch, batch_size=1024), some),
            "hayakana seed, one name at a time": (lambda batch: [seed(name) for name in batch], some),
            "hayakana seed, a list": (seed.transliterate, many),
            "hayakana default, one name at a time": (lambda batch: [default(name) for name in batch], some),
            "hayakana default, a list": (default.transliterate, many),
        }
        reference = dict(zip(many, seed.transliterate(many), strict=True))
        rates: dict[str, list[float]] = {side: [] for side in sides}
        differing: dict[str, int] = {}
        for side, (transliterate, batch) in sides.items():
            texts = transliterate(batch)  # warms up, too
            if "default" not in side:
                differing[side] = sum(text != reference[name] for name, text in zip(batch, texts, strict=True))
        for _ in range(ROUNDS):
            for side, (transliterate, batch) in sides.items():
                started = time.perf_counter()
                transliterate(batch)
                rates[side].append(len(batch) / (time.perf_counter() - started))
    base = rates["Keras, the article's loop, one name at a time"]
    values = {
        "inside_the_clock": "names as str in, Katakana as str out; models are loaded and warm",
        "seed": SEED,
        "rounds": ROUNDS,
        "length_histogram": dict(sorted(Counter(map(len, many)).items())),
        "sides": {
            side: {
                "names": len(batch),
                "names_per_second": summary(rates[side]),
                "ratio_to_the_article": summary([rate / other for rate, other in zip(rates[side], base, strict=True)]),
                "differing_strings": differing.get(side, "another model"),
            }
            for side, (_, batch) in sides.items()
        },
    }
    path = write("throughput", values)
    for side, rate in rates.items():
        print(f"{statistics.median(rate):>12,.2f} names/s  {side}  (differing: {differing.get(side, 'another model')})")
    print(path.name)


def _naive(run: Run, names: list[str], *, batch_size: int) -> list[str]:
    texts: list[str] = []
    for start in range(0, len(names), batch_size):
        batch = [name.lower() for name in names[start : start + batch_size]]
        sources = pad_sources(batch, run.source_vocabulary, length=LIMIT)
        decoded = decode_naively(run.model, sources, max_length=LIMIT, batch_size=batch_size)
        texts += run.target_vocabulary.decode(decoded.target_ids, decoded.lengths)
    return texts


if __name__ == "__main__":
    main()
