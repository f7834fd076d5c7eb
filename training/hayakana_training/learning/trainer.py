"""A run, epoch by epoch: train, evaluate by real greedy decoding, keep the best weights, write a checkpoint."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import AutoLocator
from numpy.typing import NDArray

from hayakana.system.files import atomic_file
from hayakana_training.data.pairs import Pair
from hayakana_training.errors import TrainingError
from hayakana_training.learning.epochs import epochs_of
from hayakana_training.learning.model_decoding import evaluate_model
from hayakana_training.learning.objective import Objective
from hayakana_training.model import run_folder
from hayakana_training.model.runs import Run


class Trainer:
    """Trains the model of ``run`` for ``objective``; ``history`` has a record for every epoch that is done.

    Args:
        run: its configuration says how long and how fast; its folder gets weights, history and checkpoint.
        objective: the batches and their loss.
        identity: ``config`` and ``data``. Training goes on only from a checkpoint that was written with the same.
        development: pairs that every epoch is judged on.
        pairs: how many pairs an epoch trains on, for the rate in its record.
    """

    def __init__(
        self, run: Run, objective: Objective, identity: Mapping[str, Any], *, development: Sequence[Pair], pairs: int
    ) -> None:
        self.history: list[dict[str, Any]] = []
        self._run, self._identity, self._development, self._pairs = run, identity, development, pairs
        config = run.config
        self._optimizer = keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(config.learning_rate, objective.steps * config.epochs, alpha=0.01),
            global_clipnorm=config.gradient_norm,
            use_ema=config.weight_averaging > 0,
            ema_momentum=config.weight_averaging or 0.99,
        )
        self._optimizer.build(run.model.trainable_variables)
        self._train = epochs_of(run.model, self._optimizer, objective, batch_size=config.batch_size)

    @property
    def is_over(self) -> bool:
        """Whether all epochs are done, or the patience has run out: the last epochs brought nothing better."""
        config, epochs = self._run.config, len(self.history)
        without_gain = epochs - 1 - run_folder.best_epoch(self.history) if epochs else 0
        return epochs >= config.epochs or without_gain >= config.patience

    def epoch(self) -> str:
        """Train and evaluate one epoch, write the results into the folder, and return them as a line of text."""
        run, epoch = self._run, len(self.history)
        started = time.perf_counter()
        loss = self._train(epoch)
        seconds = time.perf_counter() - started
        trained = self._keep_average()
        scores = evaluate_model(run.model, self._development, run.source_vocabulary, run.target_vocabulary)
        record = {
            "epoch": epoch + 1,
            "loss": round(loss, 5),
            "development_exact_match": round(scores.exact_match, 5),
            "development_character_error_rate": round(scores.character_error_rate, 5),
            "pairs_per_second": round(self._pairs / seconds),
        }
        self.history.append(record)
        if run_folder.best_epoch(self.history) == epoch:
            run.model.save_weights(run.folder / run_folder.WEIGHTS)
        for variable, value in zip(run.model.trainable_variables, trained, strict=True):
            variable.assign(value)
        self._save_checkpoint()
        run_folder.write_json(run.folder / run_folder.HISTORY, self.history)
        self._draw_history()
        return (
            f"epoch {epoch + 1}/{run.config.epochs}  loss {record['loss']:.4f}"
            f"  development exact match {scores.exact_match:.4f}"
            f"  character error rate {scores.character_error_rate:.4f}"
            f"  {record['pairs_per_second']} pairs/s, {seconds:.0f} s"
        )

    def restore(self) -> None:
        """Restore variables and history from the checkpoint in the run's folder.

        Raises:
            TrainingError: the checkpoint was written with another configuration, or with other data.
        """
        checkpoint = self._run.folder / run_folder.CHECKPOINT
        with np.load(checkpoint) as arrays:
            state = json.loads(str(arrays["state"]))
            if state["config"] != self._identity["config"]:
                raise TrainingError(f"{checkpoint} was written with another configuration; resume with its own")
            if state["data"] != self._identity["data"]:
                raise TrainingError(f"{checkpoint} was written with other training data; resume with the same files")
            saved = [arrays[f"variable_{index}"] for index in range(len(arrays.files) - 1)]
        for variable, array in zip(self._variables(), saved, strict=True):
            variable.assign(array)
        self.history = state["history"]
        if self.history:
            # The file is written after the checkpoint, so it may be one epoch behind.
            run_folder.write_json(self._run.folder / run_folder.HISTORY, self.history)

    def _save_checkpoint(self) -> None:
        """Write every variable, the random states of dropout among them, whole or not at all."""
        arrays = {f"variable_{i}": keras.ops.convert_to_numpy(v) for i, v in enumerate(self._variables())}
        with atomic_file(self._run.folder / run_folder.CHECKPOINT) as file:
            np.savez(file, state=json.dumps({**self._identity, "history": self.history}), **arrays)

    def _variables(self) -> list[keras.Variable]:
        return [*self._run.model.variables, *self._optimizer.variables]

    def _keep_average(self) -> list[NDArray[np.float32]]:
        """Put the averaged weights, if there are any, into the model; return the weights that it was trained to."""
        variables = self._run.model.trainable_variables
        trained = [keras.ops.convert_to_numpy(variable) for variable in variables]
        if self._optimizer.use_ema:
            self._optimizer.finalize_variable_values(variables)
            for variable in variables:
                # In JAX the two share an array by now, which a prediction on a GPU would free for both.
                variable.assign(keras.ops.convert_to_numpy(variable))
        return trained

    def _draw_history(self) -> None:
        """Draw loss (left axis) and development exact match (right axis) by epoch."""
        epochs, losses, exact_matches = (
            [record[key] for record in self.history] for key in ("epoch", "loss", "development_exact_match")
        )
        figure = Figure(figsize=(7, 4), layout="constrained")
        left = figure.subplots()
        right = left.twinx()
        (loss,) = left.plot(epochs, losses, color="tab:gray", marker=".")
        (exact,) = right.plot(epochs, exact_matches, color="tab:blue", marker=".")
        left.set(xlabel="epoch", ylabel="training loss (nats a character)")
        whole_epochs = AutoLocator()
        whole_epochs.set_params(integer=True)
        left.xaxis.set_major_locator(whole_epochs)
        right.set(ylabel="development exact match")
        left.legend([loss, exact], ["training loss", "development exact match"], loc="center right")
        figure.savefig(self._run.folder / run_folder.CURVE, dpi=120, metadata={"Software": None})
