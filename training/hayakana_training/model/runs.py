"""A run in memory: its config, vocabularies and Keras model. ``run_folder`` has its files."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hayakana.model.manifest import SOURCE_VOCABULARY, TARGET_VOCABULARY
from hayakana.model.vocabulary import Vocabulary
from hayakana_training.model.config import Config
from hayakana_training.model.network import TransliterationModel, build_model
from hayakana_training.model.run_folder import (
    CONFIG,
    DATA,
    HISTORY,
    WEIGHTS,
    best_epoch,
    check_run,
    read_json,
    read_vocabularies,
    told_once,
    write_json,
    write_trained_on,
)


@dataclass(frozen=True)
class Run:
    """A training run, finished or about to begin; ``model`` has the weights of the best epoch, or fresh ones."""

    folder: Path
    config: Config
    source_vocabulary: Vocabulary
    target_vocabulary: Vocabulary
    model: TransliterationModel

    def begin(self, report: dict[str, Any], *, trained_on: Iterable[str]) -> None:
        """Write all that is known before the first epoch into the folder.

        ``data.json`` gets ``report``, and ``trained_on.sha256`` the hashes of the names that are trained on.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.source_vocabulary.write(self.folder / SOURCE_VOCABULARY)
        self.target_vocabulary.write(self.folder / TARGET_VOCABULARY)
        self.config.write(self.folder / CONFIG)
        write_json(self.folder / DATA, told_once(report))
        write_trained_on(self.folder, trained_on)

    def read_json(self, name: str) -> Any:
        """Read one of the run's JSON files."""
        return read_json(self.folder / name)

    def best_record(self) -> dict:
        """Return the history's record of the best epoch, the epoch of the weights."""
        history = self.read_json(HISTORY)
        return history[best_epoch(history)]


def open_run(folder: Path) -> Run:
    """Open a run folder with the weights of its best epoch.

    Raises:
        TrainingError: a file is missing.
    """
    config = check_run(folder)
    source, target = read_vocabularies(folder)
    model = build_model(config, source, target)
    model.load_weights(folder / WEIGHTS)
    return Run(folder, config, source, target, model)
