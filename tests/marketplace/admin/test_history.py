"""The history of a row is its audit trail, and Django's own log stays empty."""

import pytest
from django.contrib.admin.models import LogEntry

from resellers.desk import history
from resellers.templatetags.moneys import MINUS
from tests.factories.marketplace import order_in
from tests.factories.resellers import AuditEntryFactory
from tests.marketplace.admin.pages import form_of, url

pytestmark = pytest.mark.django_db


def test_a_change_is_told_with_before_and_after(browser, seller, boss):
    facts = form_of(browser, seller, name="Nimbus Two")
    browser.post(url(seller, "change"), facts)
    page = browser.get(url(seller, "history"))
    (event,) = page.context["events"]
    assert (event.title, event.by) == ("Provider changed", "b…@example.com")
    assert event.changes == [history.Change("Name", "Nimbus Resale", "Nimbus Two")]
    assert "Nimbus Two" in page.content.decode()
    assert not LogEntry.objects.exists()


def test_parts_of_a_sale_share_the_order_s_trail(browser):
    order = order_in("fulfilled")
    titles = ["Order fulfilled", "Payment received", "Order placed"]
    rows = [order, order.contract, order.contract.payment, order.attempts.get()]
    for row in rows:
        page = browser.get(url(row, "history"))
        assert [event.title for event in page.context["events"]] == titles
        latest = browser.get(url(row, "change")).context["latest"]
        assert [event.title for event in latest] == titles


def test_a_row_without_changes_says_so(browser, offering):
    page = browser.get(url(offering, "history"))
    assert b"Nothing has changed" in page.content


def test_history_needs_the_right_to_look(client_for, staff, offering):
    assert client_for(staff).get(url(offering, "history")).status_code == 403


def test_long_histories_have_pages(browser, offering, monkeypatch):
    monkeypatch.setattr("resellers.desk.admins.EVENTS_PER_PAGE", 2)
    for _ in range(3):
        AuditEntryFactory.create(
            object_type="marketplace.offering", object_ref=str(offering.pk)
        )
    page = browser.get(url(offering, "history"), {"p": 2})
    assert len(page.context["events"]) == 1
    assert b"Page 2 of 2" in page.content
    assert browser.get(url(offering, "history"), {"p": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("monthly_price_e9s", 5_770_000_000, "5.77"),
        ("monthly_price_e9s", 3_333_000_000, "3.333"),
        ("monthly_price_e9s", -1_234_500_000_000, f"{MINUS}1,234.50"),
        ("on_time", True, "yes"),
        ("reason", "", "–"),
        ("accept_by", None, "–"),
        ("names", ["a", "b"], "a, b"),
        ("amount", {"amount_minor": 5}, "amount_minor: 5"),
        ("fulfil_by", "2026-03-02T09:00:00Z", "2 Mar 2026, 09:00 UTC"),
        ("name", "2026-99-99T99:00:00Z", "2026-99-99T99:00:00Z"),
    ],
)
def test_values_are_said_in_words(name, value, words):
    assert history.value_words(name, value) == words
