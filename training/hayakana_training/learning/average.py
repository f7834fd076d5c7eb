"""A run of the mean weights of several runs, where each went on from the run before it: ``hayakana-train average``.

Wortsman et al., "Model soups" (ICML 2022): where runs come from one another, the mean of their weights is often better
than each of them. It stands between what they are good at.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np

from hayakana_training.data.pairs import Pair
from hayakana_training.errors import TrainingError
from hayakana_training.learning.model_decoding import evaluate_model
from hayakana_training.model import run_folder, runs
from hayakana_training.model.runs import Run


def average(
    folders: Sequence[Path],
    shares: Sequence[float],
    *,
    development: Sequence[Pair],
    output: Path,
    log: Callable[[str], None],
) -> None:
    """Write a run with the mean weights of the runs in ``folders`` to ``output``, judged on ``development``.

    ``shares`` say how much each counts. Settings, data and curve are of the last run; ``data.json`` lists all runs.

    Raises:
        TrainingError: ``output`` is not empty, there are other numbers of runs and shares, or the runs are of other
            sizes or vocabularies.
    """
    if len(folders) != len(shares) or not folders or min(shares) <= 0:
        raise TrainingError(f"{len(folders)} runs and {len(shares)} shares: give each run a share above 0")
    if output.exists() and any(output.iterdir()):
        raise TrainingError(f"{output} is not empty: choose another --output")
    members = [runs.open_run(folder) for folder in folders]
    last = members[-1]
    shape = [variable.shape for variable in last.model.trainable_variables]
    for run in members:
        if (run.source_vocabulary, run.target_vocabulary) != (last.source_vocabulary, last.target_vocabulary):
            raise TrainingError(f"{run.folder} and {last.folder} have other vocabularies: average runs of one descent")
        if [variable.shape for variable in run.model.trainable_variables] != shape:
            raise TrainingError(f"{run.folder} and {last.folder} are of other sizes: average runs of one descent")
    by_run = [[keras.ops.convert_to_numpy(variable) for variable in run.model.trainable_variables] for run in members]
    for variable, *values in zip(last.model.trainable_variables, *by_run, strict=True):
        variable.assign(np.average(values, axis=0, weights=shares))
    scores = evaluate_model(last.model, development, last.source_vocabulary, last.target_vocabulary)
    averaged = [
        {"of": run_folder.origin(folder), "share": share} for folder, share in zip(folders, shares, strict=True)
    ]
    mean = Run(output, last.config, last.source_vocabulary, last.target_vocabulary, last.model)
    trained_on = frozenset[str]().union(*map(run_folder.read_trained_on, folders))
    mean.begin({**last.read_json(run_folder.DATA), "averaged": averaged}, trained_on=trained_on)
    last.model.save_weights(output / run_folder.WEIGHTS)
    shutil.copyfile(last.folder / run_folder.CURVE, output / run_folder.CURVE)
    record = {
        "epoch": 1,
        "averaged_runs": len(members),
        "development_exact_match": round(scores.exact_match, 5),
        "development_character_error_rate": round(scores.character_error_rate, 5),
    }
    run_folder.write_json(output / run_folder.HISTORY, [record])
    log(
        f"development exact match {scores.exact_match:.4f}  character error rate {scores.character_error_rate:.4f},"
        f" in {output}"
    )
