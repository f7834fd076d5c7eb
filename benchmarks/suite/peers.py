"""Words a second of what PyPI has instead of hayakana, one core each, beside exact match on the same names.

e2k (its models base and turbo) and kanalizer are neural and take one word at a time. alkana looks words up in a
dictionary: fast, and silent on most names, so how many it knows stands beside its speed. english2kana needs a
TensorFlow older than any that runs here and is left out. Exact match is for the reader to weigh: hayakana's models were
trained on names whose references were written like those of wd_katakana, the peers on English words and other sources.
"""

import contextlib
from collections.abc import Iterable
from typing import Any

from benchmarks.harness.child import Child, last_core
from benchmarks.harness.race import Contender, open_lists, race
from benchmarks.harness.record import describe_file
from benchmarks.harness.rounds import Settings, ratios, summaries
from benchmarks.harness.samples import SEED, SOURCE, distinct_parts, length_histogram, shuffled

NEURAL = ("e2k base", "e2k turbo", "kanalizer")
"""Peers that answer any name that they can read."""
PEERS = (*NEURAL, "alkana")
"""With the dictionary, which knows some names and no others: no ratio is taken to it."""
MODELS = ("seed", "default", "fast", "cc0")


def run(settings: Settings) -> dict[str, Any]:
    """Measure words a second, one at a time and in a list, and exact match where pairs are given."""
    core = last_core()
    references = _references(settings)
    with contextlib.ExitStack() as stack:
        peers = {
            name: stack.enter_context(Child("benchmarks.sides.peers:open_peer", name, core=core)) for name in PEERS
        }
        engines = {f"hayakana {model}": open_lists(stack, model=model, core=core) for model in MODELS}
        alphabet = set.intersection(*(set(peer({})["alphabet"]) for peer in peers.values()))
        accepted = [name for name in references if alphabet.issuperset(name)]
        names = shuffled(accepted)[: settings.pick(full=10_000, quick=300)]
        few, some = names[: settings.pick(full=300, quick=40)], names[: settings.pick(full=1000, quick=100)]
        texts = {name: peer({"names": names})["texts"] for name, peer in peers.items()}
        contenders = {name: Contender(peer, {"names": few}) for name, peer in peers.items()}
        for name, engine in engines.items():
            contenders[f"{name}, one name at a time"] = Contender(engine, {"names": some, "one_at_a_time": True})
            contenders[f"{name}, a list"] = Contender(engine, {"names": names})
        found = race(contenders, rounds=settings.rounds)
    texts |= {name: found.texts[f"{name}, a list"] for name in engines}
    return {
        "inside_the_clock": "names as lower-case str in, Katakana as str out; models are loaded and warm",
        "data": {
            "source": describe_file(settings.pairs) if settings.pairs else SOURCE,
            "seed": SEED,
            "alphabet": "".join(sorted(alphabet)),
            "names_that_all_accept": len(accepted),
            "length_histogram": length_histogram(names),
        },
        "settings": {
            "cores": 1,
            "names": {name: len(contender.names) for name, contender in contenders.items()},
            "names_in_quality": len(names),
        },
        "quality": _quality(texts, [references[name] for name in names]) if settings.pairs else "not run: no --pairs",
        "share_answered": {name: sum(map(bool, of_side)) / len(names) for name, of_side in texts.items()},
        "names_per_second": summaries(found.rates),
        "ratio": {
            side: summaries({peer: ratios(found.rates[side], found.rates[peer]) for peer in NEURAL})
            for side in contenders
            if side not in PEERS
        },
    }


def _references(settings: Settings) -> dict[str, list[str]]:
    """Return names in lower case with their references: those of the pairs, or census parts without any."""
    if settings.pairs is None:
        return {name.lower(): [] for name in distinct_parts(20_000)}
    from hayakana_training.evaluation.evaluate import read_references

    return read_references(settings.pairs, exclude_hashes=settings.exclude_hashes)[0]


def _quality(texts: dict[str, list[str]], references: list[list[str]]) -> dict[str, Any]:
    from hayakana_training.evaluation.metrics import score

    return {name: vars(score(found, references)) for name, found in texts.items()}


def texts_of_peer(child: Child, words: Iterable[str]) -> dict[str, str]:
    """Return the Katakana of those of ``words`` that the peer which ``child`` has open can read."""
    alphabet = set(child({})["alphabet"])
    readable = sorted(word for word in set(words) if alphabet.issuperset(word))
    return dict(zip(readable, child({"names": readable})["texts"], strict=True))
