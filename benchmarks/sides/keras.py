"""The seed model in Keras and TensorFlow, from the naivest way to decode to the best that its users write.

All sides read the weights of ``models/seed/training`` and run on all cores, as TensorFlow does by default.
"""

import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from benchmarks.harness.child import timed
from benchmarks.sides.reprediction import CHARACTERS, POSITIONS, decode_buckets, texts_of
from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID
from hayakana_training.export.naive_decoding import pad_sources
from hayakana_training.model.runs import Run, open_run

Decode = Callable[[Sequence[str], int], list[str]]
"""Names, already in lower case, and how many at a time → Katakana, in their order."""

NextIds = Callable[[NDArray[np.int64], NDArray[np.int64], int], NDArray[np.int64]]
"""Padded source ids, what is written so far, a position → the id after it, ``(batch,)``."""


def open_keras(folder: str) -> Callable[[dict], dict]:
    """Serve ``{"side", "stops", "names", "batch_size"}`` with ``{"seconds": float, "texts": [...]}``.

    ``folder`` is that of a training run. The sides are ``fair`` and ``in graph``; and ``predict`` and ``compiled``, for
    which ``stops`` says whether they end when all names of a batch have.
    """
    run = open_run(Path(folder))
    searches: dict[str, Decode] = {"fair": fair(run), "in graph": in_graph(run)}
    loops: dict[str, NextIds] = {"predict": predict(run), "compiled": compiled(run)}

    def handle(request: dict) -> dict:
        side = request["side"]
        decode = reprediction(run, loops[side], stops=request["stops"]) if side in loops else searches[side]
        return timed(lambda: decode([name.lower() for name in request["names"]], request["batch_size"]))

    return handle


def predict(run: Run) -> NextIds:
    """Return the article's way to predict: ``model.predict`` on the whole padded sequences."""

    def next_ids(source_ids: NDArray[np.int64], previous_ids: NDArray[np.int64], position: int) -> NDArray[np.int64]:
        logits = run.model.predict([source_ids, previous_ids], batch_size=len(source_ids), verbose=0)
        return logits.argmax(axis=-1)[:, position]

    return next_ids


def compiled(run: Run) -> NextIds:
    """Return the same with the model called through a ``tf.function``, the argmax of one position inside."""

    @tf.function(reduce_retracing=True)
    def argmax(source_ids, previous_ids, position):  # noqa: ANN001, ANN202
        return tf.argmax(run.model([source_ids, previous_ids], training=False)[:, position], axis=-1)

    return lambda source_ids, previous_ids, position: argmax(source_ids, previous_ids, tf.constant(position)).numpy()


def reprediction(run: Run, next_ids: NextIds, *, stops: bool) -> Decode:
    """Return the article's loop around ``next_ids``: everything predicted anew for every character.

    As the article has it, it goes on to the last position whatever it has written. With ``stops`` it ends when all rows
    of a batch have.
    """

    def decode(names: Sequence[str], batch_size: int) -> list[str]:
        texts: list[str] = []
        for start in range(0, len(names), batch_size):
            sources = pad_sources(names[start : start + batch_size], run.source_vocabulary, length=POSITIONS)
            previous = np.full((len(sources), POSITIONS), PAD_ID, np.int64)
            previous[:, 0] = BOS_ID
            finished = np.zeros(len(sources), np.bool_)
            for position in range(CHARACTERS):
                found = next_ids(sources, previous, position)
                finished |= found == EOS_ID
                previous[:, position + 1] = np.where(finished, PAD_ID, found)
                if stops and finished.all():
                    break
            texts += texts_of(run, previous[:, 1:])
        return texts

    return decode


def fair(run: Run) -> Decode:
    """Return what someone writes who minds what it costs: two compiled functions and a loop in Python around them.

    Exact-length buckets, so no padding and no mask; the encoder runs once; the decoder takes one step at a time and
    carries its state; a batch ends when all its rows have. The layers are Keras's own, the embedding is not folded.
    """
    encoder = tf.function(
        functools.partial(_encode, run.model), input_signature=[tf.TensorSpec((None, None), tf.int64)]
    )
    decoder_step = tf.function(functools.partial(_step, run.model), reduce_retracing=True)

    def search(source_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        encoder_outputs, hidden, cell = encoder(source_ids)
        target_ids = np.full((len(source_ids), CHARACTERS), PAD_ID, np.int64)
        previous = tf.fill([len(source_ids)], tf.constant(BOS_ID, tf.int64))
        finished = np.zeros(len(source_ids), np.bool_)
        for position in range(CHARACTERS):
            previous, hidden, cell = decoder_step(previous, hidden, cell, encoder_outputs)
            target_ids[:, position] = previous.numpy()
            finished |= target_ids[:, position] == EOS_ID
            if finished.all():
                break
        return target_ids

    return functools.partial(decode_buckets, run, search)


def in_graph(run: Run) -> Decode:
    """Return what someone writes who knows TensorFlow well: as ``fair``, all of the search in one ``tf.function``.

    No step returns to Python, and rows that end are dropped.
    """

    @tf.function(input_signature=[tf.TensorSpec((None, None), tf.int64)])
    def search(source_ids):  # noqa: ANN001, ANN202
        encoder_outputs, hidden, cell = _encode(run.model, source_ids)
        rows = tf.range(tf.shape(source_ids)[0])
        previous = tf.fill([tf.shape(source_ids)[0]], tf.constant(BOS_ID, tf.int64))
        target_ids = tf.fill([tf.shape(source_ids)[0], CHARACTERS], tf.constant(PAD_ID, tf.int64))
        units = run.model.config.decoder_units
        for position in tf.range(CHARACTERS):
            tf.autograph.experimental.set_loop_options(
                shape_invariants=[
                    (rows, tf.TensorShape([None])),
                    (previous, tf.TensorShape([None])),
                    (hidden, tf.TensorShape([None, units])),
                    (cell, tf.TensorShape([None, units])),
                    (encoder_outputs, tf.TensorShape([None, None, run.model.config.encoder_output_units])),
                ]
            )
            previous, hidden, cell = _step(run.model, previous, hidden, cell, encoder_outputs)
            target_ids = tf.tensor_scatter_nd_update(
                target_ids, tf.stack([rows, tf.fill(tf.shape(rows), position)], axis=1), previous
            )
            alive = previous != EOS_ID
            if not tf.reduce_any(alive):
                break
            rows, previous = tf.boolean_mask(rows, alive), tf.boolean_mask(previous, alive)
            hidden, cell = tf.boolean_mask(hidden, alive), tf.boolean_mask(cell, alive)
            encoder_outputs = tf.boolean_mask(encoder_outputs, alive)
        return target_ids

    return functools.partial(decode_buckets, run, lambda source_ids: search(source_ids).numpy())


def _encode(model, source_ids):  # noqa: ANN001, ANN202
    """Return the encoder outputs and the decoder's states, both of which the article fills with the last output."""
    encoder_outputs, hidden, _ = model.encoder(model.source_embedding(source_ids))
    return encoder_outputs, hidden, hidden


def _step(model, previous, hidden, cell, encoder_outputs):  # noqa: ANN001, ANN202
    """Return the next ids and states of a model with the dot score."""
    output, (hidden, cell) = model.decoder.cell(model.target_embedding(previous), [hidden, cell])
    context = model.attention([output[:, tf.newaxis], encoder_outputs])[:, 0]
    combination = model.combination(tf.concat([context, output], axis=-1))
    return tf.argmax(model.output_projection(combination), axis=-1), hidden, cell
