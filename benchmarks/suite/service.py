"""Names a second and milliseconds of a request of ``hayakana serve``, joined and not, beside the library itself.

The service and the library have the same core, one after the other, and the clients have another. No name comes twice,
and no name is known.
"""

import contextlib
import itertools
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from benchmarks.harness.child import Child, last_core
from benchmarks.harness.rounds import Settings, differences, percentiles, ratios, summaries
from benchmarks.harness.samples import SEED, SOURCE, length_histogram, synthetic_parts
from hayakana.system.processors import usable_processors

MODELS = ("default",)
CONNECTIONS = (1, 16, 128)
LISTS = {1: 1_280, 10: 6_400, 100: 12_800}
"""Names of a request → names of a run."""
_JOINED, _NOT_JOINED = "joined", "not joined"
SERVICES = {_JOINED: ["--no-known-names"], _NOT_JOINED: ["--no-known-names", "--no-joining"]}


def run(settings: Settings) -> dict[str, Any]:
    """Measure each number of connections and size of list, in turns."""
    sizes = {size: settings.pick(full=names, quick=128 * size) for size, names in LISTS.items()}
    names = list(synthetic_parts(sum(sizes.values()) * len(CONNECTIONS) * settings.rounds))
    unused, runs = iter(names), defaultdict[str, list[dict[str, Any]]](list)
    with contextlib.ExitStack() as stack:
        core = last_core() if usable_processors() > 1 else None
        opener = "benchmarks.sides.service:open_service"
        services = {
            service: stack.enter_context(Child(opener, options, core=core))(None)
            for service, options in SERVICES.items()
        }
        clients = stack.enter_context(Child("benchmarks.sides.service:open_clients", core=core and 0))
        for number in range(settings.rounds):
            with Child("benchmarks.sides.service:open_library", MODELS[0], core=core) as library:
                for size, connections in itertools.product(sizes, CONNECTIONS):
                    lists = [list(itertools.islice(unused, size)) for _ in range(sizes[size] // size)]
                    asked = {"connections": connections, "lists": lists, "is_first": number == 0}
                    for service in list(services) if number % 2 else list(services)[::-1]:
                        answered = clients({"port": services[service], **asked})
                        runs[_label(service, connections, size)].append(answered)
                    if connections == CONNECTIONS[-1]:
                        texts = library({"lists": lists}) | {"names": list(itertools.chain.from_iterable(lists))}
                        runs[_label("library", 0, size)].append(texts)
    return {
        "inside_the_clock": {
            "service": "bytes of requests sent, bytes of answers received; warm, over the loopback interface",
            "library": "transliterate_detailed(list): str in, results out; warm, list after list",
        },
        "data": {
            "source": f"made-up names by the trigrams of {SOURCE}",
            "seed": SEED,
            "length_histogram": length_histogram(names),
        },
        "settings": {
            "cores of the service": 1,
            "cores of clients": 1,
            "names_a_run": {str(k): n for k, n in sizes.items()},
        },
        "differing_strings": _differing(runs),
        **_figures(runs),
    }


def _label(side: str, connections: int, size: int) -> str:
    return f"{side}, {connections} connections, lists of {size}" if connections else f"{side}, lists of {size}"


def _differing(runs: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Compare the strings of the first round, of the most connections, with the library's."""
    found = {}
    for size, service in itertools.product(LISTS, SERVICES):
        library, label = runs[_label("library", 0, size)][0], _label(service, CONNECTIONS[-1], size)
        found[label] = differences(library["names"], expected=library["texts"], found=runs[label][0]["texts"])
    return found


def _figures(runs: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    rates = {label: [len(run["texts"]) / run["seconds"] for run in of_label] for label, of_label in runs.items()}
    over_library, joining = {}, {}
    for size, connections in itertools.product(LISTS, CONNECTIONS):
        joined = _label(_JOINED, connections, size)
        over_library[joined] = ratios(rates[joined], rates[_label("library", 0, size)])
        not_joined = rates[_label(_NOT_JOINED, connections, size)]
        joining[f"{connections} connections, lists of {size}"] = ratios(rates[joined], not_joined)
    return {
        "names_per_second": summaries(rates),
        "joined_over_library": summaries(over_library),
        "joined_over_not_joined": summaries(joining),
        "milliseconds": {
            label: percentiles([run["milliseconds"] for run in of_label])
            for label, of_label in runs.items()
            if not label.startswith("library")
        },
    }
