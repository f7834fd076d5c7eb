"""Log probabilities of given Katakana under a Keras model, teacher forcing."""

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hayakana.model.vocabulary import PAD_ID
from hayakana_training.data.pairs import TrainingSet
from hayakana_training.model.network import TransliterationModel

BATCH_SIZE = 512


def log_probabilities(model: TransliterationModel, pairs: TrainingSet) -> NDArray[np.float32]:
    """Return the log probability of each pair's Katakana with its eos, ``(pairs,)`` float32, nats."""
    ids = tf.TensorSpec((None, None), tf.int32)

    @tf.function(input_signature=[ids, ids, ids])
    def score(source_ids, previous_ids, target_ids):
        logits = model([source_ids, previous_ids], training=False)
        negative = tf.nn.sparse_softmax_cross_entropy_with_logits(target_ids, logits)
        return -tf.reduce_sum(tf.where(target_ids == PAD_ID, 0.0, negative), axis=1)

    scores = np.empty(len(pairs), np.float32)
    for rows, batch in pairs.in_order(batch_size=BATCH_SIZE):
        scores[rows] = score(batch.source_ids, batch.previous_ids, batch.target_ids).numpy()
    return scores
