"""The clock at each deadline: a microsecond before, on it, and after; twice."""

from datetime import timedelta

import pytest

from marketplace.actions import clock as order_clock
from marketplace.actions import endings, orders
from marketplace.models import ResellerOrder
from resellers.models import Job, LedgerEntry
from tests.factories.marketplace import order_in, order_of, paid_order, placed_order
from tests.marketplace.ledgers import books, due, last_entry, mails, posted, trail

pytestmark = pytest.mark.django_db

EDGES = pytest.mark.parametrize("microseconds", [-1, 0, 1])


def tick(moment, microseconds=0):
    """Run the clock twice: the second time finds nothing to do."""
    at = moment + timedelta(microseconds=microseconds)
    line = order_clock.run_deadlines(at)
    written = [books(order) for order in ResellerOrder.objects.all()]
    again = order_clock.run_deadlines(at)
    assert [books(order) for order in ResellerOrder.objects.all()] == written
    assert again == "0 expired, 0 completed, 0 reminded, 0 overdue"
    return line


def now(order):
    return order_of(order.contract)


@EDGES
def test_an_unpaid_order_expires_past_its_date(microseconds, relationship):
    order = placed_order(relationship)

    tick(order.contract.payment.due_at, microseconds)

    order = now(order)
    if microseconds <= 0:
        assert (order.state, order.contract.payment.state) == ("placed", "awaiting")
        return
    assert (order.state, order.contract.payment.state) == ("expired", "void")
    assert (order.on_time, order.contract.status()) == (None, "cancelled")
    assert mails(order) == ["order_placed:1", "order_ended:1"]
    assert (last_entry(order).action, last_entry(order).actor_label) == (
        "order.expired",
        "system",
    )


@EDGES
def test_a_placed_order_expires_past_accept_by(microseconds, relationship):
    order = paid_order(relationship)

    tick(order.accept_by, microseconds)

    order = now(order)
    if microseconds <= 0:
        assert order.state == "placed"
        return
    assert (order.state, order.contract.payment.state) == ("expired", "refund_due")
    assert order.on_time is False
    assert mails(order)[-3:] == [
        "staff_refund_due:1",
        "order_ended:1",
        "order_expired:1",
    ]
    assert order.attempts.get().outcome == "expired"


@EDGES
def test_an_accepted_order_expires_past_fulfil_by(microseconds, relationship):
    order = order_in("accepted", relationship)

    tick(order.fulfil_by, microseconds)

    expected = "expired" if microseconds > 0 else "accepted"
    assert now(order).state == expected


@EDGES
def test_an_ordered_order_is_overdue_not_expired(microseconds, relationship):
    order = order_in("ordered", relationship)

    tick(order.fulfil_by, microseconds)

    assert now(order).state == "ordered"
    told = {"order_overdue:1", "staff_overdue:1"} & set(mails(order))
    assert len(told) == (2 if microseconds > 0 else 0)


@EDGES
def test_a_fulfilled_order_completes_after_seven_days(microseconds, relationship):
    order = order_in("fulfilled", relationship)

    line = tick(due(order.fulfilled_at) + timedelta(days=7), microseconds)

    order = now(order)
    if microseconds < 0:
        assert (order.state, line[:22]) == ("fulfilled", "0 expired, 0 completed")
        return
    assert (order.state, line[:22]) == ("completed", "0 expired, 1 completed")
    assert order.completed_at == order.fulfilled_at + timedelta(
        days=7, microseconds=microseconds
    )
    assert {e.available_at for e in LedgerEntry.objects.all()} == {order.completed_at}
    assert trail(order)[-1] == "order.completed"
    assert len(posted(order)) == 2


@EDGES
def test_the_seller_is_reminded_when_a_quarter_to_accept_is_left(
    microseconds, relationship
):
    order = paid_order(relationship)

    tick(due(order.accept_by) - timedelta(hours=3), microseconds)

    assert ("order_accept_due:1" in mails(order)) is (microseconds >= 0)


@EDGES
@pytest.mark.parametrize("state", ["accepted", "ordered"])
def test_the_seller_is_reminded_when_a_quarter_to_fulfil_is_left(
    state, microseconds, relationship
):
    order = order_in(state, relationship)

    tick(due(order.fulfil_by) - timedelta(hours=12), microseconds)

    assert ("order_fulfil_due:1" in mails(order)) is (microseconds >= 0)


@pytest.mark.parametrize("state", ["fulfilled", "rejected", "cancelled", "failed"])
def test_nobody_is_reminded_of_what_is_over(state, relationship):
    order = order_in(state, relationship)
    before = mails(order)

    tick(due(order.fulfil_by) - timedelta(hours=1))

    assert mails(order) == before


def test_a_reopened_order_is_reminded_anew(relationship, staff):
    order = paid_order(relationship)
    tick(due(order.accept_by) - timedelta(hours=1))
    tick(due(order.accept_by) + timedelta(hours=1))
    order = endings.reopen_order(order, reason="Try again", actor=staff)

    tick(due(order.accept_by) - timedelta(hours=1))

    assert mails(order)[-1] == "order_accept_due:2"


def test_an_order_moved_after_the_list_was_read_is_left_alone(relationship):
    """What the clock decides on is read again under the lock."""
    order = paid_order(relationship)
    late = due(due(order.accept_by)) + timedelta(seconds=1)
    listed = list(order_clock.run_out(late))
    orders.accept_order(order, actor=None)

    moved = order_clock.each(listed, lambda one: endings.expire_order(one, at=late))

    assert (len(listed), moved, now(order).state) == (1, 0, "accepted")


def test_a_broken_order_does_not_stop_the_others(relationship, caplog):
    first, second = paid_order(relationship), paid_order(relationship)

    def move(order):
        if order == first:
            raise ValueError("broken")
        return endings.cancel_order(order, actor=None)

    moved = order_clock.each([first, second], move)

    assert (moved, now(second).state) == (1, "cancelled")
    assert first.contract_id in caplog.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_clock_reads_as_often_for_three_as_for_one(
    count, relationship, django_assert_num_queries
):
    waiting = [paid_order(relationship) for _ in range(count)]
    soon = due(waiting[0].accept_by) - timedelta(hours=1)
    order_clock.run_deadlines(soon)

    with django_assert_num_queries(9):
        order_clock.run_deadlines(soon)
    assert Job.objects.filter(key__contains="accept_due").count() == count
