"""Compare two result files, figure by figure: ``python -m benchmarks.compare BEFORE.json AFTER.json``."""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import figures, number
from benchmarks.record import read_json


@dataclass(frozen=True)
class Comparison:
    """One figure in two results; ``ratio`` is after over before, of the medians."""

    path: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def ratio(self) -> float:
        """After over before; where before is zero, 1 if after is too, else infinite."""
        before, after = self.before["median"], self.after["median"]
        if before:
            return after / before
        return 1.0 if before == after else float("inf")

    @property
    def overlaps(self) -> bool:
        """Whether some repetition of one lies within the range of the other: the difference may be chance."""
        return self.before["min"] <= self.after["max"] and self.after["min"] <= self.before["max"]


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Comparison]:
    """Return every figure that both results have, in the order of ``before``."""
    others = dict(figures(after["parts"]))
    return [Comparison(path, figure, others[path]) for path, figure in figures(before["parts"]) if path in others]


def warnings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything but the figures in which the two results differ."""
    if before["quick"] != after["quick"]:
        yield "one of the two is a --quick run"
    for key in {**before["machine"], **after["machine"]}:
        value, other = (result["machine"].get(key) for result in (before, after))
        if key == "versions":
            value, other = value or {}, other or {}
            for package in sorted({*value, *other}):
                if value.get(package) != other.get(package):
                    yield f"version of {package} differs: {value.get(package)} and {other.get(package)}"
        elif value != other:
            yield f"{key} of the machine differs: {value} and {other}"
    for part in sorted(before["parts"].keys() & after["parts"].keys()):
        for key in ("models", "data", "settings", "code_sha256"):
            if before["parts"][part].get(key) != after["parts"][part].get(key):
                yield f"{key} of {part} differ"


def render(comparisons: list[Comparison]) -> str:
    """Return a Markdown table, a figure a row."""
    lines = ["| figure | before | after | ratio | ranges |", "|---|--:|--:|--:|---|"]
    for comparison in comparisons:
        sides = [
            f"{number(side['median'])} ({number(side['min'])} – {number(side['max'])})"
            for side in (comparison.before, comparison.after)
        ]
        label = " · ".join(part.replace("_", " ") for part in comparison.path)
        apart = "overlap" if comparison.overlaps else "apart"
        lines.append(f"| {label} | {' | '.join(sides)} | {comparison.ratio:.3f} | {apart} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the differences of two result files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    arguments = parser.parse_args()
    before, after = read_json(arguments.before), read_json(arguments.after)
    for warning in warnings(before, after):
        print(f"! {warning}")
    print(render(compare(before, after)), end="")


if __name__ == "__main__":
    main()
