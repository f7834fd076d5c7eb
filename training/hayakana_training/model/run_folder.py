"""The files of a run folder, which training writes and export reads; known without Keras, which takes seconds to load.

``config.json``, ``source_vocabulary.txt``, ``target_vocabulary.txt``, ``weights.weights.h5`` (of the best epoch),
``history.json``, ``history.png``, ``data.json``, ``trained_on.sha256``; ``checkpoint.npz`` while training goes on. The
``training/`` folder of a shipped model is one, without the checkpoint.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hayakana.model.manifest import SOURCE_VOCABULARY, TARGET_VOCABULARY
from hayakana.model.vocabulary import SOURCE_SPECIALS, TARGET_SPECIALS, Vocabulary
from hayakana.system.files import atomic_file
from hayakana_training.errors import TrainingError
from hayakana_training.model.config import Config

CONFIG, HISTORY, CURVE, DATA = "config.json", "history.json", "history.png", "data.json"
WEIGHTS, CHECKPOINT = "weights.weights.h5", "checkpoint.npz"
KEPT = (CONFIG, HISTORY, CURVE, DATA, SOURCE_VOCABULARY, TARGET_VOCABULARY, WEIGHTS)
"""The files that go with a shipped model."""
TRAINED_ON = "trained_on.sha256"
"""The hashes of the names that a run was trained on; runs that were made before it have none."""
TRAINING = "training"
"""The run's folder in a model folder, beside the graphs."""
RUNS = "runs"
"""The key of ``data.json`` that holds the runs which a run builds on."""
_TOLD = {"run", "config", "data", "history"}
"""The keys of what ``origin`` tells of a run."""


def best_epoch(history: Sequence[dict]) -> int:
    """Index of the first epoch with the highest exact match; of equals, the epoch with the lowest error rate."""
    return max(
        range(len(history)),
        key=lambda index: (
            history[index]["development_exact_match"],
            -history[index]["development_character_error_rate"],
        ),
    )


def check_run(folder: Path) -> Config:
    """Check that ``folder`` has all files of a run, and return its config.

    Raises:
        TrainingError: a file is missing.
    """
    missing = [name for name in KEPT if not (folder / name).is_file()]
    if missing:
        raise TrainingError(f"{folder} is not the folder of a training run: it has no {', '.join(missing)}")
    return Config.read(folder / CONFIG)


def check_new(folder: Path, *, resume: bool = False) -> None:
    """Check that ``folder`` has a checkpoint to resume from, or else nothing that would be lost.

    Raises:
        TrainingError: it has not.
    """
    # What a run writes before its first checkpoint is no loss.
    beginnings = {CONFIG, DATA, WEIGHTS, TRAINED_ON, SOURCE_VOCABULARY, TARGET_VOCABULARY}
    checkpoint = folder / CHECKPOINT
    if resume and not checkpoint.is_file():
        raise TrainingError(f"nothing to resume: {checkpoint} does not exist; start without --resume")
    if not resume and folder.exists() and {path.name for path in folder.iterdir()} - beginnings:
        raise TrainingError(f"{folder} is not empty: choose another --output, or --resume what it holds")


def write_trained_on(folder: Path, hashes: Iterable[str]) -> None:
    """Write which names the run was trained on, a hash a line, as ``--exclude-hashes`` reads them."""
    with atomic_file(folder / TRAINED_ON) as file:
        file.write("".join(f"{line}\n" for line in sorted(set(hashes))).encode())


def read_trained_on(folder: Path) -> frozenset[str]:
    """Return the hashes of the names that the run was trained on, as far as its folder has them."""
    path = folder / TRAINED_ON
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()


def origin(folder: Path) -> dict[str, Any]:
    """Return what there is to know of a run that another one builds on: its data, its settings, and how it went."""
    return {
        "run": folder.name,
        "config": read_json(folder / CONFIG),
        "data": read_json(folder / DATA),
        "history": read_json(folder / HISTORY),
    }


def told_once(report: dict[str, Any]) -> dict[str, Any]:
    """Return ``report`` with every run that it has under ``RUNS``, and ``{"run": key}`` in its place.

    A run is told once, however many of its descendants build on it. A student's teachers, their teachers, and the runs
    that these started from would make a file that grows threefold with every generation. The key is the run's name and
    the first digits of the sha256 of its entry, so that runs of one name stay apart. A run that was met in folders of
    two names, as a shipped model is in ``training``, is told under each name.
    """
    found: dict[str, Any] = {}

    def moved(value: Any) -> Any:
        if isinstance(value, list):
            return [moved(item) for item in value]
        if not isinstance(value, dict):
            return value
        found.update(value.get(RUNS, {}))  # Of a report that this function has returned before.
        told = {key: moved(item) for key, item in value.items() if key != RUNS}
        if told.keys() != _TOLD:
            return told
        digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        key = f"{told['run']}-{digest[:8]}"
        found[key] = told
        return {"run": key}

    told = moved(report)
    return {**told, RUNS: dict(sorted(found.items()))} if found else told


def read_vocabularies(folder: Path) -> tuple[Vocabulary, Vocabulary]:
    """Read source and target vocabulary of a run."""
    return (
        Vocabulary.read(folder / SOURCE_VOCABULARY, specials=SOURCE_SPECIALS),
        Vocabulary.read(folder / TARGET_VOCABULARY, specials=TARGET_SPECIALS),
    )


def read_json(path: Path) -> Any:
    """Read the JSON at ``path``."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, value: object) -> None:
    """Write ``value`` as JSON at ``path``, whole or not at all."""
    with atomic_file(path) as file:
        file.write((json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode())
