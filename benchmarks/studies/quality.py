"""Quality of the bundled models and of the peers on the same file of pairs: every name, and those that all can read.

python -m benchmarks.studies.quality development.tsv [heldout_hashes] [--output quality.json]

Models answer as users run them; exact match of 2 and 3 counts the best candidates beside the greedy text. e2k and
kanalizer read lower-case letters: a name with a character that one of them has no input for counts as wrong there, and
the names that all read are scored once more by themselves. alkana is a dictionary and is left to the section ``peers``.
Beside exact match stands exact match with free variants folded (ヴァ = バ, ー at the end): the peers have other habits.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness.child import Child, last_core
from benchmarks.harness.record import RESULTS, describe_file, head, origin, page, publish, table
from benchmarks.suite.peers import NEURAL, texts_of_peer
from hayakana import Transliterator
from hayakana.model.folder import bundled_models
from hayakana_training.evaluation.evaluate import CANDIDATES, assess, ranked_texts, read_references
from hayakana_training.evaluation.report import overall

HEADERS = (
    *("side", "exact match", "folded", "2-best", "3-best", "mean reciprocal rank", "mean F-score"),
    *("character error rate", "share read", "exact match, read by all", "folded, read by all"),
)
References = Mapping[str, Sequence[str]]
"""The right Katakana by name."""


def main() -> None:
    """Measure, print a table, and write results/quality.json and quality.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.quality", description=__doc__)
    parser.add_argument("file", type=Path, help="name, tab, Katakana a line")
    parser.add_argument("exclude_hashes", type=Path, nargs="?", help="names that are left out, by hash")
    parser.add_argument("--output", type=Path, default=RESULTS / "quality.json")
    arguments = parser.parse_args()
    references, problems = read_references(arguments.file, exclude_hashes=arguments.exclude_hashes)
    models = bundled_models()
    values = {
        "head": head(models),
        "data": describe_file(arguments.file),
        "names_left_out_by_hash": arguments.exclude_hashes is not None,
        "malformed_lines": len(problems),
        **measure(references, models=models, peers=NEURAL),
    }
    publish(arguments.output, values, render)


def measure(references: References, *, models: Mapping[str, Path], peers: Sequence[str]) -> dict[str, Any]:
    """Return the scores of each model at the top, by its name, those of the peers under ``peers``."""
    names = list(references)
    answers = {model: _answers_of_model(folder, names) for model, folder in models.items()}
    read = {model: set(names) for model in models}
    for peer in peers:
        with Child("benchmarks.sides.peers:open_peer", peer, core=last_core()) as child:
            texts = texts_of_peer(child, names)
        read[peer] = set(texts)
        answers[peer] = [[texts[name]] if texts.get(name) else [] for name in names]
    by_all = [name for name in names if all(name in readable for readable in read.values())]
    scores = {
        side: _scores(references, answers[side], read_by_all=by_all) | {"share_read": len(read[side]) / len(names)}
        for side in answers
    }
    return {
        "names_read_by_all": len(by_all),
        **{model: scores[model] for model in models},
        "peers": {peer: scores[peer] for peer in peers},
    }


def _answers_of_model(folder: Path, names: Sequence[str]) -> list[list[str]]:
    with Transliterator(folder, known_names=False) as transliterator:
        answers = transliterator.transliterate_detailed(names, candidates=CANDIDATES)
    return [ranked_texts(answer) for answer in answers]


def _scores(references: References, candidates: Sequence[list[str]], *, read_by_all: Sequence[str]) -> dict[str, Any]:
    """Return the figures of all names and, beside them, of those that all sides read."""
    whole = assess(list(references), candidates, list(references.values()))
    found = overall(whole.scores, whole.ranked) | {"variants_folded": overall(whole.folded, whole.folded_ranked)}
    if read_by_all:
        by_name = dict(zip(references, candidates, strict=True))
        some = assess(read_by_all, [by_name[name] for name in read_by_all], [references[name] for name in read_by_all])
        found["read_by_all"] = vars(some.scores) | {"variants_folded": vars(some.folded)}
    return found


def render(values: Mapping[str, Any]) -> str:
    """Return the Markdown table, a side a row."""
    sides = {f"hayakana {model}": values[model] for model in values["head"]["models"]} | dict(values["peers"])
    names = next(iter(sides.values()))["names"]
    ranked = ("exact_match_of_2", "exact_match_of_3", "mean_reciprocal_rank")
    rows = []
    for side, found in sides.items():
        by_all = found.get("read_by_all")
        figures = [
            found["exact_match"],
            found["variants_folded"]["exact_match"],
            *(found[key] if side.startswith("hayakana") else None for key in ranked),  # A peer has one answer.
            *(found[key] for key in ("mean_f_score", "character_error_rate", "share_read")),
            *((by_all["exact_match"], by_all["variants_folded"]["exact_match"]) if by_all else (None, None)),
        ]
        rows.append((side, *("" if figure is None else f"{figure:.3f}" for figure in figures)))
    what = (
        f"{names:,} names of `{values['data']['file']}`; all sides read {values['names_read_by_all']:,} of them.\n"
        "A name that a side does not read counts as wrong. 2- and 3-best: the greedy text and the best candidates\n"
        "beside it. Folded: free variants (ヴァ = バ and the like, ー at the end) make no difference."
    )
    return page("Quality", what, origin(values["head"]), table(HEADERS, rows))


if __name__ == "__main__":
    main()
