"""Compare two results of the suite by figure: ``python -m benchmarks.reports.compare BEFORE.json AFTER.json``."""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness.record import read, table
from benchmarks.harness.rounds import figures, number


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
    of_after = dict(figures(after["sections"]))
    return [
        Comparison(path, figure, of_after[path]) for path, figure in figures(before["sections"]) if path in of_after
    ]


def warnings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything but the figures in which the two results differ."""
    if before["quick"] != after["quick"]:
        yield "one of the two is a --quick run"
    for section in sorted(before["sections"].keys() & after["sections"].keys()):
        old, new = before["sections"][section], after["sections"][section]
        heads = [
            {**head["machine"], **head["versions"], "models": head["models"], "commit": head.get("commit")}
            for head in (old["head"], new["head"])
        ]
        for key in {**heads[0], **heads[1]}:
            values = [head.get(key) for head in heads]
            if values[0] != values[1]:
                yield f"{section}: {key} differs" + ("" if key == "models" else f": {values[0]} and {values[1]}")
        yield from (f"{section}: {key} differ" for key in ("data", "settings") if old.get(key) != new.get(key))


def render(comparisons: list[Comparison]) -> str:
    """Return a Markdown table, a figure a row."""
    rows = []
    for found in comparisons:
        label = " · ".join(step.replace("_", " ") for step in found.path)
        sides = [
            f"{number(side['median'])} ({number(side['min'])} – {number(side['max'])})"
            for side in (found.before, found.after)
        ]
        rows.append((label, *sides, f"{found.ratio:.3f}", "overlap" if found.overlaps else "apart"))
    return table(("figure", "before", "after", "ratio", "ranges"), rows)


def main() -> None:
    """Print the differences of two result files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reports.compare", description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    arguments = parser.parse_args()
    before, after = read(arguments.before), read(arguments.after)
    for warning in warnings(before, after):
        print(f"! {warning}")
    print(render(compare(before, after)), end="")


if __name__ == "__main__":
    main()
