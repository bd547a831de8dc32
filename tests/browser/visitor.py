"""A browser of one person that weighs and watches whatever it opens."""

from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browsing import PATIENCE_MS, Watched
from tests.servers import Server

DESK = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=360, height=780)


class Visitor:
    """One person's browser; `open` counts as if nothing were cached."""

    def __init__(self, browser: Browser, server: Server, demo: dict[str, Any]) -> None:
        self.context = browser.new_context(viewport=DESK)
        self.context.set_default_timeout(3 * PATIENCE_MS)
        self.page = self.context.new_page()
        self.server, self.demo = server, demo
        self.watched = Watched()
        self.watched.on(self.page)
        self.weights: dict[str, int] = {}
        self.kinds: dict[str, tuple[str, str]] = {}
        cdp = self.context.new_cdp_session(self.page)
        cdp.send("Network.enable")
        cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
        cdp.on("Network.responseReceived", self.note_kind)
        cdp.on("Network.loadingFinished", self.note_weight)

    def note_kind(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = (event["type"], event["response"]["url"])

    def note_weight(self, event: dict[str, Any]) -> None:
        self.weights[event["requestId"]] = event["encodedDataLength"]

    def sign_in(self, role: str) -> None:
        self.page.goto(f"{self.server.url}/marketplace")
        banner = self.page.locator(f".demo-banner button[value={role}]")
        if banner.count():
            click_person(self.page, role)
        else:
            sign_in_by_password(self.page, self.server, self.demo["accounts"][role])

    def open(self, path: str) -> int:
        """Open a page as if for the first time; its status."""
        self.weights.clear()
        self.kinds.clear()
        self.watched.faults.clear()
        answer = self.page.goto(self.server.url + path)
        assert answer is not None
        return answer.status

    def weight(self) -> int:
        """Bytes of HTML, styles and scripts, with their headers."""
        counted = {"Document", "Stylesheet", "Script"}
        return sum(
            self.weights.get(request, 0)
            for request, (kind, _) in self.kinds.items()
            if kind in counted
        )

    def requests(self) -> set[str]:
        return {url for _, url in self.kinds.values() if not url.startswith("data:")}


def click_person(page: Page, role: str) -> None:
    """Sign in from the demo's banner, wherever one is."""
    banner = page.get_by_role("complementary", name="Demo")
    banner.locator("summary").click()
    banner.locator(f"button[value={role}]").click()
    page.wait_for_load_state()
    page.get_by_role("link", name="My contracts").first.wait_for()


def sign_in_by_password(
    page: Page, server: Server, account: dict[str, Any], *, arrive: bool = True
) -> None:
    """With the form, as people who are not in the banner do."""
    page.goto(f"{server.url}/account/login")
    page.get_by_label("E-mail").fill(account["email"])
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    if arrive:
        page.get_by_role("link", name="My contracts").first.wait_for()
