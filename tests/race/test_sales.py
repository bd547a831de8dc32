"""One fact, many deliveries; one sale, many refunds; one customer, two resellers."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from resellers import clock, pg
from resellers.actions.referrals import (
    attribute_customer,
    end_referral,
    move_referral,
)
from resellers.actions.sales import (
    apply_waiting,
    facts,
    following,
    in_bulk,
    post_again,
    post_earlier,
    record_sale,
)
from resellers.models import AuditEntry, LedgerEntry, Outcome, Referral, Sale
from tests.factories.profiles import LONG_AGO, ResellerFactory
from tests.figures import figure, scaled
from tests.race.together import sorted_out, together
from tests.resellers import earning
from tests.resellers.earning import CUSTOMER, DAY, customer, entries, standing
from tests.resellers.test_rates import FIFTEEN, give

pytestmark = pytest.mark.race
WHY = "the customer asked for it"
AT = LONG_AGO + 30 * DAY
paid, after = (partial(each, occurred_at=AT) for each in (earning.paid, earning.after))
record = partial(earning.record, occurred_at=AT)


def attribute(reseller, ref=CUSTOMER, **facts):
    stated = {"customer_ref": ref, "origin": "api", "actor": None, **facts}
    return attribute_customer(reseller, **stated)


def tell(fact):
    return record_sale(fact, actor=None)


def test_one_event_fifty_times_is_one_sale_and_one_entry():
    customer()

    won, refused = sorted_out(together([partial(tell, paid("inv-1"))] * 50))

    assert refused == []
    assert len({recorded.sale.pk for recorded in won}) == 1
    assert [recorded.replayed for recorded in won].count(False) == 1
    note = partial(figure, n=50, minimum=50)
    note("sales.rows", Sale.objects.filter(event_key="inv-1").count(), 1)
    note("sales.entries", LedgerEntry.objects.filter(key="sale:inv-1").count(), 1)
    told = AuditEntry.objects.filter(object_ref="inv-1")
    note("sales.told", told.count(), 1)


def test_one_event_in_two_words_has_one_winner():
    customer()
    calls = [partial(tell, paid("inv-1", 6500 + n)) for n in range(8)]

    won, refused = sorted_out(together(calls))

    assert (len(won), refused) == (1, ["event_key_reused"] * 7)
    assert LedgerEntry.objects.count() == 1


def test_two_attributions_of_one_customer_have_one_winner():
    resellers = [ResellerFactory.create() for _ in range(4)]
    for number in range(scaled(50)):
        calls = [partial(attribute, each, f"C-{number}") for each in resellers]

        won, refused = sorted_out(together(calls))

        assert (len(won), refused) == (1, ["customer_already_referred"] * 3)
    assert Referral.objects.count() == scaled(50)


def test_two_attributions_of_one_period_have_one_winner():
    """One began earlier: the database's periods decide, not the open customer."""
    resellers = [ResellerFactory.create() for _ in range(2)]
    for number in range(scaled(50)):
        calls = [
            partial(attribute, each, f"C-{number}", referred_at=AT - n * DAY)
            for n, each in enumerate(resellers)
        ]

        won, refused = sorted_out(together(calls))

        assert (len(won), refused) == (1, ["customer_already_referred"])


def test_two_moves_have_one_winner():
    others = [ResellerFactory.create() for _ in range(4)]
    for number in range(scaled(25)):
        referral = customer(None, f"C-{number}")
        calls = [
            *[
                partial(move_referral, referral, to=each, reason=WHY, actor=None)
                for each in others
            ],
            partial(end_referral, referral, end_reason="other", reason=WHY, actor=None),
        ]

        won, refused = sorted_out(together(calls))

        assert (len(won), refused) == (1, ["referral_ended"] * 4)
        assert Referral.objects.of_customer(f"C-{number}").open().count() <= 1


def test_first_sales_by_code_make_one_referral():
    reseller = ResellerFactory.create()
    give(reseller, FIFTEEN, from_beginning=True)
    for number in range(scaled(25)):
        calls = [
            partial(
                tell,
                paid(
                    f"inv-{number}:{line}",
                    customer_ref=f"C-{number}",
                    reseller_code=reseller.code,
                    occurred_at=AT + line * DAY,
                ),
            )
            for line in range(6)
        ]

        won, refused = sorted_out(together(calls))

        assert (len(won), refused) == (6, [])
        assert {recorded.sale.outcome for recorded in won} == {"earned"}
        assert Referral.objects.of_customer(f"C-{number}").count() == 1


def test_racing_refunds_never_exceed_the_sale(monkeypatch):
    customer()
    control, left = refunded_without_a_lock(monkeypatch) > 6500, 0
    for number in range(scaled(25)):
        key = f"inv-{number}"
        sale = record(key)
        calls = [
            partial(tell, after(f"{key}:r{n}", "refunded", key, 1300)) for n in range(8)
        ]

        won, refused = sorted_out(together(calls))

        assert (len(won), refused) == (5, ["refund_exceeds_sale"] * 3)
        assert [row[1] for row in entries(sale)] == [
            *(1008, -202, -201, -202, -201, -202)
        ]
        left += standing(sale)
    note = partial(figure, n=scaled(25), minimum=25, control=control)
    note("sales.left_of_refunded", left, 0)


def test_a_refund_and_its_sale_never_miss_each_other(monkeypatch):
    customer()
    missed = misses_without_a_lock(monkeypatch)
    for number in range(scaled(50)):
        key = f"inv-{number}"
        calls = [
            partial(tell, paid(key)),
            partial(tell, after(f"{key}:r1", "refunded", key, 1300)),
            partial(tell, after(f"{key}:r2", "refunded", key, 1300)),
        ]

        won, refused = sorted_out(together(calls[number % 3 :] + calls[: number % 3]))

        assert (len(won), refused) == (3, [])
        assert standing(Sale.objects.get(event_key=key)) == 605
    waiting = Sale.objects.filter(outcome=Outcome.WAITING, sale_key__startswith="inv")
    control = missed > 0
    figure(
        "sales.missed", waiting.count(), 0, n=scaled(50), minimum=50, control=control
    )


def test_a_refund_against_posting_again():
    """It is answered as unposted and again with its sale, or with the sale posted."""
    for number in range(scaled(25)):
        ref, key = f"C-{number}", f"inv-{number}"
        sale = record(key, customer_ref=ref)
        referral = customer(1550, ref)
        calls: list[Callable[[], Any]] = [
            partial(post_again, sale, actor=None),
            partial(post_earlier, referral, actor=None),
            partial(tell, after(f"{key}:r1", "refunded", key, 1300)),
        ]

        _, refused = sorted_out(together(calls))

        assert set(refused) <= {"already_posted"}
        assert standing(sale) == 806


def test_an_import_beside_other_doors():
    """It takes no locks by name: what it missed the clock finds."""
    customer()
    for number in range(scaled(25)):
        keys = [f"inv-{number}:{line}" for line in range(6)]

        def import_all(keys=keys):
            with in_bulk():
                return [tell(paid(key)) for key in keys]

        calls: list[Callable[[], Any]] = [
            import_all,
            *[partial(tell, after(f"{k}:r", "refunded", k, 1300)) for k in keys],
            *[partial(tell, paid(key)) for key in keys[:2]],
        ]

        _, refused = sorted_out(together(calls))

        assert refused == []
        apply_waiting(clock.now())
        found = [standing(Sale.objects.get(event_key=key)) for key in keys]
        assert found == [806] * 6


# Negative controls: without a protection the damage is seen


def test_control_the_unique_key_alone_still_has_one_sale(monkeypatch):
    """Nobody locks the name, and all have looked before anybody writes."""
    customer()
    barrier, look_up = threading.Barrier(8), facts.look_up
    seen: list[Any] = []

    def look_together(fact):
        found = look_up(fact)
        if len(seen) < 8:
            seen.append(found[0])
            barrier.wait(timeout=30)
        return found

    monkeypatch.setattr(pg, "lock_names", lambda names: None)
    monkeypatch.setattr(facts, "look_up", look_together)

    won, refused = sorted_out(together([partial(tell, paid("inv-1"))] * 8))

    assert seen == [None] * 8
    assert (len(won), refused) == (8, [])
    assert [recorded.replayed for recorded in won].count(False) == 1
    assert LedgerEntry.objects.count() == 1


def refunded_without_a_lock(monkeypatch):
    """What four refunds of the whole sale take when nobody locks it."""
    record("control-1")
    barrier, refuse = threading.Barrier(4), following.refuse_excess

    def decide_together(case, event):
        refuse(case, event)
        barrier.wait(timeout=30)

    with monkeypatch.context() as patch:
        patch.setattr(pg, "lock_names", lambda names: None)
        patch.setattr(Sale.objects, "select_for_update", lambda **_: Sale.objects.all())
        patch.setattr(following, "refuse_excess", decide_together)
        calls = [
            partial(tell, after(f"control-1:r{n}", "refunded", "control-1", 6500))
            for n in range(4)
        ]
        won, _ = sorted_out(together(calls))
    return sum(recorded.sale.amount_minor for recorded in won)


def misses_without_a_lock(monkeypatch):
    """How many refunds wait for ever that arrived with their sale."""
    with monkeypatch.context() as patch:
        patch.setattr(pg, "lock_names", lambda names: None)
        for number in range(5):
            key, barrier = f"control-{number}", threading.Barrier(2)
            patch.setattr(facts, "look_up", looking_together(barrier))
            refund = after(f"{key}:r1", "refunded", key, 1300)
            together([partial(tell, paid(key)), partial(tell, refund)])
    waiting = Sale.objects.filter(outcome=Outcome.WAITING, sale_key__startswith="con")
    return waiting.count()


def looking_together(barrier, look_up=facts.look_up):
    def look(fact):
        found = look_up(fact)
        barrier.wait(timeout=30)
        return found

    return look
