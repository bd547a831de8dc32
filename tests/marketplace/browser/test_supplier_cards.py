"""The reseller dashboard in a real browser: the live preview, a card that moves."""

import pytest
from playwright.sync_api import expect

from tests.browsing import violations
from tests.factories.marketplace import ExternalProviderFactory, OfferingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

URL = "/dashboard/provider/reseller"


@pytest.fixture
def other(relationship, offering):
    """A supplier not yet resold, beside one that is."""
    made = ExternalProviderFactory.create(name="Zebra", domain="zebra.example.com")
    OfferingFactory.create(provider=made, offer_name="Zebra box")
    return made


def card(page, supplier):
    return page.locator(f"#supplier-{supplier.pubkey}")


def test_preview_follows_the_slider_and_the_card_moves_up(page_of, owner, other):
    page = page_of(owner, URL)
    here = card(page, other)
    here.locator("summary", has_text="Become reseller").click()
    preview = here.get_by_text("you earn")
    expect(preview).to_have_text(
        "Buyers pay 6.35 USD, you earn 0.58 USD on 5.77 USD. You would be the only"
        " seller."
    )
    slider = here.get_by_label("Mark-up, slider")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(here.get_by_label("Mark-up", exact=True)).to_have_value("13")
    expect(preview).to_contain_text("Buyers pay 6.52 USD, you earn 0.75 USD")
    here.get_by_label("Mark-up", exact=True).fill("51")
    expect(here.get_by_text("Give a whole number from 0 to 50.")).to_be_visible()
    here.get_by_role("button", name="Become reseller").click()
    expect(here.get_by_role("alert")).to_be_focused()
    here.get_by_label("Mark-up", exact=True).fill("13")
    here.get_by_role("button", name="Become reseller").click()

    own = page.locator("section", has=page.locator("#own-title"))
    expect(own.get_by_text("You now resell Zebra.")).to_be_visible()
    expect(own.get_by_role("heading", name="Zebra")).to_be_focused()
    expect(page.locator("#live")).to_have_text("You now resell Zebra.")
    expect(card(page, other)).to_contain_text("+13 %")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_open_cards_are_accessible(page_of, owner, other, scheme, width):
    page = page_of(owner, URL, width=width, color_scheme=scheme)
    card(page, other).locator("summary", has_text="Become reseller").click()
    page.locator("summary", has_text="Change the terms").click()
    page.locator("summary", has_text="Suspend").click()
    expect(page.get_by_text("on 5.77 USD")).to_have_count(2)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_terms_change_without_script(page_of, owner, relationship, offering):
    page = page_of(owner, URL, java_script_enabled=False)
    own = card(page, relationship.external_provider)
    own.locator("summary", has_text="Change the terms").click()
    own.get_by_label("Mark-up", exact=True).fill("17")
    own.get_by_role("button", name="Save terms").click()
    expect(
        page.get_by_text("New terms for Hetzner apply to new orders.")
    ).to_be_visible()
    own.locator("summary", has_text="Suspend").click()
    own.get_by_role("button", name="Suspend offers").click()
    expect(own.get_by_text("You suspended it. Open orders run on.")).to_be_visible()
    own.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Your offers of Hetzner are back.")).to_be_visible()
