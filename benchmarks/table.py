"""Print README's table from the committed results and the manifests, so that no number is typed by hand.

python -m benchmarks.table
"""

import json

from benchmarks.record import RESULTS
from hayakana.model_files import bundled_models, load_model

MODELS = ("default", "seed")


def table() -> str:
    """Return the Markdown."""
    quality, speed, footprint = (_read(name) for name in ("quality", "throughput", "footprint"))
    manifests = {model: load_model(bundled_models()[model]).manifest for model in MODELS}
    sides = speed["sides"]

    def parity(model: str) -> str:
        stated = manifests[model].parity
        return f"{stated['differing_strings']} differ, logits within {stated['largest_logit_difference']:.1e}"

    def cold(model: str) -> str:
        first, memory = (footprint[model][key]["median"] for key in ("first_name_s", "peak_resident_mib"))
        return f"{first:.2f} s; {memory:.0f} MiB"

    exact = "exact match on {:,} rare names never trained on ([evaluate](docs/training.md#evaluate))"
    rows = [
        ("reads", ["a part at a time", "whole names"]),
        ("weights", [f"{manifests[model].training['weights']:,}" for model in MODELS]),
        (exact.format(quality["default"]["names"]), [f"**{quality[model]['exact_match']:.3f}**" for model in MODELS]),
        (
            "mean F-score; character error rate",
            [f"{quality[model]['mean_f_score']:.3f}; {quality[model]['character_error_rate']:.3f}" for model in MODELS],
        ),
        ("strings and logits against Keras, 6,000 names", [parity(model) for model in MODELS]),
        (
            "names a second, distinct parts in a list, one thread",
            [f"{sides[f'hayakana {model}, a list']['names_per_second']['median']:,.0f}" for model in MODELS],
        ),
        (
            "the Keras loop it replaces, same weights: one name at a time; batches of 1,024",
            ["", "; ".join(_rate(sides, side) for side in NAIVE)],
        ),
        ("process start to first name; peak memory", [cold(model) for model in MODELS]),
        ("licence", [manifests[model].licence for model in MODELS]),
    ]
    header = f"| | {' | '.join(f'`{model}`' for model in MODELS)} |\n|---|---|---|\n"
    return header + "".join(f"| {label} | {' | '.join(cells)} |\n" for label, cells in rows)


NAIVE = ("Keras, the article's loop, one name at a time", "Keras, the article's loop, 1,024 at a time")


def _rate(sides: dict, side: str) -> str:
    return f"{sides[side]['names_per_second']['median']:,.1f}"


def _read(name: str) -> dict:
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    print(table(), end="")
