"""A run folder: what training writes and export reads.

``config.json``, ``source_vocabulary.txt``, ``target_vocabulary.txt``, ``weights.weights.h5`` (of the best epoch),
``history.json``, ``history.png``, ``data.json``; ``checkpoint.npz`` while training goes on. The ``training/`` folder of
a shipped model is one, without the checkpoint.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hayakana.model.manifest import SOURCE_VOCABULARY, TARGET_VOCABULARY
from hayakana.model.vocabulary import SOURCE_SPECIALS, TARGET_SPECIALS, Vocabulary
from hayakana.system.files import atomic_file
from hayakana_training.errors import TrainingError
from hayakana_training.model.config import Config
from hayakana_training.model.network import TransliterationModel, build_model

CONFIG, HISTORY, CURVE, DATA = "config.json", "history.json", "history.png", "data.json"
WEIGHTS, CHECKPOINT = "weights.weights.h5", "checkpoint.npz"
KEPT = (CONFIG, HISTORY, CURVE, DATA, SOURCE_VOCABULARY, TARGET_VOCABULARY, WEIGHTS)
"""The files that go with a shipped model."""
RUNS = "runs"
"""The key of ``data.json`` that holds the runs which a run builds on."""
_TOLD = {"run", "config", "data", "history"}
"""The keys of what ``origin`` tells of a run."""


@dataclass(frozen=True)
class Run:
    """A training run, finished or about to begin; ``model`` has the weights of the best epoch, or fresh ones."""

    folder: Path
    config: Config
    source_vocabulary: Vocabulary
    target_vocabulary: Vocabulary
    model: TransliterationModel

    def begin(self, report: dict[str, Any]) -> None:
        """Write all that is known before the first epoch into the folder; ``data.json`` gets ``report``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.source_vocabulary.write(self.folder / SOURCE_VOCABULARY)
        self.target_vocabulary.write(self.folder / TARGET_VOCABULARY)
        self.config.write(self.folder / CONFIG)
        write_json(self.folder / DATA, told_once(report))

    def read_json(self, name: str) -> Any:
        """Read one of the run's JSON files."""
        return read_json(self.folder / name)

    def best_record(self) -> dict:
        """Return the history's record of the best epoch, the epoch of the weights."""
        history = self.read_json(HISTORY)
        return history[best_epoch(history)]


def best_epoch(history: Sequence[dict]) -> int:
    """Index of the first epoch with the highest exact match; of equals, the one with the lowest error rate."""
    return max(
        range(len(history)),
        key=lambda index: (
            history[index]["development_exact_match"],
            -history[index]["development_character_error_rate"],
        ),
    )


def open_run(folder: Path) -> Run:
    """Open a run folder with the weights of its best epoch.

    Raises:
        TrainingError: a file is missing.
    """
    missing = [name for name in KEPT if not (folder / name).is_file()]
    if missing:
        raise TrainingError(f"{folder} is not the folder of a training run: it has no {', '.join(missing)}")
    config = Config.read(folder / CONFIG)
    source, target = read_vocabularies(folder)
    model = build_model(config, source, target)
    model.load_weights(folder / WEIGHTS)
    return Run(folder, config, source, target, model)


def origin(folder: Path) -> dict[str, Any]:
    """Return what there is to know of a run that another one builds on: its data, its settings, and how it went."""
    return {
        "run": folder.name,
        "config": read_json(folder / CONFIG),
        "data": read_json(folder / DATA),
        "history": read_json(folder / HISTORY),
    }


def told_once(report: dict[str, Any]) -> dict[str, Any]:
    """Return ``report`` with every run that it tells of under ``RUNS``, and ``{"run": key}`` in its place.

    A run is told once, however many of its descendants build on it: told inside one another, a student's teachers,
    their teachers, and the runs that these started from make a file that grows threefold with every generation. The key
    is the run's name and the first digits of the sha256 of its entry, so that runs of one name stay apart. A run
    that was met in folders of two names, as a shipped model is in ``training``, is told under each name.
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
