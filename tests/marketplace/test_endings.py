"""Reject, fail, cancel, re-open: who bears it, and where the money goes."""

from datetime import timedelta

import pytest

from marketplace import errors
from marketplace.actions import endings, orders, payments
from marketplace.models import Offering
from resellers import clock
from tests.factories.marketplace import WHY, order_in, paid_order, placed_order
from tests.marketplace.ledgers import due, last_entry, mails, posted, trail

pytestmark = pytest.mark.django_db

REASON = {"reason_code": "supplier_refused", "reason": WHY}


def test_reject_owes_the_money_back(relationship, colleague):
    order = endings.reject_order(paid_order(relationship), **REASON, actor=colleague)

    payment = order.contract.payment
    assert (order.state, order.on_time, order.reason) == ("rejected", False, WHY)
    assert order.decided_at is not None
    assert (payment.state, order.contract.status()) == ("refund_due", "refund_due")
    assert order.attempts.get().reason == WHY
    assert posted(order) == []
    assert mails(order)[-2:] == ["staff_refund_due:1", "order_ended:1"]
    entry = last_entry(order)
    assert (entry.action, entry.reason) == ("order.rejected", WHY)
    assert (entry.before["payment"], entry.after["payment"]) == (
        "received",
        "refund_due",
    )


@pytest.mark.parametrize(
    ("code", "change", "on_time"),
    [
        ("out_of_stock", {}, False),
        ("out_of_stock", {"stock_status": "out_of_stock"}, None),
        ("out_of_stock", {"monthly_price_e9s": 9_990_000_000}, False),
        ("price_changed", {}, False),
        ("price_changed", {"monthly_price_e9s": 5_780_000_000}, None),
        ("price_changed", {"monthly_price_e9s": 5_760_000_000}, False),
        ("price_changed", {"stock_status": "out_of_stock"}, False),
        ("other", {"stock_status": "out_of_stock"}, False),
    ],
)
def test_a_reject_the_catalogue_confirms_does_not_count(
    code, change, on_time, relationship, offering
):
    order = paid_order(relationship, offering=offering)
    if change:
        Offering.objects.update(**change)

    done = endings.reject_order(order, reason_code=code, reason=WHY, actor=None)

    assert done.on_time is on_time


def test_a_retired_offering_is_out_of_stock(relationship, offering):
    order = paid_order(relationship, offering=offering)
    Offering.objects.update(
        status="retired", retired_at=clock.now(), retired_by="staff"
    )

    done = endings.reject_order(
        order, reason_code="out_of_stock", reason=WHY, actor=None
    )

    assert done.on_time is None


@pytest.mark.parametrize("length", [0, 9, 1001])
def test_a_reason_has_10_to_1000_characters(length, relationship):
    order = paid_order(relationship)

    with pytest.raises(errors.ReasonRequired):
        endings.reject_order(
            order, reason_code="other", reason="x" * length, actor=None
        )


def test_an_unknown_reason_code_is_refused(relationship):
    with pytest.raises(errors.InvalidReasonCode):
        endings.reject_order(
            paid_order(relationship), reason_code="bored", reason=WHY, actor=None
        )


def test_failing_what_was_fulfilled_reverses_both_entries(relationship, staff):
    order = order_in("fulfilled", relationship)
    fulfilled_at = order.fulfilled_at

    order = endings.fail_order(order, **REASON, actor=staff)

    assert posted(order) == [
        ("1:base", "earning", 577, "reversed", ""),
        ("1:commission", "earning", 58, "reversed", ""),
        ("1:fail:base", "reversal", -577, "reversed", ""),
        ("1:fail:commission", "reversal", -58, "reversed", ""),
    ]
    assert (order.decided_at, order.on_time) == (fulfilled_at, False)
    assert order.attempts.get().outcome == "fulfilled"
    assert order.contract.payment.state == "refund_due"
    assert last_entry(order).on_behalf == ""


def test_a_fail_of_the_reseller_reverses_nothing(relationship, colleague):
    order = endings.fail_order(
        order_in("ordered", relationship), **REASON, actor=colleague
    )

    assert (posted(order), order.on_time) == ([], False)
    assert order.attempts.get().outcome == "failed"


@pytest.mark.parametrize("state", ["accepted", "ordered"])
@pytest.mark.parametrize(
    ("microseconds", "passes"), [(-1, False), (0, False), (1, True)]
)
def test_the_buyer_cancels_what_is_overdue(state, microseconds, passes, relationship):
    order = order_in(state, relationship)

    with clock.at(due(order.fulfil_by) + timedelta(microseconds=microseconds)):
        if passes:
            done = endings.cancel_order(order, actor=order.contract.buyer)
            assert (done.state, done.on_time) == ("cancelled", False)
            assert done.contract.payment.state == "refund_due"
        else:
            with pytest.raises(errors.CannotCancel) as refused:
                endings.cancel_order(order, actor=order.contract.buyer)
            assert refused.value.extra == {"state": state}


def test_a_cancellation_in_time_does_not_count(relationship):
    order = paid_order(relationship)

    done = endings.cancel_order(order, actor=order.contract.buyer)

    assert (done.on_time, mails(done)[-2:]) == (
        None,
        ["order_ended:1", "order_cancelled:1"],
    )


def test_a_seller_never_hears_of_an_unpaid_order(relationship):
    done = endings.cancel_order(placed_order(relationship), actor=None)

    assert mails(done) == ["order_placed:1", "order_ended:1"]


def test_reopen_starts_a_second_attempt_with_a_fresh_clock(relationship, staff):
    order = order_in("failed", relationship)
    later = clock.now() + timedelta(days=3)

    with clock.at(later):
        order = endings.reopen_order(order, reason="It is back", actor=staff)

    assert (order.state, order.on_time, order.decided_at) == ("placed", None, None)
    assert (order.reason, order.reason_code, order.accepted_at) == ("", "", None)
    assert order.accept_by == later + timedelta(hours=12)
    assert order.fulfil_by == later + timedelta(hours=48)
    assert order.contract.payment.state == "received"
    assert [(a.number, a.outcome) for a in order.attempts.all()] == [
        (1, "failed"),
        (2, ""),
    ]
    assert mails(order)[-1] == "order_new:2"
    entry = last_entry(order)
    assert (entry.action, entry.reason) == ("order.reopened", "It is back")


def test_a_reopened_order_posts_under_its_new_attempt(relationship, staff):
    order = order_in("fulfilled", relationship)
    order = endings.fail_order(order, **REASON, actor=staff)
    order = endings.reopen_order(order, reason="Again", actor=staff)

    order = orders.fulfil_order(
        order, external_order_id="", external_order_details=None, actor=staff
    )

    assert [row[0] for row in posted(order)] == [
        "1:base",
        "1:commission",
        "1:fail:base",
        "1:fail:commission",
        "2:base",
        "2:commission",
    ]
    assert sum(row[2] for row in posted(order)) == 635
    assert mails(order)[-1] == "order_fulfilled:2"


def test_reopening_an_unpaid_order_awaits_payment_again(relationship, staff):
    order = placed_order(relationship)
    late = order.contract.payment.due_at + timedelta(microseconds=1)
    order = endings.expire_order(order, at=late)
    assert order.contract.payment.state == "void"

    with clock.at(late):
        order = endings.reopen_order(order, reason="Paying now", actor=staff)

    assert order.contract.payment.state == "awaiting"
    assert order.contract.payment.due_at == late + timedelta(days=7)
    assert (order.accept_by, order.fulfil_by) == (None, None)
    assert mails(order)[-1] == "order_placed:2"


def test_nothing_is_reopened_after_the_refund(relationship, staff):
    order = order_in("rejected", relationship)
    payments.record_refund(order.contract.payment, reference="OUT-1", actor=staff)
    before = trail(order)

    with pytest.raises(errors.RefundAlreadySent):
        endings.reopen_order(order, reason="Too late", actor=staff)
    assert trail(order) == before


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_reopen_wants_a_reason(reason, relationship, staff):
    order = order_in("failed", relationship)

    with pytest.raises(errors.ReasonRequired):
        endings.reopen_order(order, reason=reason, actor=staff)
