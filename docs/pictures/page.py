"""Take the pictures of the page, page-light.png, page-dark.png and so on: ``python -m docs.pictures.page [FOLDER]``.

Needs Chromium, and the fonts that the pictures have: ``apt-get install chromium fonts-noto-core fonts-noto-cjk``.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from tests.browsers import browsing, visiting
from tests.services import serving

FOLDER = Path(__file__).parent
TABLE = "id,name,born\n001,Peter Parker,1962\n002,Rosa Montalvino,\n003,2Pac,1971\n004,山田 太郎,1980\n"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture: the names that are typed, the place of the name whose Kana is pointed at, how the browser is set."""

    names: tuple[str, ...]
    hovered: int
    kana: int
    of_table: bool = False
    """Whether the picture is that of the part for tables, after one was answered."""
    browser: Mapping[str, Any] = field(default_factory=dict)


PICTURES = {
    "page-light": Picture(
        names=("Peter Parker", "Rosa Montalvino"),
        hovered=1,
        kana=8,
        browser={"viewport": {"width": 1120, "height": 860}, "device_scale_factor": 1.5},
    ),
    "page-ja": Picture(
        names=("Peter Parker", "Rosa Montalvino"),
        hovered=1,
        kana=8,
        browser={"viewport": {"width": 1120, "height": 860}, "locale": "ja", "device_scale_factor": 1.5},
    ),
    "page-table": Picture(
        names=("Rosa Montalvino",),
        hovered=0,
        kana=8,
        of_table=True,
        browser={"viewport": {"width": 1120, "height": 860}, "device_scale_factor": 1.5},
    ),
    "page-dark": Picture(
        names=("Bilbo Baggins", "Xylophonia Brześć", "2Pac", "J. R. R. Tolkien"),
        hovered=0,
        kana=6,
        browser={"viewport": {"width": 1120, "height": 800}, "color_scheme": "dark", "device_scale_factor": 1.5},
    ),
    "page-phone": Picture(
        names=("Rosa Montalvino",),
        hovered=0,
        kana=8,
        browser={"viewport": {"width": 360, "height": 780}, "locale": "ja", "device_scale_factor": 2},
    ),
}


def take(page: Page, picture: Picture, path: Path) -> None:
    """Take ``picture`` of ``page``."""
    page.fill("#names", "\n".join(picture.names))
    expect(page.locator(".name")).to_have_text(picture.names)
    card = page.locator(".card").nth(picture.hovered)
    if not card.locator(".details").is_visible():
        card.locator(".toggle").click()
    if picture.of_table:
        page.set_input_files("#file", {"name": "people.csv", "mimeType": "text/csv", "buffer": TABLE.encode()})
        page.click("#start")
        expect(page.locator("#download")).to_be_visible()
        page.locator("#tables").screenshot(path=path)
        return
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    card.locator(f".katakana [data-kana='{picture.kana}']").hover()
    page.screenshot(path=path)


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    with (
        serving("--model", "default", "--model", "fast", "--least-probability", "0.09") as service,
        browsing() as browser,
    ):
        for name, picture in PICTURES.items():
            with visiting(browser, service.url, **picture.browser) as page:
                take(page, picture, folder / f"{name}.png")


if __name__ == "__main__":
    main()
