"""`/marketplace/<id>`: facts, sellers and why. Source: sections 3 and 9."""

import re
from datetime import timedelta

import pytest
from django.utils.html import escape

from marketplace.pricing import make_offer
from resellers import clock as present
from tests.factories.marketplace import (
    ExternalProviderFactory,
    OfferingFactory,
    ProviderFactory,
    RelationshipFactory,
)
from tests.marketplace.views.pages import words

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>\" onload='x'"


def url(offering) -> str:
    return f"/marketplace/{offering.pk}"


def page(client, offering) -> str:
    response = client.get(url(offering))
    assert response.status_code == 200
    return str(response.content.decode())


def offer(client, offering, seller) -> str:
    """The words of one seller's offer."""
    html = page(client, offering)
    found = re.search(rf'<tbody id="offer-{seller.pubkey}".*?</tbody>', html, re.DOTALL)
    assert found, "the seller has no offer"
    return words(found[0])


def rival(supplier, name="Stratus", **terms):
    return RelationshipFactory.create(
        reseller=ProviderFactory.create(name=name), external_provider=supplier, **terms
    )


def test_page_says_machine_and_supplier_in_words(client, offering):
    text = words(page(client, offering))

    assert "2 vCPU · 4 GB RAM · 40 GB storage · Falkenstein, DE" in text
    assert "Operating systems Debian 12, Ubuntu 24" in text
    assert f"Code {offering.code}" in text


@pytest.mark.parametrize("percent", range(51))
def test_offer_and_receipt_show_make_offer(client, offering, relationship, percent):
    relationship.commission_percent = percent
    relationship.save()
    made = make_offer(5_770_000_000, percent, "USD")

    text = offer(client, offering, relationship.reseller)
    assert f"{made.total} USD 5.77 + {made.commission} ({percent} %)" in text
    assert f"Mark-up +{percent} %" in text
    assert f"{made.commission} USD Total" in text


def test_offer_says_hours_record_and_reasons(client, offering, relationship):
    assert offer(client, offering, relationship.reseller) == (
        "Nimbus Resale Featured N/A no order counted yet 48 hours"
        " 6.35 USD 5.77 + 0.58 (10 %) Rent from Nimbus Resale"
        " Price receipt of Nimbus Resale"
        " Monthly price Hetzner, from samples.csv, checked yesterday 5.77 USD"
        " Mark-up +10 % 10 % of the base is 0.577, rounded half up, once: 0.58"
        " 0.58 USD"
        " Total 10 % on top of the base, 9.1 % of what you pay 6.35 USD"
        " Why this reseller? Nimbus Resale is the only seller of this offering."
    )


def test_offers_stand_in_pick_order_with_one_featured(client, offering, relationship):
    dear = rival(offering.provider, "Dear", commission_percent=30)
    cheap = rival(offering.provider, "Cheap", commission_percent=0)

    html = page(client, offering)
    order = re.findall(r'<tbody id="offer-([0-9a-f]{64})"( data-featured)?', html)
    assert order == [
        (cheap.reseller.pubkey, " data-featured"),
        (relationship.reseller.pubkey, ""),
        (dear.reseller.pubkey, ""),
    ]
    assert f'href="{url(offering)}/rent?seller={dear.reseller.pubkey}"' in html
    assert "3 sellers" in words(html)


def test_spread_of_prices_is_a_chart_with_its_table(client, offering, relationship):
    text = words(page(client, offering))

    assert "What a month costs" in text
    assert "Show as table" in text
    assert "Hetzner (base) 5.77 USD" in text


def test_offered_page_has_no_way_out(client, offering, relationship):
    assert offering.product_page_url not in page(client, offering)


def test_page_without_offers_says_why_and_points_out(client, offering):
    html = page(client, offering)

    assert "Nobody resells Hetzner at the moment." in words(html)
    assert (
        f'href="{offering.product_page_url}" target="_blank" rel="noopener nofollow"'
        in html
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"stock_status": "out_of_stock"}, "Hetzner has none in stock at the moment."),
        ({"monthly_price_e9s": 0}, "Hetzner names a price on request only."),
        ({"billing_interval": "yearly"}, "Hetzner does not sell this by the month."),
        ({"checked_days_ago": 91}, "The price was checked 91 days ago."),
    ],
)
def test_reason_of_no_offer_is_said(client, supplier, relationship, facts, sentence):
    days = facts.pop("checked_days_ago", 1)
    offering = OfferingFactory.create(
        provider=supplier,
        price_checked_at=present.now() - timedelta(days=days, minutes=1),
        **facts,
    )
    html = page(client, offering)
    assert sentence in words(html)
    assert "/rent" not in html


# Who may see what


def test_retired_page_stays_and_says_so(client, offering, relationship):
    offering.status, offering.retired_by = "retired", "staff"
    offering.retired_at = present.now()
    offering.save()

    html = page(client, offering)
    assert "Retired: Hetzner has not listed this since" in words(html)
    assert "/rent" not in html


def test_private_offering_is_like_a_missing_one(client, client_for, buyer, offering):
    offering.visibility = "private"
    offering.save()
    missing = f"/marketplace/{offering.pk + 1000}"

    for browser in (client, client_for(buyer)):
        hidden, absent = browser.get(url(offering)), browser.get(missing)
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content


def test_staff_see_a_private_offering(client_for, staff, offering, settings):
    settings.STAFF_TOTP = False
    offering.visibility = "private"
    offering.save()

    assert client_for(staff).get(url(offering)).status_code == 200


def test_limited_offering_is_there_for_who_has_the_link(client, offering, relationship):
    offering.visibility = "limited"
    offering.save()

    assert "Rent from Nimbus Resale" in page(client, offering)


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "-1", "1x"])
def test_numbers_that_are_no_offering_are_404(client, number):
    assert client.get(f"/marketplace/{number}").status_code == 404


# "Why not mine?"


def test_member_reads_why_not_its_own(client_for, viewer, offering, relationship):
    rival(offering.provider, "Cheap", commission_percent=8)

    text = offer(client_for(viewer), offering, relationship.reseller)
    assert "Nimbus Resale You" in text
    assert "Your own offer" in text
    assert (
        "Why not mine? Your total is 0.09 USD above the price that counts as lowest:"
        " 8 % instead of 10 %." in text
    )


def test_member_without_offer_reads_the_reason(
    client_for, owner, offering, relationship
):
    offering.stock_status = "out_of_stock"
    offering.save()

    text = words(page(client_for(owner), offering))
    assert "Why not yours? Out of stock at the supplier." in text


def test_nobody_else_reads_why_not(
    client, client_for, offering, relationship, stranger
):
    rival(offering.provider, "Cheap", commission_percent=8)

    for browser in (client, client_for(stranger)):
        assert "Why not" not in page(browser, offering)


# Cost and safety


@pytest.mark.parametrize("sellers", [1, 3, 30])
def test_visitor_costs_3_queries(client, offering, sellers, django_assert_num_queries):
    for _ in range(sellers):
        RelationshipFactory.create(external_provider=offering.provider)
    with django_assert_num_queries(3):
        client.get(url(offering))


def test_texts_of_others_are_escaped(client):
    supplier = ExternalProviderFactory.create(name=HOSTILE)
    rival(supplier, HOSTILE)
    offering = OfferingFactory.create(
        provider=supplier,
        offer_name=HOSTILE,
        description=HOSTILE,
        specs={"features": HOSTILE, "operating_systems": HOSTILE},
    )
    html = page(client, offering)

    assert "<script>alert" not in html
    assert escape(HOSTILE) in html


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_page_is_only_read(client, offering, method):
    assert getattr(client, method)(url(offering)).status_code == 405
