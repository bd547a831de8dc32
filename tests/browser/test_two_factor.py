"""The pages of a second factor, in the order a person meets them."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor, sign_in_by_password
from tests.browser.visits import WITH_SECOND_FACTOR
from tests.browsing import violations
from tests.routes import every_route

pytestmark = pytest.mark.browser

WHO = "staff_editor"
ADDRESSES = {route.name: route.template for route in every_route()}


def looked_at(page: Page, name: str) -> str:
    """The page of that route is open and accessible in both schemes."""
    assert page.url.split("?")[0].endswith(ADDRESSES[name])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], (name, scheme)
    return name


def press(page: Page, verb: str) -> None:
    page.get_by_role("main").get_by_role("button", name=verb).click()


def test_second_factor_from_set_up_to_removal(consign, demo, browser):
    person = Visitor(browser, consign, demo)
    person.sign_in(WHO)
    page = person.page
    page.goto(consign.url + ADDRESSES["mfa_activate_totp"])
    secret = page.locator(".copy-text").inner_text()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.get_by_label("Code").fill(code)
    press(page, "Turn on")
    page.wait_for_url("**/recovery-codes")
    seen = {looked_at(page, "mfa_view_recovery_codes")}
    page.goto(consign.url + ADDRESSES["mfa_generate_recovery_codes"])
    seen.add(looked_at(page, "mfa_generate_recovery_codes"))
    press(page, "Make new codes")
    page.wait_for_url("**/recovery-codes")
    recovery = page.locator("main li code").first.inner_text()
    page.goto(consign.url + ADDRESSES["mfa_reauthenticate"])
    seen.add(looked_at(page, "mfa_reauthenticate"))
    page.context.clear_cookies()
    sign_in_by_password(page, consign, demo["accounts"][WHO], arrive=False)
    page.wait_for_url("**/two-factor/code**")
    seen.add(looked_at(page, "mfa_authenticate"))
    page.get_by_label("Code").fill(recovery)
    press(page, "Sign in")
    page.get_by_role("link", name="My contracts").first.wait_for()
    page.goto(consign.url + ADDRESSES["mfa_deactivate_totp"])
    seen.add(looked_at(page, "mfa_deactivate_totp"))
    press(page, "Remove authenticator")
    expect(page.get_by_role("link", name="Set up")).to_be_visible()
    assert seen == WITH_SECOND_FACTOR
    assert person.watched.faults == []
    person.context.close()
