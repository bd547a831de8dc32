"""Every page, by whoever may see it: accessible, light, quiet, and no wider than a phone.

Source: 10-face, "Proof" and "Speed is part of the face"; 9-quality, section 8.
"""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.samples import samples
from tests.browser.visitor import DESK, PHONE
from tests.browser.visits import (
    ALL_VISITS,
    STAFF,
    WITH_SECOND_FACTOR,
    Visit,
    address,
    is_elsewhere,
    status_elsewhere,
    values,
)
from tests.browsing import violations
from tests.routes import every_route
from tests.servers import Server

pytestmark = pytest.mark.browser

PAGE_BYTES, FRAGMENT_BYTES, REQUESTS, SHIFT_LIMIT = 60_000, 15_000, 4, 0.01
COLOURS = ["color-contrast", "link-in-text-block"]  # all that dark mode changes
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {
    for (const shift of list.getEntries()) sum += shift.value;
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 50);
})"""
# What is sent along by hx-include or a form is asked for in the test of that page.
FRAGMENTS = """() => [...document.querySelectorAll("[hx-get]:not([hx-include], form)")]
  .map(each => [each.getAttribute("hx-get"), each.getAttribute("hx-target")])"""


@pytest.fixture(scope="module")
def known(consign: Server) -> dict[str, Any]:
    return samples(consign)


@pytest.mark.parametrize("visit", ALL_VISITS, ids=str)
def test_page(visit: Visit, visitor, known):
    person = visitor(visit.who)
    assert person.open(address(visit, known)) == visit.status
    is_ours = not visit.name.startswith("admin:")  # Django's admin asks for more files
    assert len(person.requests()) <= REQUESTS or not is_ours, person.requests()
    assert person.weight() <= PAGE_BYTES
    page = person.page
    assert page.evaluate(SHIFT) <= SHIFT_LIMIT or not is_ours
    assert person.watched.faults == []  # before axe, which tries inline styles itself
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, rules=COLOURS) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(DESK)
    assert width <= PHONE["width"]
    for path, target in page.evaluate(FRAGMENTS):
        assert fragment_bytes(page, path, target) <= FRAGMENT_BYTES, path


def fragment_bytes(page: Page, path: str, target: str | None) -> int:
    """What htmx would be sent, compressed."""
    headers = {"HX-Request": "true", "HX-Target": (target or "").removeprefix("#")}
    url = page.evaluate("path => new URL(path, location).href", path)
    answer = page.context.request.get(url, headers=headers)
    assert answer.ok, (url, answer.status)
    return int(answer.headers["content-length"])


def test_every_route_is_visited_or_named():
    visited = {visit.name for visit in ALL_VISITS} | WITH_SECOND_FACTOR
    forgotten = {
        route.name
        for route in every_route()
        if not hasattr(route.view, "actions")
        and route.name not in visited
        and not is_elsewhere(route)
    }
    assert forgotten == set()


def test_what_is_no_page_answers_so(visitor, known):
    asked = visitor(STAFF).context.request
    for route in filter(is_elsewhere, every_route()):
        visit = Visit(route.name, STAFF, "placed")
        path = route.address(values(route, visit, known))
        answer = asked.get(visitor(STAFF).server.url + path, max_redirects=0)
        assert answer.status == status_elsewhere(route), route.name
