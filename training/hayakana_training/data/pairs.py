"""Name pairs: read them, leave names out, split off a development set, compose whole names, make training batches."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.states import length_buckets
from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID, SOURCE_SPECIALS, TARGET_SPECIALS, Vocabulary
from hayakana.names.normalization import fold, normalize
from hayakana.names.parts import HYPHEN, split
from hayakana_training.data.labels import SoftTargets
from hayakana_training.data.pair import KATAKANA_PART, Pair
from hayakana_training.data.problems import Problem
from hayakana_training.errors import TrainingError
from hayakana_training.model.config import Config

KATAKANA_SPACE, KATAKANA_HYPHEN = "・", "＝"

_HASH_FOLD = str.maketrans(
    {"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "đ": "d", "ħ": "h", "ı": "i"}
    | {"’": "'", "‘": "'", "ʻ": "'", "–": "-"}
)


def read_pairs(path: Path) -> tuple[list[Pair], list[Problem]]:
    """Read ``name ⇥ katakana [⇥ count]`` lines (UTF-8; the Katakana's characters may be space-separated).

    Every line gives pairs or a problem, never nothing. A name of several parts gives a pair a part when its Katakana
    has as many, separated by ・ or ＝.
    """
    pairs: list[Pair] = []
    problems: list[Problem] = []
    for number, line in enumerate(path.read_bytes().removesuffix(b"\n").split(b"\n"), start=1):
        try:
            pairs += _parse(line.decode("utf-8").removesuffix("\r"))
        except ValueError as error:
            problems.append(Problem(path, number, str(error)))
    return pairs, problems


def _parse(line: str) -> list[Pair]:
    columns = line.split("\t")
    if len(columns) not in (2, 3):
        raise ValueError(f"{len(columns)} columns, expected name, katakana and count")
    count = columns[2] if len(columns) == 3 else "1"
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", count) or float(count) == 0:
        raise ValueError(f"count {count!r} is not a positive number")
    names = split(columns[0]).parts
    readings = re.split(f"[{KATAKANA_SPACE}{KATAKANA_HYPHEN}]", columns[1].replace(" ", ""))
    if not names:
        raise ValueError("no name")
    if len(names) != len(readings):
        raise ValueError(f"name of {len(names)} parts, katakana of {len(readings)}")
    for reading in readings:
        if not KATAKANA_PART.fullmatch(reading):
            raise ValueError(f"{reading!r} is not Katakana")
    return [Pair(normalize(name), reading, float(count)) for name, reading in zip(names, readings, strict=True)]


def merged(pairs: Iterable[Pair]) -> list[Pair]:
    """Return each pair of name and Katakana once, in their order, with the sum of its counts."""
    counts: dict[tuple[str, str], float] = {}
    for pair in pairs:
        key = pair.name, pair.katakana
        counts[key] = counts.get(key, 0) + pair.count
    return [Pair(name, katakana, count) for (name, katakana), count in counts.items()]


def write_pairs(pairs: Iterable[Pair], file: IO[bytes]) -> None:
    """Write the lines that ``read_pairs`` reads."""
    file.writelines(
        f"{pair.name}\t{pair.katakana}\t{np.format_float_positional(pair.count, trim='-')}\n".encode() for pair in pairs
    )


def name_hash(name: str) -> str:
    """Return the first 16 hex digits of sha256 of the folded name, as exclusion lists hold them.

    The fold: lower case; ł ø ß æ œ þ ð đ ħ ı to plain letters, ’ ‘ ʻ to an apostrophe and – to a hyphen; then NFKD
    without combining marks.
    """
    lowered = name.lower().translate(_HASH_FOLD)
    folded = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return hashlib.sha256(folded.encode()).hexdigest()[:16]


def read_hashes(path: Path) -> frozenset[str]:
    """Read an exclusion list: one ``name_hash`` a line.

    Raises:
        TrainingError: it is something else.
    """
    hashes = path.read_bytes().split()
    if not hashes or not all(re.fullmatch(rb"[0-9a-f]{16}", line) for line in hashes):
        raise TrainingError(f"{path} is no exclusion list: a line is 16 hex digits, as docs/training.md says")
    return frozenset(line.decode() for line in hashes)


def exclude(pairs: Iterable[Pair], hashes: frozenset[str]) -> list[Pair]:
    """Leave out the pairs whose name is in ``hashes``. Pairs are parts, so a composed name has no excluded part."""
    return [pair for pair in pairs if name_hash(pair.name) not in hashes]


def readings_by_name(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """Return the readings of each distinct name, names in their order: what a name is scored against."""
    readings: dict[str, list[str]] = {}
    for pair in pairs:
        readings.setdefault(pair.name, []).append(pair.katakana)
    return readings


def split_development(pairs: Sequence[Pair], *, every: int = 20) -> tuple[list[Pair], list[Pair]]:
    """Split off about one name in ``every`` by the hash of the name: the same in every run, with all readings."""
    is_development = [int(name_hash(pair.name), 16) % every == 0 for pair in pairs]
    return (
        [pair for pair, chosen in zip(pairs, is_development, strict=True) if not chosen],
        [pair for pair, chosen in zip(pairs, is_development, strict=True) if chosen],
    )


def compose_names(pairs: Sequence[Pair], *, names: int, seed: int) -> list[Pair]:
    """Compose ``names`` names of two or three parts, the parts drawn by the square root of their counts.

    Four in five are "given family"; the others have a middle part, joined by a space or, as in Jean-Luc Picard, a
    hyphen. The Katakana is joined with ・ and ＝.
    """
    random = np.random.default_rng(seed)
    weights = np.sqrt([pair.count for pair in pairs])
    drawn = random.choice(len(pairs), size=(names, 3), p=weights / weights.sum())
    patterns = random.choice(3, size=names, p=[0.8, 0.1, 0.1])
    composed = []
    for indices, pattern in zip(drawn.tolist(), patterns.tolist(), strict=True):
        first, second, third = (pairs[index] for index in indices)
        if pattern == 0:
            composed.append(_joined(first, second, " "))
        else:
            composed.append(_joined(_joined(first, second, " " if pattern == 1 else HYPHEN), third, " "))
    return composed


def _joined(left: Pair, right: Pair, separator: str) -> Pair:
    katakana = KATAKANA_HYPHEN if separator == HYPHEN else KATAKANA_SPACE
    return Pair(f"{left.name}{separator}{right.name}", f"{left.katakana}{katakana}{right.katakana}")


def build_vocabularies(pairs: Sequence[Pair], *, minimum_count: int) -> tuple[Vocabulary, Vocabulary]:
    """Return source and target vocabulary: the characters that occur at least ``minimum_count`` times.

    A rarer source character's place is taken by what it folds to, so the letters that it folds to count too.
    """
    source = Counter(character for pair in pairs for character in pair.name)
    target = Counter(character for pair in pairs for character in pair.katakana)
    return (
        Vocabulary.of((c for c, count in source.items() if count >= minimum_count), specials=SOURCE_SPECIALS),
        Vocabulary.of((c for c, count in target.items() if count >= minimum_count), specials=TARGET_SPECIALS),
    )


def fit_to_model(
    pairs: Iterable[Pair], source: Vocabulary, target: Vocabulary, config: Config
) -> tuple[list[Pair], Counter[str]]:
    """Fold names into the source vocabulary; leave out, and count by reason, the pairs that the model cannot hold."""
    kept: list[Pair] = []
    dropped: Counter[str] = Counter()
    for pair in pairs:
        name = fold(pair.name, source.ids.keys())
        if not all(character in source.ids for character in name):
            dropped["source characters outside the vocabulary"] += 1
        elif not all(character in target.ids for character in pair.katakana):
            dropped["target characters outside the vocabulary"] += 1
        elif len(name) > config.source_limit or len(pair.katakana) > config.target_limit:
            dropped["longer than the limits"] += 1
        else:
            kept.append(Pair(name, pair.katakana, pair.count))
    return kept, dropped


@dataclass(frozen=True)
class Batch:
    """Ids of one training batch, int32.

    ``source_ids`` is ``(batch, source_length)`` without padding. ``previous_ids`` and ``target_ids`` are ``(batch,
    target_length)``: the target behind bos, and the target before eos, padded;
    ``weights`` is the pair's weight where there is a target, else 0. ``soft_ids`` and ``soft_probabilities``, ``(batch,
    target_length, kept)``, are the distribution to learn: the target alone, or what teachers said.
    """

    source_ids: NDArray[np.int32]
    previous_ids: NDArray[np.int32]
    target_ids: NDArray[np.int32]
    weights: NDArray[np.float32]
    soft_ids: NDArray[np.int32]
    soft_probabilities: NDArray[np.float32]


class TrainingSet:
    """Pairs as ids, ready to be drawn in batches of one source length; ``soft`` is what teachers said of them."""

    def __init__(
        self,
        pairs: Sequence[Pair],
        source: Vocabulary,
        target: Vocabulary,
        *,
        count_power: float,
        soft: SoftTargets | None = None,
    ) -> None:
        self._soft = soft
        self._weights = np.array([pair.count for pair in pairs], np.float32) ** count_power
        self._sources = [np.array([source.ids[c] for c in pair.name], np.int32) for pair in pairs]
        self._targets = [np.array([target.ids[c] for c in pair.katakana], np.int32) for pair in pairs]

    def __len__(self) -> int:
        return len(self._sources)

    @property
    def kept(self) -> int:
        """Ids kept of each distribution, the last axis of ``Batch.soft_ids``."""
        return 1 if self._soft is None else self._soft.ids.shape[1]

    def batches(self, *, batch_size: int, seed: int, epoch: int) -> Iterator[Batch]:
        """Yield every pair once, in an order that ``seed`` and ``epoch`` alone decide."""
        for rows in shuffled_buckets(list(map(len, self._sources)), batch_size=batch_size, seed=[seed, epoch]):
            yield self._batch(rows)

    def in_order(self, *, batch_size: int) -> Iterator[tuple[NDArray[np.int64], Batch]]:
        """Yield (rows, batch) with every pair once, shorter names first."""
        for rows in length_buckets([len(source) for source in self._sources], batch_size=batch_size):
            yield rows, self._batch(rows)

    def steps(self, *, batch_size: int) -> int:
        """Return the number of batches in an epoch."""
        return sum(1 for _ in length_buckets([len(source) for source in self._sources], batch_size=batch_size))

    def _batch(self, rows: NDArray[np.int64]) -> Batch:
        previous_ids, target_ids = teacher_forcing([self._targets[row] for row in rows])
        weights = (target_ids != PAD_ID) * self._weights[rows, np.newaxis]
        sources = np.stack([self._sources[row] for row in rows])
        return Batch(sources, previous_ids, target_ids, weights, *self._soft_targets(rows, target_ids))

    def _soft_targets(
        self, rows: NDArray[np.int64], target_ids: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        if self._soft is None:
            return target_ids[..., np.newaxis], np.ones((*target_ids.shape, 1), np.float32)
        ids, probabilities = (np.zeros((*target_ids.shape, self.kept), dtype) for dtype in (np.int32, np.float32))
        for place, row in enumerate(rows):
            steps = self._soft.rows(row)
            length = steps.stop - steps.start
            ids[place, :length] = self._soft.ids[steps]
            probabilities[place, :length] = self._soft.probabilities[steps]
        return ids, probabilities


def shuffled_buckets(lengths: Sequence[int], *, batch_size: int, seed: Sequence[int]) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of ``lengths``, a batch of one length at a time, in an order that ``seed`` alone decides."""
    random = np.random.default_rng(seed)
    order = random.permutation(len(lengths))
    buckets = list(length_buckets([lengths[row] for row in order], batch_size=batch_size))
    for bucket in random.permutation(len(buckets)):
        yield order[buckets[bucket]]


def teacher_forcing(targets: Sequence[NDArray[np.int32]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the ids of ``targets`` behind bos, and before eos, padded: ``(targets, target_length)`` int32 each."""
    shape = (len(targets), max(map(len, targets)) + 1)
    previous_ids, target_ids = np.full(shape, PAD_ID, np.int32), np.full(shape, PAD_ID, np.int32)
    previous_ids[:, 0] = BOS_ID
    for row, target in enumerate(targets):
        previous_ids[row, 1 : len(target) + 1] = target
        target_ids[row, : len(target)] = target
        target_ids[row, len(target)] = EOS_ID
    return previous_ids, target_ids
