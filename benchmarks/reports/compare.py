"""Compare two results of the suite by figure: ``python -m benchmarks.reports.compare BEFORE.json AFTER.json``."""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.harness.record import read, table
from benchmarks.harness.rounds import figures, number
from benchmarks.reports.report import label


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return a Markdown table, a row for every figure that both results have, in the order of ``before``.

    The ratio is that of the medians, after over before. Where ranges overlap, the difference may be chance.
    """
    of_after, rows = dict(figures(after["sections"])), []
    for path, old in figures(before["sections"]):
        if new := of_after.get(path):
            same = new["median"] == old["median"]
            ratio = 1.0 if same else new["median"] / old["median"] if old["median"] else float("inf")
            overlap = old["min"] <= new["max"] and new["min"] <= old["max"]
            sides = [f"{number(side['median'])} ({number(side['min'])} – {number(side['max'])})" for side in (old, new)]
            rows.append((label(path), *sides, f"{ratio:.3f}", "overlap" if overlap else "apart"))
    return table(("figure", "before", "after", "ratio", "ranges"), rows)


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


def main() -> None:
    """Print the differences of two result files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reports.compare", description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    arguments = parser.parse_args()
    before, after = read(arguments.before), read(arguments.after)
    for warning in warnings(before, after):
        print(f"! {warning}")
    print(compare(before, after), end="")


if __name__ == "__main__":
    main()
