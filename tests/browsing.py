"""A real chromium for the browser tests: fixtures to import into a conftest.

`open_page` gives a page that remembers console errors, foreign hosts and refused
content; it fails the test that met one.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import browsers

# The browser's loop runs in the test's thread, whose factories use the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE_MS = 10_000
expect.set_options(timeout=PATIENCE_MS)
# Colours fade into the other scheme: half-way they are neither.
SETTLED = """() => Promise.race([
  Promise.allSettled(document.getAnimations().map(each => each.finished)),
  new Promise(done => setTimeout(done, 1000)),
])"""
LOOPBACK = {"127.0.0.1", "localhost", ""}


@dataclass
class Watched:
    """What a page did that it must not do."""

    faults: list[str] = field(default_factory=list)

    def on(self, page: Page) -> Page:
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self.request)
        return page

    def console(self, message: Any) -> None:
        # A refused form is answered with 422, which chromium reports as well.
        if message.type == "error" and "status of 4" not in message.text:
            self.faults.append(f"console: {message.text}")

    def request(self, request: Any) -> None:
        if urlsplit(request.url).hostname not in LOOPBACK | {None}:
            self.faults.append(f"foreign host: {request.url}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = browsers.chromium()
    if path is None:
        pytest.skip("no chromium on the path")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`open_page(width=360, color_scheme="dark", java_script_enabled=False)`."""
    watched = Watched()
    contexts = []

    def make(
        width: int = 1280, *, faults_expected: bool = False, **options: Any
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        return page if faults_expected else watched.on(page)

    yield make
    for context in contexts:
        context.close()
    assert watched.faults == []


def violations(
    page: Page, part: str = "html", rules: list[str] | None = None
) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA: rule, element and reason.

    With `rules`, by these alone.
    """
    asked = {"type": "rule", "values": rules} if rules else WCAG
    page.evaluate(SETTLED)
    page.evaluate("scrollTo(0, 0)")  # nothing half under the bar that stays on top
    found = Axe().run(page, context=part, options={"runOnly": asked})
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]
