"""A result as Markdown, a table a part: what a run prints, and what stands beside its JSON."""

from collections.abc import Mapping
from typing import Any

from benchmarks.figures import figures, number
from benchmarks.particulars import particulars
from benchmarks.peer_table import peer_table


def report(result: Mapping[str, Any]) -> str:
    """Return the Markdown of a result file's content: settings, every figure, what did not run, strings that differ."""
    machine = result["machine"]
    versions = ", ".join(f"{package} {version}" for package, version in machine["versions"].items())
    lines = [
        f"# Benchmarks{' (--quick: not to be quoted)' if result['quick'] else ''}",
        "",
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']}, Python"
        f" {machine['python']}; {versions}. Median, and smallest to largest of all repetitions.",
    ]
    for name, values in result["parts"].items():
        lines += ["", *_part(name, values)]
    return "\n".join(lines) + "\n"


def _part(name: str, values: Mapping[str, Any]) -> list[str]:
    if "not_run" in values:
        return [f"## {name}", "", f"Not run: {values['not_run']}."]
    lines = [f"## {name}", "", *_clock(values), ""]
    lines += [
        *(f"- {line}" for line in particulars(values)),
        "",
        "| figure | median | range | runs |",
        "|---|--:|--:|--:|",
    ]
    for path, figure in figures(values):
        spread = f"{number(figure['min'])} – {number(figure['max'])}"
        label = " · ".join(part.replace("_", " ") for part in path)
        lines.append(f"| {label} | {number(figure['median'])} | {spread} | {len(figure['all'])} |")
    if name == "peers":
        lines += ["", *peer_table(values)]
    return [*lines, *_differences(values)]


def _clock(values: Mapping[str, Any]) -> list[str]:
    inside = values["inside_the_clock"]
    if isinstance(inside, Mapping):
        inside = "; ".join(f"{figure}: {what}" for figure, what in inside.items())
    return [f"Inside the clock: {inside}."]


def _differences(values: Mapping[str, Any]) -> list[str]:
    """Say how many strings of each side differ, where a part compared them."""
    if "differing_strings" not in values:
        return []
    lines = ["", "Strings that differ from the reference side's:", ""]
    for side, found in values["differing_strings"].items():
        examples = ", ".join(f"{row['name']}: {row['found']} for {row['hayakana']}" for row in found["examples"])
        lines.append(f"- {side}: {found['differing']} of {found['compared']}{f' ({examples})' if examples else ''}")
    return lines
