"""The demo in a real server, once for all browser tests, and people who sign in."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.visitor import Visitor, click_person
from tests.browsing import browser, open_page
from tests.servers import Server, serving

__all__ = ["browser", "open_page"]


@pytest.fixture(scope="session")
def consign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`serve` with the demo; whatever the tests did, no page failed."""
    directory = tmp_path_factory.mktemp("consign")
    with serving(
        directory, DEMO="1", DEMO_RESELLERS="60", WEB_WORKERS="1", JOB_WORKERS="1"
    ) as server:
        yield server
        faults = [
            line for line in server.log.read_text().splitlines() if '"error"' in line
        ]
    assert faults == []


@pytest.fixture(scope="session")
def demo(consign: Server) -> dict[str, Any]:
    """What `demo --json` tells scripts: people, keys, ids."""
    told = json.loads(consign.manage("demo", "--json", "-").stdout)
    told["accounts"] = {person["role"]: person for person in told["accounts"]}
    return dict(told)


@pytest.fixture
def signed_in(consign: Server, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """`signed_in("buyer", width=360)`: a browser of that demo person, by one click."""

    def make(role: str, **options: Any) -> Page:
        page = open_page(**options)
        page.goto(f"{consign.url}/marketplace")
        click_person(page, role)
        return page

    return make


@pytest.fixture(scope="module")
def visitor(
    browser: Browser, consign: Server, demo: dict[str, Any]
) -> Iterator[Callable[[str], Visitor]]:
    """`visitor("buyer")`: the one browser of that person in this module."""
    people: dict[str, Visitor] = {}

    def get(role: str) -> Visitor:
        if role not in people:
            people[role] = Visitor(browser, consign, demo)
            if role:
                people[role].sign_in(role)
        return people[role]

    yield get
    for person in people.values():
        person.context.close()
