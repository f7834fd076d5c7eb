import errno
from pathlib import Path
from typing import IO

import pytest
from matplotlib import image
from matplotlib.figure import Figure

from hayakana import PictureError, Transliterator
from hayakana.alignment.pictures import draw, save


def test_a_panel_a_name_with_its_letters_and_kana(tiny: Transliterator) -> None:
    figure = draw([tiny.explain(name) for name in ("Mori", "Kato Sato", "shin'a")])
    *panels, bar = figure.axes
    assert [panel.get_title(loc="left") for panel in panels] == [
        "Mori → モリ",
        "Kato Sato → カト・サト",
        "shin'a → シンア",
    ]
    assert [label.get_text() for label in panels[1].get_xticklabels()] == list("Kato␣Sato")
    assert [label.get_text() for label in panels[1].get_yticklabels()] == list("カト・サト")
    assert bar.get_ylabel() == "attention weight"


def test_cells_are_equal_and_panels_apart(tiny: Transliterator) -> None:
    figure = draw([tiny.explain(name) for name in ("Mori", "Kato Sato Mori Tanaka", "a", "ketsu ketsu")])
    figure.canvas.draw()
    *panels, _ = figure.axes
    boxes = [panel.get_window_extent() for panel in panels]
    sizes = {round(box.width / len(panel.get_xticks())) for box, panel in zip(boxes, panels, strict=True)}
    assert len(sizes) == 1
    tight = [panel.get_tightbbox() for panel in panels]
    for index, box in enumerate(tight):
        assert figure.bbox.containsx(box.x0)
        assert figure.bbox.containsy(box.y0)
        assert not any(box.overlaps(other) for other in tight[index + 1 :])


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_pictures_have_glyphs_for_katakana(tiny: Transliterator, tmp_path: Path, suffix: str) -> None:
    # A glyph that no font has makes matplotlib warn, and warnings are errors here.
    path = tmp_path / f"picture{suffix}"
    save([tiny.explain("Mori Kato-Sato")], path)
    assert path.stat().st_size > 5_000
    if suffix == ".png":
        assert image.imread(path).min() < 0.5
    if suffix == ".svg":
        assert path.read_text(encoding="utf-8").startswith("<?xml")


def test_the_suffix_is_checked(tiny: Transliterator, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"ends in \.png, \.svg, \.pdf"):
        save([tiny.explain("Mori")], tmp_path / "picture.bmp")


def test_a_failure_leaves_the_old_picture(
    tiny: Transliterator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "picture.png").write_text("before", encoding="utf-8")

    def fail(_: Figure, file: IO[bytes], **__: object) -> None:
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", fail)
    with pytest.raises(OSError, match=r"No space left on device: .*picture\.png"):
        save([tiny.explain("Mori")], tmp_path / "picture.png")
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["before"]


def test_a_picture_has_bounds(tiny: Transliterator) -> None:
    with pytest.raises(PictureError, match="too much for one picture"):
        draw([tiny.explain(" ".join(["mori"] * 700))])


def test_dollars_are_no_formula(tiny_folder: Path, tmp_path: Path) -> None:
    with Transliterator(tiny_folder, separator="$\\frac$") as transliterator:
        save([transliterator.explain("Mori Kato Mori")], tmp_path / "picture.png")


def test_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="no alignment"):
        draw([])
