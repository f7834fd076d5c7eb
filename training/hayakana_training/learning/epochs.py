"""An epoch of gradient steps, by the backend that Keras runs on: TensorFlow on the CPU, or JAX on a GPU.

This and ``model_decoding`` are all that differs between the two; a loss is written once, with ``keras.ops``.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from hayakana_training.learning.objective import LENGTH, ROWS, ArraySpec, Objective
from hayakana_training.model.network import TransliterationModel

PADDED_TO = 8
"""JAX compiles anew for every shape: lengths are padded to multiples of this, which leaves a dozen of them."""


def epochs_of(
    model: TransliterationModel, optimizer: keras.Optimizer, objective: Objective, *, batch_size: int
) -> Callable[[int], float]:
    """Return a function that trains ``model`` for the epoch of a number and returns the mean loss of its batches."""
    if keras.config.backend() == "jax":
        return _epochs_in_jax(model, optimizer, objective, batch_size=batch_size)
    return _epochs_in_tensorflow(model, optimizer, objective)


def _epochs_in_tensorflow(
    model: TransliterationModel, optimizer: keras.Optimizer, objective: Objective
) -> Callable[[int], float]:
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec(_tensorflow_shape(spec), spec.dtype) for spec in objective.signature])
    def step(*arrays):
        with tf.GradientTape() as tape:
            loss = objective.loss(model, *arrays)
        optimizer.apply(tape.gradient(loss, model.trainable_variables))
        return loss

    return lambda epoch: float(np.mean([step(*arrays) for arrays in objective.batches(epoch)]))


def _tensorflow_shape(spec: ArraySpec) -> tuple[int | None, ...]:
    return tuple(axis if isinstance(axis, int) else None for axis in spec.axes)


def _epochs_in_jax(
    model: TransliterationModel, optimizer: keras.Optimizer, objective: Objective, *, batch_size: int
) -> Callable[[int], float]:
    import jax

    # What changes in a step: JAX's functions take it and give it back, Keras' variables hold it between epochs.
    kinds = (model.trainable_variables, model.non_trainable_variables, optimizer.variables)

    def loss_of(trainable, non_trainable, arrays):
        values = zip([*kinds[0], *kinds[1]], [*trainable, *non_trainable], strict=True)
        with keras.StatelessScope(state_mapping=values) as scope:
            loss = objective.loss(model, *arrays)
        return loss, [scope.get_current_value(variable) for variable in kinds[1]]

    @jax.jit
    def step(state, arrays):
        trainable, non_trainable, of_optimizer = state
        (loss, non_trainable), gradients = jax.value_and_grad(loss_of, has_aux=True)(trainable, non_trainable, arrays)
        trainable, of_optimizer = optimizer.stateless_apply(of_optimizer, gradients, trainable)
        return loss, (trainable, non_trainable, of_optimizer)

    def train(epoch: int) -> float:
        state = tuple([variable.value for variable in kind] for kind in kinds)
        losses = []
        for arrays in objective.batches(epoch):
            padded = [padded_array(*pair, rows=batch_size) for pair in zip(arrays, objective.signature, strict=True)]
            loss, state = step(state, padded)
            losses.append(loss)
        for kind, values in zip(kinds, state, strict=True):
            for variable, value in zip(kind, values, strict=True):
                variable.assign(value)
        return float(np.mean(losses))

    return train


def padded_array(array: NDArray[Any], spec: ArraySpec, *, rows: int) -> NDArray[Any]:
    """Pad with zeros to one of few shapes: ``rows`` rows, lengths that are multiples of ``PADDED_TO``."""
    missing = {
        ROWS: lambda size: rows - size,
        LENGTH: lambda size: -size % PADDED_TO,
    }
    ends = [missing[axis](size) if axis in missing else 0 for axis, size in zip(spec.axes, array.shape, strict=True)]
    return np.pad(array, [(0, end) for end in ends])
