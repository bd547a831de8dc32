"""Two who meet at an exact moment: before the lock the rival wins, after it waits.

Source: 9-quality, section 8, "exact pairs".
"""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.actions import endings, offerings, orders, relationships, renting
from marketplace.models import Contract
from resellers import clock
from tests.factories.marketplace import (
    OfferingFactory,
    RelationshipFactory,
    order_in,
    paid_order,
    quote_for,
)
from tests.factories.resellers import UserFactory
from tests.marketplace.ledgers import due, mails, posted
from tests.race.pairs import meet

pytestmark = pytest.mark.race

WHY = "The supplier has none of these left."


@pytest.fixture
def relationship():
    return RelationshipFactory.create()


@pytest.fixture
def offering(relationship):
    return OfferingFactory.create(provider=relationship.external_provider)


def rent_of(offering, relationship):
    return partial(
        renting.place_order,
        quote=quote_for(offering, relationship.reseller),
        payment_method="invoice",
        actor=UserFactory.create(),
    )


def rivals_of_a_rent(relationship, offering):
    """Rival, the step of the rent that takes its lock, how the rent is refused."""
    terms, shelf = (renting, "offer_as_quoted"), (renting, "locked_offering")
    return {
        "rate": (
            partial(relationships.change_terms, relationship, commission_percent=20),
            terms,
            "price_changed",
        ),
        "suspension": (
            partial(relationships.suspend_relationship, relationship),
            terms,
            "offer_gone",
        ),
        "retirement": (partial(offerings.retire, offering), shelf, "offer_gone"),
        "sold out": (
            partial(offerings.change_offering, offering, stock_status="out_of_stock"),
            shelf,
            "offer_gone",
        ),
    }


RENT_RIVALS = ["rate", "suspension", "retirement", "sold out"]


@pytest.mark.parametrize("name", RENT_RIVALS)
def test_what_came_before_the_rent_refuses_it(relationship, offering, name):
    rival, at, code = rivals_of_a_rent(relationship, offering)[name]
    rent = rent_of(offering, relationship)

    outcome, met = meet(rent, partial(rival, actor=None), at=at, when="before")

    assert (outcome.code, met.waited) == (code, False)
    assert not isinstance(met.outcome, Exception), met.outcome
    assert not Contract.objects.exists()


@pytest.mark.parametrize("name", RENT_RIVALS)
def test_what_comes_after_the_rent_waits_for_it(relationship, offering, name):
    rival, at, _ = rivals_of_a_rent(relationship, offering)[name]
    rent = rent_of(offering, relationship)

    contract, met = meet(rent, partial(rival, actor=None), at=at, when="after")

    assert met.waited
    assert not isinstance(met.outcome, Exception), met.outcome
    order = Contract.objects.get().reseller_order
    assert order.contract_id == contract.contract_id
    assert (order.commission_percent, order.total_paid_e9s) == (10, 6_350_000_000)


def fulfil(order, ip):
    return orders.fulfil_order(
        order,
        external_order_id="SUP-1",
        external_order_details={"ip": ip},
        actor=None,
    )


def rivals_of_a_fulfilment(order):
    late = due(due(order.fulfil_by)) + timedelta(hours=2)
    return {
        "fulfil": (partial(fulfil, order, "192.0.2.2"), "fulfilled"),
        "fail": (
            partial(
                endings.fail_order, order, reason_code="other", reason=WHY, actor=None
            ),
            "failed",
        ),
        "cancel": (partial(endings.cancel_order, order, actor=None), "cancelled"),
        "expire": (partial(endings.expire_order, order, at=late), "expired"),
    }


FULFIL_RIVALS = ["fulfil", "fail", "cancel", "expire"]


@pytest.fixture
def overdue():
    """Accepted and late: it may be fulfilled, failed, cancelled and expired."""
    relationship = RelationshipFactory.create(
        accept_within_hours=1, fulfil_within_hours=1
    )
    with clock.at(clock.now() - timedelta(hours=2)):
        return order_in("accepted", relationship)


@pytest.mark.parametrize("name", FULFIL_RIVALS)
def test_what_came_before_the_fulfilment_refuses_it(overdue, name):
    rival, state = rivals_of_a_fulfilment(overdue)[name]
    call = partial(fulfil, overdue, "192.0.2.1")

    outcome, met = meet(call, rival, at=(orders, "open_case"), when="before")

    assert (outcome.code, met.waited) == ("order_not_pending", False)
    assert met.outcome.state == state
    assert len(posted(overdue)) == (2 if state == "fulfilled" else 0)
    overdue.refresh_from_db()
    assert overdue.external_order_details != {"ip": "192.0.2.1"}


@pytest.mark.parametrize("name", FULFIL_RIVALS)
def test_what_comes_after_the_fulfilment_is_refused(overdue, name):
    rival, _ = rivals_of_a_fulfilment(overdue)[name]
    call = partial(fulfil, overdue, "192.0.2.1")

    outcome, met = meet(call, rival, at=(orders, "open_case"), when="after")

    assert met.waited
    assert met.outcome.code in {"order_not_pending", "cannot_cancel"}
    assert outcome.state == "fulfilled"
    assert len(posted(overdue)) == 2
    ends = {"order_fulfilled:1", "order_ended:1"}
    assert [mail for mail in mails(overdue) if mail in ends] == ["order_fulfilled:1"]


@pytest.mark.parametrize(
    ("when", "state", "loser"), [("before", "expired", 0), ("after", "accepted", 1)]
)
def test_accept_meets_the_clock(when, state, loser):
    order = paid_order()
    late = due(due(order.accept_by)) + timedelta(microseconds=1)
    accept = partial(orders.accept_order, order, actor=None)
    expire = partial(endings.expire_order, order, at=late)

    outcome, met = meet(accept, expire, at=(orders, "open_case"), when=when)

    assert (outcome, met.outcome)[loser].code == "order_not_pending"
    order.refresh_from_db()
    assert order.state == state


def statements(call):
    """The first word of each statement, and `lock` for a SELECT that locks."""
    with CaptureQueriesContext(connection) as captured:
        call()
    words = []
    for query in captured.captured_queries:
        sql = query["sql"]
        locks = sql.startswith("SELECT") and "FOR NO KEY UPDATE" in sql
        words.append("lock" if locks else sql.split()[0].lower())
    return words


def test_moves_lock_before_they_write(relationship, offering):
    order = order_in("accepted", relationship, offering=offering)
    moves = {
        "rent": rent_of(offering, relationship),
        "terms": partial(
            relationships.change_terms, relationship, commission_percent=30, actor=None
        ),
        "fulfil": partial(fulfil, order, "192.0.2.1"),
        "fail": partial(
            endings.fail_order,
            order_in("accepted", relationship),
            reason_code="other",
            reason=WHY,
            actor=None,
        ),
    }
    for name, move in moves.items():
        words = statements(move)
        writes = [n for n, word in enumerate(words) if word in {"update", "insert"}]
        assert words.index("lock") < min(writes), (name, words)
