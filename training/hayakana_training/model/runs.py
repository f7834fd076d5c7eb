"""A run folder: what training writes and export reads.

``config.json``, ``source_vocabulary.txt``, ``target_vocabulary.txt``, ``weights.weights.h5`` (of the best epoch),
``history.json``, ``history.png``, ``data.json``; ``checkpoint.npz`` while training goes on. The ``training/`` folder of
a shipped model is one, without the checkpoint.
"""

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


@dataclass(frozen=True)
class Run:
    """A finished training run, opened."""

    folder: Path
    config: Config
    source_vocabulary: Vocabulary
    target_vocabulary: Vocabulary
    model: TransliterationModel

    def read_json(self, name: str) -> Any:
        """Read one of the run's JSON files."""
        return read_json(self.folder / name)

    def best_record(self) -> dict:
        """Return the history's record of the epoch whose weights these are."""
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
