"""Many at once leave what one by one leaves: the same rows, the same entries."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, models
from django.test.utils import CaptureQueriesContext

from resellers import audit, clock
from resellers.actions.crowds import (
    NewReferral,
    NewReseller,
    attribute_customers,
    create_resellers,
)
from resellers.actions.profiles import create_reseller
from resellers.actions.referrals import attribute_customer
from resellers.commission import BasisPoints
from resellers.errors import Invalid, PermissionRefused
from resellers.errors.profiles import (
    FinanceRequired,
    InvalidEmail,
    InvalidZip,
    ReadOnlyField,
    ResellerNotActive,
    SelfReferral,
)
from resellers.models import AuditEntry, Referral, Reseller, User
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import AT, StaffFactory, SuperuserFactory

pytestmark = pytest.mark.django_db

FACTS: dict[str, Any] = {
    "first_name": "Avery",
    "last_name": "Quill",
    "contact_group": "info_seekers",
    "country": "United States",
    "state": "Florida",
    "zip_code": "33799",
    "phone": "727-555-0142",
    "payment_terms": "net15",
    "extended_values": [{"key": "Lead_Source", "value": "Website Form"}],
}
RATE = BasisPoints(1_550)
DRAWN = {"id", "code", "email", "password", "owner_ref", "user", "account", "reseller"}


@pytest.fixture
def staff():
    return SuperuserFactory.create()


def told(row: models.Model):
    """Every column but those that are drawn or belong to the one row alone."""
    columns = {each.name for each in row._meta.concrete_fields} - DRAWN
    found = {name: getattr(row, name) for name in columns}
    return {n: str(v).replace(getattr(row, "code", "-"), "") for n, v in found.items()}


def trail(*rows: models.Model):
    """Actions and facts of the entries about these rows, without what is drawn."""
    entries = AuditEntry.objects.filter(
        object_ref__in=[audit.identity(row)[1] for row in rows]
    )
    return [
        (
            entry.at,
            entry.actor,
            entry.action,
            entry.reason,
            {k: v for k, v in (entry.after or {}).items() if k not in DRAWN},
        )
        for entry in entries.order_by("id")
    ]


@pytest.mark.parametrize(
    ("status", "rate", "reason"),
    [("active", RATE, "Agreed by phone"), ("applicant", None, "")],
)
def test_a_profile_is_the_same_either_way(status, rate, reason, staff):
    with clock.at(AT):
        one = create_reseller(
            email="one@example.com",
            status=status,
            commission_rate=rate,
            reason=reason,
            actor=staff,
            **FACTS,
        )
    person = NewReseller("two@example.com", AT, status, rate, reason, FACTS)
    (made,) = create_resellers([person], actor=staff)
    one, two = (Reseller.objects.get(pk=row.pk) for row in (one, made))

    for first, second in [
        (one, two),
        (one.user, two.user),
        (one.account, two.account),
        *zip(one.rates.all(), two.rates.all(), strict=True),
    ]:
        assert told(second) | {"search_text": ""} == told(first) | {"search_text": ""}
    assert two.search_text == one.search_text.replace("one@", "two@").replace(
        one.code.casefold(), two.code.casefold()
    )
    assert two.account.owner_ref == str(two.pk)
    assert not two.user.has_usable_password()
    assert len(trail(one, one.user, one.account)) == 3
    assert trail(two, two.user, two.account) == trail(one, one.user, one.account)


def test_a_referral_is_the_same_either_way(staff):
    reseller = ResellerFactory.create()
    facts: dict[str, Any] = {
        "customer_email": "Avery@shop.example.com",
        "origin": "api",
    }
    with clock.at(AT):
        one = attribute_customer(reseller, customer_ref="C-1", actor=staff, **facts)
    new = NewReferral(reseller, " C-2 ", AT, **facts)
    (two,) = attribute_customers([new], actor=staff)
    two = Referral.objects.get(pk=two.pk)

    same = {"customer_ref": ""}
    assert told(two) | same == told(one) | same
    first, second = trail(reseller)
    assert first[4].pop("customer_ref") == "C-1"
    assert second[4].pop("customer_ref") == "C-2"
    assert first[4].pop("referral_id") == str(one.pk)
    assert second[4].pop("referral_id") == str(two.pk)
    assert first == second


def test_few_statements_for_many(staff):
    def crowd(count, name):
        people = [
            NewReseller(f"{name}{number}@example.com", AT) for number in range(count)
        ]
        with CaptureQueriesContext(connection) as seen:
            made = create_resellers(people, actor=staff)
        inserts = [query for query in seen if query["sql"].startswith("INSERT")]
        return made, len(inserts)

    assert crowd(1, "a")[1] == 4
    assert crowd(30, "b")[1] <= 6  # SQLite takes 999 values at a time
    resellers = Reseller.objects.select_related("user")
    new = [NewReferral(row, row.code, AT, "api") for row in resellers]
    with CaptureQueriesContext(connection) as seen:
        assert len(attribute_customers(new, actor=staff)) == 31
    assert len([query for query in seen if "INSERT" in query["sql"]]) == 2
    assert Reseller.objects.count() == 31


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"zip_code": "3"}, InvalidZip),
        ({"company_name": "Old"}, ReadOnlyField),
        ({"partner_tier": "gold"}, Invalid),
    ],
)
def test_a_bad_fact_refuses_the_whole_crowd(facts, refusal, staff):
    people = [
        NewReseller("one@example.com", AT),
        NewReseller("two@example.com", AT, facts=facts),
    ]
    with pytest.raises(refusal):
        create_resellers(people, actor=staff)
    assert not Reseller.objects.exists()


def test_addresses_are_new_and_valid(staff):
    with pytest.raises(InvalidEmail):
        create_resellers([NewReseller("nobody", AT)], actor=staff)
    with pytest.raises(IntegrityError):
        create_resellers([NewReseller(staff.email, AT)], actor=staff)


def test_rights_are_asked_for():
    nobody = StaffFactory.create()
    with pytest.raises(PermissionRefused):
        create_resellers([NewReseller("one@example.com", AT)], actor=nobody)
    assert User.objects.count() == 1


def test_rates_and_terms_are_finance_s():
    editor = StaffFactory.create()
    editor.user_permissions.add(*_rights("add_reseller", "change_reseller"))
    for given in ({"commission_rate": RATE}, {"facts": {"tax_id": "00-1"}}):
        person = NewReseller("one@example.com", AT, **given)
        with pytest.raises(FinanceRequired):
            create_resellers([person], actor=editor)
    assert create_resellers([NewReseller("one@example.com", AT)], actor=editor)


def _rights(*codenames):
    return Permission.objects.filter(codename__in=codenames)


def test_customers_go_to_active_resellers_and_not_to_themselves(staff):
    inactive = ResellerFactory.create(status="inactive")
    with pytest.raises(ResellerNotActive):
        attribute_customers([NewReferral(inactive, "C-1", AT, "api")], actor=staff)
    active = ResellerFactory.create()
    own = NewReferral(active, "C-1", AT, "api", active.user.email.upper())
    with pytest.raises(SelfReferral):
        attribute_customers([own], actor=staff)
    taken = [NewReferral(active, "C-1", AT, "api")] * 2
    with pytest.raises(IntegrityError):
        attribute_customers(taken, actor=staff)
