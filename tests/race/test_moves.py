"""One order, many hands: one winner, one effect."""

import threading
from collections import Counter
from datetime import timedelta
from functools import partial
from random import Random

import pytest

from marketplace import proof
from marketplace.actions import endings, moves, orders
from marketplace.models import ResellerOrder
from resellers import clock
from tests.factories.marketplace import (
    OfferingFactory,
    RelationshipFactory,
    order_in,
    paid_order,
)
from tests.factories.resellers import StaffFactory
from tests.figures import SEED, figure, scaled
from tests.marketplace.ledgers import due, mails, posted, trail
from tests.race.together import sorted_out, together

pytestmark = pytest.mark.race

WHY = "The supplier has none of these left."


def fulfil(order, details):
    return orders.fulfil_order(
        order,
        external_order_id="",
        external_order_details={"ip": details},
        actor=None,
    )


def fail(order, number):
    return endings.fail_order(
        order, reason_code="other", reason=f"{WHY} {number}", actor=None
    )


def test_twenty_equal_fulfils_are_one():
    order = order_in("ordered")

    won, refused = sorted_out(together([partial(fulfil, order, "192.0.2.1")] * 20))

    assert (len(won), refused) == (20, [])
    assert [row[:3] for row in posted(order)] == [
        ("1:base", "earning", 577),
        ("1:commission", "earning", 58),
    ]
    assert mails(order).count("order_fulfilled:1") == 1
    assert trail(order).count("order.fulfilled") == 1


def test_twenty_different_fulfils_have_one_winner(monkeypatch):
    control = len(unprotected(monkeypatch)) > 1
    order = order_in("ordered")
    calls = [partial(fulfil, order, f"192.0.2.{n}") for n in range(20)]

    won, refused = sorted_out(together(calls))

    assert (len(won), refused) == (1, ["order_not_pending"] * 19)
    order.refresh_from_db()
    assert order.external_order_details == won[0].external_order_details
    note = partial(figure, n=20, minimum=20, control=control)
    note("fulfil.winners", len(won), 1)
    note("fulfil.mails", mails(order).count("order_fulfilled:1"), 1)
    note("fulfil.entries", len(posted(order)), 2)


def test_fulfil_fail_and_cancel_have_one_winner(monkeypatch):
    """Overdue and ordered: all three are allowed, and one of them happens."""
    control = len(unprotected(monkeypatch)) > 1
    relationship = RelationshipFactory.create(
        accept_within_hours=1, fulfil_within_hours=1
    )
    offering = OfferingFactory.create(provider=relationship.external_provider)
    count = scaled(500, 20)
    lots = Random(SEED)  # noqa: S311 -- the order of threads, no secret
    seen: Counter[str] = Counter()
    for _ in range(count):
        with clock.at(clock.now() - timedelta(hours=2)):
            order = order_in("ordered", relationship, offering=offering)
        calls = [
            *[partial(fulfil, order, f"192.0.2.{n}") for n in range(4)],
            *[partial(fail, order, n) for n in range(3)],
            partial(endings.cancel_order, order, actor=None),
        ]
        lots.shuffle(calls)

        won, refused = sorted_out(together(calls))

        assert set(refused) <= {"order_not_pending", "cannot_cancel"}
        delivered = [winner for winner in won if winner.state == "fulfilled"]
        assert len(posted(order)) == 2 * len(delivered)
        ends = [m for m in mails(order) if m in {"order_fulfilled:1", "order_ended:1"}]
        seen += Counter(winners=len(won), refused=len(refused), mails=len(ends))
    note = partial(figure, n=count, minimum=500, control=control)
    note("moves.winners", seen["winners"], count)
    note("moves.409", seen["refused"], 7 * count)
    note("moves.mails", seen["mails"], count)
    made, different = proof.replay_orders(None)
    note("moves.replayed_otherwise", len(different), 0)
    assert made >= count
    assert proof.states_have_their_facts()[1] == []


def test_accept_against_the_clock():
    relationship = RelationshipFactory.create()
    offering = OfferingFactory.create(provider=relationship.external_provider)
    for _ in range(scaled(25)):
        order = paid_order(relationship, offering=offering)
        late = due(due(order.accept_by)) + timedelta(seconds=1)
        calls = [
            *[partial(orders.accept_order, order, actor=None)] * 4,
            *[partial(endings.expire_order, order, at=late)] * 4,
        ]

        won, refused = sorted_out(together(calls))

        order.refresh_from_db()
        assert order.state in {"accepted", "expired"}
        assert {winner.state for winner in won} == {order.state}
        assert set(refused) == {"order_not_pending"}
        assert len(won) == (4 if order.state == "accepted" else 1)


def test_one_purchase_for_one_of_two_orders():
    relationship = RelationshipFactory.create()
    offering = OfferingFactory.create(provider=relationship.external_provider)
    for number in range(scaled(25)):
        rivals = [paid_order(relationship, offering=offering) for _ in range(4)]
        calls = [
            partial(
                orders.record_purchase,
                order,
                external_order_id=f"SUP-{number}",
                actor=None,
            )
            for order in rivals
        ]

        won, refused = sorted_out(together(calls))

        assert (len(won), refused) == (1, ["external_order_id_taken"] * 3)


def test_a_fulfilment_against_its_failure_leaves_exact_books():
    """Staff fail what is being fulfilled: reversed exactly, or never posted."""
    staff = StaffFactory.create()
    for _ in range(scaled(25)):
        order = order_in("ordered")
        fail_it = partial(
            endings.fail_order, order, reason_code="other", reason=WHY, actor=staff
        )

        won, _ = sorted_out(together([partial(fulfil, order, "192.0.2.1"), fail_it]))

        order.refresh_from_db()
        assert order.state == "failed"
        assert won
        assert sum(row[2] for row in posted(order)) == 0
    assert proof.postings_match_orders()[1] == []


# Negative controls: without a protection the damage is seen


def open_together(barrier, order, actor, **facts):
    """`open_case`, and everybody has decided before anybody writes."""
    case = moves.open_case(order, actor, **facts)
    barrier.wait(timeout=30)
    return case


def unguarded_change(case, allowed, **changed):
    moves.assign(case.order, changed)
    case.order.save(update_fields=list(changed))


def unprotected(monkeypatch, *rivals, guard=unguarded_change):
    """Who wins when four move one order that nobody locks, and that order."""
    order = order_in("ordered")
    deciding = partial(open_together, threading.Barrier(4))
    everything = ResellerOrder.objects.all()
    calls = [partial(fulfil, order, f"192.0.2.{n}") for n in range(4 - len(rivals))]
    with monkeypatch.context() as patch:
        patch.setattr(
            ResellerOrder.objects, "select_for_update", lambda **_: everything.all()
        )
        for module in (orders, endings):
            patch.setattr(module, "open_case", deciding)
            patch.setattr(module, "change", guard)
        won, _ = sorted_out(together([*calls, *(partial(r, order) for r in rivals)]))
    return won


def test_control_the_guard_alone_still_has_one_winner(monkeypatch):
    assert len(unprotected(monkeypatch, guard=moves.change)) == 1


def test_control_the_guard_alone_lets_nobody_fail_what_was_fulfilled(monkeypatch):
    for number in range(scaled(50)):
        rival = partial(fail, number=number)
        assert len(unprotected(monkeypatch, rival, guard=moves.change)) == 1


def test_control_without_lock_and_guard_there_are_two_winners(monkeypatch):
    assert len(unprotected(monkeypatch)) > 1
