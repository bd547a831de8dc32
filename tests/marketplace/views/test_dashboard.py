"""`/dashboard/provider/reseller`: figures, suppliers, terms, earnings. Section 9."""

import csv
import re
from datetime import timedelta

import pytest

from marketplace.actions import endings, orders, relationships
from marketplace.models import ResellerRelationship
from tests.factories.marketplace import (
    ExternalProviderFactory,
    OfferingFactory,
    RelationshipFactory,
    order_in,
    paid_order,
)
from tests.marketplace.views.pages import words

pytestmark = pytest.mark.django_db

URL = "/dashboard/provider/reseller"
HOSTILE = "<script>alert(1)</script>\" onload='x'"
TERMS = {
    "commission_percent": "12",
    "accept_within_hours": "6",
    "fulfil_within_hours": "24",
}
ACTS = {"become": TERMS, "terms": TERMS, "suspend": {"reason": ""}, "resume": {}}


def url(supplier, act) -> str:
    return f"{URL}/{supplier.pubkey}/{act}"


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def card(response, supplier) -> str:
    """The words of one supplier's card."""
    found = re.search(
        rf'<li class="card supplier" id="supplier-{supplier.pubkey}".*?</li>\s*(?=<li'
        r' class="card|</ul|$)',
        response.content.decode(),
        re.DOTALL,
    )
    assert found, "the supplier has no card"
    return words(found[0])


def htmx(supplier) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": f"supplier-{supplier.pubkey}"}


@pytest.fixture
def browser_of(client_for, owner):
    return client_for(owner)


# Who


def test_short_address_leads_a_member_here(client_for, viewer, buyer):
    led = client_for(viewer).get("/dashboard/provider")
    assert (led.status_code, led["Location"]) == (302, URL)
    assert client_for(buyer).get("/dashboard/provider").status_code == 403


def test_viewer_and_operator_read_without_forms(
    client_for, viewer, colleague, relationship, offering
):
    for member in (viewer, colleague):
        page = client_for(member).get(URL)
        assert "Hetzner hetzner.example.com Active +10 %" in words(page.content)
        assert f"{URL}/" not in re.sub(
            rf"{URL}/(orders|earnings)", "", page.content.decode()
        )


@pytest.mark.parametrize("act", ACTS)
def test_only_owners_change_terms(client_for, viewer, colleague, relationship, act):
    supplier = relationship.external_provider
    for member in (viewer, colleague):
        response = client_for(member).post(url(supplier, act), ACTS[act])
        assert response.status_code == 403
    relationship.refresh_from_db()
    assert (relationship.commission_percent, relationship.status) == (10, "active")


@pytest.mark.parametrize("act", ["terms", "suspend", "resume"])
def test_stranger_gets_the_404_of_a_missing_relationship(
    client_for, stranger, relationship, act
):
    browser, supplier = client_for(stranger), relationship.external_provider
    theirs = browser.post(url(supplier, act), ACTS[act])
    missing = browser.post(f"{URL}/{'0' * 64}/{act}", ACTS[act])
    assert theirs.status_code == missing.status_code == 404
    assert theirs.content.replace(supplier.pubkey.encode(), b"0" * 64) == (
        missing.content
    )


@pytest.mark.parametrize("act", ACTS)
def test_get_is_not_an_act(browser_of, relationship, act):
    response = browser_of.get(url(relationship.external_provider, act))
    assert response.status_code == 405


def test_onboarded_provider_cannot_be_resold(browser_of, stranger, seller):
    assert browser_of.post(url(seller, "become"), TERMS).status_code == 404


# Become, change, suspend, resume


def test_become_reseller_without_htmx(browser_of, seller, supplier, offering):
    response = browser_of.post(url(supplier, "become"), TERMS)
    assert (response.status_code, response["Location"]) == (302, URL)
    row = ResellerRelationship.objects.get(reseller=seller, external_provider=supplier)
    assert (row.commission_percent, row.accept_within_hours) == (12, 6)
    assert "You now resell Hetzner." in words(browser_of.get(URL).content)


def test_become_reseller_moves_the_card_up(browser_of, supplier, offering):
    response = browser_of.post(url(supplier, "become"), TERMS, headers=htmx(supplier))
    assert response["HX-Retarget"] == "#supplier-lists"
    assert 'id="supplier-lists"' in text_of(response)
    assert "<html" not in text_of(response)
    assert "data-announce" in text_of(response)
    assert words(response.content).startswith("What you resell 1 Hetzner")
    assert "You now resell Hetzner. +12 % mark-up" in words(response.content)


def test_becoming_twice_is_refused_with_the_card_as_it_is(browser_of, relationship):
    supplier = relationship.external_provider
    response = browser_of.post(url(supplier, "become"), TERMS, headers=htmx(supplier))
    assert response.status_code == 422
    assert "+10 %" in card(response, supplier)
    assert "Nothing was changed yet" in card(response, supplier)


def test_change_terms(browser_of, relationship):
    supplier = relationship.external_provider
    response = browser_of.post(url(supplier, "terms"), TERMS, headers=htmx(supplier))
    relationship.refresh_from_db()
    assert (response.status_code, relationship.commission_percent) == (200, 12)
    assert "New terms for Hetzner apply to new orders." in words(response.content)
    assert "accept within 6 hours, deliver within 24 hours" in card(response, supplier)


WRONG = {
    "too much": ("commission_percent", "51", "Give a whole number from 0 to 50."),
    "negative": ("commission_percent", "-1", "Give a whole number"),
    "not whole": ("commission_percent", "10.0", "Give a whole number."),
    "nothing": ("commission_percent", "", "This field is required."),
    "hours": ("accept_within_hours", "73", "Give a whole number from 1 to 72."),
    "no hours": ("fulfil_within_hours", "0", "Give a whole number from 1 to 336."),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("act", ["become", "terms"])
def test_bad_terms_keep_what_was_typed(browser_of, relationship, act, wrong):
    name, typed, sentence = WRONG[wrong]
    supplier = relationship.external_provider
    if act == "become":
        supplier = ExternalProviderFactory.create()
    response = browser_of.post(
        url(supplier, act), {**TERMS, name: typed}, headers=htmx(supplier)
    )
    page = text_of(response)
    assert response.status_code == 422
    assert sentence in words(page)
    assert '<details class="supplier-terms" open>' in page
    for field, value in {**TERMS, name: typed}.items():
        shown = f' value="{value}"' if value else ""
        assert f'name="{field}"{shown}' in page


def test_deliver_before_accept_is_refused(browser_of, relationship):
    supplier = relationship.external_provider
    typed = {**TERMS, "accept_within_hours": "48"}
    response = browser_of.post(url(supplier, "terms"), typed)
    assert response.status_code == 422
    assert "<html" in text_of(response)
    assert 'name="accept_within_hours" value="48"' in text_of(response)


def test_suspend_and_resume(browser_of, relationship):
    supplier = relationship.external_provider
    gone = browser_of.post(
        url(supplier, "suspend"), {"reason": "Holidays"}, headers=htmx(supplier)
    )
    assert "Your offers of Hetzner are off the marketplace." in words(gone.content)
    assert "You suspended it: Holidays. Open orders run on." in card(gone, supplier)
    back = browser_of.post(url(supplier, "resume"), headers=htmx(supplier))
    assert "Your offers of Hetzner are back." in words(back.content)
    relationship.refresh_from_db()
    assert relationship.status == "active"


def test_staffs_suspension_cannot_be_resumed(browser_of, relationship, staff):
    relationships.suspend_relationship(
        relationship, reason="Too many late orders.", actor=staff
    )
    supplier = relationship.external_provider
    response = browser_of.post(url(supplier, "resume"), headers=htmx(supplier))
    assert response.status_code == 422
    assert "staff" in card(response, supplier)
    relationship.refresh_from_db()
    assert relationship.status == "suspended"


# What it says


def test_without_anything_it_says_where_to_begin(browser_of):
    text = words(browser_of.get(URL).content)
    assert "You resell nobody yet Choose a provider below" in text
    assert "Earned this month N/A" in text
    assert "Realised margin N/A no order delivered yet" in text
    assert "N/A Nothing was delivered yet." in text


def test_card_says_prices_promise_and_open_orders(browser_of, relationship, clock):
    supplier = relationship.external_provider
    for cents in (417, 577, 6500, 9900):
        OfferingFactory.create(provider=supplier, monthly_price_e9s=cents * 10**7)
    paid_order(relationship)
    page = browser_of.get(URL)
    assert (
        "Promise accept within 12 hours, deliver within 48 hours Offerings 5 to resell"
        " Base price 4.17 USD to 99.00 USD, median 5.77 USD Open orders 1"
    ) in card(page, supplier)
    assert f'href="{URL}/orders?provider={supplier.pubkey}"' in text_of(page)


def test_card_warns_of_risen_prices(browser_of, relationship, offering, clock):
    offering.previous_price_e9s, offering.monthly_price_e9s = 4 * 10**9, 5 * 10**9
    offering.price_changed_at = offering.price_checked_at
    offering.save()
    assert "1 offering rose by more than 10 % in 30 days" in card(
        browser_of.get(URL), relationship.external_provider
    )


def test_strip_counts_what_needs_action_and_when(
    client_for, owner, relationship, clock
):
    paid_order(relationship)  # due at 21:00 today
    accepted = paid_order(relationship)
    orders.accept_order(accepted, actor=None)  # due the day after tomorrow
    text = words(client_for(owner).get(URL).content)
    assert "Needs action 2 Due today 1 until midnight UTC" in text
    clock.shift(timedelta(days=3))
    text = words(client_for(owner).get(URL).content)
    assert "Needs action 2 2 overdue" in text


def test_earnings_by_currency_are_never_added(browser_of, relationship, seller):
    order_in("completed", relationship)
    held = order_in("ordered", relationship)
    orders.fulfil_order(
        held,
        actual_cost_e9s=5_000_000_000,
        actual_cost_currency="USD",
        actor=None,
    )
    paid_order(relationship)
    euro = OfferingFactory.create(
        provider=relationship.external_provider, currency="EUR"
    )
    order_in("completed", relationship, offering=euro)
    text = words(browser_of.get(URL).content)
    assert "USD 0.58 USD 0.58 USD 0.58 USD 0.00 USD 1.35 USD known for 1 of 2" in text
    assert "EUR 0.00 EUR 0.00 EUR 0.58 EUR 0.00 EUR N/A known for 0 of 1" in text
    assert "Earned this month 0.58 EUR · 1.16 USD" in text


def test_earnings_csv(browser_of, client_for, stranger, relationship, clock):
    order_in("completed", relationship)
    failed = order_in("ordered", relationship)
    endings.fail_order(failed, reason_code="other", reason="x" * 10, actor=None)
    response = browser_of.get(f"{URL}/earnings.csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(lines)) == [
        ["currency", "by", "what", "orders", "commission"],
        ["USD", "month", "2026-03", "1", "0.58"],
        ["USD", "supplier", "Hetzner", "1", "0.58"],
    ]
    other = client_for(stranger).get(f"{URL}/earnings.csv")
    assert len(b"".join(other.streaming_content).splitlines()) == 1


def test_texts_of_others_are_escaped(browser_of, seller):
    supplier = ExternalProviderFactory.create(name=HOSTILE)
    row = RelationshipFactory.create(reseller=seller, external_provider=supplier)
    order_in("completed", row)
    page = browser_of.get(URL).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("count", [1, 3, 40])
def test_queries_do_not_grow(browser_of, seller, count, django_assert_num_queries):
    for number in range(count):
        supplier = ExternalProviderFactory.create()
        OfferingFactory.create(provider=supplier)
        if number % 2 == 0:
            row = RelationshipFactory.create(
                reseller=seller, external_provider=supplier
            )
            if number < 6:
                order_in("fulfilled", row)
    browser_of.get(URL)
    with django_assert_num_queries(15):
        browser_of.get(URL)
