"""What people see first: well-known names, and names as they are borne, with and without the table of known names.

python -m benchmarks.studies.well_known names.tsv bearers.tsv [--output well_known.json]

A line of the first file is a name and its accepted Katakana, with ``|`` between them; of the second a name, its
Katakana, and how many people bear it. Peers read the words of a name one by one, in small letters and without marks.
A text counts as right if it is one of the accepted, ・ and ＝ left out. Most names of the second file are in a table by
construction: the figures of names as borne say what users get, not what a model has learned.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness.child import Child, last_core
from benchmarks.harness.record import RESULTS, describe_file, head, origin, write
from benchmarks.suite.peers import NEURAL
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
                answer = _answer_of(transliterator)
                sides[f"{model}{', known names' if known_names else ''}"] = _figures(answer, references, pairs)
    for peer in NEURAL:
        with Child("benchmarks.sides.peers:open_peer", peer, core=last_core()) as child:
            sides[peer] = _figures(_answer_of_peer(child), references, ())
    values = {
        "head": head(models),
        "names": describe_file(arguments.names),
        "bearers": describe_file(arguments.bearers),
        "well_known_names": len(references),
        "sides": sides,
    }
    write(arguments.output, values, render(values))
    print(render(values), end="")


def _answer_of(transliterator: Transliterator) -> Answer:
    return lambda names: transliterator.transliterate(names, on_error="empty")


def _answer_of_peer(child: Child) -> Answer:
    alphabet = set(child({})["alphabet"])

    def answer(names: Sequence[str]) -> list[str]:
        parts = [[plain_form(part) for part in canonical_name(name).parts] for name in names]
        read = sorted({part for of_name in parts for part in of_name if alphabet.issuperset(part)})
        texts = dict(zip(read, child({"names": read})["texts"], strict=True))
        return ["・".join(texts.get(part) or "?" for part in of_name) for of_name in parts]

    return answer


def _figures(answer: Answer, references: Mapping[str, str], pairs: Sequence[Pair]) -> dict[str, Any]:
    texts = answer(list(references))
    right = [_is_right(text, accepted) for text, accepted in zip(texts, references.values(), strict=True)]
    figures: dict[str, Any] = {"well_known": sum(right) / len(right)}
    if pairs:
        figures["borne"], figures["by_bearers"] = _of_bearers(answer([pair.name for pair in pairs]), pairs)
    return figures


def _is_right(text: str, accepted: str) -> bool:
    return _joined(text) in map(_joined, accepted.split("|"))


def _joined(text: str) -> str:
    return re.sub("[・＝]", "", text)


def _of_bearers(texts: Sequence[str], pairs: Sequence[Pair]) -> tuple[float, dict[str, float]]:
    """Return the share of bearers whose name is right, of all and by how many bear it."""
    bearers, right = defaultdict[str, float](float), defaultdict[str, float](float)
    for text, pair in zip(texts, pairs, strict=True):
        bucket = next(name for most, name in BUCKETS if pair.count <= most)
        bearers[bucket] += pair.count
        right[bucket] += pair.count * (text == pair.katakana)
    return sum(right.values()) / sum(bearers.values()), {
        name: right[name] / bearers[name] for _, name in BUCKETS if bearers[name]
    }


def render(values: Mapping[str, Any]) -> str:
    """Return the Markdown table, a side a row."""
    names = [name for _, name in BUCKETS]
    lines = [
        "# Well-known names, and names as they are borne",
        "",
        f"{values['well_known_names']} well-known names of `{values['names']['file']}`; and all bearers of the names",
        f"in `{values['bearers']['file']}`, then of names borne by so many. The table has most of these.",
        *("", origin(values["head"]), ""),
        f"| side | well-known names | bearers | {' | '.join(names)} |",
        "|---|--:|--:|" + "--:|" * len(names),
    ]
    for side, found in values["sides"].items():
        by_bearers = found.get("by_bearers", {})
        cells = [f"{found[key]:.3f}" if key in found else "" for key in ("well_known", "borne")]
        cells += [f"{by_bearers[name]:.3f}" if name in by_bearers else "" for name in names]
        lines.append(f"| {side} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
