"""Several trained models as one: their probabilities are averaged at every character."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hayakana.decoding.greedy import Decoded, greedy
from hayakana.decoding.states import DecoderState, EncoderOutput, StepOutput
from hayakana_training.errors import TrainingError
from hayakana_training.export.graphs import Graphs, build_graphs
from hayakana_training.model.runs import Run


class Ensemble:
    """Teachers with the same vocabularies, decoded together.

    Raises:
        TrainingError: their vocabularies or limits differ, or they read whole names.
    """

    def __init__(self, members: Sequence[Run]) -> None:
        if len({(run.source_vocabulary, run.target_vocabulary) for run in members}) != 1:
            raise TrainingError("teachers must have been trained on the same pairs, so that their vocabularies agree")
        for field in ("unit", "attention", "source_limit", "target_limit"):
            if len({getattr(run.config, field) for run in members}) != 1:
                raise TrainingError(f"teachers must agree in {field}")
        if members[0].config.unit != "part":
            raise TrainingError("teachers read parts: held-out names are told by part")
        self.members = tuple(members)
        self.source_vocabulary, self.target_vocabulary = members[0].source_vocabulary, members[0].target_vocabulary
        self.config = members[0].config
        self._graphs = [build_graphs(run.model) for run in members]
        ids = tf.TensorSpec((None, None), tf.int32)
        models = [run.model for run in members]

        @tf.function(input_signature=[ids, ids])
        def mean_probabilities(source_ids, previous_ids):
            probabilities = [tf.nn.softmax(model([source_ids, previous_ids], training=False)) for model in models]
            return tf.reduce_mean(tf.stack(probabilities), axis=0)

        self._probabilities = mean_probabilities

    def probabilities(self, source_ids: NDArray[np.int32], previous_ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the mean probabilities of every next character of given Katakana (teacher forcing).

        ``(batch, source_length)`` and ``(batch, target_length)`` int32 → ``(batch, target_length,
        target_vocabulary_size)`` float32.
        """
        return self._probabilities(source_ids, previous_ids).numpy()

    def decode(self, source_ids: NDArray[np.int64]) -> Decoded:
        """Decode a batch of one length greedily."""
        return greedy(
            _Encoder(self._graphs), _DecoderStep(self._graphs), source_ids, max_length=self.config.target_limit
        )


class _Encoder:
    """A ``decoding.greedy.Encoder``: the members' outputs side by side, so that rows can be taken of all at once."""

    def __init__(self, graphs: Sequence[Graphs]) -> None:
        self._graphs = graphs

    def __call__(self, source_ids: NDArray[np.int64]) -> tuple[EncoderOutput, DecoderState]:
        by_member = [graphs.encoder(source_ids) for graphs in self._graphs]

        def joined(name: str) -> NDArray[np.float32] | None:
            arrays = [outputs[name].numpy() for outputs in by_member if name in outputs]
            return np.concatenate(arrays, axis=-1) if arrays else None

        return (
            EncoderOutput(joined("encoder_outputs"), joined("attention_keys")),
            DecoderState(joined("hidden_state"), joined("cell_state")),
        )


class _DecoderStep:
    """A ``hayakana.decoding.greedy.DecoderStep`` over the members' states side by side."""

    compacts = True

    def __init__(self, graphs: Sequence[Graphs]) -> None:
        self._graphs = graphs

    def __call__(
        self,
        previous_ids: NDArray[np.int64],
        state: DecoderState,
        encoder_output: EncoderOutput,
        *,
        fetch: tuple[str, ...] = (),
    ) -> StepOutput:
        """Run one step of every member; see ``decoding.greedy.DecoderStep``. ``logits`` are log probabilities."""
        widths = [[spec.shape[-1] for spec in graphs.decoder_step.input_signature[1:]] for graphs in self._graphs]
        hidden = _cut(state.hidden_state, [width[0] for width in widths])
        cell = _cut(state.cell_state, [width[1] for width in widths])
        tensors = self._graphs[0].encoder_tensors
        encoded = [
            _cut(getattr(encoder_output, name), [width[2 + place] for width in widths])
            for place, name in enumerate(tensors)
        ]
        by_member = [
            graphs.decoder_step(previous_ids, hidden[member], cell[member], *(arrays[member] for arrays in encoded))
            for member, graphs in enumerate(self._graphs)
        ]
        log_probabilities = np.log(np.mean([tf.nn.softmax(outputs["logits"]).numpy() for outputs in by_member], axis=0))
        following = DecoderState(
            *(np.concatenate([outputs[name].numpy() for outputs in by_member], axis=-1) for name in _NEXT_STATES)
        )
        fetched = {"logits": log_probabilities} if "logits" in fetch else {}
        return StepOutput(log_probabilities.argmax(axis=-1), following, **fetched)


_NEXT_STATES = ("next_hidden_state", "next_cell_state")


def _cut(array: NDArray[np.float32], widths: Sequence[int]) -> list[NDArray[np.float32]]:
    return np.split(array, np.cumsum(widths)[:-1], axis=-1)
