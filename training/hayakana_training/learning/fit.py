"""Train a model: seeded, a checkpoint every epoch, early stopping on the exact match of real greedy decoding."""

import hashlib
import importlib
import json
import platform
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np

from hayakana.model.vocabulary import Vocabulary
from hayakana_training.data.held_out import hashes_of_parts
from hayakana_training.data.labels import SoftTargets
from hayakana_training.data.loading import Data
from hayakana_training.data.pairs import Pair
from hayakana_training.errors import TrainingError
from hayakana_training.learning.batches import TrainingSet, build_vocabularies, fit_to_model
from hayakana_training.learning.minimum_risk import CANDIDATES, MinimumRisk
from hayakana_training.learning.model_decoding import best_candidates
from hayakana_training.learning.objective import CrossEntropy, Objective
from hayakana_training.learning.trainer import Trainer
from hayakana_training.model import run_folder, runs
from hayakana_training.model.config import Config
from hayakana_training.model.network import build_model
from hayakana_training.model.runs import Run
from hayakana_training.model.warm_start import start_from


def fit(
    config: Config,
    data: Data,
    *,
    folder: Path,
    resume: bool,
    log: Callable[[str], None],
    initial: Path | None = None,
    minimum_risk: bool = False,
) -> None:
    """Train until the development exact match stops improving, and leave a run in ``folder``.

    With ``resume``, go on from the checkpoint in ``folder`` with the same data order and schedule: the weights come out
    as they would have without the interruption, up to the order of floating-point sums. ``initial`` is the folder of a
    run to start from (``warm_start``); ``minimum_risk`` trains on that run's candidates.

    Raises:
        TrainingError: there are no pairs, ``folder`` holds another run, or there is nothing to resume; or the run that
            ``minimum_risk`` starts from is missing, or has other vocabularies.
    """
    data.check()
    run_folder.check_new(folder, resume=resume)
    source, target = data.vocabularies or build_vocabularies(data.train, minimum_count=config.minimum_character_count)
    # Labelled pairs already fit the vocabularies that come with them.
    pairs, dropped = (data.train, Counter()) if data.soft else fit_to_model(data.train, source, target, config)
    log(f"{len(pairs)} training pairs, {len(data.development)} development pairs; left out: {dict(dropped) or 'none'}")
    candidates = _candidates(initial, pairs, source, target, log=log) if minimum_risk else None
    objective: Objective
    if candidates is None:
        training_set = TrainingSet(pairs, source, target, count_power=config.count_power, soft=data.soft)
        objective = CrossEntropy(training_set, config)
    else:
        objective = MinimumRisk(pairs, candidates, source, target, config)
    run = Run(folder, config, source, target, build_model(config, source, target))
    if initial and not resume:
        start_from(initial, run.model, source, target)
    identity = {"config": asdict(config), "data": _fingerprint(pairs, source, target, data.soft, candidates)}
    trainer = Trainer(run, objective, identity, development=data.development, pairs=len(pairs))
    if resume:
        trainer.restore()
    origin = {"initial": run_folder.origin(initial)} if initial else {}
    run.begin(
        {**data.report, "left_out": dict(dropped), "tools": _tools(), **origin, **objective.describe()},
        trained_on=_trained_on(pairs, initial, folder if resume else None),
    )
    log(f"{run.model.count_params()} weights, {objective.steps} batches an epoch")
    while not trainer.is_over:
        log(trainer.epoch())
    best = trainer.history[run_folder.best_epoch(trainer.history)]
    log(f"best: epoch {best['epoch']}, development exact match {best['development_exact_match']:.4f}, in {folder}")


def _candidates(
    initial: Path | None, pairs: Iterable[Pair], source: Vocabulary, target: Vocabulary, *, log: Callable[[str], None]
) -> dict[str, list[str]]:
    """Return the candidates of the names of ``pairs`` by the run ``initial``, for ``MinimumRisk``."""
    log("searching the candidates of every name")
    if initial is None:
        raise TrainingError("minimum risk learns from the candidates of a run, and starts from it: give --initial RUN")
    if keras.config.backend() != "tensorflow":
        raise TrainingError("minimum risk finds its candidates in TensorFlow: set KERAS_BACKEND=tensorflow for it")
    run = runs.open_run(initial)
    if (run.source_vocabulary, run.target_vocabulary) != (source, target):
        raise TrainingError(f"minimum risk needs the vocabularies of {initial}: give --vocabularies {initial} too")
    return best_candidates(run, list(dict.fromkeys(pair.name for pair in pairs)), count=CANDIDATES)


def _trained_on(pairs: Sequence[Pair], *before: Path | None) -> frozenset[str]:
    """Return the hashes of the names of ``pairs``, and of what the runs in the folders ``before`` were trained on."""
    known = (run_folder.read_trained_on(folder) for folder in before if folder)
    return hashes_of_parts(pair.name for pair in pairs).union(*known)


def _fingerprint(
    pairs: Sequence[Pair],
    source: Vocabulary,
    target: Vocabulary,
    soft: SoftTargets | None,
    candidates: Mapping[str, Sequence[str]] | None,
) -> str:
    """Return the sha256 of everything that ids and batches depend on."""
    lines = [f"{pair.name}\t{pair.katakana}\t{pair.count}" for pair in pairs]
    digest = hashlib.sha256("\n".join([source.render(), target.render(), *lines]).encode())
    if soft is not None:
        digest.update(soft.ids.data)
        digest.update(soft.probabilities.data)
    if candidates is not None:
        digest.update(json.dumps(candidates, sort_keys=True).encode())
    return digest.hexdigest()


def _tools() -> dict[str, str]:
    backend = keras.config.backend()
    return {
        "python": platform.python_version(),
        backend: importlib.import_module(backend).__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
