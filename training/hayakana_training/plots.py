"""The curve of a training run."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure


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
