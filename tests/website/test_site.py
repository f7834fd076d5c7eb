"""The site, built and looked at by Chromium: search, both languages, the page without a server, and no other host."""

import importlib.util
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browsers import CHROMIUM, browsing, visiting
from website.build import build

ROOT = Path(__file__).parent.parent.parent
ENGINE = ROOT / "examples" / "browser" / "node_modules" / "onnxruntime-web" / "dist"
pytestmark = pytest.mark.skipif(
    CHROMIUM is None or not ENGINE.is_dir() or importlib.util.find_spec("zensical") is None,
    reason="the page was not tested: the site needs zensical, chromium, and npm install in examples/browser",
)


class Quiet(SimpleHTTPRequestHandler):
    """A server of static files that says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        """Say nothing."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(build(ROOT))))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join(30)
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


def found(page: Page, query: str) -> list[str]:
    """Return where the results of a search lead, from the first."""
    page.get_by_role("button", name="Search").first.click()
    page.get_by_role("combobox", name="Search").fill(query)
    results = page.get_by_role("option")
    expect(results.first).to_be_visible()
    return [result.get_attribute("href") or "" for result in results.all()]


@pytest.mark.parametrize(
    ("query", "place"),
    [("own spelling", "own-spelling"), ("--least-probability", "docs/"), ("カタカナ", "README.ja/")],
)
def test_the_search_finds(url: str, browser: Browser, query: str, place: str) -> None:
    with visiting(browser, url) as page:
        assert any(place in address for address in found(page, query))


def test_the_home_page_is_the_readme_with_its_picture(url: str, browser: Browser) -> None:
    with visiting(browser, url) as page:
        expect(page.get_by_role("heading", level=1)).to_contain_text("hayakana")
        picture = page.get_by_role("img", name="The page of hayakana serve")
        assert picture.evaluate("picture => picture.complete && picture.naturalWidth > 0")


@pytest.mark.parametrize(
    "address", ["docs/api/", "docs/options/", "docs/names/", "README.ja/", "runtime/hayakana/engine/team-py/"]
)
def test_a_page_asks_no_other_host(url: str, browser: Browser, address: str) -> None:
    with visiting(browser, url + address) as page:
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_reference_shows_defaults_as_values(url: str, browser: Browser) -> None:
    with visiting(browser, f"{url}docs/api/") as page:
        expect(page.locator("#hayakana\\.Transliterator").first).to_be_visible()
        text = page.locator("article").inner_text()
    assert 'device: Device = "cpu"' in text
    assert 'kind: Kind = "person"' in text
    assert "= Options." not in text


def test_the_page_without_a_server_writes_katakana(url: str, browser: Browser) -> None:
    with visiting(browser, f"{url}demo/index.html") as page:
        expect(page.locator("#results")).to_contain_text("ピーター・パーカー")


def test_colours_are_dark_where_the_system_is(url: str, browser: Browser) -> None:
    with visiting(browser, url, color_scheme="dark") as page:
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
