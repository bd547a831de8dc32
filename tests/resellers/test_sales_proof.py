"""The invariants of sales: clean after anything the actions do, and each one bites."""

import random
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils.module_loading import import_string

from resellers import clock, ledger, pg, proof, reports
from resellers.actions.rates import set_rate
from resellers.actions.referrals import (
    attribute_customer,
    end_referral,
    move_referral,
)
from resellers.actions.sales import post_again, post_earlier, record_sale
from resellers.actions.statuses import change_status
from resellers.commission import BasisPoints
from resellers.errors import DomainError
from resellers.models import LedgerEntry, Rate, Referral, Sale
from resellers.money import Money
from resellers.sales import SaleFact
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import AT, LedgerEntryFactory

pytestmark = pytest.mark.django_db

CHECKS = [
    proof.answers_follow_the_rule,
    proof.rates_stand_in_the_history,
    proof.postings_match_sales,
    proof.answers_have_their_facts,
    proof.refunds_fit_their_sales,
    proof.parties_agree,
    proof.periods_are_apart,
    proof.times_are_in_order,
    proof.fingerprints_recompute,
]
DAY = timedelta(days=1)
WHY = "as agreed by phone"


def findings():
    found = {check.__name__: check() for check in CHECKS}
    found["replay_sales"] = proof.replay_sales(None)
    return {name: keys for name, (_, keys) in found.items() if keys}


def event(kind, key, *, minor=6_500, currency="USD", at=None, **facts):
    """Record an event of that key; `sale_key` names its sale."""
    money = None
    if kind in {"paid", "refunded", "restored"}:
        money = Money(minor, currency)
    fact = SaleFact(
        kind=kind,
        source="api",
        event_key=key,
        occurred_at=at or clock.now(),
        money=money,
        **facts,
    )
    return record_sale(fact, actor=None).sale


def paid(key, customer="C-1", **facts):
    return event("paid", key, customer_ref=customer, **facts)


@pytest.fixture
def reseller():
    return ResellerFactory.create()


@pytest.fixture
def world(reseller):
    """A customer with sales of every outcome, refunds in five parts and a dispute.

    One refund is larger than its sale and waits in vain.
    """
    with clock.at(AT):
        set_rate(
            scope="reseller",
            reseller=reseller,
            rate=BasisPoints(1_550),
            from_beginning=True,
            actor=None,
        )
        attribute_customer(
            reseller, customer_ref="C-1", referred_at=AT, origin="staff", actor=None
        )
    other = ResellerFactory.create()
    later = AT + DAY
    with clock.at(later):
        attribute_customer(other, customer_ref="C-2", origin="staff", actor=None)
        paid("whole")
        paid("small", minor=3)
        paid("yen", minor=999, currency="JPY")
        paid("stranger", "C-9")
        event("document", "document", customer_ref="C-1")
        paid("no-rate", "C-2")
        event("refunded", "early", minor=100, sale_key="not-here")
        event("refunded", "too-much", minor=6_501, sale_key="parts")
        paid("parts")
    for hour in range(1, 6):
        with clock.at(later + timedelta(hours=hour)):
            event("refunded", f"part-{hour}", minor=1_300, sale_key="parts")
    with clock.at(later + DAY):
        event("restored", "back", minor=1_300, sale_key="parts")
        event("disputed", "dispute", sale_key="whole")
        event("refunded", "of-none", minor=100, sale_key="no-rate")
        paid("again", "C-2")
        set_rate(
            scope="reseller",
            reseller=other,
            rate=BasisPoints(2_000),
            reason=WHY,
            actor=None,
        )
    with clock.at(later + 2 * DAY):
        again = post_again(Sale.objects.get(event_key="again"), actor=None)
    assert (again.outcome, again.commission_minor) == ("earned", 1_300)
    return {sale.event_key: sale for sale in Sale.objects.all()}


def test_every_outcome_is_clean(world):
    outcomes = {sale.outcome for sale in world.values()}

    assert findings() == {}
    assert len(outcomes) >= 9
    assert proof.replay_sales(None)[0] == 7 + 9
    assert proof.answers_have_their_facts()[0] == len(world)


def test_the_guard_of_sales_is_tried(world):
    """V20 changes a row's key, which here is no number."""
    assert reports.guards_stand_and_bite()[1] == []
    with pg.guards_lifted():
        assert "resellers.Sale takes changes" in reports.guards_stand_and_bite()[1]


def test_the_commands_run_every_check(settings):
    """`verify_ledger` and `replay_prices` know these by the settings' names."""
    named = [*settings.LEDGER_CHECKS.values(), *settings.PRICE_REPLAYERS.values()]
    ours = {import_string(each) for each in named if each.startswith("resellers.proof")}

    assert ours == {*CHECKS, proof.replay_sales}


def test_replay_since_a_day(world):
    tomorrow = (AT + 30 * DAY).date()

    assert proof.replay_sales(tomorrow) == (0, [])


def forge(row, **changed):
    """Change a row behind the product's back, the guards lifted."""
    with pg.guards_lifted():
        type(row).objects.filter(pk=row.pk).update(**changed)


FORGED: list[tuple[str, dict[str, Any], set[str]]] = [
    (
        "whole",
        {"commission_minor": 1_007},
        {"answers_follow_the_rule", "postings_match_sales", "replay_sales"},
    ),
    (
        "whole",
        {"rate_bp": 1_560},
        {"answers_follow_the_rule", "rates_stand_in_the_history", "replay_sales"},
    ),
    (
        "whole",
        {"rate_scope": "programme"},
        {"rates_stand_in_the_history", "replay_sales"},
    ),
    (
        "again",
        {"rate_since": AT},
        {"rates_stand_in_the_history", "replay_sales"},
    ),
    ("whole", {"outcome": "zero"}, {"answers_have_their_facts"}),
    ("small", {"outcome": "earned"}, {"answers_have_their_facts"}),
    ("stranger", {"commission_minor": 5}, {"answers_have_their_facts"}),
    ("no-rate", {"referral": None}, {"answers_have_their_facts"}),
    ("of-none", {"sale": None}, {"answers_have_their_facts"}),
    ("early", {"sale_key": "whole"}, {"answers_have_their_facts"}),
    ("whole", {"customer_ref": "C-3"}, {"parties_agree"}),
    ("part-1", {"sale_key": "whole"}, {"parties_agree"}),
    ("part-1", {"currency": "EUR"}, {"parties_agree"}),
    ("dispute", {"referral": None}, {"parties_agree"}),
    ("whole", {"occurred_at": AT - DAY}, {"parties_agree"}),
    ("whole", {"received_at": AT}, {"times_are_in_order"}),
    ("whole", {"posted_at": AT}, {"times_are_in_order"}),
    ("back", {"posted_at": AT}, {"times_are_in_order"}),
    ("whole", {"amount_minor": 6_400}, {"fingerprints_recompute"}),
    ("whole", {"description": "another"}, {"fingerprints_recompute"}),
]


def test_each_forged_fact_is_found(world):
    """One after the other in one world: each is undone before the next."""
    for key, change, checks in FORGED:
        row = world[key]
        kept = {name: getattr(row, name) for name in change}
        forge(row, **change)
        found = findings()
        forge(row, **kept)

        assert checks <= found.keys(), (key, change)
        assert all(key in found[check] for check in checks)
    assert findings() == {}


def test_a_refund_changed_by_hand_is_found(world):
    """Each takes a cent of the other: the sum is right, the standings are not."""
    forge(world["part-1"], commission_minor=-201)
    forge(world["part-2"], commission_minor=-202)

    found = findings()

    assert found["answers_follow_the_rule"] == ["part-1", "part-2"]
    assert found["postings_match_sales"] == ["parts"]


def test_a_refund_beyond_its_sale_is_found(world):
    forge(world["part-5"], amount_minor=1_301)

    assert findings()["refunds_fit_their_sales"] == ["parts"]


def test_a_lost_posting_is_found(world):
    with pg.guards_lifted(), connection.cursor() as cursor:
        key = "sale:part-5"
        follows = "DELETE FROM resellers_ledgerentry WHERE key = %s"
        cursor.execute(follows, [key])

    assert findings() == {"postings_match_sales": ["parts"], "replay_sales": ["parts"]}


def test_a_posting_to_another_account_is_found(world):
    entry = LedgerEntry.objects.get(key="sale:whole")
    forge(entry, account=ResellerFactory.create().account)

    assert findings()["postings_match_sales"] == ["whole"]


def test_a_posting_that_no_sale_calls_for_is_found(world):
    account = Referral.objects.get(customer_ref="C-1").reseller.account
    twice = {"source": "resellers.sale", "account": account}
    LedgerEntryFactory.create(
        source_ref=str(world["small"].pk), key="sale:small", **twice
    )
    LedgerEntryFactory.create(source_ref="nobody", key="sale:nobody", **twice)

    assert findings()["postings_match_sales"] == ["small", "sale:nobody"]


def test_a_correction_by_staff_is_a_fact_of_its_own(world):
    """What staff took back by hand, a refund does not take again."""
    root = LedgerEntry.objects.get(key="sale:whole")
    with clock.at(AT + 9 * DAY):
        ledger.reverse(
            root,
            key="rev:whole:1",
            actor=None,
            occurred_at=clock.now(),
            correction_group=uuid.uuid4(),
        )
        refund = event("refunded", "late", minor=1_300, sale_key="whole")

    assert (refund.outcome, refund.commission_minor) == ("no_effect", 0)
    assert findings() == {}


def test_a_rate_set_afterwards_changes_nothing(world, reseller):
    with clock.at(AT + 9 * DAY):
        rate = BasisPoints(100)
        set_rate(scope="programme", rate=rate, reason=WHY, actor=None)
        set_rate(scope="reseller", reseller=reseller, rate=rate, reason=WHY, actor=None)

    assert Rate.objects.filter(scope="programme").count() == 1
    assert findings() == {}


def test_overlapping_periods_are_found(world):
    """The exclusion constraint goes first; PostgreSQL brings it back with the test."""
    other = Referral.objects.get(customer_ref="C-2")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else triggers wait
            cursor.execute(
                "ALTER TABLE resellers_referral DROP CONSTRAINT referral_periods"
            )
    ended = {"ended_at": AT + 2 * DAY, "end_reason": "other"}
    Referral.objects.filter(pk=other.pk).update(**ended)
    with clock.at(AT + 3 * DAY):
        late = attribute_customer(
            other.reseller, customer_ref="C-2", origin="staff", actor=None
        )
    assert findings() == {}
    Referral.objects.filter(pk=late.pk).update(referred_at=AT + DAY * 3 / 2)

    assert proof.periods_are_apart() == (3, [str(late.pk)])


@pytest.mark.parametrize("seed", range(3))
def test_random_runs_stay_clean(seed):
    """Whatever is tried in whatever order, accepted or refused: nothing differs."""
    chance = random.Random(seed)  # noqa: S311 -- a reproducible walk
    resellers = ResellerFactory.create_batch(2)
    now = AT
    for step in range(120):
        now += timedelta(hours=chance.choice([0, 1, 13, 50]))
        with clock.at(now):
            try:
                chance.choice(DEEDS)(resellers, chance, step)
            except DomainError:
                continue
    assert findings() == {}
    assert proof.replay_sales(None)[0] > 20
    assert connection.needs_rollback is False


def customer(chance):
    return chance.choice(["C-1", "C-2", "C-3"])


def open_referral(chance):
    rows = Referral.objects.open().order_by("referred_at", "pk")
    return rows.filter(customer_ref=customer(chance)).first()


def do_pay(_resellers, chance, step):
    at = clock.now() - timedelta(hours=chance.choice([0, 0, 30]))
    paid(f"sale-{step}", customer(chance), minor=chance.choice([3, 6_500]), at=at)


def do_follow(kind):
    def follow(_resellers, chance, step):
        minor = chance.choice([1, 1_300, 2_600, 6_500])
        sale_key = f"sale-{chance.randrange(step + 6)}"
        event(kind, f"{kind}-{step}", minor=minor, sale_key=sale_key)

    return follow


def do_set_rate(resellers, chance, _step):
    owner = chance.choice([None, *resellers])
    bp = chance.choice([None, 0, 777, 1_550])
    planned = chance.choice([None, clock.now() + DAY])
    set_rate(
        scope="reseller" if owner else "programme",
        reseller=owner,
        rate=None if bp is None else BasisPoints(bp),
        valid_from=planned,
        reason=WHY,
        actor=None,
    )


def do_attribute(resellers, chance, _step):
    attribute_customer(
        chance.choice(resellers),
        customer_ref=customer(chance),
        referred_at=clock.now() - chance.choice([0, 2]) * DAY,
        commission_rate=chance.choice([None, None, BasisPoints(2_000)]),
        origin="api",
        actor=None,
    )


def do_move(resellers, chance, _step):
    if row := open_referral(chance):
        move_referral(row, to=chance.choice(resellers), reason=WHY, actor=None)


def do_end(_resellers, chance, _step):
    if row := open_referral(chance):
        end_referral(row, end_reason="mistake", reason=WHY, actor=None)


def do_post_again(_resellers, chance, _step):
    if rows := list(Sale.objects.unposted().order_by("event_key")):
        post_again(chance.choice(rows), actor=None)


def do_post_earlier(_resellers, chance, _step):
    if row := open_referral(chance):
        post_earlier(row, actor=None)


def do_move_status(resellers, chance, _step):
    status = chance.choice(["active", "active", "inactive", "suspended"])
    change_status(chance.choice(resellers), status=status, reason=WHY, actor=None)


DEEDS = [
    *[do_pay] * 4,
    *[do_follow("refunded")] * 3,
    do_follow("restored"),
    do_follow("disputed"),
    do_follow("released"),
    do_set_rate,
    *[do_attribute] * 2,
    do_move,
    do_end,
    *[do_post_again] * 2,
    do_post_earlier,
    do_move_status,
]
