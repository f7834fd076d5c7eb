"""Decode names with a Keras model: greedily, to judge a run while it trains, and by beam search."""

from collections.abc import Iterable, Sequence

import keras

from hayakana.decoding.beam import beam_search
from hayakana.decoding.states import length_buckets
from hayakana.model.vocabulary import Vocabulary
from hayakana.names.normalization import fold
from hayakana_training.data.hints import with_known_tags
from hayakana_training.data.pairs import Pair, references_by_name
from hayakana_training.evaluation.metrics import Scores, score
from hayakana_training.export.naive_decoding import decode_naively, pad_sources
from hayakana_training.model.network import TransliterationModel
from hayakana_training.model.runs import Run

BATCH_SIZE = 512
NAIVE_BATCH_SIZE = 4096
"""Large, since a GPU takes as long for a few names."""


def evaluate_model(
    model: TransliterationModel, pairs: Sequence[Pair], source: Vocabulary, target: Vocabulary
) -> Scores:
    """Decode the names of ``pairs`` greedily and score them; a name the model cannot hold counts as wrong."""
    references = references_by_name(pairs)
    texts = decode_names(model, references, source, target)
    return score([texts[name] for name in references], list(references.values()))


def decode_names(
    model: TransliterationModel,
    names: Iterable[str],
    source: Vocabulary,
    target: Vocabulary,
    *,
    backend: str | None = None,
) -> dict[str, str]:
    """Decode ``names`` greedily and return the Katakana of each name; empty if the model cannot hold it.

    A hint that the model does not know does nothing, as at run time. ``backend`` decides whether graphs or the model
    itself decode; the default is the backend of Keras.
    """
    known = source.ids.keys()
    units = {name: fold(with_known_tags(name, known), known) for name in names}
    readable = [
        unit for unit in dict.fromkeys(units.values()) if known >= set(unit) and len(unit) <= model.config.source_limit
    ]
    # The graphs are TensorFlow's. Other backends run the model itself, the naive way, which takes little on a GPU.
    decoded = _by_graphs if (backend or keras.config.backend()) == "tensorflow" else _by_model
    texts = decoded(model, readable, source, target) if readable else {}
    return {name: texts.get(unit, "") for name, unit in units.items()}


def best_candidates(run: Run, names: Sequence[str], *, count: int) -> dict[str, list[str]]:
    """Search the ``count`` most probable Katakana of each name, by beam search in TensorFlow; the best come first.

    ``run`` can hold all ``names``. A name may have fewer candidates than ``count``.
    """
    from hayakana_training.export.graphs import TensorFlowDecoderStep, TensorFlowEncoder, build_graphs

    graphs = build_graphs(run.model)
    encoder, step = TensorFlowEncoder(graphs), TensorFlowDecoderStep(graphs)
    target = run.target_vocabulary
    found = {}
    for rows in length_buckets([len(name) for name in names], batch_size=BATCH_SIZE):
        batch = [names[row] for row in rows]
        hypotheses = beam_search(
            encoder,
            step,
            run.source_vocabulary.encode(batch),
            max_length=run.config.target_limit,
            beam_size=count,
            count=count,
        )
        for name, best in zip(batch, hypotheses, strict=True):
            texts = ([target.tokens[token] for token in hypothesis.target_ids] for hypothesis in best)
            # A special token is no Katakana.
            found[name] = ["".join(text) for text in texts if target.ids.keys() >= set(text)]
    return found


def _by_graphs(
    model: TransliterationModel, units: Sequence[str], source: Vocabulary, target: Vocabulary
) -> dict[str, str]:
    from hayakana_training.export.graphs import build_graphs, decode

    texts: dict[str, str] = {}
    graphs = build_graphs(model)
    for rows in length_buckets([len(unit) for unit in units], batch_size=BATCH_SIZE):
        batch = [units[row] for row in rows]
        decoded = decode(graphs, source.encode(batch), max_length=model.config.target_limit)
        texts.update(zip(batch, target.decode(decoded.target_ids, decoded.lengths), strict=True))
    return texts


def _by_model(
    model: TransliterationModel, units: Sequence[str], source: Vocabulary, target: Vocabulary
) -> dict[str, str]:
    source_ids = pad_sources(units, source, length=model.config.source_limit)
    decoded = decode_naively(model, source_ids, max_length=model.config.target_limit, batch_size=NAIVE_BATCH_SIZE)
    return dict(zip(units, target.decode(decoded.target_ids, decoded.lengths), strict=True))
