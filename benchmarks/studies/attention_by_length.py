"""What attention is worth as names grow longer: the article's argument, measured.

python -m benchmarks.studies.attention_by_length PLAIN_MODEL SEED_MODEL development.tsv [heldout_hashes]

Both models are the article's, one without attention (preset ``plain``), one with it (``seed``), trained alike. Names
are the parts of the development set and whole names composed from them, as many in each band of lengths as there are,
up to ``--names-a-band``. A whole name is right only if all its parts are, so exact match falls with length by itself;
the share of parts that are right at their place, and the character error rate, have no such reason to get worse.
"""

import argparse
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness.record import PICTURES, RESULTS, describe_file, head, origin, page, publish, table
from benchmarks.harness.samples import shuffled
from benchmarks.reports.plots import write_plot
from hayakana import Transliterator
from hayakana_training.data.pairs import KATAKANA_HYPHEN, KATAKANA_SPACE, Pair, compose_names, references_by_name
from hayakana_training.evaluation.evaluate import read_development
from hayakana_training.evaluation.metrics import score
from hayakana_training.evaluation.name_groups import band

STARTS = tuple(range(5, 42, 4))
"""Where a band of lengths begins, after the first: 1–4, 5–8, … 37–40; longer names are left out."""
COMPOSED = 100_000
"""How many names are composed for the bands to choose from: few have forty characters."""
FEWEST = 20
"""A band of fewer names says nothing."""
WITHOUT, WITH = "without attention", "with attention"


def main() -> None:
    """Measure, print a table, and write JSON, Markdown and plot."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.attention_by_length", description=__doc__)
    parser.add_argument("plain", type=Path, help="model folder without attention")
    parser.add_argument("seed", type=Path, help="model folder with attention, else the same")
    parser.add_argument("file", type=Path, help="pairs that neither was trained on")
    parser.add_argument("exclude_hashes", type=Path, nargs="?", help="names that are left out, by hash")
    parser.add_argument("--names-a-band", type=int, default=1_000)
    parser.add_argument("--output", type=Path, default=RESULTS / "attention_by_length.json")
    parser.add_argument("--picture", type=Path, default=PICTURES / "attention_by_length", help="without .png and .svg")
    arguments = parser.parse_args()
    pairs, _ = read_development(arguments.file, exclude_hashes=arguments.exclude_hashes)
    models = {WITHOUT: arguments.plain, WITH: arguments.seed}
    values = {
        "head": head(models),
        "data": describe_file(arguments.file),
        "names_left_out_by_hash": arguments.exclude_hashes is not None,
        **measure(models, pairs, names_a_band=arguments.names_a_band),
    }
    publish(arguments.output, values, render)
    write_plot(draw, values, arguments.picture, panels=3)


def measure(models: Mapping[str, Path], pairs: Sequence[Pair], *, names_a_band: int, seed: int = 1) -> dict[str, Any]:
    """Return the scores of each model in each band of name lengths, on the same names."""
    parts = references_by_name(pairs)
    whole = references_by_name(compose_names(pairs, names=COMPOSED, seed=seed))
    references = {**parts, **whole}
    drawn = sample(references, names_a_band=names_a_band, seed=seed)
    bands = {label: members for label, members in drawn.items() if len(members) >= FEWEST}
    names = [name for members in bands.values() for name in members]
    texts: dict[str, dict[str, str]] = {}
    for side, folder in models.items():
        with Transliterator(folder, known_names=False) as transliterator:
            texts[side] = dict(zip(names, transliterator.transliterate(names, on_error="empty"), strict=True))
    return {
        "settings": {"seed": seed, "names_a_band": names_a_band, "composed": COMPOSED},
        "bands": {
            label: {
                "names": len(members),
                "whole_names": sum(name not in parts for name in members),
                **{side: _scores(found, members, references) for side, found in texts.items()},
            }
            for label, members in bands.items()
        },
    }


def sample(references: Mapping[str, Sequence[str]], *, names_a_band: int, seed: int) -> dict[str, list[str]]:
    """Return band → names of such a length, drawn with ``seed``, from the shortest band to the longest."""
    bands: dict[str, list[str]] = {band(length, STARTS): [] for length in range(1, STARTS[-1])}
    for name in shuffled(list(references), seed=seed):
        members = bands.get(band(len(name), STARTS))
        if members is not None and len(members) < names_a_band:
            members.append(name)
    return {label: members for label, members in bands.items() if members}


def _scores(texts: Mapping[str, str], names: Sequence[str], references: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    found = score([texts[name] for name in names], [references[name] for name in names])
    low, high = wilson(round(found.exact_match * found.names), found.names)
    right = [parts_right(texts[name], references[name]) for name in names]
    return {
        "exact_match": found.exact_match,
        "exact_match_95": [low, high],
        "parts_right": sum(count for count, _ in right) / sum(parts for _, parts in right),
        "character_error_rate": found.character_error_rate,
    }


def parts_right(text: str, references: Sequence[str]) -> tuple[int, int]:
    """Return how many parts of ``text`` stand where the best of ``references`` has them, and how many parts it has."""
    written = re.split(f"[{KATAKANA_SPACE}{KATAKANA_HYPHEN}]", text)
    expected = [re.split(f"[{KATAKANA_SPACE}{KATAKANA_HYPHEN}]", reference) for reference in references]
    counts = [(sum(map(str.__eq__, written, parts)), len(parts)) for parts in expected]
    return max(counts, key=lambda count: count[0] / count[1])


def wilson(right: int, names: int, *, z: float = 1.96) -> tuple[float, float]:
    """Return the interval of a share that is ``right`` of ``names`` (Wilson, 1927); 95 % by default."""
    share, shrunk = right / names, 1 + z * z / names
    middle = (share + z * z / (2 * names)) / shrunk
    half = z / shrunk * math.sqrt(share * (1 - share) / names + z * z / (4 * names * names))
    return max(0.0, middle - half), min(1.0, middle + half)


def render(values: Mapping[str, Any]) -> str:
    """Return the Markdown table, a band a row."""
    sides = list(values["head"]["models"])
    figures = {"exact match": "exact_match", "parts right": "parts_right", "errors": "character_error_rate"}
    headers = [f"{figure}, {side}" for figure in figures for side in sides]
    rows = []
    for label, found in values["bands"].items():
        counts = [f"{found[key]:,}" for key in ("names", "whole_names")]
        rows.append((label, *counts, *(f"{found[side][key]:.3f}" for key in figures.values() for side in sides)))
    file = values["data"]["file"]
    what = f"Names of `{file}` and whole names composed from them. Errors: character error rate."
    figures_of_bands = table(("characters", "names", "of them whole", *headers), rows)
    return page("Attention by length of the name", what, origin(values["head"]), figures_of_bands)


def draw(axes: Any, values: Mapping[str, Any]) -> None:
    """Draw exact match with its interval, parts right and character error rate by length, a line a model."""
    upper, middle, lower = axes
    labels = list(values["bands"])
    for side in values["head"]["models"]:
        found = [values["bands"][label][side] for label in labels]
        exact, right, errors = (
            np.array([scores[key] for scores in found])
            for key in ("exact_match", "parts_right", "character_error_rate")
        )
        low, high = np.array([scores["exact_match_95"] for scores in found]).T
        line = {"marker": "o", "markersize": 4, "label": side}
        upper.errorbar(labels, exact, yerr=[exact - low, high - exact], capsize=3, **line)
        middle.plot(labels, right, **line)
        lower.plot(labels, errors, **line)
    upper.set(ylabel="exact match", ylim=(0, None))
    middle.set(ylabel="share of parts right", ylim=(0, None))
    lower.set(ylabel="character error rate", xlabel="characters of the name", ylim=(0, None))
    upper.legend()


if __name__ == "__main__":
    main()
