"""Posting again what found no referral or no rate, and finding what was missed."""

import pytest

from resellers import clock
from resellers.actions.referrals import attribute_customer
from resellers.actions.sales import (
    apply_waiting,
    facts,
    in_bulk,
    post_again,
    post_earlier,
)
from resellers.errors import PermissionRefused
from resellers.errors.profiles import AlreadyPosted, CannotPost
from resellers.models import AuditEntry, LedgerEntry
from resellers.sales import SaleFact
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import AT, StaffFactory, SuperuserFactory
from tests.resellers.earning import (
    CUSTOMER,
    DAY,
    answer,
    customer,
    entries,
    follow,
    record,
    standing,
    tell,
)
from tests.resellers.test_rates import FIFTEEN, TEN, TWENTY, give

pytestmark = pytest.mark.django_db
NOW = AT + 9 * DAY


@pytest.fixture(autouse=True)
def _nine_days_later():
    with clock.at(NOW):
        yield


def attribute(at=AT, **facts):
    reseller = ResellerFactory.create(**facts)
    return attribute_customer(
        reseller, customer_ref=CUSTOMER, referred_at=at, origin="staff", actor=None
    )


def again(sale, actor=None):
    return answer(post_again(sale, actor=actor))


def test_a_strangers_sale_is_posted_with_its_refunds():
    sale = record("inv-1")
    refund = follow("r-1", "refunded", "inv-1", 1300)
    assert answer(sale) == ("not_attributed", None, False)
    assert answer(refund) == ("no_effect", None, False)
    with pytest.raises(CannotPost):
        post_again(sale, actor=None)
    referral = attribute()
    give(referral.reseller, FIFTEEN, from_beginning=True)
    finance = SuperuserFactory.create()

    assert again(sale, finance) == ("earned", 1008, True)

    refund.refresh_from_db()
    assert answer(refund) == ("reversed", -202, True)
    assert (refund.sale, refund.referral) == (sale, referral)
    assert [row[:2] for row in entries(sale)] == [("earning", 1008), ("reversal", -202)]
    told = AuditEntry.objects.filter(action="sale.posted").order_by("id")
    assert [(row.object_ref, row.actor, row.before, row.after) for row in told] == [
        (
            "inv-1",
            finance,
            {"outcome": "not_attributed"},
            {
                "kind": "paid",
                "outcome": "earned",
                "amount": {"amount_minor": 6500, "currency": "USD"},
                "commission": {"amount_minor": 1008, "currency": "USD"},
            },
        ),
        (
            "r-1",
            finance,
            None,
            {
                "outcome": "reversed",
                "commission": {"amount_minor": -202, "currency": "USD"},
            },
        ),
    ]
    with pytest.raises(AlreadyPosted):
        post_again(sale, actor=None)
    with pytest.raises(AlreadyPosted):
        post_again(refund, actor=None)


def test_without_a_rate_it_takes_the_first_that_came_later():
    theirs = customer(None)
    sale = record("inv-1")
    assert answer(sale) == ("no_rate", None, False)
    with pytest.raises(CannotPost):
        post_again(sale, actor=None)
    with clock.at(AT + DAY):
        give(theirs.reseller, TWENTY)
    with clock.at(AT + 2 * DAY):
        give(theirs.reseller, FIFTEEN)

    assert again(sale) == ("earned", 1300, True)

    sale.refresh_from_db()
    assert (sale.rate_bp, sale.rate_scope, sale.rate_since) == (
        2000,
        "reseller",
        AT + DAY,
    )
    assert LedgerEntry.objects.get().rule_ref == "reseller since 2026-03-03"


def test_a_planned_rate_does_not_hold_yet():
    theirs = customer(None)
    sale = record("inv-1")
    give(theirs.reseller, TWENTY, valid_from=NOW + DAY)

    with pytest.raises(CannotPost):
        post_again(sale, actor=None)
    with clock.at(NOW + DAY):
        assert again(sale) == ("earned", 1300, True)


def test_the_first_rate_of_the_programme_holds_for_it_too():
    customer(None)
    sale = record("inv-1")
    give(rate=TEN)
    assert again(sale) == ("earned", 650, True)


def test_a_stranger_without_a_rate_becomes_a_customer_without_one():
    sale = record("inv-1")
    refund = follow("r-1", "refunded", "inv-1", 1300)
    referral = attribute()

    assert again(sale) == ("no_rate", None, False)

    refund.refresh_from_db()
    assert (answer(refund), refund.referral) == (("no_effect", None, False), referral)
    told = AuditEntry.objects.get(action="sale.attributed")
    assert told.after == {
        "kind": "paid",
        "outcome": "no_rate",
        "amount": {"amount_minor": 6500, "currency": "USD"},
    }
    with pytest.raises(CannotPost):
        post_again(sale, actor=None)


def test_what_was_accepted_in_another_order_is_posted_whole():
    """The restore happened first and arrived last."""
    theirs = customer(None)
    sale = record("inv-1")
    refund = follow("r-1", "refunded", "inv-1", 6500, occurred_at=AT + 2 * DAY)
    back = follow("b-1", "restored", "inv-1", 1300, occurred_at=AT + DAY)
    held = follow("d-1", "disputed", "inv-1", occurred_at=AT + DAY)
    give(theirs.reseller, FIFTEEN)

    again(sale)

    assert [answer(each) for each in (back, held, refund)] == [
        ("no_effect", 0, True),
        ("on_hold", None, True),
        ("reversed", -806, True),
    ]
    assert standing(sale) == 202


@pytest.mark.parametrize(
    "follower", [None, ("r-1", "refunded", "inv-1", 1), ("d-1", "disputed", "inv-1")]
)
def test_only_finance_posts_again(follower):
    sale = record("inv-1")
    row = sale if follower is None else follow(*follower)
    staff = StaffFactory.create()

    with pytest.raises(PermissionRefused):
        post_again(row, actor=staff)
    with pytest.raises(PermissionRefused):
        post_earlier(attribute(), actor=staff)

    assert answer(sale) == ("not_attributed", None, False)


def test_earlier_sales_are_posted_from_the_referrals_first_day():
    before = record("inv-0", occurred_at=AT - DAY)
    sales_ = [record(f"inv-{n}", occurred_at=AT + n * DAY) for n in (2, 1)]
    told = SaleFact("document", "api", "doc-1", AT, customer_ref=CUSTOMER)
    document = tell(told).sale
    refund = follow("r-1", "refunded", "inv-1", 1300, occurred_at=AT + 3 * DAY)
    referral = attribute()
    give(referral.reseller, FIFTEEN, from_beginning=True)

    assert post_earlier(referral, actor=SuperuserFactory.create()) == 3
    assert post_earlier(referral, actor=None) == 0

    assert [answer(each) for each in (before, *sales_, document, refund)] == [
        ("not_attributed", None, False),
        ("earned", 1008, True),
        ("earned", 1008, True),
        ("counted", None, True),
        ("reversed", -202, True),
    ]
    assert [sum(row[1] for row in entries(each)) for each in sales_] == [1008, 806]


def test_earlier_sales_without_a_rate_are_not_counted():
    record("inv-1")
    assert post_earlier(attribute(), actor=None) == 0


def test_what_waits_is_tried_again():
    customer()
    refund = follow("r-1", "refunded", "inv-1", 7000)
    with pytest.raises(CannotPost):
        post_again(refund, actor=None)
    record("inv-1")
    with pytest.raises(CannotPost):
        post_again(refund, actor=None)
    assert answer(refund) == ("waiting", None, False)


def test_a_refund_of_an_unposted_sale_is_answered_with_its_sale():
    record("inv-1")
    refund = follow("r-1", "refunded", "inv-1", 1300)
    with pytest.raises(CannotPost):
        post_again(refund, actor=None)


def test_the_clock_finds_what_an_import_missed(monkeypatch):
    """The refund came while the import had not committed: neither saw the other."""
    customer()
    refund = follow("r-1", "refunded", "inv-1", 1300)
    large = follow("r-2", "refunded", "inv-1", 9000)
    with monkeypatch.context() as patch, in_bulk():
        patch.setattr(facts, "look_up", lambda fact: (None, []))
        sale = record("inv-1")
    assert standing(sale) == 1008
    assert answer(refund) == ("waiting", None, False)

    assert apply_waiting(NOW) == 1
    assert apply_waiting(NOW) == 0

    assert answer(refund) == ("reversed", -202, True)
    assert answer(large) == ("waiting", None, False)
    assert standing(sale) == 806
