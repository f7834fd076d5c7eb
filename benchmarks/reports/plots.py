"""Plots of a result of the suite, PNG and SVG: ``python -m benchmarks.reports.plots [RESULT.json FOLDER]``."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.harness.record import PICTURES, SUITE, read

Draw = Callable[[Any, Mapping[str, Any]], None]
"""Draws the values of one result on the axes."""

_STABLE = {"svg.hashsalt": "hayakana", "font.size": 10}
"""With it, the same figures give the same file."""


def draw(sections: Mapping[str, Mapping[str, Any]], folder: Path) -> list[Path]:
    """Write the plots of the sections that ran, and return their paths."""
    return [
        path
        for name, (section, draw_on) in PLOTS.items()
        if section in sections and "not_run" not in sections[section]
        for path in write_plot(draw_on, sections[section], folder / name)
    ]


def write_plot(draw_on: Draw, values: Mapping[str, Any], path: Path, *, panels: int = 1) -> list[Path]:
    """Draw ``values``, write PATH.png and PATH.svg, and return both.

    ``draw_on`` gets the axes or, of several ``panels``, one below the other, the list of them.
    """
    with mpl.rc_context(_STABLE):
        figure = Figure(figsize=(6.4, 4 if panels == 1 else 3 * panels), layout="constrained")
        draw_on(figure.subplots(panels, sharex=True), values)
        path.parent.mkdir(parents=True, exist_ok=True)
        for suffix, metadata in (("png", None), ("svg", {"Date": None})):
            figure.savefig(path.with_suffix(f".{suffix}"), dpi=150, metadata=metadata)
    return [path.with_suffix(".png"), path.with_suffix(".svg")]


def number_of_names(axes: Any, values: Mapping[str, Any]) -> None:
    """Names a second by how many there are."""
    rates = dict(values["by_number"]["names_per_second"])
    if isinstance(values["by_number"]["ten_million"], Mapping):
        rates["10000000"] = values["by_number"]["ten_million"]["names_per_second"]
    medians = [rate["median"] for rate in rates.values()]
    below = [rate["median"] - rate["min"] for rate in rates.values()]
    above = [rate["max"] - rate["median"] for rate in rates.values()]
    counts = [int(count) for count in rates]
    axes.errorbar(counts, medians, yerr=[below, above], marker="o", markersize=4, capsize=3, label="seed")
    axes.set(xscale="log", xlabel="distinct parts", ylabel="parts a second, one worker", ylim=(0, None))


def stages(axes: Any, values: Mapping[str, Any]) -> None:
    """Share of time by stage, a bar a model."""
    models = [model for model in ("seed", "default") if model in values]
    left = [0.0] * len(models)
    for stage in values[models[0]]["percent_of_time"]:
        widths = [values[model]["percent_of_time"][stage]["median"] for model in models]
        bars = axes.barh(models, widths, left=left, label=stage, height=0.5)
        axes.bar_label(bars, fmt="%.0f %%", label_type="center")
        left = [start + width for start, width in zip(left, widths, strict=True)]
    axes.set(xlabel="percent of the time of a list, one worker")
    axes.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1))


PLOTS: dict[str, tuple[str, Draw]] = {
    "number_of_names": ("scaling", number_of_names),
    "stages": ("stages", stages),
}
"""File name → the section that it shows, and how."""


if __name__ == "__main__":
    source, target = (Path(argument) for argument in sys.argv[1:]) if sys.argv[1:] else (SUITE, PICTURES)
    for path in draw(read(source)["sections"], target):
        print(path)
