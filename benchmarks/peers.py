"""Words a second of what PyPI has instead of hayakana, one core each, beside exact match on the same names.

e2k (its models base and turbo) and kanalizer are neural and take one word at a time. alkana looks words up in a
dictionary: fast, and silent on most names, so how many it knows stands beside its speed. english2kana needs a
TensorFlow older than any that runs here and is left out. Exact match is for the reader to weigh: hayakana's models were
trained on names whose readings were written like those of wd_katakana, the peers on English words and other sources.
"""

import contextlib
import dataclasses
from collections.abc import Sequence
from typing import Any

from benchmarks.child import Child, last_core, timed
from benchmarks.lists import open_lists
from benchmarks.record import describe_file, describe_models
from benchmarks.rounds import Side, interleave, ratios, summaries
from benchmarks.samples import SOURCE, distinct_parts, length_histogram, shuffled
from benchmarks.settings import Settings

PEERS = ("e2k base", "e2k turbo", "kanalizer", "alkana")
DICTIONARIES = frozenset({"alkana"})
"""Peers that know some names and no others: no ratio is taken to them."""
MODELS = ("seed", "default")


def run(settings: Settings) -> dict[str, Any]:
    """Measure words a second, one at a time and in a list, and exact match where pairs are given."""
    core = last_core()
    readings = references(settings)
    with contextlib.ExitStack() as stack:
        peers = {
            name: stack.enter_context(Child("benchmarks.sides.peers:open_peer", name, core=core)) for name in PEERS
        }
        engines = {model: open_lists(stack, {"model": model}, core=core) for model in MODELS}
        alphabet = set.intersection(*(set(peer({})["alphabet"]) for peer in peers.values()))
        accepted = [name for name in readings if alphabet.issuperset(name)]
        names = shuffled(accepted, seed=settings.seed)[: settings.pick(full=10_000, quick=300)]
        few, some = names[: settings.pick(full=300, quick=40)], names[: settings.pick(full=1000, quick=100)]
        texts = {name: peer({"names": names})["texts"] for name, peer in peers.items()}
        texts |= {f"hayakana {model}": engine({"names": names})["texts"] for model, engine in engines.items()}
        sides = {name: Side(len(few), timed(peer, {"names": few})) for name, peer in peers.items()}
        for model, engine in engines.items():
            sides[_one(model)] = Side(len(some), timed(engine, {"names": some, "one_at_a_time": True}))
            sides[_list(model)] = Side(len(names), timed(engine, {"names": names}))
        rates = interleave(sides, rounds=settings.rounds)
    return {
        "inside_the_clock": "names as lower-case str in, Katakana as str out; models are loaded and warm",
        "models": describe_models(*MODELS),
        "data": {
            "source": describe_file(settings.pairs) if settings.pairs else SOURCE,
            "seed": settings.seed,
            "alphabet": "".join(sorted(alphabet)),
            "names_that_all_accept": len(accepted),
            "length_histogram": length_histogram(names),
        },
        "settings": {
            "cores": 1,
            "names": {name: side.amount for name, side in sides.items()},
            "names_in_quality": len(names),
        },
        "quality": _quality(texts, [readings[name] for name in names]) if settings.pairs else "not run: no --pairs",
        "share_answered": {name: sum(map(bool, found)) / len(names) for name, found in texts.items()},
        "names_per_second": summaries(rates),
        "ratio": {
            side: summaries({peer: ratios(rates[side], rates[peer]) for peer in PEERS if peer not in DICTIONARIES})
            for model in MODELS
            for side in (_one(model), _list(model))
        },
    }


def _one(model: str) -> str:
    return f"hayakana {model}, one name at a time"


def _list(model: str) -> str:
    return f"hayakana {model}, a list"


def references(settings: Settings) -> dict[str, list[str]]:
    """Return names in lower case with their readings: those of the pairs, or census parts without any."""
    if settings.pairs is None:
        return {name.lower(): [] for name in distinct_parts(20_000, seed=settings.seed)}
    from hayakana_training.data.pairs import exclude, read_hashes, read_pairs, readings_by_name

    pairs, _ = read_pairs(settings.pairs)
    if settings.exclude_hashes:
        pairs = exclude(pairs, read_hashes(settings.exclude_hashes))
    return {name: list(readings) for name, readings in readings_by_name(pairs).items()}


def _quality(texts: dict[str, list[str]], references: Sequence[Sequence[str]]) -> dict[str, Any]:
    from hayakana_training.evaluation.metrics import score

    return {name: dataclasses.asdict(score(found, references)) for name, found in texts.items()}
