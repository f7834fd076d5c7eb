"""Train a model: seeded, a checkpoint every epoch, early stopping on the exact match of real greedy decoding."""

import dataclasses
import hashlib
import importlib
import json
import platform
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from hayakana.model.manifest import SOURCE_VOCABULARY, TARGET_VOCABULARY
from hayakana.model.vocabulary import Vocabulary
from hayakana.system.files import atomic_file
from hayakana_training.data.labels import SoftTargets
from hayakana_training.data.loading import Data
from hayakana_training.data.pairs import Pair, TrainingSet, build_vocabularies, fit_to_model
from hayakana_training.errors import TrainingError
from hayakana_training.evaluation.plots import draw_history
from hayakana_training.learning.cross_entropy import CrossEntropy
from hayakana_training.learning.epochs import epochs_of
from hayakana_training.learning.minimum_risk import CANDIDATES, MinimumRisk
from hayakana_training.learning.model_decoding import evaluate_model
from hayakana_training.learning.objective import Objective
from hayakana_training.model import runs
from hayakana_training.model.config import Config
from hayakana_training.model.lineage import told_once
from hayakana_training.model.network import TransliterationModel, build_model
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
    run to start from (``warm_start``), with whose candidates ``minimum_risk`` trains.

    Raises:
        TrainingError: there are no pairs, ``folder`` holds another run, there is nothing to resume, or there is no run
            for ``minimum_risk`` to start from, or one with other vocabularies.
    """
    if not data.train or not data.development:
        raise TrainingError(
            f"{len(data.train)} training and {len(data.development)} development pairs: give --train files with"
            " name, katakana and count a line, separated by tabs"
        )
    _check_folder(folder, resume=resume)
    source, target = data.vocabularies or build_vocabularies(data.train, minimum_count=config.minimum_character_count)
    # What teachers labelled has been fitted to the vocabularies that come with it.
    pairs, dropped = (data.train, Counter()) if data.soft else fit_to_model(data.train, source, target, config)
    log(f"{len(pairs)} training pairs, {len(data.development)} development pairs; left out: {dict(dropped) or 'none'}")
    candidates = None
    objective: Objective
    if minimum_risk:
        log("searching the candidates of every name")
        candidates = _candidates(initial, pairs, source, target)
        objective = MinimumRisk(pairs, candidates, source, target, config)
    else:
        training_set = TrainingSet(pairs, source, target, count_power=config.count_power, soft=data.soft)
        objective = CrossEntropy(training_set, config)

    model = build_model(config, source, target)
    if initial is not None and not resume:
        start_from(initial, model, source, target)
    schedule = keras.optimizers.schedules.CosineDecay(config.learning_rate, objective.steps * config.epochs, alpha=0.01)
    optimizer = keras.optimizers.Adam(
        schedule,
        global_clipnorm=config.gradient_norm,
        use_ema=config.weight_averaging > 0,
        ema_momentum=config.weight_averaging or 0.99,
    )
    optimizer.build(model.trainable_variables)
    identity = {
        "config": dataclasses.asdict(config),
        "data": _fingerprint(pairs, source, target, data.soft, candidates),
    }
    history = _restore(folder / runs.CHECKPOINT, identity, model, optimizer) if resume else []
    folder.mkdir(parents=True, exist_ok=True)
    source.write(folder / SOURCE_VOCABULARY)
    target.write(folder / TARGET_VOCABULARY)
    config.write(folder / runs.CONFIG)
    report = {**data.report, "left_out": dict(dropped), "tools": _tools()}
    if initial:
        report["initial"] = runs.origin(initial)
    if isinstance(objective, MinimumRisk):
        report["minimum_risk"] = objective.describe()
    runs.write_json(folder / runs.DATA, told_once(report))

    if history:
        runs.write_json(folder / runs.HISTORY, history)  # It is written after the checkpoint, so may be one behind.
    train_epoch = epochs_of(model, optimizer, objective, batch_size=config.batch_size)
    log(f"{model.count_params()} weights, {objective.steps} batches an epoch")
    for epoch in range(len(history), config.epochs):
        if _is_over(history, patience=config.patience):
            break
        started = time.perf_counter()
        loss = train_epoch(epoch)
        seconds = time.perf_counter() - started
        trained = _keep_average(model, optimizer)
        scores = evaluate_model(model, data.development, source, target)
        record = {
            "epoch": epoch + 1,
            "loss": round(loss, 5),
            "development_exact_match": round(scores.exact_match, 5),
            "development_character_error_rate": round(scores.character_error_rate, 5),
            "pairs_per_second": round(len(pairs) / seconds),
        }
        history.append(record)
        if runs.best_epoch(history) == len(history) - 1:
            model.save_weights(folder / runs.WEIGHTS)
        for variable, value in zip(model.trainable_variables, trained, strict=True):
            variable.assign(value)
        _save_checkpoint(folder / runs.CHECKPOINT, identity, model, optimizer, history)
        runs.write_json(folder / runs.HISTORY, history)
        draw_history(history, folder / runs.CURVE)
        log(
            f"epoch {epoch + 1}/{config.epochs}  loss {record['loss']:.4f}"
            f"  development exact match {scores.exact_match:.4f}"
            f"  character error rate {scores.character_error_rate:.4f}"
            f"  {record['pairs_per_second']} pairs/s, {seconds:.0f} s"
        )
    best = history[runs.best_epoch(history)]
    log(f"best: epoch {best['epoch']}, development exact match {best['development_exact_match']:.4f}, in {folder}")


def _candidates(
    initial: Path | None, pairs: Iterable[Pair], source: Vocabulary, target: Vocabulary
) -> dict[str, list[str]]:
    """Return the candidates of the names of ``pairs`` by the run ``initial``, for ``MinimumRisk``."""
    if initial is None:
        raise TrainingError("minimum risk learns from the candidates of a run, and starts from it: give --initial RUN")
    if keras.config.backend() != "tensorflow":
        raise TrainingError("minimum risk finds its candidates in TensorFlow: set KERAS_BACKEND=tensorflow for it")
    from hayakana_training.learning.candidates import best_candidates

    run = runs.open_run(initial)
    if (run.source_vocabulary, run.target_vocabulary) != (source, target):
        raise TrainingError(f"minimum risk needs the vocabularies of {initial}: give --vocabularies {initial} too")
    return best_candidates(run, list(dict.fromkeys(pair.name for pair in pairs)), count=CANDIDATES)


def _keep_average(model: TransliterationModel, optimizer: keras.Optimizer) -> list[NDArray[np.float32]]:
    """Put the averaged weights, if there are any, into ``model``; return those that it was trained to."""
    trained = [keras.ops.convert_to_numpy(variable) for variable in model.trainable_variables]
    if optimizer.use_ema:
        optimizer.finalize_variable_values(model.trainable_variables)
        for variable in model.trainable_variables:
            # In JAX it shares the average's array by now, which a prediction on a GPU would free for both.
            variable.assign(keras.ops.convert_to_numpy(variable))
    return trained


def _is_over(history: Sequence[dict], *, patience: int) -> bool:
    return bool(history) and len(history) - 1 - runs.best_epoch(history) >= patience


def _check_folder(folder: Path, *, resume: bool) -> None:
    """Check that ``folder`` has a checkpoint to resume from, or else nothing that would be lost."""
    # What a run writes before its first checkpoint is no loss.
    beginnings = {runs.CONFIG, runs.DATA, runs.WEIGHTS, SOURCE_VOCABULARY, TARGET_VOCABULARY}
    checkpoint = folder / runs.CHECKPOINT
    if resume and not checkpoint.is_file():
        raise TrainingError(f"nothing to resume: {checkpoint} does not exist; start without --resume")
    if not resume and folder.exists() and {path.name for path in folder.iterdir()} - beginnings:
        raise TrainingError(f"{folder} is not empty: choose another --output, or --resume what it holds")


def _restore(checkpoint: Path, identity: dict, model: TransliterationModel, optimizer: keras.Optimizer) -> list[dict]:
    """Restore model and optimizer from ``checkpoint``; return the history so far."""
    with np.load(checkpoint) as arrays:
        state = json.loads(str(arrays["state"]))
        if state["config"] != identity["config"]:
            raise TrainingError(f"{checkpoint} was written with another configuration; resume with its own")
        if state["data"] != identity["data"]:
            raise TrainingError(f"{checkpoint} was written with other training data; resume with the same files")
        saved = [arrays[f"variable_{index}"] for index in range(len(arrays.files) - 1)]
    for variable, array in zip([*model.variables, *optimizer.variables], saved, strict=True):
        variable.assign(array)
    return state["history"]


def _save_checkpoint(
    path: Path, identity: dict, model: TransliterationModel, optimizer: keras.Optimizer, history: list[dict]
) -> None:
    """Write every variable, the random states of dropout among them, whole or not at all."""
    variables = {
        f"variable_{i}": keras.ops.convert_to_numpy(v) for i, v in enumerate([*model.variables, *optimizer.variables])
    }
    with atomic_file(path) as file:
        np.savez(file, state=json.dumps({**identity, "history": history}), **variables)


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
        digest.update(soft.ids)
        digest.update(soft.probabilities)
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
