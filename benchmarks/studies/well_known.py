"""What people see first: well-known names, and names as they are borne, with and without the table of known names.

python -m benchmarks.studies.well_known names.tsv bearers.tsv [--output well_known.json]

A line of the first file is a name and its accepted Katakana, with ``|`` between them; of the second a name, its
Katakana, and how many people bear it. Peers read the words of a name one by one, in small letters and without marks.
A text counts as right if it is one of the accepted, ・ and ＝ left out. Most names of the second file are in a table by
construction: the figures of names as borne say what users get, not what a model has learned.
"""

import argparse
import functools
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness.child import Child, last_core
from benchmarks.harness.record import RESULTS, describe_file, head, origin, page, publish, table
from benchmarks.suite.peers import NEURAL, texts_of_peer
from hayakana import Transliterator
from hayakana.model.folder import bundled_models, load_model
from hayakana.names.known_names import plain_form
from hayakana.names.parts import canonical_name
from hayakana_training.data.pairs import Pair, read_pairs

Answer = Callable[[Sequence[str]], list[str]]
"""Names → their Katakana; the empty text where there is none."""

BUCKETS = ((1, "1"), (2, "2"), (5, "3-5"), (20, "6-20"), (100, "21-100"), (float("inf"), "more"))
"""Most bearers → how the names of so many are called."""


def main() -> None:
    """Measure, print tables, and write results/well_known.json and well_known.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.well_known", description=__doc__)
    parser.add_argument("names", type=Path, help="name, tab, accepted Katakana a line")
    parser.add_argument("bearers", type=Path, help="name, tab, Katakana, tab, bearers a line")
    parser.add_argument("--output", type=Path, default=RESULTS / "well_known.json")
    arguments = parser.parse_args()
    models = bundled_models()
    references = dict(line.split("\t") for line in arguments.names.read_text(encoding="utf-8").splitlines())
    pairs, _ = read_pairs(arguments.bearers)
    sides: dict[str, Any] = {}
    for model, folder in models.items():
        for known_names in (False, True)[: 1 + (load_model(folder).known_names is not None)]:
            with Transliterator(folder, known_names=known_names) as transliterator:
                answer = functools.partial(transliterator.transliterate, on_error="empty")
                sides[f"{model}{', known names' if known_names else ''}"] = _figures(answer, references, pairs)
    for peer in NEURAL:
        with Child("benchmarks.sides.peers:open_peer", peer, core=last_core()) as child:
            sides[peer] = _figures(functools.partial(_answer_of_peer, child), references, ())
    values = {
        "head": head(models),
        "names": describe_file(arguments.names),
        "bearers": describe_file(arguments.bearers),
        "well_known_names": len(references),
        "sides": sides,
    }
    publish(arguments.output, values, render)


def _answer_of_peer(child: Child, names: Sequence[str]) -> list[str]:
    parts = [[plain_form(part) for part in canonical_name(name).parts] for name in names]
    texts = texts_of_peer(child, (part for of_name in parts for part in of_name))
    return ["・".join(texts.get(part) or "?" for part in of_name) for of_name in parts]


def _figures(answer: Answer, references: Mapping[str, str], pairs: Sequence[Pair]) -> dict[str, Any]:
    texts = answer(list(references))
    right = [_is_right(text, accepted) for text, accepted in zip(texts, references.values(), strict=True)]
    figures: dict[str, Any] = {"well_known": sum(right) / len(right)}
    if pairs:
        figures |= _of_bearers(answer([pair.name for pair in pairs]), pairs)
    return figures


def _is_right(text: str, accepted: str) -> bool:
    return re.sub("[・＝]", "", text) in re.sub("[・＝]", "", accepted).split("|")


def _of_bearers(texts: Sequence[str], pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return the share of bearers whose name is right, of all and by how many bear it."""
    bearers, right = Counter[str](), Counter[str]()
    for text, pair in zip(texts, pairs, strict=True):
        bucket = next(bucket for most, bucket in BUCKETS if pair.count <= most)
        bearers[bucket] += pair.count
        right[bucket] += pair.count * (text == pair.katakana)
    by_bearers = {bucket: right[bucket] / bearers[bucket] for _, bucket in BUCKETS if bearers[bucket]}
    return {"borne": right.total() / bearers.total(), "by_bearers": by_bearers}


def render(values: Mapping[str, Any]) -> str:
    """Return the Markdown table, a side a row."""
    buckets = [bucket for _, bucket in BUCKETS]
    rows = []
    for side, found in values["sides"].items():
        shares = [found.get("well_known"), found.get("borne"), *map(found.get("by_bearers", {}).get, buckets)]
        rows.append((side, *("" if share is None else f"{share:.3f}" for share in shares)))
    what = (
        f"{values['well_known_names']} well-known names of `{values['names']['file']}`; and all bearers of the names\n"
        f"in `{values['bearers']['file']}`, then of names borne by so many. The table has most of these."
    )
    figures = table(("side", "well-known names", "bearers", *buckets), rows)
    return page("Well-known names, and names as they are borne", what, origin(values["head"]), figures)


if __name__ == "__main__":
    main()
