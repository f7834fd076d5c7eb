"""Speed of hayakana and its peers beside what their answers are worth, a side a row."""

from collections.abc import Mapping
from typing import Any

from benchmarks.figures import number


def peer_table(values: Mapping[str, Any]) -> list[str]:
    """Return the Markdown lines of what the part ``peers`` measured."""
    lines = ["| side | names per second | exact match | share answered |", "|---|--:|--:|--:|"]
    for side, rate in values["names_per_second"].items():
        # "hayakana seed, a list" and "hayakana seed, one name at a time" give the same answers.
        answers = side.split(",")[0]
        quality = values["quality"]
        exact = f"{quality[answers]['exact_match']:.3f}" if isinstance(quality, Mapping) else quality
        share = f"{values['share_answered'][answers]:.3f}"
        lines.append(f"| {side} | {number(rate['median'])} | {exact} | {share} |")
    return lines
