"""Every action in every state: exactly the table of 4-marketplace, section 4, passes.

A row of TABLE names, per action, who acts, the states it moves an order from and to,
and the states in which it answers the order unchanged: its facts are there already.
"""

import pytest

from marketplace import errors
from marketplace.actions import endings, orders, payments, problems
from marketplace.models import OrderState, ResellerOrder
from resellers.errors import DomainError
from tests.factories.marketplace import WHY, order_in, placed_order
from tests.marketplace.ledgers import books, trail

pytestmark = pytest.mark.django_db

NOT_PENDING = errors.OrderNotPending
NOT_FULFILLED = errors.OrderNotFulfilled

REASON = {"reason_code": "other", "reason": WHY}
OTHER_REASON = {"reason_code": "out_of_stock", "reason": WHY}


def accept(order, actor):
    return orders.accept_order(order, actor=actor)


def purchase(order, actor):
    return orders.record_purchase(order, external_order_id="NEW-1", actor=actor)


def fulfil(order, actor):
    bought_as = "" if order.state == "ordered" else "NEW-1"
    return orders.fulfil_order(order, external_order_id=bought_as, actor=actor)


def correct(order, actor):
    details = {"ip": "192.0.2.77"}
    return orders.correct_details(order, external_order_details=details, actor=actor)


def reject(order, actor):
    return endings.reject_order(order, **OTHER_REASON, actor=actor)


def fail(order, actor):
    return endings.fail_order(order, **OTHER_REASON, actor=actor)


def cancel(order, actor):
    return endings.cancel_order(order, actor=actor)


def complete(order, actor):
    return orders.complete_order(order, actor=actor)


def report(order, actor):
    text = "The server does not answer."
    return problems.report_problem(order, text=text, actor=actor)


def resolve(order, actor):
    return problems.resolve_problem(order, note="Seen to.", actor=actor)


def reopen(order, actor):
    return endings.reopen_order(order, reason="Once more", actor=actor)


PLACED, ACCEPTED, ORDERED = "placed", "accepted", "ordered"
FULFILLED, COMPLETED = "fulfilled", "completed"
REJECTED, EXPIRED, CANCELLED, FAILED = "rejected", "expired", "cancelled", "failed"

# action: (who, moves from, reaches, answers unchanged in, refusal elsewhere)
TABLE = {
    accept: ("seller", {PLACED}, ACCEPTED, {ACCEPTED}, NOT_PENDING),
    purchase: ("seller", {PLACED, ACCEPTED}, ORDERED, set(), NOT_PENDING),
    fulfil: ("seller", {PLACED, ACCEPTED, ORDERED}, FULFILLED, set(), NOT_PENDING),
    correct: ("seller", {FULFILLED, COMPLETED}, None, set(), NOT_FULFILLED),
    reject: ("seller", {PLACED, ACCEPTED}, REJECTED, set(), NOT_PENDING),
    fail: ("seller", {ACCEPTED, ORDERED}, FAILED, set(), NOT_PENDING),
    cancel: ("buyer", {PLACED}, CANCELLED, {CANCELLED}, errors.CannotCancel),
    complete: ("buyer", {FULFILLED}, COMPLETED, {COMPLETED}, NOT_FULFILLED),
    report: ("buyer", {FULFILLED}, None, set(), NOT_FULFILLED),
    resolve: ("staff", set(), None, set(), errors.NoProblemOpen),
    reopen: ("staff", {REJECTED, EXPIRED, FAILED}, PLACED, set(), errors.OrderNotEnded),
}
PAIRS = [(action, state) for action in TABLE for state in OrderState.values]
DEEDS = [
    (action, state)
    for action, (_, moves_from, *_) in TABLE.items()
    for state in sorted(moves_from)
    if action is not reopen
]


def name(value):
    return value if isinstance(value, str) else value.__name__


@pytest.fixture
def people(colleague, buyer, staff):
    return {"seller": colleague, "buyer": buyer, "staff": staff}


@pytest.mark.parametrize(("action", "state"), PAIRS, ids=name)
def test_every_action_in_every_state(action, state, relationship, people, buyer):
    who, moves_from, reaches, same_in, refusal = TABLE[action]
    order = order_in(state, relationship, buyer=buyer)
    before = books(order)

    if state in moves_from:
        moved = action(order, people[who])
        assert moved.state == (reaches or state)
        assert len(trail(order)) == before[0] + 1
    elif state in same_in:
        assert action(order, people[who]).state == state
        assert books(order) == before
    else:
        with pytest.raises(refusal) as refused:
            action(order, people[who])
        assert refused.value.extra["state"] == state
        assert books(order) == before
    order.refresh_from_db()
    order.full_clean()


@pytest.mark.parametrize("state", OrderState.values)
def test_staff_also_fail_what_was_fulfilled(state, relationship, staff):
    order = order_in(state, relationship)

    if state in {ACCEPTED, ORDERED, FULFILLED}:
        assert fail(order, staff).state == FAILED
    else:
        with pytest.raises(errors.OrderNotPending):
            fail(order, staff)


@pytest.mark.parametrize(("action", "state"), DEEDS, ids=name)
def test_repeating_a_deed_writes_nothing_more(
    action, state, relationship, people, buyer
):
    actor = people[TABLE[action][0]]
    order = order_in(state, relationship, buyer=buyer)
    action(order, actor)
    before = books(order)

    action(order, actor)

    assert books(order) == before


def test_reopening_twice_starts_one_attempt(relationship, staff):
    order = order_in(FAILED, relationship)
    reopen(order, staff)

    with pytest.raises(errors.OrderNotEnded):
        reopen(order, staff)
    assert order.attempts.count() == 2


@pytest.mark.parametrize(
    ("action", "refusal"),
    [
        (accept, errors.PaymentPending),
        (purchase, errors.PaymentPending),
        (fulfil, errors.PaymentPending),
        (fail, errors.OrderNotPending),
        (correct, errors.OrderNotFulfilled),
    ],
    ids=name,
)
def test_an_unpaid_order_waits_for_its_money(action, refusal, relationship, colleague):
    order = placed_order(relationship)

    with pytest.raises(refusal):
        action(order, colleague)
    assert ResellerOrder.objects.get().state == PLACED


@pytest.mark.parametrize("action", [reject, cancel], ids=name)
def test_an_unpaid_order_may_end(action, relationship, colleague):
    order = action(placed_order(relationship), colleague)

    assert (order.contract.payment.state, order.on_time) == ("void", None)
    assert order.contract.status() == "cancelled"


def test_a_refusal_is_always_a_domain_error(relationship, people):
    """What a door cannot foresee still has a code and a sentence."""
    order = order_in(COMPLETED, relationship)

    for action in TABLE:
        if action in {correct, complete}:
            continue
        with pytest.raises(DomainError) as refused:
            action(order, people["seller"])
        assert refused.value.code
        assert refused.value.detail.endswith(".")


def test_payment_moves_by_payment_state(relationship, staff):
    order = order_in(REJECTED, relationship)
    payment = order.contract.payment

    payments.record_refund(payment, reference="OUT-1", actor=staff)
    payments.record_refund(payment, reference="OUT-1", actor=staff)

    with pytest.raises(errors.RefundNotDue):
        payments.record_refund(payment, reference="OUT-2", actor=staff)
    assert trail(order)[-1] == "payment.refunded"
    assert trail(order).count("payment.refunded") == 1
