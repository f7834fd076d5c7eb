"""Measure a model, as its users run it, on a file of pairs."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

from hayakana import Transliteration, Transliterator
from hayakana.model.folder import find_model, load_model
from hayakana.names.choices import Choices, Kind
from hayakana.names.languages import Tags, language_in, tags_before, untagged
from hayakana_training.data.held_out import exclude, read_hashes
from hayakana_training.data.hints import kind_in
from hayakana_training.data.pairs import Pair, Problem, read_pairs, references_by_name, without_hints
from hayakana_training.errors import TrainingError
from hayakana_training.evaluation.confusions import Confusion, confusions
from hayakana_training.evaluation.metrics import RankedScores, Scores, exact_match_by_count, fold_variants, rank, score
from hayakana_training.evaluation.name_groups import groups

CANDIDATES = 3
"""How many candidates of a name are asked for, and at most ranked."""
Opener = Callable[[Kind], AbstractContextManager[Transliterator]]
"""Opens a model for names of a kind."""
ALL_HINTS = "any hint"
"""The key of ``Evaluation.hints`` for all names that have one."""


@dataclass(frozen=True)
class GroupScores:
    """Scores of the names in one group, as they are written and with free variants folded."""

    scores: Scores
    folded: Scores


@dataclass(frozen=True)
class HintScores:
    """Scores of the names that have a hint: asked without any hint, and asked with all of their hints.

    ``followed`` is how many of them have a hint of language that the model follows.
    """

    without: GroupScores
    with_hints: GroupScores
    followed: int


@dataclass(frozen=True)
class Evaluation:
    """What a model's answers to a file of pairs are worth.

    Args:
        scores: of the greedy text alone, 1-best.
        ranked: of the greedy text and then the best candidates other than it, three in all.
        by_count: exact match of the greedy text, each name counted as often as people bear it.
        folded, folded_ranked, folded_by_count: the same after ``fold_variants`` of candidates and references.
        groups: heading → group → its scores; see ``name_groups``.
        confusions: all edits between predictions and references, the most frequent first.
        hints: a kind, a language, or ``ALL_HINTS`` → the names that have it, with and without their hints.
    """

    scores: Scores
    ranked: RankedScores
    by_count: float
    folded: Scores
    folded_ranked: RankedScores
    folded_by_count: float
    groups: Mapping[str, Mapping[str, GroupScores]]
    confusions: Sequence[Confusion]
    hints: Mapping[str, HintScores] = field(default_factory=dict)


def opener_of(model: str | Path, *, known_names: bool) -> Opener:
    """Return what opens a model for a kind of names, which is that of people where the model does not know the kind.

    Raises:
        ModelNotFoundError: there is no such model.
        ModelFilesError: its files do not match its manifest.
    """
    loaded = load_model(find_model(model))
    characters = frozenset(loaded.source_vocabulary.characters)

    def opened(kind: Kind) -> Transliterator:
        is_told = Tags.of(characters, kind=kind).of_kind or (known_names and loaded.known_names)
        return Transliterator(model, known_names=known_names, kind=kind if is_told else Choices.kind)

    return opened


def evaluate(
    open_transliterator: Opener,
    path: Path,
    *,
    exclude_hashes: Path | None = None,
) -> tuple[Evaluation, list[Problem]]:
    """Transliterate the distinct names of ``path`` and score them; a name may have several references.

    Names that have hints are asked with them, and for ``Evaluation.hints`` without them too. A name with other hints is
    another name. One that cannot be transliterated counts as wrong. Malformed lines are returned.
    """
    pairs, problems = read_development(path, exclude_hashes=exclude_hashes)
    references = references_by_name(pairs)
    counts = dict.fromkeys(references, 0.0)
    for pair in pairs:
        counts[pair.name] += pair.count
    answers = _asked(open_transliterator, list(references))
    evaluation = assess(
        [untagged(name) for name in references],
        [ranked_texts(answer) for answer in answers.values()],
        list(references.values()),
        list(counts.values()),
    )
    return replace(evaluation, hints=_by_hints(open_transliterator, answers, references)), problems


def _asked(open_transliterator: Opener, names: Sequence[str]) -> dict[str, Transliteration]:
    """Return the answer to each of ``names``, which may have tags in front, in their order."""
    by_kind: dict[Kind, list[str]] = {}
    for name in names:
        by_kind.setdefault(kind_in(name) or Choices.kind, []).append(name)
    answers: dict[str, Transliteration] = {}
    for kind, some in by_kind.items():
        with open_transliterator(kind) as transliterator:
            results = transliterator.transliterate_detailed(
                list(map(untagged, some)), list(map(language_in, some)), candidates=CANDIDATES
            )
        answers |= zip(some, results, strict=True)
    return {name: answers[name] for name in names}


def _by_hints(
    open_transliterator: Opener,
    answers: Mapping[str, Transliteration],
    references: Mapping[str, Sequence[str]],
) -> dict[str, HintScores]:
    """Return the scores of names with hints by hint: all together, then by kind, then by language."""
    hinted = [name for name in answers if tags_before(name)]
    plain = _asked(open_transliterator, list(dict.fromkeys(map(untagged, hinted)))) if hinted else {}
    members = {ALL_HINTS: hinted} if hinted else {}
    for of_name in ({name: kind_in(name) for name in hinted}, {name: language_in(name) for name in hinted}):
        for hint in sorted(set(filter(None, of_name.values()))):
            members[hint] = [name for name in hinted if of_name[name] == hint]
    return {
        hint: HintScores(
            group_scores([plain[untagged(name)].text or "" for name in names], [references[name] for name in names]),
            group_scores([answers[name].text or "" for name in names], [references[name] for name in names]),
            sum(bool(answers[name].language) for name in names),
        )
        for hint, names in members.items()
    }


def read_references(path: Path, *, exclude_hashes: Path | None = None) -> tuple[dict[str, list[str]], list[Problem]]:
    """Read the distinct names of ``path`` with their references, and the malformed lines. Hints are ignored.

    Raises:
        TrainingError: there is no name.
    """
    pairs, problems = read_development(path, exclude_hashes=exclude_hashes)
    return references_by_name(without_hints(pairs)), problems


def read_development(path: Path, *, exclude_hashes: Path | None = None) -> tuple[list[Pair], list[Problem]]:
    """Read the pairs of ``path`` without the excluded names, and the malformed lines.

    Raises:
        TrainingError: there is no pair.
    """
    pairs, problems = read_pairs(path)
    if exclude_hashes:
        pairs = exclude(pairs, read_hashes(exclude_hashes))
    if not pairs:
        raise TrainingError(f"{path} has no pairs: give name, katakana and count a line, separated by tabs")
    return pairs, problems


def ranked_texts(answer: Transliteration) -> list[str]:
    """Return the greedy text and then the candidates other than it, ``CANDIDATES`` in all; none if there is no text.

    What a user gets unasked stays first, though beam search may know a better one.
    """
    if answer.text is None:
        return []
    second_best = [candidate.text for candidate in answer.candidates if candidate.text != answer.text]
    return [answer.text, *second_best][:CANDIDATES]


def assess(
    names: Sequence[str],
    candidates: Sequence[Sequence[str]],
    references: Sequence[Sequence[str]],
    counts: Sequence[float] | None = None,
) -> Evaluation:
    """Score the candidates of each name, best first, against its references; no candidate counts as wrong.

    ``counts`` says how many people bear each name, 1 for each if it is missing; only ``Evaluation.by_count`` uses it.
    """
    if counts is None:
        counts = [1] * len(names)
    predictions = [ranked[0] if ranked else "" for ranked in candidates]
    folded_references = [list(dict.fromkeys(map(fold_variants, accepted))) for accepted in references]
    folded_candidates = [list(dict.fromkeys(map(fold_variants, ranked))) for ranked in candidates]
    folded_predictions = [fold_variants(prediction) for prediction in predictions]

    def of_group(places: Sequence[int]) -> GroupScores:
        return group_scores([predictions[place] for place in places], [references[place] for place in places])

    return Evaluation(
        scores=score(predictions, references),
        ranked=rank(candidates, references),
        by_count=exact_match_by_count(predictions, references, counts),
        folded=score(folded_predictions, folded_references),
        folded_ranked=rank(folded_candidates, folded_references),
        folded_by_count=exact_match_by_count(folded_predictions, folded_references, counts),
        groups={
            heading: {label: of_group(places) for label, places in members.items()}
            for heading, members in groups(names, references).items()
        },
        confusions=confusions(names, predictions, references),
    )


def group_scores(predictions: Sequence[str], references: Sequence[Sequence[str]]) -> GroupScores:
    """Score one prediction a name, as written and with free variants folded."""
    folded_references = [list(dict.fromkeys(map(fold_variants, accepted))) for accepted in references]
    return GroupScores(score(predictions, references), score(list(map(fold_variants, predictions)), folded_references))
