"""Decode names with a Keras model, greedily: what a run is judged by while it trains."""

from collections.abc import Iterable, Sequence

import keras

from hayakana.decoding.states import length_buckets
from hayakana.model.vocabulary import Vocabulary
from hayakana.names.normalization import fold
from hayakana_training.data.pairs import Pair, readings_by_name
from hayakana_training.evaluation.metrics import Scores, score
from hayakana_training.export.naive_decoding import decode_naively, pad_sources
from hayakana_training.model.network import TransliterationModel

BATCH_SIZE = 512
NAIVE_BATCH_SIZE = 4096
"""Large, since a GPU takes as long for few."""


def evaluate_model(
    model: TransliterationModel, pairs: Sequence[Pair], source: Vocabulary, target: Vocabulary
) -> Scores:
    """Decode the names of ``pairs`` greedily and score them; a name the model cannot hold counts as wrong."""
    references = readings_by_name(pairs)
    texts = decode_names(model, references, source, target)
    return score([texts[name] for name in references], list(references.values()))


def decode_names(
    model: TransliterationModel, names: Iterable[str], source: Vocabulary, target: Vocabulary
) -> dict[str, str]:
    """Return the Katakana of each of ``names``, greedily; empty for a name that the model cannot hold."""
    units = {name: fold(name, source.ids.keys()) for name in names}
    readable = [
        unit
        for unit in dict.fromkeys(units.values())
        if source.ids.keys() >= set(unit) and len(unit) <= model.config.source_limit
    ]
    # The graphs are TensorFlow's. Elsewhere it is the model itself, the naive way, which takes little on a GPU.
    decoded = _by_model if keras.config.backend() != "tensorflow" else _by_graphs
    texts = decoded(model, readable, source, target)
    return {name: texts.get(unit, "") for name, unit in units.items()}


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
    if not units:
        return {}
    source_ids = pad_sources(units, source, length=model.config.source_limit)
    decoded = decode_naively(model, source_ids, max_length=model.config.target_limit, batch_size=NAIVE_BATCH_SIZE)
    return dict(zip(units, target.decode(decoded.target_ids, decoded.lengths), strict=True))
