"""The curve of a training run, and how far a model's probabilities can be believed."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from matplotlib.figure import Figure

from hayakana_training.evaluation.calibration_fit import Bin


def draw_history(history: Sequence[dict], path: Path) -> None:
    """Draw loss (left axis) and development exact match (right axis) by epoch."""
    epochs = [record["epoch"] for record in history]
    figure = Figure(figsize=(7, 4), layout="constrained")
    left = figure.subplots()
    right = left.twinx()
    (loss,) = left.plot(epochs, [record["loss"] for record in history], color="tab:gray", marker=".")
    (exact,) = right.plot(
        epochs, [record["development_exact_match"] for record in history], color="tab:blue", marker="."
    )
    left.set(xlabel="epoch", ylabel="training loss (nats a character)")
    left.xaxis.get_major_locator().set_params(integer=True)
    right.set(ylabel="development exact match")
    left.legend([loss, exact], ["training loss", "development exact match"], loc="center right")
    figure.savefig(path, dpi=120, metadata={"Software": None})


def draw_reliability(before: Sequence[Bin], after: Sequence[Bin], file: IO[bytes]) -> None:
    """Draw the share of right answers by probability, before and after calibration; on the diagonal they are equal."""
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="tab:gray", linewidth=1, linestyle="--")
    for bins, label, color in ((before, "as the model gives them", "tab:orange"), (after, "calibrated", "tab:blue")):
        points = [one.mean_probability for one in bins], [one.share_right for one in bins]
        axes.plot(*points, color=color, marker="o", markersize=4, label=label)
    axes.set(xlabel="probability", ylabel="share of right answers", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.legend(loc="upper left")
    figure.savefig(file, dpi=120, format="png", metadata={"Software": None})
