"""Why a sale earned what it earned, in the documents' own words."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers.commission import BasisPoints, share
from resellers.explanations import (
    exact_share,
    explain,
    explain_all,
    explain_entry,
)
from resellers.models import BEGINNING
from resellers.money import Money
from tests.factories.profiles import ReferralFactory, SaleFactory
from tests.factories.resellers import AT, LedgerEntryFactory

pytestmark = pytest.mark.django_db

PAID_ON = datetime(2026, 5, 31, 9, 0, tzinfo=UTC)
MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture
def referral():
    return ReferralFactory.create(customer_ref="C-1001")


@pytest.fixture
def make(referral):
    """A paid sale with its answer computed."""

    def make(amount=6_500, bp=1_550, **facts):
        money = Money(amount, facts.get("currency", "USD"))
        earned = share(money, BasisPoints(bp)).amount
        answer = {
            "event_key": "inv-1001:1",
            "customer_ref": referral.customer_ref,
            "referral": referral,
            "occurred_at": PAID_ON,
            "received_at": PAID_ON,
            "rate_bp": bp,
            "rate_scope": "reseller",
            "rate_since": MAY,
            "commission_minor": earned,
            "outcome": "earned" if earned else "zero",
            "posted_at": PAID_ON,
        }
        return SaleFactory.create(amount_minor=amount, **answer | facts)

    return make


def follow(sale, kind, amount, commission, hour, **facts):
    """The `hour`-th event after the sale."""
    at = PAID_ON.replace(hour=hour)
    change = {"refunded": "reversed", "restored": "restored"}
    return SaleFactory.create(
        **{
            "kind": kind,
            "event_key": f"{kind}-{hour}",
            "customer_ref": "",
            "sale_key": sale.event_key,
            "sale": sale,
            "referral": sale.referral,
            "currency": sale.currency,
            "amount_minor": amount,
            "commission_minor": commission,
            "outcome": change[kind] if commission else "no_effect",
            "occurred_at": at,
            "received_at": at,
            "posted_at": at,
        }
        | facts
    )


@pytest.mark.parametrize(
    ("amount", "currency", "bp", "said"),
    [
        (6_500, "USD", 1_550, "10.075"),
        (10_000, "USD", 1_550, "15.50"),
        (999, "JPY", 1_050, "104.895"),
        (1_000, "JPY", 1_000, "100"),
        (3, "USD", 1_550, "0.00465"),
        (0, "USD", 1_550, "0.00"),
        (0, "JPY", 0, "0"),
        (1_001, "KWD", 1, "0.0001001"),
        (10**14, "USD", 10_000, "1000000000000.00"),
    ],
)
def test_every_decimal_of_a_share_is_told(amount, currency, bp, said):
    assert exact_share(Money(amount, currency), BasisPoints(bp)) == said


def test_the_sentence_of_the_document(make):
    sale = make()
    assert explain(sale) == "15.5 % of USD 65.00 = 10.075, rounded half-up to 10.08"


def test_nothing_is_rounded_where_nothing_is_to_round(make):
    assert explain(make(amount=10_000)) == "15.5 % of USD 100.00 = 15.50"
    yen = make(amount=999, bp=1_050, currency="JPY", event_key="inv-2")
    assert explain(yen) == "10.5 % of JPY 999 = 104.895, rounded half-up to 105"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"bp": 0, "rate_scope": "referral"},
            "0 % of USD 65.00 = 0.00; the rate agreed for this customer is 0 %",
        ),
        (
            {"bp": 0, "rate_scope": "programme"},
            "0 % of USD 65.00 = 0.00; the programme's rate is 0 %",
        ),
        (
            {"amount": 3},
            "15.5 % of USD 0.03 = 0.00465, rounded half-up to 0.00;"
            " less than the smallest unit of USD",
        ),
        ({"amount": 0}, "15.5 % of USD 0.00 = 0.00; nothing was paid"),
    ],
)
def test_zero_says_why(facts, said, make):
    assert explain(make(**facts)) == said


def test_a_zero_rate_is_the_readers_own(make):
    sale = make(bp=0)
    assert explain(sale).endswith("; the reseller's own rate is 0 %")
    assert explain(sale, for_reseller=True).endswith("; your rate is 0 %")


@pytest.mark.parametrize(
    ("facts", "staff", "reseller"),
    [
        (
            {"status": "hold", "hold_for": "account"},
            "on hold, since the reseller is suspended",
            "on hold, since your account is under review",
        ),
        *(
            (
                facts,
                "it was put on hold, since the reseller was suspended then",
                "it was put on hold, since your account was under review then",
            )
            for facts in (
                {"status": "pending"},
                {"status": "approved"},
                {"status": "paid", "status_at": JUNE},
                {"status": "hold", "hold_for": "dispute"},
            )
        ),
    ],
)
def test_held_says_why_and_whether_it_still_is(facts, staff, reseller, make):
    sale = make(outcome="held")
    entry_of(sale, **facts)
    formula = "15.5 % of USD 65.00 = 10.075, rounded half-up to 10.08"
    assert explain(sale) == f"{formula}; {staff}"
    assert explain(sale, for_reseller=True) == f"{formula}; {reseller}"


def test_a_released_entry_does_not_contradict_itself(make):
    entry = entry_of(make(outcome="held"), status="approved", posted_at=AT)
    assert explain_entry(entry).lines == [
        "15.5 % of USD 65.00 = 10.075, rounded half-up to 10.08; it was put on hold,"
        " since your account was under review then.",
        "Share of what was paid, before tax.",
        "Your rate since 1 May 2026.",
        "Available since 30 June 2026.",
    ]


def test_a_later_rate_says_so(make):
    sale = make(rate_since=datetime(2026, 6, 3, tzinfo=UTC))
    assert explain(sale) == (
        "15.5 % of USD 65.00 = 10.075, rounded half-up to 10.08; no rate held on"
        " 31 May 2026, so the earliest later one was taken, of 3 June 2026"
    )


UNPOSTED = {
    "rate_bp": None,
    "rate_scope": "",
    "rate_since": None,
    "commission_minor": None,
    "posted_at": None,
}


@pytest.mark.parametrize(
    ("facts", "staff", "reseller"),
    [
        (
            {"outcome": "not_attributed", "referral": None},
            "On 31 May 2026 C-1001 was nobody's customer. Attribute the customer from"
            " that day on, then post it again",
            "This customer was not yours on that day",
        ),
        (
            {"outcome": "no_rate"},
            "No rate held on 31 May 2026: not for the customer, the reseller or the"
            " programme. Set one, then post it again: it takes the earliest later"
            " rate",
            "No rate was agreed for this sale yet; it earns once there is one",
        ),
        (
            {"outcome": "waiting", "kind": "refunded", "sale_key": "inv-9"},
            "The sale inv-9 has not arrived yet; this is applied as soon as it does."
            " After three days ask the shop for it",
            "Waits for its sale, and has changed nothing yet",
        ),
    ],
)
def test_what_is_missing_and_what_to_do(facts, staff, reseller, make):
    sale = make(**UNPOSTED | facts)
    assert explain(sale) == staff
    assert explain(sale, for_reseller=True) == reseller


def test_a_refund_that_is_too_large_says_so(make):
    sale = make()
    unposted = {"outcome": "waiting", "commission_minor": None, "posted_at": None}
    event = follow(sale, "refunded", 6_501, 0, 10, **unposted)
    assert explain(event) == (
        "More than what is left of inv-1001:1, or in another currency: it waits, and"
        " nothing was changed. Ask the shop which of its refunds count"
    )


def test_five_refunds_and_a_restore(make):
    sale = make()
    events = [
        follow(sale, "refunded", 1_300, commission, hour)
        for hour, commission in enumerate([-202, -201, -202, -201, -202], start=10)
    ]
    events.append(follow(sale, "restored", 1_300, 202, 15))
    assert list(explain_all(events).values()) == [
        "USD 65.00 less 13.00 refunded leaves 52.00; 15.5 % of it is 8.06;"
        " that is 2.02 less than before",
        "USD 65.00 less 26.00 refunded leaves 39.00; 15.5 % of it is 6.045, rounded"
        " half-up to 6.05; that is 2.01 less than before",
        "USD 65.00 less 39.00 refunded leaves 26.00; 15.5 % of it is 4.03;"
        " that is 2.02 less than before",
        "USD 65.00 less 52.00 refunded leaves 13.00; 15.5 % of it is 2.015, rounded"
        " half-up to 2.02; that is 2.01 less than before",
        "USD 65.00 less 65.00 refunded leaves 0.00; 15.5 % of it is 0.00;"
        " that is 2.02 less than before",
        "USD 65.00 less 52.00 refunded leaves 13.00; 15.5 % of it is 2.015, rounded"
        " half-up to 2.02; that is 2.02 more than before",
    ]


def test_refunds_of_one_moment_are_told_as_they_were_posted(make, referral):
    """The entries know their order where the times do not."""
    sale = make()
    account = referral.reseller.account
    root = LedgerEntryFactory.create(account=account, amount_minor=1_008)
    same = {"posted_at": AT, "received_at": AT, "occurred_at": AT}
    first, second = (
        follow(sale, "refunded", 1_300, commission, hour, **same)
        for hour, commission in [(11, -202), (10, -201)]
    )
    for event, refunded in [(first, 1_300), (second, 2_600)]:
        LedgerEntryFactory.create(
            account=account,
            kind="reversal",
            reverses=root,
            amount_minor=event.commission_minor,
            refunded_minor=refunded,
            key=f"sale:{event.event_key}",
        )
    assert "less 13.00 refunded" in explain(first)
    assert "less 26.00 refunded" in explain(second)


def test_a_refund_that_changes_no_cent(make):
    event = follow(make(), "refunded", 1, 0, 10)
    assert explain(event) == (
        "USD 65.00 less 0.01 refunded leaves 64.99; 15.5 % of it is 10.07345, rounded"
        " half-up to 10.07, as before"
    )


def test_a_refund_of_an_unposted_sale(make):
    sale = make(**UNPOSTED, outcome="no_rate")
    event = follow(sale, "refunded", 1_300, 0, 10, posted_at=None)
    assert explain(event) == (
        "The sale inv-1001:1 has no commission yet, so there is none to change;"
        " this follows when the sale is posted"
    )


@pytest.mark.parametrize(
    ("kind", "outcome", "said"),
    [
        (
            "disputed",
            "on_hold",
            "The payment of inv-1001:1 was disputed: what was unpaid of its commission"
            " was put on hold",
        ),
        (
            "released",
            "released",
            "The dispute of inv-1001:1 ended: its commission was let go",
        ),
        ("disputed", "no_effect", "No commission of inv-1001:1 was there to hold"),
        ("released", "no_effect", "No commission of inv-1001:1 was there to let go"),
    ],
)
def test_disputes(kind, outcome, said, make):
    facts = {"currency": "", "outcome": outcome, "commission_minor": None}
    sale = make()
    event = SaleFactory.create(
        kind=kind,
        customer_ref="",
        sale_key=sale.event_key,
        sale=sale,
        referral=sale.referral,
        amount_minor=0,
        posted_at=AT,
        **facts,
    )
    assert explain(event) == said


def test_documents(make):
    document = {"kind": "document", "currency": "", "amount_minor": 0}
    counted = SaleFactory.create(
        **document,
        customer_ref="C-1001",
        referral=make().referral,
        outcome="counted",
        posted_at=AT,
    )
    assert explain(counted) == "One document of customer C-1001, counted"


def entry_of(sale, **facts):
    return LedgerEntryFactory.create(
        **{
            "account": sale.referral.reseller.account,
            "amount_minor": sale.commission_minor,
            "source": "resellers.sale",
            "source_ref": str(sale.pk),
            "key": f"sale:{sale.event_key}",
            "available_at": JUNE,
        }
        | facts
    )


def test_the_entrys_page_of_the_document(make):
    assert explain_entry(entry_of(make())).lines == [
        "15.5 % of USD 65.00 = 10.075, rounded half-up to 10.08.",
        "Share of what was paid, before tax.",
        "Your rate since 1 May 2026.",
        "Available 30 June 2026.",
    ]


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"rate_scope": "programme"}, "The programme's rate since 1 May 2026."),
        ({"rate_scope": "referral"}, "Your rate for this customer since 1 May 2026."),
        ({"rate_since": BEGINNING}, "Your rate from the beginning."),
    ],
)
def test_whose_rate_and_since_when(facts, line, make):
    assert explain_entry(entry_of(make(**facts))).rate == line


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"status": "approved", "posted_at": AT}, "Available since 30 June 2026."),
        (
            {"status": "approved", "available_at": AT, "posted_at": JUNE},
            "Available since 30 June 2026.",
        ),
        (
            {"status": "hold", "hold_for": "account"},
            "On hold while your account is under review.",
        ),
        (
            {"status": "hold", "hold_for": "dispute"},
            "On hold while the customer disputes the payment.",
        ),
        ({"status": "paid", "status_at": JUNE}, "Paid 30 June 2026."),
    ],
)
def test_when_it_may_be_paid(facts, line, make):
    assert explain_entry(entry_of(make(), **facts)).available == line


def test_an_entry_taken_back(make):
    sale = make()
    root = entry_of(sale)
    event = follow(sale, "refunded", 1_300, -202, 10)
    facts = {"kind": "reversal", "reverses": root, "refunded_minor": 1_300}
    entry = entry_of(event, source_ref=str(sale.pk), **facts)
    assert explain_entry(entry).lines == [
        "USD 65.00 less 13.00 refunded leaves 52.00; 15.5 % of it is 8.06; that is"
        " 2.02 less than before.",
        "Share of what was paid, before tax.",
        "Your rate since 1 May 2026.",
        "Taken off what is due.",
    ]


def test_entries_of_no_sale():
    share_of = {"basis": "share", "base_minor": 6_500, "rate_bp": 1_550}
    one = LedgerEntryFactory.create(amount_minor=1_008, **share_of)
    other = LedgerEntryFactory.create(kind="payout", amount_minor=-1, status="paid")
    assert explain_entry(one).lines == [
        "15.5 % of USD 65.00 = 10.075, rounded half-up to 10.08.",
        "Available 9 March 2026.",
    ]
    assert explain_entry(other).lines == ["Payout of USD -0.01."]


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries_do_not_grow_with_the_rows(rows, make):
    events = []
    for number in range(rows):
        sale = make(event_key=f"inv-{number}")
        key = f"re-{number}"
        events += [sale, follow(sale, "refunded", 1_300, -202, 10, event_key=key)]
        held = make(event_key=f"held-{number}", outcome="held")
        entry_of(held, status="hold", hold_for="account")
        events.append(held)
    with CaptureQueriesContext(connection) as seen:
        said = explain_all(events)
    assert len(seen) == 4
    assert len(set(said.values())) == 3
