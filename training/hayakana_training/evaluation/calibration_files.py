"""The calibration of a model as it stands in its folder: in the manifest, in the card, and as a plot."""

import contextlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from matplotlib.figure import Figure

from hayakana.model.folder import load_model
from hayakana.model.manifest import MANIFEST, MODEL_CARD
from hayakana.system.files import atomic_file
from hayakana_training.evaluation.calibration_fit import BINS, Bin, Measured
from hayakana_training.export.folder_files import file_entries, manifest_bytes, with_section

KEY = "calibration"
"""Of the manifest; a model without it gives the probabilities of its own characters."""
PLOT = Path("training") / "calibration.png"


@contextlib.contextmanager
def without_calibration(folder: Path) -> Iterator[Path]:
    """Give a copy of the model in ``folder`` without calibration in its manifest, as the model was exported."""
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    values.pop(KEY, None)
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for file in values["files"]:
            shutil.copyfile(folder / file, copy / file)
        (copy / MANIFEST).write_bytes(manifest_bytes(values))
        yield copy


def write_calibration(folder: Path, measured: Measured, *, data: str) -> None:
    """Write plot, card and manifest, and check that the model loads with them."""
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    card = with_section((folder / MODEL_CARD).read_text(encoding="utf-8"), render_section(measured, data=data)).encode()
    values[KEY] = _entry(measured, data=data)
    values["files"] |= file_entries({MODEL_CARD: card})
    plot = io.BytesIO()
    draw_reliability(measured.before, measured.after, plot)
    (folder / PLOT).parent.mkdir(exist_ok=True)
    with atomic_file(folder / PLOT) as file:
        file.write(plot.getvalue())
    # Both are on the disk before either takes its place: a card that the manifest does not know does not load.
    with atomic_file(folder / MODEL_CARD) as card_file, atomic_file(folder / MANIFEST) as manifest_file:
        card_file.write(card)
        card_file.flush()
        os.fsync(card_file.fileno())
        manifest_file.write(manifest_bytes(values))
    load_model(folder)


def _entry(measured: Measured, *, data: str) -> dict[str, Any]:
    return {
        "slope": round(measured.fit.slope, 6),
        "intercept": round(measured.fit.intercept, 6),
        "expected_calibration_error": round(measured.error_after, 5),
        "names": measured.names,
        "data": data,
    }


_SECTION = """\
## How sure it is

The probability of a unit is calibrated on {names:,} names of `{data}`, {right:.1%} of which it gets right:
{formula}, where p is the product of the probabilities of its characters.
Expected calibration error, {bins} bins of as many names: {before:.4f} before, {after:.4f} after, on names that
the fit had not seen, each half by the fit of the other (`{plot}`).
The same curve is applied to candidates; their error after it, by rank: {candidates}.

| least sure names, sent to a person | right among them | share of all errors | right among the others |
|--:|--:|--:|--:|
{rows}
"""


def render_section(measured: Measured, *, data: str) -> str:
    """Return the card's section."""
    shares = [(n.share, n.exact_match, n.share_of_errors, n.exact_match_of_surer) for n in measured.least_sure]
    rows = "\n".join(f"| {a:.0%} | {b:.1%} | {c:.1%} | {d:.1%} |" for a, b, c, d in shares)
    return _SECTION.format(
        names=measured.names,
        data=data,
        right=measured.exact_match,
        formula=f"sigmoid({measured.fit.slope:.3f} · logit(p) {measured.fit.intercept:+.3f})",
        bins=BINS,
        before=measured.error_before,
        after=measured.error_after,
        candidates=in_words(measured.candidate_errors),
        plot=PLOT.as_posix(),
        rows=rows,
    )


def in_words(errors: Sequence[float]) -> str:
    """Return the errors of the ranks, the first rank first, separated by commas."""
    return ", ".join(f"{error:.4f}" for error in errors) or "none"


def draw_reliability(before: Sequence[Bin], after: Sequence[Bin], file: IO[bytes]) -> None:
    """Draw the share of right answers by probability, before and after calibration; on the diagonal they are equal."""
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="tab:gray", linewidth=1, linestyle="--")
    for bins, label, color in ((before, "as the model gives them", "tab:orange"), (after, "calibrated", "tab:blue")):
        points = [bin_.mean_probability for bin_ in bins], [bin_.share_right for bin_ in bins]
        axes.plot(*points, color=color, marker="o", markersize=4, label=label)
    axes.set(xlabel="probability", ylabel="share of right answers", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.legend(loc="upper left")
    figure.savefig(file, dpi=120, format="png", metadata={"Software": None})
