"""`/marketplace/<id>/rent`: the price on the button is the price charged."""

import html
import re
from datetime import timedelta

import pytest
from django.utils.html import escape

from marketplace.models import Contract, Payment
from marketplace.pricing import make_offer
from marketplace.quotes import issue_quote
from resellers import clock
from resellers.models import AuditEntry
from tests.factories.marketplace import (
    OfferingFactory,
    ProviderFactory,
    RelationshipFactory,
    rented,
)
from tests.marketplace.views.pages import hidden, words

pytestmark = pytest.mark.django_db

KEY = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
    " buyer@example.com"
)
PRIVATE_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA"


@pytest.fixture
def url(offering, relationship) -> str:
    return f"/marketplace/{offering.pk}/rent?seller={relationship.reseller.pubkey}"


@pytest.fixture
def browser(client_for, buyer):
    return client_for(buyer)


def answers(browser, url, **changed) -> dict[str, str]:
    """The form as the browser got it, filled in."""
    quote = html.unescape(hidden(browser.get(url).content, "quote"))
    filled = {
        "quote": quote,
        "payment_method": "invoice",
        "operating_system": "Debian 12",
        "ssh_public_key": KEY,
        "note": "Backups, please.",
    }
    return {**filled, **changed}


# Signing in


def test_visitor_signs_in_and_comes_back(client, url):
    response = client.get(url)

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login")
    path, _, seller = url.partition("?")
    assert f"next={path}%3Fseller%3D{seller.split('=')[1]}" in response["Location"]


def test_visitor_cannot_post(client, url):
    assert client.post(url, {}).status_code == 302
    assert not Contract.objects.exists()


# The form


@pytest.mark.parametrize("percent", range(51))
def test_button_and_receipt_show_make_offer(browser, url, relationship, percent):
    relationship.commission_percent = percent
    relationship.save()
    offer = make_offer(5_770_000_000, percent, "USD")

    text = words(browser.get(url).content)
    assert f"Rent for {offer.total} USD" in text
    assert f"Mark-up +{percent} %" in text


def test_form_says_what_the_seller_promises(browser, url):
    text = words(browser.get(url).content)

    assert "From Nimbus Resale Accepts within 12 hours of your payment" in text
    assert "Delivers within 48 hours" in text
    assert "Test payment" not in text


@pytest.mark.parametrize("query", ["", "?seller=", "?seller=+"])
def test_without_a_seller_it_leads_to_the_featured_one(browser, url, offering, query):
    cheap = RelationshipFactory.create(
        reseller=ProviderFactory.create(name="Cheap"),
        external_provider=offering.provider,
        commission_percent=0,
    )
    plain = url.partition("?")[0]

    led = browser.get(f"{plain}{query}")

    assert led.status_code == 302
    assert led["Location"] == f"{plain}?seller={cheap.reseller.pubkey}"
    assert "From Cheap" in words(browser.get(led["Location"]).content)


# Renting


@pytest.mark.parametrize("percent", [0, 10, 33, 50])
def test_rents_at_exactly_the_price_of_the_button(
    browser, url, buyer, relationship, percent
):
    relationship.commission_percent = percent
    relationship.save()

    response = browser.post(url, answers(browser, url))

    contract = Contract.objects.get(buyer=buyer)
    assert response.status_code == 302
    assert response["Location"] == f"/contracts/{contract.contract_id}"
    offer = make_offer(5_770_000_000, percent, "USD")
    order = contract.reseller_order
    assert contract.total_e9s == offer.total_e9s == order.total_paid_e9s
    assert (order.base_price_e9s, order.commission_e9s) == (
        offer.base_e9s,
        offer.commission_e9s,
    )
    assert Payment.objects.get(contract=contract).amount_e9s == offer.total_e9s
    assert (contract.operating_system, contract.ssh_public_key, contract.note) == (
        "Debian 12",
        KEY,
        "Backups, please.",
    )
    assert AuditEntry.objects.filter(action="order.placed").count() == 1


def test_only_the_quote_and_a_method_are_needed(browser, url):
    quote = answers(browser, url)["quote"]
    form = {"quote": quote, "payment_method": "invoice"}

    assert browser.post(url, form).status_code == 302


def test_sending_the_form_twice_rents_once(browser, url, buyer):
    form = answers(browser, url)
    first, second = browser.post(url, form), browser.post(url, form)

    assert first["Location"] == second["Location"]
    assert Contract.objects.filter(buyer=buyer).count() == 1


def test_test_payment_is_there_in_the_demo_alone(browser, url, settings):
    form = answers(browser, url, payment_method="test")
    refused = browser.post(url, form)
    settings.DEMO = True
    page = browser.get(url).content

    assert refused.status_code == 422
    assert "Test payment: counts as paid at once" in words(page)
    assert browser.post(url, form).status_code == 302


# Refusals


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ssh_public_key": "ssh-ed25519 nonsense"}, "Paste one line such as"),
        ({"ssh_public_key": PRIVATE_KEY}, "This is a private key"),
        ({"operating_system": "Windows 3.11"}, "Select a valid choice"),
        ({"note": "x" * 4001}, "at most 4000 characters"),
        ({"payment_method": "stripe"}, "Select a valid choice"),
        ({"payment_method": ""}, "This field is required."),
        ({"quote": "tampered"}, "Open the offering again"),
        ({"quote": ""}, "This field is required."),
    ],
)
def test_refused_form_keeps_what_was_typed(browser, url, changed, sentence):
    form = answers(browser, url, **changed)
    response = browser.post(url, form)

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in words(page)
    assert "Nothing was rented yet" in words(page)
    assert escape(form["note"]) in page
    assert not Contract.objects.exists()


def test_refused_form_can_be_sent_again(browser, url):
    bad = browser.post(url, answers(browser, url, ssh_public_key="x"))
    fresh = html.unescape(hidden(bad.content, "quote"))

    again = browser.post(url, {"quote": fresh, "payment_method": "invoice"})
    assert again.status_code == 302


def test_changed_price_shows_old_and_new_and_asks_again(browser, url, relationship):
    form = answers(browser, url)
    relationship.commission_percent = 11
    relationship.save()

    response = browser.post(url, form)

    text = words(response.content)
    assert response.status_code == 422
    assert "The price has changed: it was 6.35 USD , it is now 6.40 USD ." in text
    assert "Rent for 6.40 USD" in text
    assert not Contract.objects.exists()
    fresh = html.unescape(hidden(response.content, "quote"))
    assert browser.post(url, {**form, "quote": fresh}).status_code == 302
    assert Contract.objects.get().total_e9s == 6_400_000_000


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (
            {"fulfil_within_hours": 336},
            "it was delivery within 48 hours , it is now delivery within 14 days .",
        ),
        (
            {"accept_within_hours": 24},
            "it was acceptance within 12 hours , it is now acceptance within 24 hours",
        ),
    ],
)
def test_changed_promise_shows_old_and_new_and_asks_again(
    browser, url, relationship, terms, sentence
):
    form = answers(browser, url)
    for name, hours in terms.items():
        setattr(relationship, name, hours)
    relationship.save()

    response = browser.post(url, form)

    text = words(response.content)
    assert response.status_code == 422
    assert f"The promise has changed: {sentence}" in text
    assert "The price has changed" not in text
    assert not Contract.objects.exists()
    fresh = html.unescape(hidden(response.content, "quote"))
    assert browser.post(url, {**form, "quote": fresh}).status_code == 302


def test_same_total_from_another_base_is_asked_again(
    browser, url, offering, relationship
):
    form = answers(browser, url)
    offering.monthly_price_e9s = 6_350_000_000
    offering.save()
    relationship.commission_percent = 0
    relationship.save()

    response = browser.post(url, form)

    assert response.status_code == 422
    assert "Base and mark-up have changed, the total has not" in words(response.content)
    assert "Rent for 6.35 USD" in words(response.content)
    assert not Contract.objects.exists()


def test_old_quote_of_the_same_price_is_asked_again(
    browser, url, offering, relationship
):
    offer = make_offer(5_770_000_000, 10, "USD")
    yesterday = clock.now() - timedelta(hours=25)
    seller, promise = relationship.reseller.pubkey, relationship.promise
    quote = issue_quote(offering.pk, seller, offer, promise, yesterday)

    response = browser.post(url, answers(browser, url, quote=quote))

    assert response.status_code == 422
    assert "It still is USD 6.35" in words(response.content)
    assert not Contract.objects.exists()


def test_gone_seller_shows_the_others(browser, url, offering, relationship):
    form = answers(browser, url)
    other = RelationshipFactory.create(
        reseller=ProviderFactory.create(name="Stratus"),
        external_provider=offering.provider,
    )
    relationship.status, relationship.suspended_by = "suspended", "reseller"
    relationship.save()

    for response, status in ((browser.post(url, form), 422), (browser.get(url), 200)):
        text = words(response.content)
        assert response.status_code == status
        assert "This seller does not offer it any more." in text
        assert "Other sellers" in text
        assert f"/rent?seller={other.reseller.pubkey}" in response.content.decode()
        assert "Rent for" not in text
    assert not Contract.objects.exists()


@pytest.mark.parametrize("named", [True, False])
def test_no_other_seller_takes_the_place_of_the_one_that_left(
    browser, url, offering, relationship, named
):
    """Whatever the address says: the quote names who was chosen."""
    form = answers(browser, url)
    other = RelationshipFactory.create(
        reseller=ProviderFactory.create(name="Stratus"),
        external_provider=offering.provider,
    )
    relationship.status, relationship.suspended_by = "suspended", "reseller"
    relationship.save()
    plain = url.partition("?")[0]
    there = f"{plain}?seller={other.reseller.pubkey}" if named else plain

    response = browser.post(there, form)

    text = words(response.content)
    assert response.status_code == 422
    assert "This seller does not offer it any more. Nothing was rented." in text
    assert "Stratus" in text
    assert "6.35 USD" in text
    assert f'href="{plain}?seller={other.reseller.pubkey}"' in response.content.decode()
    assert 'name="quote"' not in response.content.decode()
    assert "Rent for" not in text
    assert not Contract.objects.exists()


def test_changed_price_stays_with_the_seller_of_the_quote(
    browser, url, offering, relationship
):
    form = answers(browser, url)
    RelationshipFactory.create(
        reseller=ProviderFactory.create(name="Cheap"),
        external_provider=offering.provider,
        commission_percent=0,
    )
    relationship.commission_percent = 11
    relationship.save()

    text = words(browser.post(url.partition("?")[0], form).content)

    assert "it was 6.35 USD , it is now 6.40 USD ." in text
    assert "From Nimbus Resale" in text


@pytest.mark.parametrize("quote", ["", "tampered"])
def test_form_that_names_no_seller_offers_the_choice(browser, url, quote):
    form = answers(browser, url, quote=quote)

    response = browser.post(url.partition("?")[0], form)

    text = words(response.content)
    assert response.status_code == 422
    assert "This form names no seller. Nothing was rented; choose one." in text
    assert "Rent from Nimbus Resale" in text
    assert "Rent for" not in text
    assert not Contract.objects.exists()


@pytest.mark.parametrize("query", ["", "?seller=", f"?seller={'ab' * 32}", "?seller=x"])
def test_offering_without_offers_says_why(browser, supplier, query):
    offering = OfferingFactory.create(provider=supplier, stock_status="out_of_stock")

    response = browser.get(f"/marketplace/{offering.pk}/rent{query}")

    assert response.status_code == 200
    assert "Hetzner has none in stock at the moment." in words(response.content)


@pytest.mark.parametrize("query", [f"?seller={'ab' * 32}", "?seller=x"])
def test_unknown_seller_is_like_one_that_left(browser, url, query):
    text = words(browser.get(url.partition("?")[0] + query).content)
    assert "This seller does not offer it any more. Nothing was rented." in text


def test_member_cannot_rent_its_own_offer(client_for, colleague, url, buyer, browser):
    member = client_for(colleague)
    form = answers(browser, url)

    assert "members of the seller cannot rent from it" in words(member.get(url).content)
    assert member.post(url, form).status_code == 422
    assert not Contract.objects.exists()


def test_sixth_unpaid_contract_is_refused(browser, url, buyer, relationship):
    for _ in range(5):
        rented(relationship, buyer=buyer)

    response = browser.post(url, answers(browser, url))

    assert response.status_code == 422
    assert "Pay or cancel one of your five unpaid contracts first." in words(
        response.content
    )


def test_private_offering_is_like_a_missing_one(browser, offering, url):
    offering.visibility = "private"
    offering.save()
    missing = url.replace(f"/{offering.pk}/", f"/{offering.pk + 1000}/")

    for method in (browser.get, browser.post):
        assert method(url).status_code == 404
        assert method(url).content == method(missing).content


def test_quote_never_stands_in_an_address(browser, url):
    page = browser.get(url).content.decode()
    assert not re.search(r'href="[^"]*quote=', page)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_form_is_read_or_posted(browser, url, method):
    assert getattr(browser, method)(url).status_code == 405
