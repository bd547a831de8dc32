"""A sale arrives: whose, at which rate, what it earns, and once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers import clock
from resellers.errors.profiles import EventKeyReused
from resellers.models import AuditEntry, LedgerEntry, Sale
from resellers.money import Money
from tests.factories.resellers import StaffFactory
from tests.resellers.earning import (
    AT,
    DAY,
    customer,
    paid,
    record,
    tell,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


def test_a_sale_earns_and_says_why():
    referral = customer()
    staff = StaffFactory.create()

    told = tell(paid("inv-1001:1", description="Annual plan"), staff)

    assert told.replayed is False
    sale = Sale.objects.get(event_key="inv-1001:1")
    assert sale == told.sale
    assert (sale.outcome, sale.referral, sale.commission_minor) == (
        "earned",
        referral,
        1008,
    )
    assert (sale.rate_bp, sale.rate_scope, sale.posted_at) == (1550, "reseller", AT)
    entry = LedgerEntry.objects.get()
    assert (entry.account, entry.money, entry.base) == (
        referral.reseller.account,
        Money(1008, "USD"),
        Money(6500, "USD"),
    )
    assert (entry.kind, entry.component, entry.basis) == (
        "earning",
        "commission",
        "share",
    )
    assert (entry.source, entry.source_ref) == ("resellers.sale", str(sale.pk))
    assert (entry.key, entry.rate_bp, entry.rule_ref) == (
        "sale:inv-1001:1",
        1550,
        "reseller since the beginning",
    )
    assert (entry.status, entry.available_at) == ("pending", AT + 30 * DAY)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_type, entry.object_ref, entry.actor) == (
        "sale.recorded",
        "resellers.sale",
        "inv-1001:1",
        staff,
    )
    assert entry.after == {
        "kind": "paid",
        "outcome": "earned",
        "amount": {"amount_minor": 6500, "currency": "USD"},
        "commission": {"amount_minor": 1008, "currency": "USD"},
    }


def test_the_same_event_again_is_the_first_answer():
    customer()
    first = tell(paid("inv-1"))

    with clock.at(AT + DAY):
        again = tell(paid("inv-1", source="import"))

    assert (again.sale, again.replayed) == (first.sale, True)
    assert LedgerEntry.objects.count() == AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 6501},
        {"currency": "EUR"},
        {"customer_ref": "c-1001"},
        {"occurred_at": AT - DAY},
        {"reseller_code": "RS-000001"},
        {"invoice_ref": "inv"},
    ],
)
def test_other_facts_under_the_key_are_refused(other):
    customer()
    record("inv-1")

    with pytest.raises(EventKeyReused):
        record("inv-1", **other)

    assert Sale.objects.count() == 1


def test_a_plain_sale_is_lean():
    customer()
    record("inv-1")
    locks = 1 if connection.vendor == "postgresql" else 0

    with CaptureQueriesContext(connection) as seen:
        record("inv-2")

    # savepoint, look-up, referral, rates, sale, ledger (4), audit, release
    assert len(seen) == 11 + locks, [each["sql"] for each in seen]
