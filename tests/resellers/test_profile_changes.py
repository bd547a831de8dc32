"""Staff change what is given; one change is one entry, and equal facts are none."""

from typing import Any

import pytest

from resellers import clock
from resellers.actions import profiles, users
from resellers.commission import BasisPoints
from resellers.errors import PermissionRefused
from resellers.errors.profiles import (
    FinanceRequired,
    ReadOnlyField,
    ReasonRequired,
    TextTooLong,
    UseEmailEndpoint,
    UseStatusEndpoint,
)
from resellers.models import Account, AuditEntry, Rate, Reseller
from resellers.models.versions import VersionChanged, version_of
from tests.factories.profiles import LONG_AGO, RateFactory, ResellerFactory
from tests.factories.resellers import AT, UserFactory
from tests.resellers import people

pytestmark = pytest.mark.django_db
REASON = "asked by phone"


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


def change(row: Reseller, **facts: Any) -> Reseller:
    return profiles.change_reseller(row, **{"actor": None, **facts})


def entries():
    found = AuditEntry.objects.filter(object_type="resellers.reseller")
    return list(found.order_by("id"))


def test_one_entry_tells_what_differs():
    row = ResellerFactory(first_name="Avery", phone="727-555-0142")
    actor = people.editor()
    values = [{"key": "vip", "value": "yes"}]
    changed = change(
        row,
        first_name=" Robin ",
        phone="727-555-0177",
        title="",
        contact_group="info_seekers",
        extended_values=values,
        actor=actor,
    )
    (entry,) = entries()
    assert (entry.action, entry.object_ref, entry.actor) == (
        "reseller.updated",
        str(row.pk),
        actor,
    )
    assert entry.before == {
        "first_name": "Avery",
        "phone": "••••42",
        "contact_group": None,
        "extended_values.vip": None,
    }
    assert entry.after == {
        "first_name": "Robin",
        "phone": "••••77",
        "contact_group": "info_seekers",
        "extended_values.vip": "yes",
    }
    found = Reseller.objects.get()
    assert (found.updated_at, found.created_at) == (AT, LONG_AGO)
    assert version_of(found) == version_of(changed)


def test_equal_facts_write_nothing():
    row = profiles.create_reseller(
        email="avery@example.com",
        first_name="Avery",
        state="FL",
        country="US",
        extended_values=[{"key": "vip", "value": "yes"}],
        commission_rate=BasisPoints(1_550),
        contact_group="info_seekers",
        actor=None,
    )
    before, count = version_of(Reseller.objects.get()), len(entries())
    change(
        row,
        first_name=" Avery ",
        state="florida",
        country="usa",
        payment_terms="net30",
        contact_group=row.contact_group,
        extended_values_patch={"VIP": "yes"},
        commission_rate=BasisPoints(1_550),
        reason="",
    )
    assert version_of(Reseller.objects.get()) == before
    assert (len(entries()), Rate.objects.count()) == (count, 1)


def test_another_order_of_extended_values_is_told():
    values = [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]
    row = ResellerFactory(extended_values=values)
    change(row, extended_values=values[::-1])
    assert Reseller.objects.get().extended_values == values[::-1]
    (entry,) = entries()
    assert entry.before == {"extended_values": ["a", "b"]}
    assert entry.after == {"extended_values": ["b", "a"]}


def test_what_is_searched_follows_every_write():
    user = UserFactory(email="avery@example.com")
    row = ResellerFactory(user=user, code="RS-000001", first_name="", last_name="")
    change(
        row,
        first_name="Zoë",
        last_name="Müller",
        organization="Café Łódź",
        phone="+1 (727) 555-0142",
        fax="0049 30 555 0199",
    )
    found = Reseller.objects.get()
    assert found.search_text == "zoe muller cafe lodz avery@example.com rs-000001"
    assert found.search_digits == "7275550142 49305550199"
    users.change_email(user, email="zoe@example.com", actor=None)
    found.refresh_from_db()
    assert found.search_text == "zoe muller cafe lodz zoe@example.com rs-000001"


def test_finance_changes_terms_tax_id_and_rate_in_one_entry():
    row, actor = ResellerFactory(tax_id="12-3456789"), people.finance()
    change(
        row,
        payment_terms="net90",
        tax_id="98-7654321",
        commission_rate=BasisPoints(2_000),
        reason=REASON,
        actor=actor,
    )
    (entry,) = entries()
    assert (entry.action, entry.reason) == ("reseller.updated", REASON)
    assert entry.before == {
        "payment_terms": "net30",
        "hold_days": 30,
        "tax_id": "••••6789",
        "commission_rate": None,
    }
    assert entry.after == {
        "payment_terms": "net90",
        "hold_days": 90,
        "tax_id": "••••4321",
        "commission_rate": "20",
    }
    row.account.refresh_from_db()
    assert row.account.hold_days == 90
    rate = Rate.objects.get()
    assert (rate.rate_bp, rate.valid_from, rate.reason) == (2_000, AT, REASON)
    assert (rate.created_by, Reseller.objects.get().updated_at) == (actor, AT)


def test_a_rate_of_none_takes_the_own_one_away():
    row = ResellerFactory()
    change(row, commission_rate=None, reason=REASON)
    assert not Rate.objects.exists()
    RateFactory(scope="reseller", reseller=row, rate_bp=1_500)
    change(row, commission_rate=None, reason=REASON)
    assert [rate.rate_bp for rate in Rate.objects.newest_first()] == [None, 1_500]
    (entry,) = entries()
    assert (entry.before, entry.after) == (
        {"commission_rate": "15"},
        {"commission_rate": None},
    )


MONEY: list[tuple[dict[str, Any], str]] = [
    ({"commission_rate": BasisPoints(1)}, "commission_rate"),
    ({"payment_terms": "net15"}, "payment_terms"),
    ({"tax_id": "12-3456789"}, "tax_id"),
]


@pytest.mark.parametrize(("facts", "field"), MONEY)
def test_money_needs_finance_and_a_reason(facts, field):
    row = ResellerFactory()
    with pytest.raises(FinanceRequired) as refused:
        change(row, **facts, reason=REASON, actor=people.editor())
    assert refused.value.field == field
    for reason, refusal in [("four", ReasonRequired), ("r" * 501, TextTooLong)]:
        with pytest.raises(refusal):
            change(row, **facts, reason=reason, actor=people.finance())
    assert not entries()
    change(row, **facts, reason=REASON, actor=people.finance())
    assert len(entries()) == 1


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("status", UseStatusEndpoint),
        ("email", UseEmailEndpoint),
        *(
            (name, ReadOnlyField)
            for name in [
                "id",
                "code",
                "user",
                "account",
                "company_name",
                "company_phone",
                "company_address",
                "created_at",
                "updated_at",
                "search_text",
                "stripe_connect_id",
                "payout_method",
                "total_revenue_generated",
                "total_customers_referred",
            ]
        ),
    ],
)
def test_what_is_not_written_here(name, refusal):
    row = ResellerFactory()
    with pytest.raises(refusal) as refused:
        change(row, **{name: "x"})
    assert refused.value.field == name


def test_an_import_writes_the_legacy_columns():
    row = ResellerFactory()
    change(row, company_name="Quill Events", imported=True)
    found = Reseller.objects.get()
    assert (found.company_name, found.organization) == ("Quill Events", "")
    assert "quill events" in found.search_text


def test_a_version_that_is_not_the_present_one_is_refused():
    row = ResellerFactory()
    seen = version_of(Reseller.objects.get())
    changed = change(row, city="Exampleton", versions=[seen])
    with pytest.raises(VersionChanged):
        change(row, city="Otherton", versions=[seen])
    change(row, city="Otherton", versions=["x", version_of(changed)])
    assert Reseller.objects.get().city == "Otherton"


def test_the_account_follows_the_name():
    row = ResellerFactory(first_name="Avery", last_name="Quill")
    change(row, last_name="Example")
    row.account.refresh_from_db()
    assert row.account.name == "Avery Example"
    change(row, first_name="", last_name="", organization="Quill Events")
    row.account.refresh_from_db()
    assert row.account.name == "Quill Events"


def test_days_that_somebody_agreed_on_stay_until_the_terms_change():
    row = ResellerFactory()
    Account.objects.update(hold_days=10)
    change(row, first_name="Robin", payment_terms="net30")
    assert Account.objects.get().hold_days == 10
    change(row, payment_terms="net60", reason=REASON)
    assert Account.objects.get().hold_days == 60


def test_a_stale_object_overwrites_nothing():
    row = ResellerFactory(city="Exampleton", phone="727-555-0142")
    stale = Reseller.objects.get()
    change(row, city="Otherton")
    change(stale, phone="727-555-0177")
    found = Reseller.objects.get()
    assert (found.city, found.phone) == ("Otherton", "727-555-0177")


@pytest.mark.parametrize("who", [people.viewer, people.plain_staff, UserFactory])
def test_others_change_nothing(who):
    row = ResellerFactory(city="Exampleton")
    with pytest.raises(PermissionRefused):
        change(row, city="Otherton", actor=who())
    assert (Reseller.objects.get().city, entries()) == ("Exampleton", [])
