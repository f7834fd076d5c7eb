"""The two functions that are exported: the encoder, and a single decoder step, as TensorFlow functions over a model.

They take rows of one length and have no mask and no padding. ``fit`` runs them as they are to decode the development
set; ``export`` hands them to tf2onnx; ``parity`` proves that they do what the model does.
"""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hayakana.decoding import Decoded, greedy
from hayakana.states import DecoderState, EncoderOutput, StepOutput
from hayakana_training.model import TransliterationModel


@dataclass(frozen=True)
class Graphs:
    """``encoder(source_ids)`` and ``decoder_step(previous_ids, hidden_state, cell_state, …)``, both giving a dict.

    ``encoder_tensors`` and ``step_tensors`` name the step's inputs that come from the encoder, and the outputs.
    """

    encoder: tf.types.experimental.PolymorphicFunction
    decoder_step: tf.types.experimental.PolymorphicFunction
    encoder_tensors: tuple[str, ...]
    module: tf.Module
    """Keeps alive the variables that are not the model's: the folded embedding."""


def build_graphs(model: TransliterationModel) -> Graphs:
    """Return the functions of ``model`` as its weights are now."""
    config = model.config
    encoder_tensors = {"dot": ("encoder_outputs",), "general": ("encoder_outputs", "attention_keys"), "none": ()}[
        config.attention
    ]
    # The embedding folded into the decoder's input kernel: gate pre-activations by token. It saves a MatMul a step:
    # 15 to 20 % of its time in a first sketch of the runtime.
    kernel, recurrent_kernel, bias = model.decoder.cell.trainable_weights
    module = tf.Module()
    module.gate_table = tf.Variable(
        tf.matmul(model.target_embedding.embeddings.value, kernel.value) + bias.value, name="gate_table"
    )

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
        if "attention_keys" in encoder_tensors:
            outputs["attention_keys"] = tf.matmul(encoder_outputs, model.keys.kernel.value)
        return {name: tf.identity(tensor, name=name) for name, tensor in outputs.items()}

    state_specs = [tf.TensorSpec((None, config.decoder_units), tf.float32, n) for n in ("hidden_state", "cell_state")]
    widths = {"encoder_outputs": config.encoder_output_units, "attention_keys": config.decoder_units}
    encoder_specs = [tf.TensorSpec((None, None, widths[name]), tf.float32, name) for name in encoder_tensors]

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.int64, name="previous_ids"), *state_specs, *encoder_specs])
    def decoder_step(previous_ids, hidden_state, cell_state, *encoded):
        gates = tf.gather(module.gate_table, previous_ids) + tf.matmul(hidden_state, recurrent_kernel.value)
        input_gate, forget_gate, candidate, output_gate = tf.split(gates, 4, axis=-1)
        cell = tf.sigmoid(forget_gate) * cell_state + tf.sigmoid(input_gate) * tf.tanh(candidate)
        hidden = tf.sigmoid(output_gate) * tf.tanh(cell)
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

    return Graphs(encoder, decoder_step, encoder_tensors, module)


class TensorFlowDecoderStep:
    """A ``hayakana.decoding.DecoderStep`` that runs in TensorFlow."""

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
        """Run one step; see ``hayakana.decoding.DecoderStep``."""
        encoded = [getattr(encoder_output, name) for name in self._graphs.encoder_tensors]
        outputs = self._graphs.decoder_step(previous_ids, state.hidden_state, state.cell_state, *encoded)
        return StepOutput(
            outputs["next_ids"].numpy(),
            DecoderState(outputs["next_hidden_state"].numpy(), outputs["next_cell_state"].numpy()),
            **{name: outputs[name].numpy() for name in fetch},
        )


class TensorFlowEncoder:
    """A ``hayakana.decoding.Encoder`` that runs in TensorFlow."""

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
