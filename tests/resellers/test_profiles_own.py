"""What resellers and applicants do themselves, and what finance is shown on record."""

from typing import Any

import pytest

from resellers import clock
from resellers.actions import profiles
from resellers.errors import PermissionRefused
from resellers.errors.profiles import (
    FinanceRequired,
    InvalidPhone,
    ReadOnlyField,
    ReasonRequired,
    ResellerExists,
    UseStatusEndpoint,
)
from resellers.models import AuditEntry, Reseller
from resellers.models.versions import VersionChanged
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import AT, UserFactory
from tests.resellers import people

pytestmark = pytest.mark.django_db

OWN: dict[str, Any] = {
    "first_name": "Robin",
    "last_name": "Quill",
    "title": "Dr.",
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
}


@pytest.mark.parametrize("status", ["applicant", "active", "inactive", "suspended"])
def test_resellers_edit_their_own_in_every_status(status):
    row = ResellerFactory(status=status)
    profiles.edit_own(row, **OWN, actor=row.user)
    found = Reseller.objects.get()
    assert {name: getattr(found, name) for name in OWN} == OWN
    entry = AuditEntry.objects.get(action="reseller.updated")
    assert entry.actor == row.user
    assert set(entry.after or {}) == {*OWN, "state_name"}


@pytest.mark.parametrize(
    "field",
    [
        "notes",
        "contact_group",
        "partner_tier",
        "payment_terms",
        "tax_id",
        "extended_values",
        "company_name",
        "commission_rate",
    ],
)
def test_no_other_field_is_theirs(field):
    row = ResellerFactory()
    with pytest.raises(ReadOnlyField) as refused:
        profiles.edit_own(row, **{field: "x"}, actor=row.user)
    assert refused.value.field == field


@pytest.mark.parametrize("who", [UserFactory, people.finance])
def test_nobody_edits_for_them_there(who):
    row = ResellerFactory(city="Exampleton")
    with pytest.raises(PermissionRefused):
        profiles.edit_own(row, city="Otherton", actor=who())
    with pytest.raises(VersionChanged):
        profiles.edit_own(row, city="Otherton", versions=["old"], actor=row.user)
    assert Reseller.objects.get().city == "Exampleton"


def test_a_user_applies():
    user = UserFactory(email="avery@example.com")
    with clock.at(AT):
        row = profiles.apply_for_profile(
            user,
            first_name="Avery",
            last_name="Quill",
            organization="Quill Events",
            phone="727-555-0142",
            message="I know\nmany people",
        )
    found = Reseller.objects.get()
    assert (found.status, found.user, found.status_changed_at) == (
        "applicant",
        user,
        AT,
    )
    assert (found.notes, found.account.state) == ("I know\nmany people", "open")
    entry = AuditEntry.objects.get(action="reseller.created")
    assert entry.actor == user
    assert entry.after == {
        "email": "a…@example.com",
        "code": row.code,
        "status": "applicant",
        "first_name": "Avery",
        "last_name": "Quill",
        "organization": "Quill Events",
        "phone": "••••42",
        "notes": "I know\nmany people",
    }
    with pytest.raises(ResellerExists):
        profiles.apply_for_profile(user)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"status": "active"}, UseStatusEndpoint),
        ({"notes": "x"}, ReadOnlyField),
        ({"partner_tier": "premium"}, ReadOnlyField),
        ({"phone": "12"}, InvalidPhone),
    ],
)
def test_applicants_give_their_names_and_nothing_else(facts, refusal):
    with pytest.raises(refusal):
        profiles.apply_for_profile(UserFactory(), **facts)
    assert not Reseller.objects.exists()


def test_the_tax_id_is_shown_to_finance_and_on_record():
    row, actor = ResellerFactory(tax_id="12-3456789"), people.finance()
    shown = profiles.reveal_tax_id(row, reason="tax form 1099", actor=actor)
    assert shown == "12-3456789"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.object_ref) == (
        "reseller.tax_id_revealed",
        actor,
        str(row.pk),
    )
    assert (entry.reason, entry.before, entry.after) == ("tax form 1099", None, None)


def test_nobody_else_sees_it_and_nobody_without_a_reason():
    row = ResellerFactory(tax_id="12-3456789")
    for who in (people.editor(), people.viewer(), row.user):
        with pytest.raises(FinanceRequired):
            profiles.reveal_tax_id(row, reason="tax form 1099", actor=who)
    with pytest.raises(ReasonRequired):
        profiles.reveal_tax_id(row, reason=" why ", actor=people.finance())
    assert not AuditEntry.objects.exists()
