"""The most probable Katakana of names by a run, found by beam search in TensorFlow: what minimum risk chooses among."""

from collections.abc import Sequence

from hayakana.decoding.beam import beam_search
from hayakana.decoding.states import length_buckets
from hayakana_training.export.graphs import TensorFlowDecoderStep, TensorFlowEncoder, build_graphs
from hayakana_training.model.runs import Run

BATCH_SIZE = 512


def best_candidates(run: Run, names: Sequence[str], *, count: int) -> dict[str, list[str]]:
    """Return up to ``count`` most probable Katakana of each of ``names``, which ``run`` can hold, the best first."""
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
        for name, of_name in zip(batch, hypotheses, strict=True):
            texts = ([target.tokens[token] for token in one.target_ids] for one in of_name)
            # A special token is no Katakana.
            found[name] = ["".join(text) for text in texts if target.ids.keys() >= set(text)]
    return found
