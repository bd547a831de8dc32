"""What was refused: the form again, its faults in reach, and the pages of errors."""

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import violations

pytestmark = pytest.mark.browser

ORDERS = "/dashboard/provider/reseller/orders"


def assert_refused(page: Page, words: str) -> None:
    """The summary has the focus and leads to the field; the page stays accessible."""
    summary = page.locator(".error-summary").first
    expect(summary).to_contain_text(words)
    focused = "document.activeElement.className"
    assert page.evaluate(focused) == "error-summary"
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sign_in(consign, open_page, scheme):
    page = open_page(color_scheme=scheme)
    page.goto(f"{consign.url}/account/login")
    page.get_by_label("E-mail").fill("nobody@demo.example.com")
    page.get_by_label("Password", exact=True).fill("not the right one")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    assert_refused(page, "do not belong together")
    assert page.get_by_label("E-mail").input_value() == "nobody@demo.example.com"


def test_rent_with_a_bad_key(consign, signed_in):
    page = signed_in("buyer")
    page.goto(f"{consign.url}/marketplace?q=hetzner-cax11-fsn1")
    page.locator(".offering a").first.click()
    page.get_by_role("link", name="Rent from").first.click()
    page.get_by_label("SSH public key").fill("ssh-nothing AAAA")
    page.get_by_label("Test payment").check()
    page.get_by_role("button", name="Rent for").click()
    assert_refused(page, "SSH")
    assert page.get_by_label("SSH public key").input_value() == "ssh-nothing AAAA"


def test_fulfil_without_access_data(consign, demo, signed_in):
    page = signed_in("provider")
    order = demo["ids"]["contract_pending"]
    page.goto(f"{consign.url}{ORDERS}/{order}")
    page.get_by_text("Fulfil at once").click()
    page.get_by_label("External order id").first.fill("NOT-YET-1")
    page.get_by_role("button", name="Fulfil order").click()
    expect(page.get_by_text("The buyer will see no access data").first).to_be_visible()
    assert violations(page) == []


def test_missing_page_and_forged_form(consign, open_page):
    page = open_page()
    answer = page.goto(f"{consign.url}/contracts/{'0' * 64}x")
    assert answer.status == 404
    assert violations(page) == []
    page.goto(f"{consign.url}/account/login")
    page.locator("main form input[type=hidden]").first.evaluate(
        "element => element.value = 'forged'"
    )
    page.get_by_label("E-mail").fill("buyer@demo.example.com")
    page.get_by_label("Password", exact=True).fill("a password")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "login" not in page.title().lower()
    assert violations(page) == []
