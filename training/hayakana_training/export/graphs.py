"""The functions that are exported: the encoder, whole and in single steps, and a single decoder step.

They are TensorFlow functions over a model, take rows of one length and have no mask and no padding. ``fit`` runs them
as they are to decode the development set; ``export`` hands them to tf2onnx; ``parity`` proves that they do what the
model does.
"""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hayakana.decoding.greedy import Decoded, greedy
from hayakana.decoding.states import DecoderState, EncoderOutput, StepOutput
from hayakana_training.model.network import TransliterationModel


@dataclass(frozen=True)
class Graphs:
    """``encoder(source_ids)`` and ``decoder_step(previous_ids, hidden_state, cell_state, …)``, both giving a dict.

    ``encoder_tensors`` names the decoder step's inputs that come from the encoder.
    """

    encoder: tf.types.experimental.PolymorphicFunction
    decoder_step: tf.types.experimental.PolymorphicFunction
    encoder_steps: tuple[tf.types.experimental.PolymorphicFunction, ...]
    """``(source_ids, hidden_state, cell_state)`` → the next ones, one character of the encoder: forward, and backward
    where it is bidirectional. None where a bridge follows the encoder, since it needs both directions."""
    encoder_tensors: tuple[str, ...]
    module: tf.Module
    """Keeps alive the variables that are not the model's: the folded embeddings."""


def build_graphs(model: TransliterationModel) -> Graphs:
    """Return the functions of ``model`` as its weights are now."""
    config = model.config
    encoder_tensors = {"dot": ("encoder_outputs",), "general": ("encoder_outputs", "attention_keys"), "none": ()}[
        config.attention
    ]
    module = tf.Module()
    module.gate_table = _gate_table(model.target_embedding, model.decoder.cell, name="gate_table")
    recurrent_kernel = model.decoder.cell.recurrent_kernel

    @tf.function(input_signature=[tf.TensorSpec((None, None), tf.int64, name="source_ids")])
    def encoder(source_ids):
        # Not the Embedding layer: it wraps negative ids, five more nodes in the graph.
        embedded = tf.gather(model.source_embedding.embeddings.value, source_ids)
        encoder_outputs, *states = model.encoder(embedded)
        last_output = tf.concat(states[::2], axis=-1) if config.bidirectional else states[0]
        initial_state = last_output if model.bridge is None else model.bridge(last_output)
        outputs = {"hidden_state": initial_state, "cell_state": initial_state}
        if "encoder_outputs" in encoder_tensors:
            outputs["encoder_outputs"] = encoder_outputs
        if model.keys is not None:
            outputs["attention_keys"] = tf.matmul(encoder_outputs, model.keys.kernel.value)
        return {name: tf.identity(tensor, name=name) for name, tensor in outputs.items()}

    state_specs = [tf.TensorSpec((None, config.decoder_units), tf.float32, n) for n in ("hidden_state", "cell_state")]
    widths = {"encoder_outputs": config.encoder_output_units, "attention_keys": config.decoder_units}
    encoder_specs = [tf.TensorSpec((None, None, widths[name]), tf.float32, name) for name in encoder_tensors]

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.int64, name="previous_ids"), *state_specs, *encoder_specs])
    def decoder_step(previous_ids, hidden_state, cell_state, *encoded):
        gates = tf.gather(module.gate_table, previous_ids) + tf.matmul(hidden_state, recurrent_kernel.value)
        hidden, cell = _lstm_cell(gates, cell_state)
        outputs = {"next_hidden_state": hidden, "next_cell_state": cell}
        combined = hidden
        if encoded:
            encoder_outputs, attention_keys = encoded[0], encoded[-1]
            scores = tf.matmul(attention_keys, tf.expand_dims(hidden, 2))  # (batch, source_length, 1)
            attention_weights = tf.nn.softmax(tf.squeeze(scores, 2), axis=-1)
            context = tf.matmul(tf.expand_dims(attention_weights, 1), encoder_outputs)  # (batch, 1, encoder_units)
            combined = tf.concat([tf.squeeze(context, 1), hidden], axis=-1)
            outputs["attention_weights"] = attention_weights
        combination = tf.tanh(tf.matmul(combined, model.combination.kernel.value) + model.combination.bias.value)
        projection = model.output_projection
        logits = tf.matmul(combination, projection.kernel.value) + projection.bias.value
        outputs |= {"logits": logits, "next_ids": tf.argmax(logits, axis=-1, output_type=tf.int64)}
        return {name: tf.identity(tensor, name=name) for name, tensor in outputs.items()}

    steps = () if model.bridge is not None else _encoder_steps(model, module)
    return Graphs(encoder, decoder_step, steps, encoder_tensors, module)


def _encoder_steps(model: TransliterationModel, module: tf.Module) -> tuple:
    """One step of each direction, the embedding folded into the input kernel; its tables are kept in ``module``."""
    config = model.config
    layers = [model.encoder.forward_layer, model.encoder.backward_layer] if config.bidirectional else [model.encoder]
    module.encoder_tables = [
        _gate_table(model.source_embedding, layer.cell, name=f"encoder_table_{index}")
        for index, layer in enumerate(layers)
    ]
    # A direction's share of the keys: the rows of the projection that its outputs meet.
    shares = [None] * len(layers) if model.keys is None else tf.split(model.keys.kernel.value, len(layers), axis=0)
    module.key_kernels = [
        None if share is None else tf.Variable(share, name=f"key_kernel_{index}") for index, share in enumerate(shares)
    ]
    return tuple(
        _encoder_step(layer.cell, table, key_kernel, units=config.encoder_units)
        for layer, table, key_kernel in zip(layers, module.encoder_tables, module.key_kernels, strict=True)
    )


def _encoder_step(cell, table, key_kernel, *, units: int):
    state_specs = [tf.TensorSpec((None, units), tf.float32, n) for n in ("hidden_state", "cell_state")]

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.int64, name="source_ids"), *state_specs])
    def encoder_step(source_ids, hidden_state, cell_state):
        gates = tf.gather(table, source_ids) + tf.matmul(hidden_state, cell.recurrent_kernel.value)
        hidden, next_cell_state = _lstm_cell(gates, cell_state)
        outputs = {"next_hidden_state": hidden, "next_cell_state": next_cell_state}
        if key_kernel is not None:
            outputs["attention_keys"] = tf.matmul(hidden, key_kernel)
        return {name: tf.identity(tensor, name=name) for name, tensor in outputs.items()}

    return encoder_step


def _gate_table(embedding, cell, *, name: str) -> tf.Variable:
    """The embedding folded into the input kernel: gate pre-activations by token, ``(vocabulary_size, 4 * units)``.

    It saves a MatMul a step; benchmarks/results/ablations.md says what that is worth.
    """
    table = tf.matmul(embedding.embeddings.value, cell.kernel.value) + cell.bias.value
    return tf.Variable(table, name=name)


def _lstm_cell(gates, cell_state):
    """Return hidden and cell state for gate pre-activations in Keras' order: input, forget, candidate, output."""
    input_gate, forget_gate, candidate, output_gate = tf.split(gates, 4, axis=-1)
    cell = tf.sigmoid(forget_gate) * cell_state + tf.sigmoid(input_gate) * tf.tanh(candidate)
    return tf.sigmoid(output_gate) * tf.tanh(cell), cell


class TensorFlowDecoderStep:
    """A ``hayakana.decoding.greedy.DecoderStep`` that runs in TensorFlow."""

    compacts = True

    def __init__(self, graphs: Graphs) -> None:
        self._graphs = graphs

    def __call__(
        self,
        previous_ids: NDArray[np.int64],
        state: DecoderState,
        encoder_output: EncoderOutput,
        *,
        fetch: tuple[str, ...] = (),
    ) -> StepOutput:
        """Run one step; see ``hayakana.decoding.greedy.DecoderStep``."""
        encoded = [getattr(encoder_output, name) for name in self._graphs.encoder_tensors]
        outputs = self._graphs.decoder_step(previous_ids, state.hidden_state, state.cell_state, *encoded)
        return StepOutput(
            outputs["next_ids"].numpy(),
            DecoderState(outputs["next_hidden_state"].numpy(), outputs["next_cell_state"].numpy()),
            **{name: outputs[name].numpy() for name in fetch},
        )


class TensorFlowEncoder:
    """A ``hayakana.decoding.greedy.Encoder`` that runs in TensorFlow."""

    def __init__(self, graphs: Graphs) -> None:
        self._graphs = graphs

    def __call__(self, source_ids: NDArray[np.int64]) -> tuple[EncoderOutput, DecoderState]:
        """Encode a batch of one source length."""
        outputs = {name: tensor.numpy() for name, tensor in self._graphs.encoder(source_ids).items()}
        return (
            EncoderOutput(outputs.get("encoder_outputs"), outputs.get("attention_keys")),
            DecoderState(outputs["hidden_state"], outputs["cell_state"]),
        )


def decode(graphs: Graphs, source_ids: NDArray[np.int64], *, max_length: int) -> Decoded:
    """Decode a batch of one length greedily in TensorFlow."""
    return greedy(TensorFlowEncoder(graphs), TensorFlowDecoderStep(graphs), source_ids, max_length=max_length)
