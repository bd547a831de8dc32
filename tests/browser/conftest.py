"""The demo in a real server, once for all browser tests, and people who sign in."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browsing import browser, open_page
from tests.servers import Server, serving

__all__ = ["browser", "open_page"]


@pytest.fixture(scope="session")
def consign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`serve` with the demo; whatever the tests did, no page failed."""
    directory = tmp_path_factory.mktemp("consign")
    options = {"DEMO": "1", "WEB_WORKERS": "1", "JOB_WORKERS": "1"}
    with serving(directory, LOG_LEVEL="warning", **options) as server:
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
def signed_in(
    consign: Server, open_page: Callable[..., Page]
) -> Callable[..., Page]:
    """`signed_in("buyer", width=360)`: a browser of that demo person, by one click."""

    def make(role: str, **options: Any) -> Page:
        page = open_page(**options)
        page.goto(f"{consign.url}/marketplace")
        click_person(page, role)
        return page

    return make


def click_person(page: Page, role: str) -> None:
    """Sign in from the demo's banner, wherever one is."""
    banner = page.get_by_role("complementary", name="Demo")
    banner.locator("summary").click()
    banner.locator(f"button[value={role}]").click()
    page.wait_for_load_state()
    page.get_by_role("link", name="My contracts").first.wait_for()


def sign_in_by_password(page: Page, server: Server, account: dict[str, Any]) -> None:
    """With the form, as people who are not in the banner do."""
    page.goto(f"{server.url}/account/login")
    page.get_by_label("E-mail").fill(account["email"])
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="My contracts").first.wait_for()
