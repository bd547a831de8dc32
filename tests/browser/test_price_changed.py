"""A price that changed between form and click: old and new are shown, and asked again."""

import pytest
from playwright.sync_api import expect

from tests.browser.amounts import amounts_in

pytestmark = pytest.mark.browser

DASHBOARD = "/dashboard/provider/reseller"


def raise_by_one(page) -> None:
    """The owner moves the mark-up on Contabo up by one percent."""
    card = page.locator("li.supplier", has_text="contabo.com")
    card.locator("summary", has_text="Change the terms").click()
    field = card.get_by_label("Mark-up", exact=True)
    field.fill(str(int(field.input_value()) + 1))
    card.get_by_role("button", name="Save terms").click()
    said = page.get_by_text("New terms for Contabo apply to new orders.")
    expect(said.first).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_buyer_is_asked_again(consign, signed_in, script):
    selling = signed_in("provider", java_script_enabled=script)
    selling.goto(consign.url + DASHBOARD)
    buying = signed_in("buyer_other", java_script_enabled=script)
    buying.goto(f"{consign.url}/marketplace?q=contabo-vps-10-eu-de-1")
    buying.locator(".offering a").first.click()
    buying.get_by_role("link", name="Rent from Nimbus Resale").click()
    send = buying.get_by_role("button", name="Rent for")
    old = amounts_in(send)[0]
    buying.get_by_label("Note to the seller").fill("As quiet as possible.")
    buying.get_by_label("Test payment").check()
    raise_by_one(selling)
    send.click()
    expect(buying.get_by_role("alert").first).to_contain_text("The price has changed")
    assert "/rent" in buying.url
    new = amounts_in(send)[0]
    assert new != old
    assert amounts_in(buying.locator("del")) == [old]
    assert amounts_in(buying.locator("ins")) == [new]
    kept = buying.get_by_label("Note to the seller")
    assert kept.input_value() == "As quiet as possible."
    assert buying.get_by_label("Test payment").is_checked()
    send.click()
    buying.wait_for_url("**/contracts/*")
    assert amounts_in(buying.locator("[data-total] dd")) == [new]
