"""A form that was opened before somebody else's change does not take it back.

Source: 9-quality, section 4, rule 7.
"""

import pytest

from marketplace.actions import orders, relationships
from resellers.models import AuditEntry
from tests.factories.marketplace import order_in
from tests.marketplace.views.pages import hidden, words

pytestmark = pytest.mark.django_db

BOARD = "/dashboard/provider/reseller"
CHANGED = "Somebody changed this meanwhile."


@pytest.fixture
def browser(client_for, owner):
    return client_for(owner)


@pytest.fixture(params=[True, False], ids=["htmx", "plain"])
def htmx(request) -> bool:
    return bool(request.param)


# Terms


@pytest.fixture
def terms_url(relationship) -> str:
    return f"{BOARD}/{relationship.external_provider.pubkey}/terms"


def terms_of(relationship) -> tuple[int, int, int]:
    relationship.refresh_from_db()
    return (
        relationship.commission_percent,
        relationship.accept_within_hours,
        relationship.fulfil_within_hours,
    )


def test_stale_terms_are_refused_and_what_was_typed_is_kept(
    browser, owner, relationship, terms_url, htmx
):
    version = hidden(browser.get(BOARD).content, "version")
    relationships.change_terms(relationship, commission_percent=25, actor=owner)
    form = {
        "version": version,
        "commission_percent": "10",
        "accept_within_hours": "11",
        "fulfil_within_hours": "48",
    }
    target = f"supplier-{relationship.external_provider.pubkey}"
    headers = {"HX-Request": "true", "HX-Target": target} if htmx else {}

    refused = browser.post(terms_url, form, headers=headers)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert CHANGED in words(page)
    assert "+25 %" in words(page)
    assert 'name="accept_within_hours" value="11"' in page
    assert terms_of(relationship) == (25, 12, 48)

    again = browser.post(terms_url, form | {"version": hidden(page, "version")})
    assert again.status_code == 302
    assert terms_of(relationship) == (10, 11, 48)


def test_terms_refused_for_another_reason_stay_stale(
    browser, owner, relationship, terms_url
):
    """Nobody has been told of the change yet, so the next sending says it."""
    version = hidden(browser.get(BOARD).content, "version")
    relationships.change_terms(relationship, commission_percent=25, actor=owner)
    form = {
        "version": version,
        "commission_percent": "51",
        "accept_within_hours": "12",
        "fulfil_within_hours": "48",
    }

    bad = browser.post(terms_url, form)
    assert CHANGED not in words(bad.content)
    form |= {"version": hidden(bad.content, "version"), "commission_percent": "9"}
    told = browser.post(terms_url, form)

    assert (bad.status_code, told.status_code) == (422, 422)
    assert CHANGED in words(told.content)
    assert terms_of(relationship) == (25, 12, 48)


def test_fresh_terms_are_taken(browser, relationship, terms_url):
    form = {
        "version": hidden(browser.get(BOARD).content, "version"),
        "commission_percent": "9",
        "accept_within_hours": "12",
        "fulfil_within_hours": "48",
    }
    assert browser.post(terms_url, form).status_code == 302
    assert terms_of(relationship) == (9, 12, 48)


def test_become_form_takes_no_version(browser, owner, supplier):
    form = {
        "version": "x",
        "commission_percent": "9",
        "accept_within_hours": "12",
        "fulfil_within_hours": "48",
    }
    path = f"{BOARD}/{supplier.pubkey}/become"
    assert browser.post(path, form).status_code == 302


# Access data


@pytest.fixture
def order(relationship, buyer):
    made = order_in("fulfilled", relationship, buyer=buyer)
    return corrected(made, {"password": "old"})


def corrected(order, details):
    orders.correct_details(order, external_order_details=details, actor=None)
    order.refresh_from_db()
    return order


def test_stale_correction_is_refused_and_what_was_typed_is_kept(browser, order, htmx):
    page = f"{BOARD}/orders/{order.contract_id}"
    version = hidden(browser.get(page).content, "version")
    corrected(order, {"password": "new"})
    form = {"version": version, "password": "old", "notes": "Port 2222."}
    headers = {"HX-Request": "true", "HX-Target": "order-panel"} if htmx else {}
    before = AuditEntry.objects.count()

    refused = browser.post(f"{page}/details", form, headers=headers)

    text = refused.content.decode()
    order.refresh_from_db()
    assert refused.status_code == 422
    assert CHANGED in words(text)
    assert "Password new" in words(text)
    assert "Port 2222." in text
    assert order.external_order_details == {"password": "new"}
    assert AuditEntry.objects.count() == before

    form |= {"version": hidden(text, "version"), "password": "new"}
    assert browser.post(f"{page}/details", form).status_code == 302
    order.refresh_from_db()
    assert order.external_order_details == {"password": "new", "notes": "Port 2222."}


def test_what_is_not_the_data_does_not_make_a_correction_stale(browser, order, buyer):
    """The buyer says meanwhile that it works."""
    page = f"{BOARD}/orders/{order.contract_id}"
    version = hidden(browser.get(page).content, "version")
    orders.complete_order(order, actor=buyer)

    sent = browser.post(f"{page}/details", {"version": version, "password": "new"})

    assert sent.status_code == 302
    order.refresh_from_db()
    assert order.external_order_details == {"password": "new"}
