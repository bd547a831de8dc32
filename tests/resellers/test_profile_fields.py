"""The table of good and bad inputs, at the actions that store them."""

from typing import Any

import pytest

from resellers.actions import profiles
from resellers.errors import DomainError
from resellers.errors.profiles import (
    ExtendedValuesConflict,
    InvalidChoice,
    InvalidState,
    InvalidZip,
    UnknownContactGroup,
)
from resellers.models import AuditEntry, ContactGroup, Reseller
from tests.factories.profiles import ContactGroupFactory, ResellerFactory
from tests.resellers import extended_inputs, inputs

pytestmark = pytest.mark.django_db

ELSEWHERE = {"email", "commission_rate"}
GOOD = [
    row
    for row in [*inputs.GOOD, *inputs.GOOD_TEXTS, *extended_inputs.GOOD_VALUES]
    if row.field not in ELSEWHERE
]
BAD = [
    row
    for row in [*inputs.BAD, *inputs.BAD_TEXTS, *extended_inputs.BAD_VALUES]
    if row.field not in ELSEWHERE
]


def change(row, **facts):
    return profiles.change_reseller(row, **facts, actor=None)


def stored(field):
    row = Reseller.objects.get()
    if field == "state":
        return row.state, row.state_name
    return getattr(row, field)


@pytest.mark.parametrize("good", GOOD, ids=str)
def test_what_is_good_is_stored_as_said(good):
    change(ResellerFactory(country=good.country), **{good.field: good.raw})
    assert stored(good.field) == good.stored


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_what_is_bad_is_refused_at_its_field(bad):
    row = ResellerFactory(country=bad.country)
    before = stored(bad.field)
    with pytest.raises(DomainError) as refused:
        change(row, **{bad.field: bad.raw})
    assert (refused.value.code, refused.value.status) == (bad.code, 400)
    assert refused.value.field == bad.field
    assert (stored(bad.field), AuditEntry.objects.count()) == (before, 0)


CLEARED: dict[str, Any] = {
    "contact_group": None,
    "partner_tier": "standard",
    "payment_terms": "net30",
    "extended_values": [],
}
FULL: dict[str, Any] = {
    "first_name": "Avery",
    "last_name": "Quill",
    "title": "Miss",
    "organization": "Quill Events",
    "industry": "Events",
    "web_site_url": "https://example.com",
    "address_1": "1 Example Street",
    "address_2": "Suite 2",
    "city": "Exampleton",
    "state": "FL",
    "zip_code": "33707",
    "country": "US",
    "phone": "727-555-0142",
    "mobile_phone": "727-555-0143",
    "fax": "727-555-0144",
    "notes": "Met at the fair",
    "tax_id": "12-3456789",
    "contact_group": "info_seekers",
    "partner_tier": "premium",
    "payment_terms": "net90",
    "extended_values": [{"key": "vip", "value": "yes"}],
}


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize("field", FULL)
def test_each_field_can_be_cleared(field, empty):
    row = profiles.create_reseller(email="avery@example.com", **FULL, actor=None)
    given = [] if field == "extended_values" and empty == "" else empty
    change(row, **{field: given}, reason="asked by phone")
    assert stored(field) == (("", "") if field == "state" else CLEARED.get(field, ""))
    others = {name: getattr(row, name) for name in set(FULL) - {field, "state"}}
    found = Reseller.objects.get()
    assert {name: getattr(found, name) for name in others} == others


def test_a_country_the_stored_state_does_not_fit_is_refused():
    row = ResellerFactory(country="US", state="FL", state_name="Florida")
    for country in ("CA", "DE"):
        with pytest.raises(InvalidState) as refused:
            change(row, country=country)
        assert refused.value.field == "country"
    change(row, country="Canada", state="Ontario")
    assert stored("state") == ("ON", "Ontario")
    change(row, country="Germany", state=None)
    assert (stored("country"), stored("state")) == ("DE", ("", ""))


def test_a_country_may_come_after_its_state():
    row = ResellerFactory(state="FL", state_name="Florida")
    change(row, country="US")
    change(row, country=None)
    assert (stored("country"), stored("state")) == ("", ("FL", "Florida"))


def test_a_country_the_stored_postal_code_does_not_fit_is_refused():
    row = ResellerFactory(country="GB", zip_code="SW1A 1AA")
    with pytest.raises(InvalidZip):
        change(row, country="US")
    change(row, country="US", zip_code="33707")
    assert (stored("country"), stored("zip_code")) == ("US", "33707")


def test_a_state_is_read_in_the_country_that_comes_with_it():
    row = ResellerFactory(country="US")
    with pytest.raises(InvalidState) as refused:
        change(row, country="CA", state="FL")
    assert refused.value.field == "state"
    change(row, country="US", state="", state_name="Florida")
    assert stored("state") == ("FL", "Florida")


def test_an_inactive_group_stays_and_is_not_chosen_anew():
    group = ContactGroupFactory(slug="night_owls")
    row, other = ResellerFactory(contact_group=group), ResellerFactory()
    ContactGroup.objects.update(is_active=False)
    change(row, contact_group="night_owls", city="Exampleton")
    for slug in ("night_owls", group, "nobody"):
        with pytest.raises(UnknownContactGroup) as refused:
            change(other, contact_group=slug)
        assert refused.value.field == "contact_group"


@pytest.mark.parametrize("field", ["partner_tier", "payment_terms"])
def test_a_choice_is_one_of_its_words(field):
    with pytest.raises(InvalidChoice) as refused:
        change(ResellerFactory(), **{field: "gold"}, reason="asked by phone")
    assert refused.value.field == field


def test_a_patch_of_extended_values_merges():
    values = [{"key": "vip_status", "value": "yes"}, {"key": "old_key", "value": "x"}]
    row = ResellerFactory(extended_values=values)
    patch = {"new": "1", "VIP_status": "no", "old_key": None}
    change(row, extended_values_patch=patch)
    assert stored("extended_values") == [
        {"key": "vip_status", "value": "no"},
        {"key": "new", "value": "1"},
    ]
    with pytest.raises(ExtendedValuesConflict):
        change(row, extended_values=[], extended_values_patch={})
    with pytest.raises(DomainError) as refused:
        change(row, extended_values_patch={"vip_status": 5})
    assert refused.value.code == "extended_value_not_text"


def test_no_key_changes_money():
    row = ResellerFactory()
    change(row, extended_values_patch={"referral_commission_tier": "Premium"})
    found = Reseller.objects.get()
    assert (found.partner_tier, found.payment_terms) == ("standard", "net30")
    assert not found.rates.exists()
