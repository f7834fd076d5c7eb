"""Teachers label pairs and a pool of names without Katakana: ``hayakana-train label``."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.states import length_buckets
from hayakana.names.languages import untagged
from hayakana.names.normalization import fold, normalize
from hayakana_training.data.held_out import exclude
from hayakana_training.data.labels import KEPT_IDS, Labels, SoftTargets, starts_of
from hayakana_training.data.loading import Data
from hayakana_training.data.pairs import Pair, merged
from hayakana_training.data.unlabelled_names import NameGenerator, census_parts
from hayakana_training.errors import TrainingError
from hayakana_training.learning.batches import TrainingSet, fit_to_model
from hayakana_training.model import run_folder
from hayakana_training.teaching.ensemble import Ensemble

BATCH_SIZE = 512

MOST_REPEATED = 100_000
"""Names that were drawn before, in a row: after so many of them, no new name is expected."""

REFERENCE_SHARE = 0.5
"""How much of a pair's target is its reference; the remainder is what the teachers would write along it."""


def label(
    teachers: Ensemble,
    data: Data,
    *,
    generate: int,
    seed: int,
    temperature: float,
    log: Callable[[str], None],
    census: Callable[[], Iterable[str]] = census_parts,
) -> Labels:
    """Label the pairs of ``data``, the US census names, and ``generate`` names drawn from a model of the pairs' names.

    Names that are held out from ``data`` are not labelled. Other temperatures than 1 change how sure the teachers are.

    Raises:
        TrainingError: the teachers cannot hold the pairs, or so many new names cannot be drawn.
    """
    source, target = teachers.source_vocabulary, teachers.target_vocabulary
    fitted, left_out = fit_to_model(data.train, source, target, teachers.config)
    fitted = merged(fitted)
    if not fitted:
        raise TrainingError("the teachers can hold none of the pairs: give pairs like those that they were trained on")
    names = {untagged(pair.name) for pair in fitted}
    log(f"{len(fitted)} pairs; left out: {dict(left_out) or 'none'}; drawing {generate} names")
    real_names = list(_new(_readable(census(), source.ids.keys()), names, excluded=data.held_out))
    drawn = NameGenerator(sorted(names)).draw(seed=seed, longest=teachers.config.source_limit)
    pool = real_names + list(itertools.islice(_new(drawn, names.union(real_names), excluded=data.held_out), generate))
    if len(pool) < len(real_names) + generate:
        raise TrainingError(
            f"only {len(pool) - len(real_names)} new names can be drawn from these pairs: lower --generate"
        )
    log(f"decoding {len(pool)} names")
    labelled = [pair for pair in decode(teachers, pool) if pair.katakana]
    log(f"{len(labelled)} names written; taking down how probable every character was")
    everything = fitted + labelled
    soft = SoftTargets.of(*_distributions(teachers, everything, references=len(fitted)), everything)
    if temperature != 1:
        soft = soft.sharpened(temperature=temperature)
    origin = {
        "teachers": [run_folder.origin(run.folder) for run in teachers.members],
        "data": data.report,
        "pairs": len(fitted),
        "pairs_left_out": left_out,
        "census_names": len(real_names),
        "names_drawn": generate,
        "names_unfinished": len(pool) - len(labelled),
        "seed": seed,
        "temperature": temperature,
    }
    return Labels(everything, soft, source, target, origin)


def decode(teachers: Ensemble, names: Sequence[str]) -> Iterator[Pair]:
    """Yield each of ``names`` with the teachers' Katakana, which is empty where they did not end."""
    for rows in length_buckets([len(name) for name in names], batch_size=BATCH_SIZE):
        batch = [names[row] for row in rows]
        decoded = teachers.decode(teachers.source_vocabulary.encode(batch))
        texts = teachers.target_vocabulary.decode(decoded.target_ids, decoded.lengths)
        for name, text, finished in zip(batch, texts, decoded.finished, strict=True):
            yield Pair(name, text if finished else "")


def _readable(names: Iterable[str], alphabet: Iterable[str]) -> Iterator[str]:
    """Yield ``names``, folded, that can be folded to the characters of ``alphabet``."""
    characters = frozenset(alphabet)
    for name in names:
        folded = fold(normalize(name), characters)
        if characters.issuperset(folded):
            yield folded


def _new(names: Iterable[str], old: Set[str], *, excluded: frozenset[str]) -> Iterator[str]:
    """Yield the distinct names that are neither ``old`` nor ``excluded``, until no new one comes up for long."""
    seen = set(old)
    repeated = 0
    for name in names:
        if name in seen:
            repeated += 1
            if repeated > MOST_REPEATED:
                return
            continue
        repeated = 0
        seen.add(name)
        if exclude([Pair(name, "")], excluded):
            yield name


def _distributions(
    teachers: Ensemble, pairs: Sequence[Pair], *, references: int
) -> tuple[NDArray[np.uint16], NDArray[np.float16]]:
    """Return ids and probabilities as ``SoftTargets`` has them; the first ``references`` pairs have a reference."""
    starts = starts_of(pairs)
    ids = np.empty((starts[-1], KEPT_IDS), np.uint16)
    probabilities = np.empty((starts[-1], KEPT_IDS), np.float16)
    training_set = TrainingSet(pairs, teachers.source_vocabulary, teachers.target_vocabulary, count_power=0)
    for rows, batch in training_set.in_order(batch_size=BATCH_SIZE):
        share = REFERENCE_SHARE * (rows < references)[:, np.newaxis, np.newaxis]
        reference = np.eye(len(teachers.target_vocabulary), dtype=np.float32)[batch.target_ids]
        mean = (1 - share) * teachers.probabilities(batch.source_ids, batch.previous_ids) + share * reference
        top = np.argpartition(mean, -KEPT_IDS, axis=2)[..., -KEPT_IDS:]
        top_probabilities = np.take_along_axis(mean, top, axis=2)
        for place, row in enumerate(rows):
            steps = starts[row + 1] - starts[row]
            ids[starts[row] : starts[row + 1]] = top[place, :steps]
            probabilities[starts[row] : starts[row + 1]] = top_probabilities[place, :steps]
    return ids, probabilities
