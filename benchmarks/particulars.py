"""What a part of a result says beside its figures: settings, data, shares, sizes; a line each."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.figures import SUMMARY, number

ELSEWHERE = frozenset({"models", "differing_strings", "inside_the_clock", "edges_ms", "counts", "texts_sha256"})
"""Keys that a report shows in another place, or that only programs read."""
BY_KERNEL = "sgemm_gflop_per_second_by_kernel_and_size"
LONGEST = 12
"""Most values of a list that is shown."""


def particulars(values: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield a line for every mapping in the tree that holds plain values, after the path that leads to it."""
    plain = {key: _plain(value) for key, value in values.items() if key not in ELSEWHERE and _is_plain(value)}
    if plain:
        label = " · ".join(part.replace("_", " ") for part in path) or "this part"
        yield f"{label}: " + "; ".join(f"{key.replace('_', ' ')} = {text}" for key, text in plain.items())
    for key, value in values.items():
        if key == BY_KERNEL:
            yield _fastest(value)
        elif isinstance(value, Mapping) and key not in ELSEWHERE and not value.keys() >= SUMMARY:
            yield from particulars(value, (*path, key))


def _fastest(by_kernel: Mapping[str, Mapping[str, float]]) -> str:
    """Return each kernel's best size."""
    best = {kernel: max(sizes.items(), key=lambda item: item[1]) for kernel, sizes in by_kernel.items()}
    return "sgemm gflop per second, best size of each kernel: " + "; ".join(
        f"{kernel} = {number(rate)} at {size}" for kernel, (size, rate) in best.items()
    )


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
