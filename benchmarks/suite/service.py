"""Names a second and milliseconds of a request of ``hayakana serve``, joined and not, beside the library itself.

The service and the library have the same core, one after the other, and the clients have another. No name comes twice,
and no name is known.
"""

import contextlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.harness.child import Child, cores, last_core
from benchmarks.harness.rounds import Settings, differences, ratios, summary
from benchmarks.harness.samples import SOURCE, length_histogram, write_synthetic_parts

MODELS = ("default",)
CONNECTIONS = (1, 16, 128)
LISTS = {1: 1_280, 10: 6_400, 100: 12_800}
"""Names of a request → names of a run."""
PERCENTILES = (50, 95, 99)
_JOINED, _NOT_JOINED = "joined", "not joined"
SERVICES = {_JOINED: ["--no-known-names"], _NOT_JOINED: ["--no-known-names", "--no-joining"]}


def run(settings: Settings) -> dict[str, Any]:
    """Measure each number of connections and size of list, in turns."""
    sizes = {size: settings.pick(full=names, quick=128 * size) for size, names in LISTS.items()}
    count = sum(sizes.values())
    path = settings.folder / "parts.txt"
    of_round = count * len(CONNECTIONS)
    write_synthetic_parts(path, of_round * settings.rounds, seed=settings.seed)
    names = [part.capitalize() for part in path.read_text(encoding="ascii").split()]
    runs: dict[str, list[dict[str, Any]]] = {}
    with contextlib.ExitStack() as stack:
        core = last_core() if cores() > 1 else None
        services = {
            service: stack.enter_context(
                Child("benchmarks.sides.service:open_service", json.dumps(options), core=core)
            )(None)
            for service, options in SERVICES.items()
        }
        clients = stack.enter_context(Child("benchmarks.sides.service:open_clients", core=core and 0))
        for number in range(settings.rounds):
            with Child("benchmarks.sides.service:open_library", MODELS[0], core=core) as library:
                of_this_round = names[number * of_round : (number + 1) * of_round]
                _round(number, of_this_round, sizes, services=services, clients=clients, library=library, runs=runs)
    return {
        "inside_the_clock": {
            "service": "bytes of requests sent, bytes of answers received; warm, over the loopback interface",
            "library": "transliterate_detailed(list): str in, results out; warm, list after list",
        },
        "data": {
            "source": f"made-up names by the trigrams of {SOURCE}",
            "seed": settings.seed,
            "length_histogram": length_histogram(names),
        },
        "settings": {
            "cores of the service": 1,
            "cores of clients": 1,
            "names_a_run": {str(k): v for k, v in sizes.items()},
        },
        "differing_strings": _differing(runs),
        **_figures(runs),
    }


def _round(
    number: int,
    names: Sequence[str],
    sizes: Mapping[int, int],
    *,
    services: Mapping[str, int],
    clients: Child,
    library: Child,
    runs: dict[str, list[dict[str, Any]]],
) -> None:
    """Run everything once, and add to ``runs`` what came of it."""
    start = 0
    for size, count in sizes.items():
        for connections in CONNECTIONS:
            lists = [list(names[place : place + size]) for place in range(start, start + count, size)]
            start += count
            for service in list(services) if number % 2 else list(services)[::-1]:
                asked = {"port": services[service], "connections": connections, "lists": lists, "is_first": number == 0}
                runs.setdefault(_label(service, connections, size), []).append(clients(asked))
            if connections == CONNECTIONS[-1]:
                answered = library({"lists": lists})
                runs.setdefault(_label("library", 0, size), []).append(
                    answered | {"names": [*names[start - count : start]]}
                )


def _label(side: str, connections: int, size: int) -> str:
    return f"{side}, {connections} connections, lists of {size}" if connections else f"{side}, lists of {size}"


def _differing(runs: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Compare the strings of the first round, of the most connections, with the library's."""
    found = {}
    for size in LISTS:
        library = runs[_label("library", 0, size)][0]
        for service in SERVICES:
            label = _label(service, CONNECTIONS[-1], size)
            found[label] = differences(library["names"], expected=library["texts"], found=runs[label][0]["texts"])
    return found


def _figures(runs: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    rates = {label: [len(run["texts"]) / run["seconds"] for run in of_label] for label, of_label in runs.items()}
    served = [label for label in runs if not label.startswith("library")]
    over_library = {
        label: summary(ratios(rates[label], rates[_label("library", 0, size)]))
        for size in LISTS
        for label in (_label(_JOINED, connections, size) for connections in CONNECTIONS)
    }
    joining = {
        f"{connections} connections, lists of {size}": summary(
            ratios(rates[_label(_JOINED, connections, size)], rates[_label(_NOT_JOINED, connections, size)])
        )
        for size in LISTS
        for connections in CONNECTIONS
    }
    return {
        "names_per_second": {label: summary(of_label) for label, of_label in rates.items()},
        "joined_over_library": over_library,
        "joined_over_not_joined": joining,
        "milliseconds": {
            label: {
                f"p{percentile}": summary(
                    [float(np.percentile(run["milliseconds"], percentile)) for run in runs[label]]
                )
                for percentile in PERCENTILES
            }
            for label in served
        },
    }
