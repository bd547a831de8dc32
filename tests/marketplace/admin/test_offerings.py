"""Offerings and relationships in the admin: corrected, retired, suspended."""

import pytest

from marketplace.models import Offering, ResellerRelationship
from resellers import audit
from tests.factories.marketplace import OfferingFactory, RelationshipFactory
from tests.marketplace.admin.pages import form_of, sentences, url

pytestmark = pytest.mark.django_db


def entries_of(row) -> list[tuple[str, str]]:
    found = audit.entries(*audit.identity(row))
    return [(entry.action, entry.reason) for entry in found]


def test_a_correction_writes_only_what_changed(browser, offering):
    facts = form_of(browser, offering, offer_name="Cloud 1b", reason="Typing error")
    Offering.objects.filter(pk=offering.pk).update(stock_status="limited")
    assert browser.post(url(offering, "change"), facts).status_code == 302
    offering.refresh_from_db()
    assert (offering.offer_name, offering.stock_status) == ("Cloud 1b", "limited")
    assert entries_of(offering) == [("offering.changed", "Typing error")]


def test_a_reason_alone_is_no_correction(browser, offering):
    facts = form_of(browser, offering, reason="Just looking")
    browser.post(url(offering, "change"), facts)
    assert entries_of(offering) == []


def test_a_new_price_is_exact_and_counts_as_checked(browser, offering, clock):
    clock.shift(3600)
    facts = form_of(browser, offering, monthly_price="6.10", setup_fee="5")
    assert facts["initial-monthly_price"] == "5.77"
    browser.post(url(offering, "change"), facts)
    offering.refresh_from_db()
    assert offering.monthly_price_e9s == 6_100_000_000
    assert offering.setup_fee_e9s == 5_000_000_000
    assert offering.previous_price_e9s == 5_770_000_000
    assert offering.price_source == "staff"


def test_a_new_currency_reads_the_price_anew(browser, offering):
    facts = form_of(
        browser, offering, currency="JPY", monthly_price="999", setup_fee="0"
    )
    browser.post(url(offering, "change"), facts)
    offering.refresh_from_db()
    assert (offering.currency, offering.monthly_price_e9s) == ("JPY", 999 * 10**9)
    refused = form_of(browser, offering, currency="EUR", monthly_price="9.999")
    page = browser.post(url(offering, "change"), refused)
    assert page.status_code == 422
    assert page.context["adminform"].form.errors.keys() == {"monthly_price"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("monthly_price", "-1"),
        ("monthly_price", "1e3"),
        ("monthly_price", "5,77"),
        ("monthly_price", "9" * 18),
        ("setup_fee", "NaN"),
        ("datacenter_country", "Germany"),
        ("product_page_url", "javascript:alert(1)"),
        ("processor_cores", "-1"),
        ("processor_cores", "9" * 30),
        ("currency", "XXX"),
        ("visibility", "hidden"),
        ("offer_name", ""),
    ],
)
def test_a_bad_value_is_refused_at_its_field(browser, offering, field, value):
    before = Offering.objects.values().get(pk=offering.pk)
    facts = form_of(browser, offering, **{field: value})
    page = browser.post(url(offering, "change"), facts)
    assert page.status_code == 422
    assert field in page.context["adminform"].form.errors
    assert Offering.objects.values().get(pk=offering.pk) == before


def test_retire_says_what_will_happen_and_restore_undoes_it(browser, offering):
    asked = browser.get(url(offering, "retire"))
    assert b"no longer listed" in asked.content
    page = browser.post(url(offering, "retire"), {"reason": "Gone"}, follow=True)
    assert sentences(page) == ["The offering is retired."]
    again = browser.post(url(offering, "retire"), {"reason": "Gone"})
    assert again.status_code == 422
    browser.post(url(offering, "restore"))
    offering.refresh_from_db()
    assert offering.status == "available"
    assert entries_of(offering) == [
        ("offering.retired", "Gone"),
        ("offering.restored", ""),
    ]


def test_a_price_is_checked_by_the_button_itself(browser, clock, offering):
    assert browser.get(url(offering, "checked")).status_code == 405
    browser.post(url(offering, "checked"))
    before = offering.price_checked_at
    offering.refresh_from_db()
    assert offering.price_checked_at > before


def test_many_are_retired_at_once_and_refusals_are_named(browser, offering):
    other = OfferingFactory.create(provider=offering.provider)
    browser.post(url(other, "retire"), {"reason": "Gone"}, follow=True)
    bulk = {"action": "retire_selected", "_selected_action": [offering.pk, other.pk]}
    page = browser.post(url(Offering, "changelist"), {**bulk, "index": 0}, follow=True)
    refused, done = sentences(page)
    assert refused.startswith(f"{other.offer_name}: ")
    assert done == "Retired: 1."
    assert entries_of(offering) == [("offering.retired", "")]


def test_at_most_200_are_changed_at_once(browser, monkeypatch, offering):
    monkeypatch.setattr("resellers.desk.admins.SELECTED_LIMIT", 1)
    OfferingFactory.create()
    bulk = {"action": "retire_selected", "select_across": 1, "index": 0}
    chosen = {**bulk, "_selected_action": [offering.pk]}
    page = browser.post(url(Offering, "changelist"), chosen, follow=True)
    assert sentences(page) == ["Choose at most 1 rows at once."]
    assert not Offering.objects.filter(status="retired").exists()


def test_terms_are_corrected_for_new_orders(browser, relationship, boss):
    facts = form_of(browser, relationship, commission_percent="15")
    assert browser.post(url(relationship, "change"), facts).status_code == 302
    relationship.refresh_from_db()
    assert relationship.commission_percent == 15
    entry = audit.entries(*audit.identity(relationship)).get()
    assert (entry.action, entry.actor) == ("relationship.changed", boss)


@pytest.mark.parametrize(
    "terms",
    [
        {"commission_percent": "51"},
        {"commission_percent": "-1"},
        {"commission_percent": "10.5"},
        {"commission_percent": ""},
        {"accept_within_hours": "0"},
        {"accept_within_hours": "49"},
        {"fulfil_within_hours": "337"},
    ],
)
def test_bad_terms_are_refused(browser, relationship, terms):
    page = browser.post(
        url(relationship, "change"), form_of(browser, relationship, **terms)
    )
    assert page.status_code == 422
    before = relationship.commission_percent
    relationship.refresh_from_db()
    assert relationship.commission_percent == before


def test_staff_suspend_and_only_staff_resume(browser, relationship):
    browser.post(url(relationship, "suspend"), {"reason": "Complaints"})
    relationship.refresh_from_db()
    assert (relationship.status, relationship.suspended_by) == ("suspended", "staff")
    labels = [
        button.label
        for button in browser.get(url(relationship, "change")).context["buttons"]
    ]
    assert labels == ["Resume"]
    browser.post(url(relationship, "resume"))
    relationship.refresh_from_db()
    assert relationship.status == "active"
    assert entries_of(relationship) == [
        ("relationship.suspended", "Complaints"),
        ("relationship.resumed", ""),
    ]


def test_many_relationships_are_suspended_and_resumed(browser, relationship):
    other = RelationshipFactory.create()
    rows = [relationship.pk, other.pk]
    for action, status in (("suspend", "suspended"), ("resume", "active")):
        bulk = {"action": f"{action}_selected", "_selected_action": rows, "index": 0}
        browser.post(url(ResellerRelationship, "changelist"), bulk)
        statuses = ResellerRelationship.objects.values_list("status", flat=True)
        assert list(statuses) == [status, status]
