"""Naive decoding in onnxruntime: the same engine without the algorithm, so that the two can be told apart.

The whole model is exported anew, encoder and teacher-forced decoder in one graph. Nothing is cached: every character
runs the encoder and all decoder steps so far again. Otherwise it is given what hayakana has: exact-length buckets,
so no mask; a prefix that grows with the text instead of padding; rows that end are dropped; one thread.
"""

import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from benchmarks.harness.child import timed
from hayakana.decoding.states import length_buckets
from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID
from hayakana_training.model.runs import Run, open_run

Search = Callable[[NDArray[np.int64]], NDArray[np.int64]]
"""Source ids of names of one length → their target ids, without bos."""
POSITIONS = 20
"""Positions of a padded sequence, bos among them: the article's."""
CHARACTERS = POSITIONS - 1
"""Most characters that the sides with the seed model's weights outside hayakana write: as many as the article's.

So a name that does not end is cut off alike by all.
"""


def export(run: Run) -> bytes:
    """Return the ONNX model ``source_ids, previous_ids → next_ids``, the argmax at the last position of the prefix."""
    import tensorflow as tf
    import tf2onnx

    model = run.model

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, None), tf.int64, name="source_ids"),
            tf.TensorSpec((None, None), tf.int64, name="previous_ids"),
        ]
    )
    def next_ids(source_ids, previous_ids):  # noqa: ANN001, ANN202
        encoder_outputs, hidden, _ = model.encoder(tf.gather(model.source_embedding.embeddings.value, source_ids))
        embedded = tf.gather(model.target_embedding.embeddings.value, previous_ids)
        # Only the last position is read: attention and the output layers need no other.
        output = model.decoder(embedded, initial_state=[hidden, hidden])[:, -1:]
        context = model.attention([output, encoder_outputs])
        combination = model.combination(tf.concat([context, output], axis=-1))
        found = tf.argmax(model.output_projection(combination)[:, 0], axis=-1, output_type=tf.int64)
        return {"next_ids": tf.identity(found, name="next_ids")}

    converted, _ = tf2onnx.convert.from_function(next_ids, input_signature=next_ids.input_signature, opset=17)
    return converted.SerializeToString()


def open_reprediction(folder: str) -> Callable[[dict], dict]:
    """Serve ``{"names": [...], "batch_size": int}`` with ``{"seconds": float, "texts": [...]}``."""
    run = open_run(Path(folder))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(export(run), options, providers=["CPUExecutionProvider"])
    search = functools.partial(_search, session)

    def handle(request: dict) -> dict:
        names = request["names"]
        return timed(lambda: decode_buckets(run, search, [name.lower() for name in names], request["batch_size"]))

    return handle


def _search(session: onnxruntime.InferenceSession, source_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the target ids of names of one length, without bos."""
    target_ids = np.full((len(source_ids), CHARACTERS + 1), PAD_ID, np.int64)
    target_ids[:, 0] = BOS_ID
    rows = np.arange(len(source_ids))
    for position in range(CHARACTERS):
        inputs = {"source_ids": source_ids[rows], "previous_ids": target_ids[rows, : position + 1]}
        (found,) = session.run(["next_ids"], inputs)
        target_ids[rows, position + 1] = found
        rows = rows[found != EOS_ID]
        if not len(rows):
            break
    return target_ids[:, 1:]


def decode_buckets(run: Run, search: Search, names: Sequence[str], batch_size: int) -> list[str]:
    """Decode names of one length together, at most ``batch_size`` at a time."""
    texts = [""] * len(names)
    for rows in length_buckets([len(name) for name in names], batch_size=batch_size):
        sources = run.source_vocabulary.encode([names[row] for row in rows])
        for row, text in zip(rows, texts_of(run, search(sources)), strict=True):
            texts[row] = text
    return texts


def texts_of(run: Run, target_ids: NDArray[np.int64]) -> list[str]:
    """Return the text of each row up to eos or padding."""
    ended = (target_ids == EOS_ID) | (target_ids == PAD_ID)
    lengths = np.where(ended.any(axis=1), ended.argmax(axis=1), target_ids.shape[1])
    return run.target_vocabulary.decode(target_ids, lengths)
