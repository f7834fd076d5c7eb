"""The data of a training run: pairs of files and dictionaries, or teachers' labels, without the held-out names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hayakana.model.vocabulary import Vocabulary
from hayakana_training.data.dictionaries import is_dictionary, read_dictionary
from hayakana_training.data.held_out import exclude, name_hash, read_hashes, split_development
from hayakana_training.data.hints import has_hints
from hayakana_training.data.labels import SoftTargets, read_labels
from hayakana_training.data.pairs import Pair, Problem, compose_names, merged, read_pairs
from hayakana_training.errors import TrainingError
from hayakana_training.model import run_folder
from hayakana_training.model.config import Config

DROPPED = "dropped.tsv"
"""What ``clean`` leaves beside its pairs."""


@dataclass(frozen=True)
class Data:
    """The pairs of a run, and where they came from (``report``, as ``data.json`` holds it)."""

    train: list[Pair]
    development: list[Pair]
    problems: list[Problem] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)
    vocabularies: tuple[Vocabulary, Vocabulary] | None = None
    """Source and target vocabulary, where they are not those of ``train``."""
    soft: SoftTargets | None = None
    """What teachers said of ``train``, where that is what the model learns from."""
    held_out: frozenset[str] = frozenset()
    """``name_hash`` of every name that is not to be trained on."""

    def check(self) -> None:
        """Check that there is something to learn from, and something to judge it on.

        Raises:
            TrainingError: there is not.
        """
        if not self.train:
            raise TrainingError("0 training pairs: a line is a name, its Katakana and a count, separated by tabs")
        if not self.development:
            raise TrainingError(
                "0 development pairs: give --development FILE, or more training pairs: one name in twenty is set"
                " aside for development"
            )


def load_data(
    config: Config,
    *,
    train: Sequence[Path],
    development: Path | None,
    exclude_hashes: Path | None,
    vocabularies: Path | None = None,
) -> Data:
    """Read the pairs, leave excluded names out, split or read the development set, compose whole names.

    ``vocabularies`` is the folder of a run, and the vocabularies of that run are taken.

    Raises:
        TrainingError: pairs have hints, and the model reads whole names, which have no tags in front.
    """
    loaded = _Loaded(exclude_hashes)
    training_pairs = merged(pair for path in train for pair in loaded.pairs(path))
    if development is None:
        training_pairs, development_pairs = split_development(training_pairs)
    else:
        development_pairs = loaded.pairs(development)
        training_pairs = exclude(training_pairs, _hashes(development_pairs))
    if config.unit == "name" and has_hints(pair.name for pair in training_pairs + development_pairs):
        raise TrainingError("a model of whole names follows no hints: give pairs without the fourth column")
    if config.composed_names and training_pairs and development_pairs:
        composed_for_development = len(development_pairs) // 4
        development_pairs += compose_names(development_pairs, names=composed_for_development, seed=config.seed)
        training_pairs += compose_names(training_pairs, names=config.composed_names, seed=config.seed)
    chosen = run_folder.read_vocabularies(vocabularies) if vocabularies else None
    return Data(
        training_pairs,
        development_pairs,
        loaded.problems,
        loaded.report(training_pairs, development_pairs),
        vocabularies=chosen,
        held_out=loaded.hashes | _hashes(development_pairs),
    )


def load_labels(config: Config, labels: Path, *, development: Path, exclude_hashes: Path | None) -> Data:
    """Read what teachers labelled, and the development set.

    Names that are held out from this run are left out, if they were not from the labelling.

    Raises:
        TrainingError: the labels are of longer units than the model reads, or of another kind.
    """
    loaded = _Loaded(exclude_hashes)
    development_pairs = loaded.pairs(development)
    labelled = read_labels(labels)
    for teacher in labelled.origin["teachers"]:
        taught = teacher["config"]
        if taught["unit"] != config.unit:
            raise TrainingError(f"{labels} holds labels of a {taught['unit']}, the model reads a {config.unit}")
        if taught["source_limit"] > config.source_limit or taught["target_limit"] > config.target_limit:
            raise TrainingError(f"{labels} holds units longer than source_limit or target_limit: raise them to its")
    allowed = exclude(exclude(labelled.pairs, loaded.hashes), _hashes(development_pairs))
    kept = labelled.without(set(labelled.pairs).difference(allowed))
    loaded.files.append(
        {
            "file": labels.name,
            "pairs": len(kept.pairs),
            "malformed": 0,
            "excluded": len(labelled.pairs) - len(kept.pairs),
        }
    )
    return Data(
        kept.pairs,
        development_pairs,
        loaded.problems,
        loaded.report(kept.pairs, development_pairs) | {"labels": labelled.origin},
        vocabularies=(kept.source_vocabulary, kept.target_vocabulary),
        soft=kept.soft,
    )


class _Loaded:
    """Files as they are read, with what there is to report of them."""

    def __init__(self, exclude_hashes: Path | None) -> None:
        self.hashes = read_hashes(exclude_hashes) if exclude_hashes else frozenset()
        self.problems: list[Problem] = []
        self.files: list[dict[str, Any]] = []

    def pairs(self, path: Path) -> list[Pair]:
        """Read one file and leave the excluded names out."""
        pairs, problems, report = _read(path)
        kept = exclude(pairs, self.hashes)
        self.problems += problems
        counts = {"pairs": len(kept), "malformed": len(problems), "excluded": len(pairs) - len(kept)}
        self.files.append({"file": path.name, **counts, **report})
        return kept

    def report(self, training_pairs: Sequence[Pair], development_pairs: Sequence[Pair]) -> dict[str, Any]:
        """Return what ``data.json`` says."""
        return {
            "files": self.files,
            "training_pairs": len(training_pairs),
            "development_pairs": len(development_pairs),
        }


def _hashes(pairs: Sequence[Pair]) -> frozenset[str]:
    """Return the hashes of names; names are left out by these, with any diacritics."""
    return frozenset(name_hash(pair.name) for pair in pairs)


def _read(path: Path) -> tuple[list[Pair], list[Problem], dict[str, Any]]:
    """Read a file of pairs or a dictionary: its pairs, malformed lines, and what more there is to report."""
    if is_dictionary(path):
        found = read_dictionary(path)
        return found.pairs, [], {"kept": found.kept, "dropped": found.dropped, "examples_of_dropped": found.examples}
    cleaned = path.with_name(DROPPED).is_file()
    return *read_pairs(path), {"cleaned": run_folder.read_json(path.with_name(run_folder.DATA))} if cleaned else {}
