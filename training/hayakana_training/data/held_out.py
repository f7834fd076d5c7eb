"""Names that a model must not be trained on: lists of hashes, and the development set."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence, Set
from pathlib import Path

from hayakana.names.languages import untagged
from hayakana.names.parts import split
from hayakana_training.data.pairs import Pair
from hayakana_training.errors import TrainingError

_HASH_FOLD = str.maketrans(
    {"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "đ": "d", "ħ": "h", "ı": "i"}
    | {"’": "'", "‘": "'", "ʻ": "'", "–": "-"}
)


def name_hash(name: str) -> str:
    """Return the first 16 hex digits of sha256 of the folded name, as exclusion lists hold them.

    Tags in front of the name do not count: it is held out with any hints. The fold: lower case; ł ø ß æ œ þ ð đ ħ ı to
    plain letters, ’ ‘ ʻ to an apostrophe and – to a hyphen; then NFKD without combining marks.
    """
    lowered = untagged(name).lower().translate(_HASH_FOLD)
    folded = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return hashlib.sha256(folded.encode()).hexdigest()[:16]


def hashes_of_parts(names: Iterable[str]) -> frozenset[str]:
    """Return the ``name_hash`` of each part of ``names``: a composed name was trained on if its parts were."""
    return frozenset(name_hash(part) for name in names for part in split(untagged(name)))


def read_hashes(path: Path) -> frozenset[str]:
    """Read an exclusion list: one ``name_hash`` a line.

    Raises:
        TrainingError: the file is not an exclusion list.
    """
    hashes = path.read_bytes().split()
    if not hashes or not all(re.fullmatch(rb"[0-9a-f]{16}", line) for line in hashes):
        raise TrainingError(f"{path} is not an exclusion list: a line is 16 hex digits, as docs/training.md says")
    return frozenset(line.decode() for line in hashes)


def exclude(pairs: Iterable[Pair], hashes: Set[str]) -> list[Pair]:
    """Leave out the pairs with a name in ``hashes``. Pairs are parts, so a composed name has no excluded part."""
    return [pair for pair in pairs if name_hash(pair.name) not in hashes]


def split_development(pairs: Sequence[Pair], *, every: int = 20) -> tuple[list[Pair], list[Pair]]:
    """Split off about one name in ``every`` by the hash of the name: the same names in every run.

    A name goes with all of its pairs.
    """
    is_development = [int(name_hash(pair.name), 16) % every == 0 for pair in pairs]
    return (
        [pair for pair, chosen in zip(pairs, is_development, strict=True) if not chosen],
        [pair for pair, chosen in zip(pairs, is_development, strict=True) if chosen],
    )
