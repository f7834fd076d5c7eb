"""The runs that a run builds on, in ``data.json``: each once, however many of its ancestors build on it too.

Told inside one another, a student's teachers, theirs, and what these had started from make a file that grows threefold
with every generation.
"""

import hashlib
import json
from typing import Any

RUNS = "runs"
_TOLD = {"run", "config", "data", "history"}
"""The keys of what ``runs.origin`` tells of a run."""


def told_once(report: dict[str, Any]) -> dict[str, Any]:
    """Return ``report`` with every run that it tells of under ``runs``, and ``{"run": key}`` in its place.

    The key is the run's name and the first digits of the sha256 of what is told, so that runs of one name stay apart. A
    run that was met in folders of two names, as a shipped model is in ``training``, is told under each.
    """
    found: dict[str, Any] = {}

    def moved(value: Any) -> Any:
        if isinstance(value, list):
            return [moved(item) for item in value]
        if not isinstance(value, dict):
            return value
        found.update(value.get(RUNS, {}))  # Of a report that this function has returned before.
        rest = {key: moved(item) for key, item in value.items() if key != RUNS}
        if rest.keys() != _TOLD:
            return rest
        digest = hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
        key = f"{rest['run']}-{digest[:8]}"
        found[key] = rest
        return {"run": key}

    rest = moved(report)
    return {**rest, RUNS: dict(sorted(found.items()))} if found else rest
