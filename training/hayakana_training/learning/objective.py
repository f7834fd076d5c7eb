"""What a model is trained on: batches, and the loss of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hayakana_training.model.network import TransliterationModel

ROWS, LENGTH = "rows", "length"
"""Axes of batches: names, of which the last batch may have fewer, and characters, padded with zeros on the right."""


@dataclass(frozen=True)
class ArraySpec:
    """Dtype and axes of an array of every batch; an axis is ``ROWS``, ``LENGTH``, or a size that never changes."""

    dtype: str
    axes: tuple[str | int, ...]


class Objective(Protocol):
    """A loss over batches of arrays, each array of the kind that ``signature`` has in its place.

    More zeros on the right of an axis of ``LENGTH``, or rows of zeros, change no loss.
    """

    steps: int
    """Batches in an epoch."""
    signature: Sequence[ArraySpec]

    def batches(self, epoch: int) -> Iterator[tuple[NDArray[np.generic], ...]]:
        """Yield the batches of an epoch; their order depends on the seed and on ``epoch`` alone."""

    def loss(self, model: TransliterationModel, *arrays: Any) -> Any:
        """Return the scalar loss of ``model`` in training on one batch, by ``keras.ops``."""
