"""Heat maps of attention, one panel a name. Needs the ``plot`` extra."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hayakana.alignment.attention import Alignment
from hayakana.errors import PictureError, import_failure
from hayakana.system.files import atomic_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

SUFFIXES = (".png", ".svg", ".pdf")
_DPI, _LONGEST_SIDE, _MOST_PIXELS = 120, 1 << 16, 1 << 27
"""Dots an inch; what matplotlib can draw; half a gigabyte of them."""
_CELL = 0.42
"""Side in inches of one character's row or column, the same in every panel."""
_LEFT, _TOP, _GAP, _BAR = 0.7, 1.0, 0.3, 1.4
"""Inches beside a panel for its Katakana, above it for its letters and title, after it, and for the colour bar."""


def draw(alignments: Sequence[Alignment]) -> "Figure":
    """Draw ``alignments``: the source along the top, Katakana down the side, dark where the weight is near 1.

    Raises:
        MissingExtraError: matplotlib, or the package that brings a font with Katakana, is not installed.
        LoadingError: it is installed and cannot be loaded.
        PictureError: there is nothing to draw, or too much for one picture.
    """
    try:
        import matplotlib_fontja
        from matplotlib import font_manager
        from matplotlib.figure import Figure
    except ImportError as error:
        packages = ("matplotlib", "matplotlib_fontja")
        raise import_failure(error, "drawing attention", extra="plot", packages=packages) from error
    if not alignments:
        raise PictureError("no alignment to draw")
    font = matplotlib_fontja.get_font_ttf_path()
    font_manager.fontManager.addfont(font)
    # DejaVu first for Latin letters with any diacritic; the Japanese font has the rest.
    families = ["DejaVu Sans", font_manager.FontProperties(fname=font).get_name()]

    grid = math.ceil(math.sqrt(len(alignments)))
    rows = [alignments[start : start + grid] for start in range(0, len(alignments), grid)]
    width = max(sum(_LEFT + _CELL * _columns(alignment) + _GAP for alignment in row) for row in rows) + _BAR
    heights = [_TOP + _CELL * max(len(alignment.target) for alignment in row) + _GAP for row in rows]
    height = sum(heights)
    if max(width, height) * _DPI > _LONGEST_SIDE or width * height * _DPI**2 > _MOST_PIXELS:
        raise PictureError(f"{len(alignments)} names are too much for one picture: draw fewer, or shorter ones")
    figure = Figure(figsize=(width, height))
    top = height
    for row, row_height in zip(rows, heights, strict=True):
        left = 0.0
        for alignment in row:
            panel_width, panel_height = _CELL * len(alignment.source), _CELL * len(alignment.target)
            bottom = top - _TOP - panel_height
            panel = figure.add_axes(
                ((left + _LEFT) / width, bottom / height, panel_width / width, panel_height / height)
            )
            image = _draw_panel(panel, alignment, families)
            left += _LEFT + _CELL * _columns(alignment) + _GAP
        top -= row_height
    bar = figure.add_axes(((width - _BAR + 0.3) / width, 0.25, 0.15 / width, 0.5))
    figure.colorbar(image, cax=bar, label="attention weight")
    return figure


def save(alignments: Sequence[Alignment], path: Path) -> None:
    """Draw ``alignments`` into ``path``; the suffix chooses the format (``SUFFIXES``).

    Raises:
        PictureError: the suffix is none of them, or there is nothing to draw, or too much.
        OSError: the file cannot be written; one that was there stays.
    """
    if path.suffix not in SUFFIXES:
        raise PictureError(f"{path}: a picture ends in {', '.join(SUFFIXES)}")
    figure = draw(alignments)
    with atomic_file(path) as file:
        figure.savefig(file, format=path.suffix.removeprefix("."), dpi=_DPI)


def _columns(alignment: Alignment) -> float:
    """Columns that a panel takes: no fewer than its title needs."""
    return max(len(alignment.source), 0.26 * len(alignment.name) + 0.45 * len(alignment.target) + 1)


def _draw_panel(panel: "Axes", alignment: Alignment, families: list[str]) -> "AxesImage":
    image = panel.imshow(alignment.weights, cmap="Blues", vmin=0, vmax=1, aspect="equal")
    # A space would be an empty label.
    source = ["␣" if character == " " else character for character in alignment.source]
    # A dollar sign in a name is no formula.
    plain: dict[str, Any] = {"fontfamily": families, "fontsize": 13, "parse_math": False}
    panel.set_xticks(range(len(source)), source, **plain)
    panel.set_yticks(range(len(alignment.target)), alignment.target, **plain)
    panel.xaxis.tick_top()
    panel.tick_params(length=0)
    panel.set_title(f"{alignment.name} → {alignment.text}", **plain, pad=12, loc="left")
    panel.set_xticks([edge - 0.5 for edge in range(1, len(source))], minor=True)
    panel.set_yticks([edge - 0.5 for edge in range(1, len(alignment.target))], minor=True)
    panel.grid(which="minor", color="white", linewidth=1)
    return image
