"""Leave wrong pairs out, by cross-fitting: each half of the pairs is judged by a model trained on the other half.

A pair is wrong if a model that never saw its name finds its Katakana very improbable, would itself write something that
has little in common with it, and the Katakana does not sound like the name (banana → ヤヤ). This is the consistency
filtering of noisy corpora (Junczys-Dowmunt, "Dual Conditional Cross-Entropy Filtering of Noisy Parallel Corpora", WMT
2018) in one direction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from hayakana.system.files import atomic_file
from hayakana_training.data.likeness import likeness
from hayakana_training.data.loading import DROPPED, Data
from hayakana_training.data.pairs import Pair, TrainingSet, fit_to_model, name_hash, write_pairs
from hayakana_training.learning.fit import fit
from hayakana_training.learning.model_decoding import decode_names
from hayakana_training.model import runs
from hayakana_training.model.config import Config
from hayakana_training.teaching.scoring import log_probabilities

IMPROBABLE, VERY_IMPROBABLE = -1.9, -3.5
"""Nats a character, eos included: what is less probable is suspected."""
LEAST_LIKENESS, LEAST_LIKENESS_OF_VERY_IMPROBABLE = 0.65, 0.8
"""What a suspected pair is acquitted with: a hard name (Camus, Foucault) is improbable too, and sounds like itself."""
MOST_EDITS = 0.5
"""Edits a character of the pair's Katakana to what the model writes; with fewer, the pair is a variant, not wrong."""
TRUSTED_COUNT = 10
"""A reading with as many bearers is a fact, however odd (joseph → ヨセフ)."""

HALVES = 2
DEVELOPMENT_PAIRS = 1_000


@dataclass(frozen=True)
class Judged:
    """A pair, its log probability a character, and what the model of the other half writes for its name."""

    pair: Pair
    log_probability: float
    written: str

    @property
    def is_wrong(self) -> bool:
        """Whether the pair should not be trained on."""
        pair = self.pair
        if pair.count >= TRUSTED_COUNT or self.log_probability > IMPROBABLE:
            return False
        if Levenshtein.distance(self.written, pair.katakana) <= MOST_EDITS * len(pair.katakana):
            return False
        least = LEAST_LIKENESS_OF_VERY_IMPROBABLE if self.log_probability < VERY_IMPROBABLE else LEAST_LIKENESS
        return likeness(pair.name, pair.katakana) < least


def clean(config: Config, data: Data, *, folder: Path, log: Callable[[str], None]) -> list[Judged]:
    """Write ``pairs.tsv``, ``dropped.tsv`` and ``data.json`` to ``folder``; return what was dropped.

    The runs of the two halves are kept in ``folder`` and resumed where they were interrupted.
    """
    halves = [[pair for pair in data.train if int(name_hash(pair.name), 16) % HALVES == half] for half in range(HALVES)]
    judged: list[Judged] = []
    for half, pairs in enumerate(halves):
        others = [pair for other in range(HALVES) if other != half for pair in halves[other]]
        run_folder = folder / f"half-{half}"
        resume = (run_folder / runs.CHECKPOINT).is_file()
        fit(
            config,
            Data(others, pairs[:DEVELOPMENT_PAIRS]),
            folder=run_folder,
            resume=resume,
            log=lambda line, half=half: log(f"half {half + 1}: {line}"),
        )
        judged += judge(runs.open_run(run_folder), pairs)
    wrong = {id(one.pair) for one in judged if one.is_wrong}
    dropped = sorted((one for one in judged if one.is_wrong), key=lambda one: one.log_probability)
    with atomic_file(folder / "pairs.tsv") as file:
        write_pairs((pair for pair in data.train if id(pair) not in wrong), file)
    with atomic_file(folder / DROPPED) as file:
        file.write(b"name\tkatakana\tcount\tlog_probability\twritten\n")
        file.writelines(
            f"{one.pair.name}\t{one.pair.katakana}\t{one.pair.count:g}\t{one.log_probability:.2f}\t{one.written}\n".encode()
            for one in dropped
        )
    runs.write_json(
        folder / runs.DATA,
        {**data.report, "training_pairs": len(data.train) - len(dropped), "dropped_as_wrong": len(dropped)},
    )
    log(f"{len(data.train) - len(dropped)} pairs kept, {len(dropped)} dropped as wrong, in {folder}")
    return dropped


def judge(run: runs.Run, pairs: Sequence[Pair]) -> list[Judged]:
    """Judge ``pairs``; those that the model cannot hold are left out of the result, so that they are kept."""
    source, target = run.source_vocabulary, run.target_vocabulary
    held = [(pair, fitted) for pair in pairs for fitted in fit_to_model([pair], source, target, run.config)[0]]
    names = [fitted.name for _, fitted in held]
    training_set = TrainingSet([fitted for _, fitted in held], source, target, count_power=0)
    scores = log_probabilities(run.model, training_set).tolist()
    written = decode_names(run.model, names, source, target)
    return [
        Judged(pair, score / (len(pair.katakana) + 1), written[name])
        for (pair, _), name, score in zip(held, names, scores, strict=True)
    ]
