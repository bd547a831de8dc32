"""A sale arrives: whose, at which rate, what it earns, and once."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers import clock
from resellers.errors import AmountOutOfRange, Invalid
from resellers.errors.profiles import (
    EventKeyReserved,
    EventKeyReused,
    InvalidCharacter,
    InvalidEventKey,
    OccurredAhead,
    OccurredTooEarly,
    TextTooLong,
)
from resellers.models import BEGINNING, AuditEntry, LedgerEntry, Sale
from resellers.money import Money
from resellers.sales import SaleFact, entry_key, event_key_of
from tests.factories.resellers import AT, StaffFactory
from tests.resellers.earning import (
    CUSTOMER,
    DAY,
    after,
    answer,
    customer,
    follow,
    paid,
    record,
    tell,
)

pytestmark = pytest.mark.django_db
TICK = datetime.timedelta(microseconds=1)


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
    deed = AuditEntry.objects.get()
    assert (deed.action, deed.object_type, deed.object_ref, deed.actor) == (
        "sale.recorded",
        "resellers.sale",
        "inv-1001:1",
        staff,
    )
    assert deed.after == {
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

    # the pair of the outer savepoint, then what was there, whose, which rate, the sale,
    # four of the ledger, and the trail
    assert len(seen) == 11 + locks, [each["sql"] for each in seen]


def test_a_refund_is_lean():
    customer()
    record("inv-1")
    follow("r-1", "refunded", "inv-1", 1300)
    locks = 2 if connection.vendor == "postgresql" else 0

    with CaptureQueriesContext(connection) as seen:
        follow("r-2", "refunded", "inv-1", 1300)

    # the outer pair; what was there, the sale, its followers, the root; the ledger's
    # lock, key, group, insert of three and sum; the event and the trail
    assert len(seen) == 15 + locks, [each["sql"] for each in seen]


@pytest.mark.parametrize(
    ("fact", "refusal", "field"),
    [
        (paid("a b"), InvalidEventKey, "event_key"),
        (paid(""), InvalidEventKey, "event_key"),
        (paid("x" * 201), InvalidEventKey, "event_key"),
        (paid("stripe:in_1:il_1"), EventKeyReserved, "event_key"),
        (paid("e-1", customer_ref=""), Invalid, "customer_ref"),
        (paid("e-1", customer_ref="C\u200b"), InvalidCharacter, "customer_ref"),
        (paid("e-1", money=None), Invalid, "amount"),
        (paid("e-1", -1), AmountOutOfRange, "amount"),
        (paid("e-1", sale_key="e-0"), Invalid, "sale_key"),
        (paid("e-1", description="x" * 256), TextTooLong, "description"),
        (paid("e-1", payment_ref="a\nb"), InvalidCharacter, "payment_ref"),
        (paid("e-1", source="nobody"), Invalid, "source"),
        (
            paid("e-1", occurred_at=AT + datetime.timedelta(seconds=301)),
            OccurredAhead,
            "occurred_at",
        ),
        (paid("e-1", occurred_at=AT.replace(tzinfo=None)), Invalid, "occurred_at"),
        (
            paid("e-1", occurred_at=BEGINNING - datetime.timedelta(microseconds=1)),
            OccurredTooEarly,
            "occurred_at",
        ),
        (after("e-1", "refunded", "", 1), InvalidEventKey, "sale_key"),
        (after("e-1", "refunded", "e-1", 1), Invalid, "sale_key"),
        (after("e-1", "refunded", "e-0"), Invalid, "amount"),
        (after("e-1", "disputed", "e-0", 1), Invalid, "amount"),
        (after("e-1", "unknown", "e-0"), Invalid, "kind"),
        (SaleFact("document", "api", "e-1", AT), Invalid, "customer_ref"),
    ],
)
def test_what_no_door_may_say(fact, refusal, field):
    customer()

    with pytest.raises(refusal) as refused:
        tell(fact)

    assert (refused.value.status, refused.value.field) == (400, field)
    assert Sale.objects.count() == 0


def test_five_minutes_ahead_are_taken_and_texts_trimmed():
    customer()
    ahead = AT + datetime.timedelta(seconds=300)

    sale = record("e-1", occurred_at=ahead, customer_ref=f" {CUSTOMER} ")

    assert answer(sale) == ("earned", 1008, True)
    assert tell(paid("e-1", occurred_at=ahead)).replayed is True


def test_stripe_alone_brings_its_keys():
    customer()
    sale = record("stripe:in_1:il_1", source="stripe")
    assert answer(sale) == ("earned", 1008, True)


@pytest.mark.parametrize("event_key", ["a", "ab", "abc", "x" * 200])
def test_every_event_key_makes_a_key_of_the_ledger(event_key):
    customer()
    record(event_key)
    key = LedgerEntry.objects.get().key
    assert key == entry_key(event_key)
    assert event_key_of(key) == event_key


def test_keys_of_the_ledger():
    keys = [entry_key(each) for each in ("a", "ab", "abc", "inv-1:1")]
    assert keys == ["sale:a==", "sale:ab=", "sale:abc", "sale:inv-1:1"]
    assert event_key_of("mkt:c1:1:commission") == ""


def test_documents_are_counted_for_a_customer():
    customer(None)
    counted = SaleFact("document", "api", "doc-1", AT, customer_ref=CUSTOMER)
    stranger = SaleFact("document", "api", "doc-2", AT, customer_ref="C-2")

    told = [answer(tell(fact).sale) for fact in (counted, stranger)]

    assert told == [("counted", None, True), ("not_attributed", None, False)]
    assert LedgerEntry.objects.count() == 0


def test_a_sale_in_nobodys_or_anothers_time():
    theirs = customer(1000, referred_at=AT - 2 * DAY)
    theirs.ended_at, theirs.end_reason = AT, "customer_left"
    theirs.save()

    told = [
        answer(record(f"inv-{n}", occurred_at=AT + at))
        for n, at in enumerate((-2 * DAY - TICK, -2 * DAY, -TICK, 0 * DAY))
    ]

    assert told == [
        ("not_attributed", None, False),
        ("earned", 650, True),
        ("earned", 650, True),
        ("not_attributed", None, False),
    ]


def test_an_inactive_resellers_customers_keep_earning():
    customer(1000, reseller__status="inactive")
    assert answer(record("inv-1")) == ("earned", 650, True)
