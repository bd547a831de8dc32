"""`…/reseller/<pubkey>/preview?percent=`: what buyers would pay. Section 9."""

import pytest

from marketplace.actions import orders
from tests.factories.marketplace import (
    ExternalProviderFactory,
    OfferingFactory,
    ProviderFactory,
    RelationshipFactory,
    order_in,
    paid_order,
)
from tests.marketplace.views.pages import words

pytestmark = pytest.mark.django_db

HTMX = {"headers": {"HX-Request": "true"}}


def url(supplier) -> str:
    return f"/dashboard/provider/reseller/{supplier.pubkey}/preview"


@pytest.fixture
def browser_of(client_for, owner):
    return client_for(owner)


def test_three_offerings_by_base(browser_of, supplier):
    for cents in (300, 417, 577, 6500, 38081):
        OfferingFactory.create(
            provider=supplier,
            monthly_price_e9s=cents * 10**7,
            offer_name=f"Box {cents}",
        )
    response = browser_of.get(url(supplier), {"percent": "50"}, **HTMX)
    text = words(response.content)
    assert "<html" not in response.content.decode()
    assert text.startswith("At +50 % Box 300 2 vCPU")
    assert "Buyers pay 4.50 USD , you earn 1.50 USD on 3.00 USD ." in text
    assert "Buyers pay 8.66 USD , you earn 2.89 USD on 5.77 USD ." in text
    assert "Buyers pay 571.22 USD , you earn 190.41 USD on 380.81 USD ." in text
    assert "You would be the only seller. Featured this week" in text
    assert "Box 417" not in text
    assert "Box 6500" not in text


def test_name_of_the_terms_form_works_too(browser_of, supplier, offering):
    query = {"commission_percent": "10"}
    text = words(browser_of.get(url(supplier), query, **HTMX).content)
    assert "Buyers pay 6.35 USD , you earn 0.58 USD on 5.77 USD ." in text


def test_place_by_price_and_what_would_change_it(browser_of, supplier, offering):
    for percent in (5, 20):
        RelationshipFactory.create(
            reseller=ProviderFactory.create(),
            external_provider=supplier,
            commission_percent=percent,
        )
    text = words(browser_of.get(url(supplier), {"percent": "10"}, **HTMX).content)
    assert "You would be 2nd of 3 by price." in text
    assert "5 % instead of 10 %" in text


def test_own_present_offer_is_not_a_rival(browser_of, relationship, offering):
    supplier = relationship.external_provider
    text = words(browser_of.get(url(supplier), {"percent": "20"}, **HTMX).content)
    assert "the only seller" in text


def test_loss_against_the_last_purchase_is_said(browser_of, relationship, offering):
    order = paid_order(relationship, offering=offering)
    orders.record_purchase(
        order,
        external_order_id="SUP-1",
        actual_cost_e9s=6_000_000_000,
        actual_cost_currency="USD",
        actor=None,
    )
    supplier = relationship.external_provider
    low = words(browser_of.get(url(supplier), {"percent": "1"}, **HTMX).content)
    high = words(browser_of.get(url(supplier), {"percent": "10"}, **HTMX).content)
    assert "Your last purchase cost 6.00" in low
    assert "every order would lose money" in low
    assert "lose money" not in high


@pytest.mark.parametrize(
    ("percent", "sentence"),
    [
        ("51", "Give a whole number from 0 to 50."),
        ("-1", "Give a whole number from 0 to 50."),
        ("10.0", "Give a whole number."),
        ("1e1", "Give a whole number."),
        ("", "This field is required."),
        ("\uff19", "Give a whole number."),
    ],
)
def test_bad_percent_shows_its_error(browser_of, supplier, offering, percent, sentence):
    response = browser_of.get(url(supplier), {"percent": percent}, **HTMX)
    assert response.status_code == 422
    assert words(response.content) == sentence


def test_supplier_without_live_offerings_says_so(browser_of, supplier):
    OfferingFactory.create(provider=supplier, stock_status="out_of_stock")
    text = words(browser_of.get(url(supplier), {"percent": "10"}, **HTMX).content)
    assert text == "No offering of Hetzner can be sold at the moment."


def test_preview_saves_nothing(browser_of, relationship, offering):
    browser_of.get(url(relationship.external_provider), {"percent": "33"}, **HTMX)
    relationship.refresh_from_db()
    assert relationship.commission_percent == 10


def test_without_script_it_is_a_page_of_its_own(browser_of, supplier, offering):
    page = browser_of.get(url(supplier), {"percent": "10"}).content.decode()
    assert "<title>Preview: Hetzner · Consign</title>" in page
    assert 'name="percent" type="number" min="0" max="50" value="10"' in page
    assert "Buyers pay" in page


def test_viewer_may_look_and_others_not(client_for, viewer, buyer, supplier, offering):
    query = {"percent": "10"}
    assert client_for(viewer).get(url(supplier), query).status_code == 200
    assert client_for(buyer).get(url(supplier), query).status_code == 403


def test_missing_and_onboarded_providers_are_the_same_404(browser_of, seller):
    native, missing = (
        browser_of.get(url(seller)),
        browser_of.get(url(seller).replace(seller.pubkey, "0" * 64)),
    )
    assert native.status_code == missing.status_code == 404
    assert native.content.replace(seller.pubkey.encode(), b"0" * 64) == missing.content


@pytest.mark.parametrize("rivals", [1, 3, 12])
def test_queries_do_not_grow(
    browser_of, supplier, offering, rivals, django_assert_num_queries
):
    for _ in range(rivals):
        row = RelationshipFactory.create(external_provider=supplier)
        order_in("fulfilled", row, offering=offering)
    OfferingFactory.create(provider=supplier)
    OfferingFactory.create(provider=ExternalProviderFactory.create())
    browser_of.get(url(supplier), {"percent": "10"}, **HTMX)
    with django_assert_num_queries(11):
        browser_of.get(url(supplier), {"percent": "10"}, **HTMX)
