"""``python -m benchmarks.studies.service_soak``: a service under 100,000 requests, and its memory meanwhile.

Lists of 1 to 100 names, known names and names that come once, with bad requests among them. Each tenth of the requests
ends in an overload: more connections with long lists than may wait. What has to hold is that every request has a whole
answer of the status that is due, that whatever was accepted has the strings of the library, and that memory stays flat
once the caches are full. Not a measurement of speed: nothing here depends on how long anything takes.
"""

import argparse
import contextlib
import itertools
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness.record import RESULTS, head, origin, page, publish, table
from benchmarks.harness.samples import full_names, synthetic_parts
from benchmarks.sides.service import start_service
from hayakana import Transliterator
from hayakana.model.folder import find_model

CONNECTIONS, OVERLOAD_CONNECTIONS = 16, 128
MOST_NAMES = 100
"""Names of a request."""
WAITING_NAMES = 2_000
"""Names that may wait, more than ``CONNECTIONS`` can bring and fewer than ``OVERLOAD_CONNECTIONS`` do."""
NEW, BAD, OVERLOAD = 0.3, 0.05, 0.1
"""Shares: of names that come once, of bad requests among ordinary ones, and of requests in overloads."""
FLAT = 1.05
"""Memory at the end over memory at half of the requests, at most."""
_SAMPLES = 10
_KNOWN_POOL = 100_000
_LIMIT_S = 60
_EXAMPLES, _CANDIDATES = 20, 5
_BAD = (
    (400, b"{"),
    (400, b'{"names": ["M\xffri"]}'),
    (422, b'{"names": "Mori"}'),
    (422, b'{"names": ["Mori", 7]}'),
    (422, b'{"names": ["Mori"], "model": "none"}'),
    (422, b'{"names": ["' + b"a" * 1_001 + b'"]}'),
    (413, b'{"names": [' + b",".join([b'"a"'] * 1_001) + b"]}"),
)


@dataclass(frozen=True)
class Asked:
    """The body of a request, the status that is due, and its names."""

    body: bytes
    status: int = 200
    names: Sequence[str] = ()
    may_be_refused: bool = False
    """Whether 429 is due as well."""


@dataclass
class Outcome:
    """What became of requests: the first three are all as they must be, and the rest must be 0."""

    answered: int = 0
    refused_as_bad: int = 0
    refused_as_too_many: int = 0
    names_answered: int = 0
    without_a_whole_answer: int = 0
    of_another_status: Counter[str] = field(default_factory=Counter)
    strings_that_differ: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)
    """The first strings that differ, with the probability that the library gives to both: those of a tie are one."""
    resident_mib: dict[str, float] = field(default_factory=dict)
    """Requests that were sent → memory of the service."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost and nothing wrong."""
        return not (self.without_a_whole_answer or self.of_another_status or self.strings_that_differ)

    @property
    def growth(self) -> float:
        """Memory at the end over memory at half of the requests."""
        samples = list(self.resident_mib.values())
        return samples[-1] / samples[len(samples) // 2]


def soak(model: Path, count: int, *, seed: int) -> Outcome:
    """Send ``count`` requests to a service with ``model``, and look at its memory before and after each tenth.

    Args:
        model: a model folder.
        count: requests, a multiple of 10.
        seed: of all that is drawn.
    """
    limits = [f"--limit-waiting-names={WAITING_NAMES}", f"--limit-names={10 * MOST_NAMES}"]
    outcome, sent = Outcome(), 0
    with Transliterator(model) as library, contextlib.ExitStack() as stack:
        process, port = start_service(["--model", str(model), *limits])
        stack.enter_context(process)
        stack.callback(process.wait, _LIMIT_S)
        stack.callback(process.terminate)
        outcome.resident_mib["0"] = _resident_mib(process.pid)
        for ordinary, overload in drawn(count, seed=seed):
            for asked, connections in ((ordinary, CONNECTIONS), (overload, OVERLOAD_CONNECTIONS)):
                accepted = _ask_all(port, asked, connections, outcome)
                compare(accepted, library, outcome)
                sent += len(asked)
            outcome.resident_mib[str(sent)] = _resident_mib(process.pid)
    assert process.returncode == 0, process.returncode
    return outcome


def drawn(count: int, *, seed: int) -> Iterator[tuple[list[Asked], list[Asked]]]:
    """Yield each tenth of ``count`` requests: the ordinary ones, and those of the overload after them."""
    random = np.random.default_rng(seed)
    of_tenth = count // _SAMPLES
    ordinary = of_tenth - round(of_tenth * OVERLOAD)
    sizes = np.exp(random.uniform(0, np.log(MOST_NAMES + 1), size=(_SAMPLES, of_tenth))).astype(int)
    sizes[:, ordinary:] = MOST_NAMES
    is_new = random.random(int(sizes.sum())) < NEW
    names = np.array(full_names(_KNOWN_POOL, seed=seed), dtype=object)[random.integers(_KNOWN_POOL, size=is_new.size)]
    names[is_new] = list(synthetic_parts(int(is_new.sum()), seed=seed))
    lists = iter(np.split(names, np.cumsum(sizes.ravel())[:-1]))
    for _ in range(_SAMPLES):
        asked = [
            Asked(
                json.dumps({"names": names}, ensure_ascii=False).encode(), names=names, may_be_refused=place >= ordinary
            )
            for place, names in enumerate(part.tolist() for part in itertools.islice(lists, of_tenth))
        ]
        for place in np.flatnonzero(random.random(ordinary) < BAD).tolist():
            status, body = _BAD[random.integers(len(_BAD))]
            asked[place] = Asked(body, status)
        yield asked[:ordinary], asked[ordinary:]


def _ask_all(
    port: int, asked: Sequence[Asked], connections: int, outcome: Outcome
) -> list[tuple[Sequence[str], bytes]]:
    """Send requests over ``connections``, count what becomes of them, and return names and answers of the accepted."""
    of_thread = threading.local()
    with contextlib.ExitStack() as stack:

        def connect() -> None:
            connection = HTTPConnection("127.0.0.1", port, timeout=_LIMIT_S)
            of_thread.connection = stack.enter_context(contextlib.closing(connection))

        def ask(asking: Asked) -> tuple[HTTPResponse, bytes] | None:
            try:
                of_thread.connection.request(
                    "POST", "/v1/transliterate", asking.body, {"Content-Type": "application/json"}
                )
                answer = of_thread.connection.getresponse()
                return answer, answer.read()
            except (OSError, HTTPException):
                of_thread.connection.close()
                return None

        pool = stack.enter_context(ThreadPoolExecutor(connections, initializer=connect))
        answers = pool.map(ask, asked)
        bodies = [_count(asking, answer, outcome) for asking, answer in zip(asked, answers, strict=True)]
    return [(asking.names, body) for asking, body in zip(asked, bodies, strict=True) if body]


def _count(asked: Asked, answered: tuple[HTTPResponse, bytes] | None, outcome: Outcome) -> bytes:
    """Count what became of a request, and return its answer if it was accepted."""
    if answered is None:
        outcome.without_a_whole_answer += 1
        return b""
    answer, body = answered
    if answer.status == 429 and asked.may_be_refused and answer.getheader("Retry-After"):
        outcome.refused_as_too_many += 1
    elif answer.status != asked.status:
        outcome.of_another_status[f"{answer.status} for {asked.status}"] += 1
    elif answer.status == 200:
        outcome.answered += 1
        outcome.names_answered += len(asked.names)
        return body
    else:
        outcome.refused_as_bad += 1
    return b""


def compare(accepted: Sequence[tuple[Sequence[str], bytes]], library: Transliterator, outcome: Outcome) -> None:
    """Count the names that have not their own string in their own place."""
    distinct = list({name for names, _ in accepted for name in names})
    texts = dict(zip(distinct, library.transliterate(distinct, on_error="empty"), strict=True))
    for names, body in accepted:
        expected = [(name, texts[name]) for name in names]
        found = [(result["name"], result["text"] or "") for result in json.loads(body)["results"]]
        if found != expected:
            pairs = itertools.zip_longest(expected, found, fillvalue=("", ""))
            differing = [(*wanted, pair[1]) for wanted, pair in pairs if pair != wanted]
            outcome.strings_that_differ += len(differing)
            outcome.examples += [_example(*row, library) for row in differing[: _EXAMPLES - len(outcome.examples)]]


def _example(name: str, text: str, found: str, library: Transliterator) -> dict[str, Any]:
    (result,) = library.transliterate_detailed([name], candidates=_CANDIDATES)
    probabilities = {candidate.text: candidate.probability for candidate in result.candidates}
    by_text = {wanted: probabilities.get(wanted) for wanted in (text, found)}
    return {"name": name, "library": text, "found": found, "probabilities": by_text}


def _resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def render(result: Mapping[str, Any]) -> str:
    """Return the result as Markdown."""
    counts = ("without_a_whole_answer", "of_another_status", "strings_that_differ")
    rows = [(f"{int(sent):,}", f"{mib:,.0f}") for sent, mib in result["resident_mib"].items()]
    machine = result["head"]["machine"]
    examples = [json.dumps(example, ensure_ascii=False) for example in result["examples"]]
    return page(
        f"A service under {result['requests']:,} requests",
        f"{origin(result['head'])} {machine['processor']}, {machine['cores']} cores, shared with other work;"
        f" {result['minutes']} minutes.",
        f"{result['answered']:,} requests were answered, with {result['names_answered']:,} names;"
        f" {result['refused_as_bad']:,} bad ones were refused, and {result['refused_as_too_many']:,} with 429 in"
        f" overloads of {OVERLOAD_CONNECTIONS} connections with lists of {MOST_NAMES}. All other counts:",
        "\n".join(
            [*(f"- {name.replace('_', ' ')}: {result[name] or 0}" for name in counts), *map("  - {}".format, examples)]
        ),
        f"Memory of the service (resident set), {result['growth']:.3f} times at the end what it was at half:",
        table(("requests", "MiB"), rows, words=0),
    )


def main() -> None:
    """Run it with a shipped model, print what came out and write it to the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.service_soak", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000, help="a multiple of 10")
    parser.add_argument("--model", default="default")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.requests < 10 or options.requests % _SAMPLES:
        parser.error(f"--requests: {options.requests} is no multiple of {_SAMPLES}")
    model = find_model(options.model)
    result = {"head": head({options.model: model}), **vars(options)}
    began = time.monotonic()
    outcome = soak(model, options.requests, seed=options.seed)
    result |= vars(outcome) | {"of_another_status": dict(outcome.of_another_status), "growth": outcome.growth}
    result["minutes"] = round((time.monotonic() - began) / 60, 1)
    publish(RESULTS / "service_soak.json", result, render)
    sys.exit(0 if outcome.is_clean and outcome.growth <= FLAT else 1)


if __name__ == "__main__":
    main()
