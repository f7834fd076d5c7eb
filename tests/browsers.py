"""Chromium that tests look at pages with: Debian's, without a head, in which everything waits for a limited time."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
LIMIT_MS = 30_000
"""Of anything that is waited for, on a busy machine too."""

expect.set_options(timeout=LIMIT_MS)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start Chromium, and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, timeout=LIMIT_MS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visiting(browser: Browser, url: str, *, allowed: tuple[str, ...] = (), **options: Any) -> Iterator[Page]:
    """Open ``url``. Fails if the page asks another host, or says an error that has none of ``allowed`` in it."""
    options = {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}} | options
    context = browser.new_context(**options)
    context.set_default_timeout(LIMIT_MS)
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    try:
        page.goto(url)
        yield page
        strangers = {urlsplit(each).netloc for each in asked if not each.startswith(("blob:", "data:"))}
        assert strangers <= {urlsplit(url).netloc}
        assert [error for error in errors if not any(part in error for part in allowed)] == []
    finally:
        context.close()
