"""A browser in which a member of the seller is signed in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.browsing import browser, open_page

__all__ = ["browser", "open_page"]


@pytest.fixture
def page_of(
    live_server: Any, open_page: Callable[..., Page], client_for: Callable[[Any], Any]
) -> Callable[..., Page]:
    """`page_of(owner, "/path", width=360)`: the path, as this person sees it."""

    def make(user: Any, path: str, **options: Any) -> Page:
        page = open_page(**options)
        name = settings.SESSION_COOKIE_NAME
        cookie = client_for(user).cookies[name].value
        page.context.add_cookies(
            [{"name": name, "value": cookie, "url": live_server.url}]
        )
        page.goto(f"{live_server.url}{path}")
        return page

    return make
