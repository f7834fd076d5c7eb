"""What must hold of a site that is built: links and anchors lead somewhere, and nothing is asked of another host."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "object": "data",
}
"""Elements whose address a browser asks by itself, and the attribute that has it."""
LINK_TYPES = frozenset({"canonical", "alternate", "next", "prev", "license"})
"""Of ``<link>``: those that no browser asks."""
IN_SCRIPTS = (
    "http://www.w3.org/",  # names of XML, which nobody asks
    "https://unpkg.com/",  # diagrams, galleries and editors, of which no page has any, and a part for old browsers
    "https://cdn.jsdelivr.net/pyodide/",  # Python in the page, which no page has
    "https://api.github.com/",  # this and the next: asked where repo_url is set, and it is not
    "https://gitlab.com/",
)
"""Addresses that scripts of the theme hold for what we do not use. The policy of website/theme refuses all of them."""

_ADDRESS = re.compile(r"https?://[\w.-]+[^\s\"'`)\\]*")
_IN_STYLES = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\"'\s]*")


class _Page(HTMLParser):
    """What a page of HTML has: ids, links, and addresses that are loaded."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.has_policy = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what an element has."""
        found = {name: value or "" for name, value in attrs}
        self.ids.update(found[name] for name in ("id", "name") if name in found)
        self.has_policy |= found.get("http-equiv", "").lower() == "content-security-policy"
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "link" and "href" in found and found.get("rel") not in LINK_TYPES:
            self.loaded.append(found["href"])
        if LOADED.get(tag, "") in found:
            self.loaded.append(found[LOADED[tag]])


def faults(site: Path) -> Iterator[str]:
    """Yield what is wrong with the site in the folder ``site``, a line a fault."""
    pages = {path: _Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        if not page.has_policy:
            yield f"{name}: no content security policy"
        for address in page.loaded:
            if urlsplit(address).netloc:
                yield f"{name}: asks {address}"
        if name != "404.html":  # Its addresses begin with /, as it is shown for pages in any folder.
            yield from (f"{name}: {fault}" for fault in _links(site, path, page, pages))
    for path in sorted(site.rglob("*.css")):
        for found in _IN_STYLES.findall(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(site).as_posix()}: asks {found}"
    for path in sorted([*site.rglob("assets/**/*.js"), *site.rglob("demo/page.mjs")]):
        for found in _ADDRESS.findall(path.read_text(encoding="utf-8")):
            if not found.startswith(IN_SCRIPTS):
                yield f"{path.relative_to(site).as_posix()}: has the address {found}"


def _links(site: Path, path: Path, page: _Page, pages: dict[Path, _Page]) -> Iterator[str]:
    """Yield the faults of the links and pictures of a page."""
    for address in [*page.links, *page.loaded]:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        target = target / "index.html" if target.is_dir() else target
        if not target.is_relative_to(site.resolve()) or not target.is_file():
            yield f"{address} leads to nothing"
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
            yield f"{address}: that page has no such place"
