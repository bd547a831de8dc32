"""The invariants of orders: clean after anything the actions do, and each one bites."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.module_loading import import_string

from marketplace import proof
from marketplace.actions import clock as order_clock
from marketplace.actions import endings, orders, payments, problems
from marketplace.models import (
    Contract,
    OrderState,
    Payment,
    ResellerOrder,
)
from resellers import clock, pg
from resellers.errors import DomainError
from resellers.models import Job, LedgerEntry
from tests.factories.marketplace import (
    WHY,
    RelationshipFactory,
    order_in,
    placed_order,
)

pytestmark = pytest.mark.django_db

CHECKS = [
    proof.totals_add_up,
    proof.commissions_follow_the_rule,
    proof.percents_are_in_range,
    proof.postings_match_orders,
    proof.states_have_their_facts,
    proof.parties_agree,
    proof.mails_are_owed_once,
    proof.times_are_in_order,
]


def findings():
    found = {check.__name__: check() for check in CHECKS}
    found["replay_orders"] = proof.replay_orders(None)
    return {name: keys for name, (_, keys) in found.items() if keys}


@pytest.fixture
def world(relationship, staff, buyer):
    """An order in every state, and one that failed after delivery and began anew."""
    made = {state: order_in(state, relationship) for state in OrderState.values}
    made["unpaid"] = placed_order(relationship)
    again = order_in("fulfilled", relationship)
    endings.fail_order(again, reason_code="other", reason=WHY, actor=staff)
    endings.reopen_order(again, reason="Again", actor=staff)
    made["again"] = orders.fulfil_order(again, actor=staff)
    late = order_in("fulfilled", relationship)
    made["undone"] = endings.fail_order(
        late, reason_code="other", reason=WHY, actor=staff
    )
    held = order_in("fulfilled", relationship, buyer=buyer)
    made["held"] = problems.report_problem(held, text="It is down.", actor=buyer)
    return made


def test_every_state_is_clean(world):
    assert findings() == {}
    assert proof.replay_orders(None)[0] == len(world)


def test_the_commands_run_every_check(settings):
    """`verify_ledger` and `replay_prices` know these by the settings' names."""
    named = [*settings.LEDGER_CHECKS.values(), *settings.PRICE_REPLAYERS.values()]
    ours = {import_string(dotted) for dotted in named if "marketplace." in dotted}

    assert ours == {*CHECKS, proof.replay_orders}


def test_replay_since_a_day(world):
    tomorrow = (clock.now() + timedelta(days=1)).date()

    assert proof.replay_orders(tomorrow) == (0, [])


def forge(order, **changed):
    """Change a row behind the product's back, checks and guards lifted."""
    with pg.guards_lifted():
        ResellerOrder.objects.filter(pk=order.pk).update(**changed)


def test_a_commission_changed_by_hand_is_found(world):
    order = world["completed"]
    forge(order, commission_e9s=590_000_000, total_paid_e9s=6_360_000_000)

    found = findings()

    assert found["commissions_follow_the_rule"] == [order.contract_id]
    assert found["totals_add_up"] == [order.contract_id]
    assert found["postings_match_orders"] == [order.contract_id]
    assert found["replay_orders"] == [order.contract_id]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"commission_percent": 11}, "commissions_follow_the_rule"),
        ({"price_rule": "price/0"}, "commissions_follow_the_rule"),
        ({"state": "placed"}, "states_have_their_facts"),
        ({"state": "completed"}, "states_have_their_facts"),
    ],
)
def test_each_forged_fact_is_found(change, check, world):
    order = world["fulfilled"]
    forge(order, **change)

    assert order.contract_id in findings()[check]


def test_a_payment_that_went_astray_is_found(world):
    order = world["completed"]
    Payment.objects.filter(contract=order.contract).update(state="refund_due")
    Contract.objects.filter(pk=world["held"].contract_id).update(
        total_e9s=6_340_000_000
    )

    found = findings()

    assert found["states_have_their_facts"] == [order.contract_id]
    assert found["totals_add_up"] == [world["held"].contract_id]
    assert found["replay_orders"] == [world["held"].contract_id]


def test_another_seller_is_found(world, relationship):
    order = world["placed"]
    other = relationship.external_provider
    Contract.objects.filter(pk=order.contract_id).update(seller=other)

    assert findings() == {"parties_agree": [order.contract_id]}


def test_a_lost_posting_is_found(world):
    order = world["completed"]
    with pg.guards_lifted(), connection.cursor() as cursor:
        key = f"mkt:{order.contract_id}:1:commission"
        cursor.execute("DELETE FROM resellers_ledgerentry WHERE key = %s", [key])

    found = findings()

    assert found["postings_match_orders"] == [order.contract_id]
    assert found["replay_orders"] == [order.contract_id]


def test_a_posting_of_no_order_is_found(world):
    with pg.guards_lifted():
        LedgerEntry.objects.filter(source_ref=world["completed"].contract_id).update(
            source_ref="f" * 64
        )

    assert len(findings()["postings_match_orders"]) == 3


def test_a_lost_mail_is_found(world):
    order = world["fulfilled"]
    Job.objects.filter(key=f"mail:order_fulfilled:{order.contract_id}:1").delete()

    assert findings() == {"mails_are_owed_once": [order.contract_id]}


def test_a_time_before_its_time_is_found(world):
    order = world["completed"]
    early = order.created_at - timedelta(seconds=1)
    forge(order, fulfilled_at=early)

    assert findings()["times_are_in_order"] == [order.contract_id]


@pytest.mark.parametrize("part", ["featured", "week", "chosen"])
def test_a_forged_pick_is_found(part, relationship, world):
    order = world["placed"]
    forged = dict(order.pick) | {part: "f" * 64}
    if part == "week":
        forged = dict(order.pick) | {"candidates": [dict(order.pick["candidates"][0])]}
        forged["candidates"][0]["total_e9s"] = 1
    forge(order, pick=forged)

    assert findings() == {"replay_orders": [order.contract_id]}


@pytest.mark.parametrize(
    "pick",
    [
        {},
        [],
        "pick/1",
        {"rule": "pick/1", "candidates": []},
        {"rule": "pick/1", "candidates": [{}]},
        {"rule": "pick/1", "candidates": None},
    ],
)
def test_a_pick_that_cannot_be_read_is_a_difference(pick, world):
    order = world["placed"]
    forge(order, pick=pick)

    assert findings() == {"replay_orders": [order.contract_id]}


@pytest.mark.parametrize("part", ["rule", "offering_ref", "featured", "overridden"])
def test_a_pick_without_a_part_is_a_difference(part, world):
    order = world["placed"]
    forge(order, pick={k: v for k, v in order.pick.items() if k != part})

    assert findings() == {"replay_orders": [order.contract_id]}


@pytest.mark.parametrize(
    "change",
    [
        {"percent": 49},
        {"percent": "50"},
        {"total_e9s": 8_660_000_001},
        {"percent": 51, "total_e9s": 8_710_000_000},
        {"counted": "many"},
    ],
)
def test_a_candidate_changed_by_hand_is_found(change, relationship, offering):
    """Of a seller that was neither featured nor chosen."""
    RelationshipFactory.create(
        external_provider=relationship.external_provider, commission_percent=50
    )
    order = placed_order(relationship, offering=offering)
    first, last = order.pick["candidates"]
    assert (last["percent"], last["total_e9s"]) == (50, 8_660_000_000)
    assert findings() == {}
    forge(order, pick=order.pick | {"candidates": [first, last | change]})

    assert findings() == {"replay_orders": [order.contract_id]}


@pytest.mark.parametrize("seed", range(3))
def test_random_runs_stay_clean(seed, relationship, staff, buyer):
    """Whatever is tried in whatever order, accepted or refused: nothing differs."""
    chance = random.Random(seed)  # noqa: S311 -- a reproducible walk
    now = clock.now()
    own = [placed_order(relationship, buyer=buyer) for _ in range(4)]
    for step in range(60):
        now += timedelta(hours=chance.choice([0, 1, 13, 50, 170]))
        order = ResellerOrder.objects.get(pk=chance.choice(own).pk)
        with clock.at(now):
            try:
                chance.choice(DEEDS)(order, staff, step)
            except DomainError:
                continue
    assert findings() == {}
    assert connection.needs_rollback is False


def reason(order, staff):
    return {"reason_code": "other", "reason": WHY, "actor": staff}


DEEDS = [
    lambda o, who, n: payments.receive_payment(
        o.contract.payment, reference=f"IN-{o.pk}", actor=who
    ),
    lambda o, who, n: orders.accept_order(o, actor=who),
    lambda o, who, n: orders.record_purchase(
        o, external_order_id=f"SUP-{o.pk}-{n}", actor=who
    ),
    lambda o, who, n: orders.fulfil_order(
        o,
        external_order_id="" if o.state == "ordered" else f"SUP-{o.pk}",
        actual_cost_e9s=n * 10**7,
        actor=who,
    ),
    lambda o, who, n: orders.complete_order(o, actor=o.contract.buyer),
    lambda o, who, n: endings.reject_order(o, **reason(o, who)),
    lambda o, who, n: endings.fail_order(o, **reason(o, who)),
    lambda o, who, n: endings.cancel_order(o, actor=o.contract.buyer),
    lambda o, who, n: endings.reopen_order(o, reason="Again", actor=who),
    lambda o, who, n: problems.report_problem(
        o, text="It does not work.", actor=o.contract.buyer
    ),
    lambda o, who, n: problems.resolve_problem(o, note="It does", actor=who),
    lambda o, who, n: payments.record_refund(
        o.contract.payment, reference=f"OUT-{o.pk}", actor=who
    ),
    lambda o, who, n: order_clock.run_deadlines(clock.now()),
]
