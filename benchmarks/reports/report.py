"""A result as Markdown, a table a section: what a run prints, and what stands beside its JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.harness.record import origin, page, table
from benchmarks.harness.rounds import SUMMARY, figures, number

ELSEWHERE = frozenset({"head", "differing_strings", "inside_the_clock", "texts_sha256"})
"""Keys that a report shows in another place, or that only programs read."""
BY_KERNEL = "sgemm_gflop_per_second_by_kernel_and_size"
LONGEST = 12
"""Most values of a list that is shown."""


def report(result: Mapping[str, Any]) -> str:
    """Return the Markdown of a result file's content: settings, every figure, what did not run, strings that differ."""
    paragraphs = []
    for section in list(result["sections"].values())[:1]:  # All are of one machine and of the same versions.
        machine = section["head"]["machine"]
        versions = ", ".join(f"{package} {version}" for package, version in section["head"]["versions"].items())
        paragraphs.append(
            f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']},"
            f" Python {machine['python']}; {versions}. Median, and smallest to largest of all repetitions."
        )
    for name, values in result["sections"].items():
        paragraphs += [f"## {name}", *_section(values)]
    return page(f"Benchmarks{' (--quick: not to be quoted)' if result['quick'] else ''}", *paragraphs)


def _section(values: Mapping[str, Any]) -> list[str]:
    """Return the paragraphs of a section."""
    if "not_run" in values:
        return [f"Not run: {values['not_run']}."]
    inside = values["inside_the_clock"]
    if isinstance(inside, Mapping):
        inside = "; ".join(f"{figure}: {what}" for figure, what in inside.items())
    rows = []
    for path, figure in figures(values):
        spread = f"{number(figure['min'])} – {number(figure['max'])}"
        rows.append((label(path), number(figure["median"]), spread, str(len(figure["all"]))))
    return [
        f"Inside the clock: {inside}. {origin(values['head'])}",
        "\n".join(f"- {line}" for line in particulars(values)),
        table(("figure", "median", "range", "runs"), rows),
        *_peers(values),
        *_differences(values),
    ]


def label(path: tuple[str, ...]) -> str:
    """Return the path to a figure as people read it."""
    return " · ".join(step.replace("_", " ") for step in path)


def _peers(values: Mapping[str, Any]) -> list[str]:
    """Return speed beside what the answers are worth, a side a row, where a section measured both."""
    if "share_answered" not in values:
        return []
    rows = []
    for side, rate in values["names_per_second"].items():
        # "hayakana seed, a list" and "hayakana seed, one name at a time" give the same answers.
        answers, quality = side.split(",")[0], values["quality"]
        exact = f"{quality[answers]['exact_match']:.3f}" if isinstance(quality, Mapping) else quality
        rows.append((side, number(rate["median"]), exact, f"{values['share_answered'][answers]:.3f}"))
    return [table(("side", "names per second", "exact match", "share answered"), rows)]


def _differences(values: Mapping[str, Any]) -> list[str]:
    """Say how many strings of each side differ, where a section compared them."""
    if "differing_strings" not in values:
        return []
    lines = []
    for side, found in values["differing_strings"].items():
        examples = ", ".join(f"{row['name']}: {row['found']} for {row['hayakana']}" for row in found["examples"])
        lines.append(f"- {side}: {found['differing']} of {found['compared']}{f' ({examples})' if examples else ''}")
    return ["Strings that differ from the reference side's:", "\n".join(lines)]


def particulars(values: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield a line for every mapping in the tree that holds plain values, after the path that leads to it."""
    plain = {key: _plain(value) for key, value in values.items() if key not in ELSEWHERE and _is_plain(value)}
    if plain:
        yield f"{label(path) or 'this section'}: " + "; ".join(
            f"{key.replace('_', ' ')} = {text}" for key, text in plain.items()
        )
    for key, value in values.items():
        if key == BY_KERNEL:
            best = {kernel: max(sizes.items(), key=lambda item: item[1]) for kernel, sizes in value.items()}
            yield "sgemm gflop per second, best size of each kernel: " + "; ".join(
                f"{kernel} = {number(rate)} at {size}" for kernel, (size, rate) in best.items()
            )
        elif isinstance(value, Mapping) and key not in ELSEWHERE and not value.keys() >= SUMMARY:
            yield from particulars(value, (*path, key))


def _is_plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return len(value) <= LONGEST and not any(isinstance(item, Mapping | list) for item in value)
    return not isinstance(value, Mapping)


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, int):
        return f"{value:,}"
    return number(value) if isinstance(value, float) else str(value)
