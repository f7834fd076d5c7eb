"""What teachers say of names: Katakana, and how probable every next character was, for a student to learn from.

Sequence-level distillation (Kim and Rush, "Sequence-Level Knowledge Distillation", EMNLP 2016) takes a teacher's string
for the truth; the probabilities along it are their word-level distillation, and say how sure the teachers were.
"""

import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hayakana.model.vocabulary import SOURCE_SPECIALS, TARGET_SPECIALS, Vocabulary
from hayakana.system.files import atomic_file
from hayakana_training.data.pairs import Pair
from hayakana_training.errors import TrainingError

KEPT_IDS = 6
"""The most probable ids that are kept of each distribution; its remainder is spread evenly over all ids."""

SPREAD = 0.01
"""The share of all ids in a sharpened distribution; without it the kept ids would have everything."""


@dataclass(frozen=True)
class SoftTargets:
    """Distributions over the next character, a row for every character of every pair's Katakana and for its eos.

    ``ids`` is ``(rows, KEPT_IDS)`` uint16 and ``probabilities`` ``(rows, KEPT_IDS)`` float16; pair i has the rows from
    ``starts[i]`` to ``starts[i + 1]``.
    """

    ids: NDArray[np.uint16]
    probabilities: NDArray[np.float16]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, ids: NDArray[np.uint16], probabilities: NDArray[np.float16], pairs: Sequence[Pair]) -> "SoftTargets":
        """Tell the rows of ``pairs`` apart by the lengths of their Katakana."""
        return cls(ids, probabilities, starts_of(pairs))

    def sharpened(self, *, temperature: float) -> "SoftTargets":
        """Return p^(1 / temperature), made to sum to 1 - ``SPREAD``.

        Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015), section 2, where it is T.
        """
        powers = self.probabilities.astype(np.float32) ** (1 / temperature)
        shares = (1 - SPREAD) * powers / powers.sum(axis=1, keepdims=True)
        return replace(self, probabilities=shares.astype(np.float16))

    def rows(self, pair: int) -> slice:
        """Return where the distributions of a pair are."""
        return slice(self.starts[pair], self.starts[pair + 1])


def starts_of(pairs: Sequence[Pair]) -> NDArray[np.int64]:
    """Return where the rows of each pair start, and where the last one's end: a row a character, and one for eos."""
    return np.cumsum([0, *(len(pair.katakana) + 1 for pair in pairs)])


@dataclass(frozen=True)
class Labels:
    """Pairs with the teachers' distributions, in the teachers' vocabularies."""

    pairs: list[Pair]
    soft: SoftTargets
    source_vocabulary: Vocabulary
    target_vocabulary: Vocabulary
    origin: dict[str, Any]
    """Which teachers, with their configurations, data and histories, and how the names were drawn."""

    def without(self, pairs: set[Pair]) -> "Labels":
        """Leave out ``pairs`` and their distributions."""
        remaining = [pair for pair in self.pairs if pair not in pairs]
        rows = np.repeat([pair not in pairs for pair in self.pairs], np.diff(self.soft.starts))
        soft = SoftTargets.of(self.soft.ids[rows], self.soft.probabilities[rows], remaining)
        return replace(self, pairs=remaining, soft=soft)

    def write(self, path: Path) -> None:
        """Write the ``.npz`` file that ``read_labels`` reads, whole or not at all."""
        with atomic_file(path) as file:
            np.savez_compressed(
                file,
                names=np.array("\n".join(pair.name for pair in self.pairs)),
                katakana=np.array("\n".join(pair.katakana for pair in self.pairs)),
                counts=np.array([pair.count for pair in self.pairs], np.float32),
                ids=self.soft.ids,
                probabilities=self.soft.probabilities,
                source_vocabulary=np.array(self.source_vocabulary.render()),
                target_vocabulary=np.array(self.target_vocabulary.render()),
                origin=np.array(json.dumps(self.origin, ensure_ascii=False)),
            )


def read_labels(path: Path) -> Labels:
    """Read what ``Labels.write`` wrote.

    Raises:
        TrainingError: it is no such file.
    """
    try:
        with np.load(path) as arrays:
            names, katakana = str(arrays["names"]).split("\n"), str(arrays["katakana"]).split("\n")
            pairs = [Pair(*values) for values in zip(names, katakana, arrays["counts"].tolist(), strict=True)]
            return Labels(
                pairs,
                SoftTargets.of(arrays["ids"], arrays["probabilities"], pairs),
                Vocabulary.parse(str(arrays["source_vocabulary"]), specials=SOURCE_SPECIALS),
                Vocabulary.parse(str(arrays["target_vocabulary"]), specials=TARGET_SPECIALS),
                json.loads(str(arrays["origin"])),
            )
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise TrainingError(f"{path} is not a file of labels: write one with hayakana-train label") from error
