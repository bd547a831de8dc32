"""Fulfilling: the guarded move, two entries, one audit entry, one mail."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from marketplace import errors
from marketplace.actions import endings, orders
from marketplace.models import FulfilmentAttempt, ResellerOrder
from resellers import clock
from resellers.models import LedgerEntry
from tests.factories.marketplace import (
    OfferingFactory,
    RelationshipFactory,
    order_in,
    paid_order,
    placed_order,
)
from tests.marketplace.ledgers import books, due, last_entry, mails, posted, trail

pytestmark = pytest.mark.django_db

DETAILS = {"ip": "192.0.2.10", "username": "root", "password": "canary-7f3a"}
WHY = "The supplier took it back again."


def fulfil(order, external_order_id="HZN-12345678", details=None, **facts):
    return orders.fulfil_order(
        order,
        external_order_id=external_order_id,
        external_order_details=details or DETAILS,
        **{"actor": None, **facts},
    )


@pytest.mark.parametrize("state", ["placed", "accepted", "ordered"])
def test_fulfil_order_posts_both_entries_once(state, colleague, relationship):
    order = order_in(state, relationship)
    bought_as = order.external_order_id or "HZN-12345678"

    done = fulfil(order, bought_as, actor=colleague)

    assert (done.state, done.external_order_id) == ("fulfilled", bought_as)
    assert done.external_order_details == DETAILS
    assert posted(done) == [
        ("1:base", "earning", 577, "pending", ""),
        ("1:commission", "earning", 58, "pending", ""),
    ]
    assert mails(done)[-1] == "order_fulfilled:1"


def test_the_commission_says_how_it_was_made(colleague, relationship):
    done = fulfil(paid_order(relationship), actor=colleague)

    base, commission = LedgerEntry.objects.order_by("pk")
    assert (commission.basis, commission.base_minor, commission.rate_bp) == (
        "markup",
        577,
        1000,
    )
    assert commission.rule_ref.startswith(f"relationship {relationship.pk} since 20")
    assert (base.basis, base.base_minor, base.rate_bp) == ("", None, None)
    assert {e.account for e in (base, commission)} == {relationship.reseller.account}
    assert {e.available_at for e in (base, commission)} == {
        done.fulfilled_at + timedelta(days=7)
    }
    assert commission.actor == colleague


def test_at_zero_percent_there_is_no_commission_entry(supplier):
    relationship = RelationshipFactory.create(
        external_provider=supplier, commission_percent=0
    )

    done = fulfil(paid_order(relationship))

    assert posted(done) == [("1:base", "earning", 577, "pending", "")]


def test_the_audit_names_details_by_key_only(colleague, relationship):
    done = fulfil(paid_order(relationship), actor=colleague)

    entry = last_entry(done)
    assert (entry.action, entry.actor, entry.on_behalf) == (
        "order.fulfilled",
        colleague,
        "",
    )
    assert entry.before["state"] == "placed"
    assert entry.after["state"] == "fulfilled"
    assert entry.after["detail_names"] == ["ip", "password", "username"]
    assert entry.after["external_order_id"] == "HZN-12345678"
    assert "canary-7f3a" not in str((entry.before, entry.after, entry.reason))


def test_the_attempt_ends_with_what_was_bought(colleague, relationship):
    done = fulfil(
        paid_order(relationship), actual_cost_e9s=4_170_000_000, actor=colleague
    )

    attempt = done.attempts.get()
    assert (
        attempt.outcome,
        attempt.ended_at,
        attempt.external_order_id,
        attempt.actual_cost_e9s,
        attempt.actual_cost_currency,
        attempt.actor,
        attempt.on_behalf,
    ) == (
        "fulfilled",
        done.fulfilled_at,
        "HZN-12345678",
        4_170_000_000,
        "USD",
        colleague,
        False,
    )
    assert done.actual_cost_currency == "USD"


def test_an_ended_attempt_never_changes(relationship):
    done = fulfil(paid_order(relationship))

    for change in ({"outcome": "failed"}, {"external_order_id": "X"}, {"number": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FulfilmentAttempt.objects.filter(order=done).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        FulfilmentAttempt.objects.filter(order=done).delete()


def test_staff_fulfil_on_behalf_of_the_seller(staff, relationship):
    done = fulfil(paid_order(relationship), actor=staff)

    assert last_entry(done).on_behalf == relationship.reseller.pubkey
    assert done.attempts.get().on_behalf is True


def test_the_same_facts_again_are_one_deed(relationship):
    done = fulfil(paid_order(relationship), actual_cost_e9s=4_170_000_000)
    before = books(done)

    assert fulfil(done).state == "fulfilled"
    assert fulfil(done, external_order_id="").state == "fulfilled"
    assert fulfil(done, actual_cost_e9s=4_170_000_000).state == "fulfilled"
    assert books(done) == before


@pytest.mark.parametrize(
    "facts",
    [
        {"external_order_id": "OTHER-1"},
        {"details": {"ip": "192.0.2.99"}},
        {"actual_cost_e9s": 4_180_000_000},
        {"actual_cost_e9s": 4_170_000_000, "actual_cost_currency": "EUR"},
    ],
)
def test_other_facts_are_too_late(facts, relationship):
    done = fulfil(paid_order(relationship), actual_cost_e9s=4_170_000_000)
    before = books(done)

    with pytest.raises(errors.OrderNotPending) as refused:
        fulfil(done, **facts)

    assert refused.value.extra == {"state": "fulfilled"}
    assert books(done) == before


def test_the_recorded_id_and_cost_are_kept(relationship):
    order = orders.record_purchase(
        paid_order(relationship),
        external_order_id=" HZN-1 ",
        actual_cost_e9s=4_000_000_000,
        actor=None,
    )

    done = fulfil(order, external_order_id="")

    assert (done.external_order_id, done.actual_cost_e9s) == ("HZN-1", 4_000_000_000)


def test_no_other_purchase_takes_the_place_of_the_recorded_one(relationship, offering):
    order = orders.record_purchase(
        paid_order(relationship, offering=offering),
        external_order_id="HZN-1",
        actual_cost_e9s=4_000_000_000,
        actor=None,
    )
    before = books(order)

    with pytest.raises(errors.ExternalOrderIdRecorded) as refused:
        fulfil(order, external_order_id="HZN-2")

    assert refused.value.extra == {"external_order_id": "HZN-1"}
    assert books(order) == before
    with pytest.raises(errors.ExternalOrderIdTaken):
        fulfil(paid_order(relationship, offering=offering), external_order_id="HZN-1")
    done = fulfil(order, external_order_id="hzn-1")
    assert (done.actual_cost_e9s, done.actual_cost_currency) == (4_000_000_000, "USD")


def test_a_new_attempt_may_buy_anew(staff, relationship):
    order = fulfil(paid_order(relationship), actual_cost_e9s=4_000_000_000)
    order = endings.fail_order(order, reason_code="other", reason=WHY, actor=staff)
    order = endings.reopen_order(order, reason="Once more", actor=staff)

    done = fulfil(order, external_order_id="HZN-2")

    assert (done.external_order_id, done.actual_cost_e9s) == ("HZN-2", None)
    first = done.attempts.get(number=1)
    assert (first.external_order_id, first.actual_cost_e9s) == (
        "HZN-12345678",
        4_000_000_000,
    )


def test_an_attempt_keeps_the_currency_of_its_cost(staff, relationship):
    order = fulfil(
        paid_order(relationship),
        actual_cost_e9s=5_000_000_000,
        actual_cost_currency="EUR",
    )
    order = endings.fail_order(order, reason_code="other", reason=WHY, actor=staff)
    order = endings.reopen_order(order, reason="Once more", actor=staff)
    fulfil(order, "HZN-2", actual_cost_e9s=6_000_000_000)

    costs = order.attempts.order_by("number").values_list(
        "actual_cost_e9s", "actual_cost_currency"
    )
    assert list(costs) == [(5_000_000_000, "EUR"), (6_000_000_000, "USD")]


def test_details_may_be_left_out(relationship):
    done = orders.fulfil_order(
        paid_order(relationship), external_order_id="HZN-1", actor=None
    )

    assert done.external_order_details is None


def test_an_unpaid_order_is_not_fulfilled(relationship):
    order = placed_order(relationship)

    with pytest.raises(errors.PaymentPending):
        fulfil(order)
    assert trail(order) == ["order.placed"]


@pytest.mark.parametrize(
    ("external_id", "error"),
    [
        ("", errors.ExternalOrderIdRequired),
        ("   ", errors.ExternalOrderIdRequired),
        ("two words", errors.InvalidExternalOrderId),
        ("Bestellung-ä", errors.InvalidExternalOrderId),
        ("\uff11\uff12", errors.InvalidExternalOrderId),
        ("x" * 101, errors.InvalidExternalOrderId),
        ("a\x00b", errors.InvalidExternalOrderId),
    ],
)
def test_bad_external_ids_are_refused(external_id, error, relationship):
    order = paid_order(relationship)

    with pytest.raises(error) as refused:
        fulfil(order, external_order_id=external_id)
    assert refused.value.field == "external_order_id"


@pytest.mark.parametrize(
    ("details", "error"),
    [
        ('{"ip": "192.0.2.10"}', errors.DetailsNotObject),
        (["192.0.2.10"], errors.DetailsNotObject),
        (True, errors.DetailsNotObject),
        ({"": "nameless"}, errors.DetailsNotObject),
        ({"nested": {"ip": "192.0.2.10"}}, errors.DetailsNotObject),
        ({"list": ["192.0.2.10"]}, errors.DetailsNotObject),
        ({"half": 0.5}, errors.DetailsNotObject),
        ({"long": "x" * 2001}, errors.DetailsTooLarge),
        ({"x" * 101: "long name"}, errors.DetailsTooLarge),
        ({str(n): "x" for n in range(21)}, errors.DetailsTooLarge),
    ],
)
def test_bad_details_are_refused(details, error, relationship):
    order = paid_order(relationship)

    with pytest.raises(error):
        fulfil(order, details=details)


def test_the_largest_details_are_taken(relationship):
    details = {f"name {n}": "x" * 2000 for n in range(20)}

    assert fulfil(paid_order(relationship), details=details).state == "fulfilled"


@pytest.mark.parametrize(
    ("cost", "currency"),
    [(-1, "USD"), (1, "USD"), (10**9, "XXX"), (True, "USD"), (None, "ZZZ")],
)
def test_bad_costs_are_refused(cost, currency, relationship):
    order = paid_order(relationship)

    with pytest.raises(errors.InvalidActualCost):
        fulfil(order, actual_cost_e9s=cost, actual_cost_currency=currency)


def test_one_purchase_serves_one_order(relationship, offering):
    first = fulfil(paid_order(relationship, offering=offering))
    second = paid_order(relationship, offering=offering)

    with pytest.raises(errors.ExternalOrderIdTaken) as refused:
        fulfil(second, external_order_id="hzn-12345678")

    assert refused.value.extra == {"contract_id": first.contract_id}


def test_a_rivals_order_is_not_named(relationship, offering):
    fulfil(paid_order(relationship, offering=offering))
    rival = RelationshipFactory.create(external_provider=relationship.external_provider)

    with pytest.raises(errors.ExternalOrderIdTaken) as refused:
        fulfil(paid_order(rival, offering=offering))

    assert refused.value.extra == {}


def test_another_supplier_numbers_for_itself(relationship):
    fulfil(paid_order(relationship))

    assert fulfil(paid_order()).state == "fulfilled"


def test_ids_of_earlier_attempts_stay_taken(staff, relationship, offering):
    order = fulfil(paid_order(relationship, offering=offering))
    order = endings.fail_order(order, reason_code="other", reason=WHY, actor=staff)
    order = endings.reopen_order(order, reason="Once more", actor=staff)
    assert order.external_order_id == "HZN-12345678"
    fulfil(order, external_order_id="HZN-2")

    with pytest.raises(errors.ExternalOrderIdTaken):
        fulfil(paid_order(relationship, offering=offering))


def test_the_unique_key_decides_a_race(relationship, offering, monkeypatch):
    """Both orders looked before either wrote: the database refuses the second."""
    fulfil(paid_order(relationship, offering=offering))
    second = paid_order(relationship, offering=offering)
    monkeypatch.setattr(orders, "refuse_taken_id", lambda *_: None)

    with pytest.raises(errors.ExternalOrderIdTaken):
        fulfil(second)
    second.refresh_from_db()
    assert (second.state, posted(second)) == ("placed", [])


@pytest.mark.parametrize(
    ("microseconds", "on_time"), [(-1, True), (0, True), (1, False)]
)
def test_on_time_at_the_edge(microseconds, on_time, relationship):
    order = paid_order(relationship)

    with clock.at(due(order.fulfil_by) + timedelta(microseconds=microseconds)):
        done = fulfil(order)

    assert done.on_time is on_time


def test_an_order_changed_meanwhile_is_read_under_the_lock(relationship):
    stale = paid_order(relationship)
    endings.cancel_order(ResellerOrder.objects.get(pk=stale.pk), actor=None)

    with pytest.raises(errors.OrderNotPending) as refused:
        fulfil(stale)

    assert refused.value.extra == {"state": "cancelled"}


def test_correct_details_tells_the_buyer_each_time(relationship, colleague):
    done = fulfil(paid_order(relationship))
    new = {"ip": "192.0.2.11", "password": "canary-9c1d"}

    for details in (new, new, {"ip": "192.0.2.12"}):
        done = orders.correct_details(
            done, external_order_details=details, actor=colleague
        )

    assert trail(done)[-2:] == ["order.details_corrected"] * 2
    assert [m for m in mails(done) if m.startswith("details_corrected:1.")] == mails(
        done
    )[-2:]
    assert last_entry(done).after == {"detail_names": ["ip"]}
    assert last_entry(done).before == {"detail_names": ["ip", "password"]}
    assert done.state == "fulfilled"


@pytest.mark.parametrize("details", [None, {}, "text"])
def test_correct_details_needs_some(details, relationship):
    done = fulfil(paid_order(relationship))

    with pytest.raises(errors.DetailsNotObject):
        orders.correct_details(done, external_order_details=details, actor=None)


def test_a_native_price_in_another_currency_posts_its_minor_units(relationship):
    offering = OfferingFactory.create(
        provider=relationship.external_provider,
        currency="KWD",
        monthly_price_e9s=3_333_000_000,
    )

    done = fulfil(paid_order(relationship, offering=offering))

    assert [row[2] for row in posted(done)] == [3333, 333]


def test_true_is_not_the_same_detail_as_one(relationship):
    order = paid_order(relationship)
    fulfil = partial(orders.fulfil_order, external_order_id="S-1", actor=None)
    fulfil(order, external_order_details={"a": 1})
    with pytest.raises(errors.OrderNotPending):
        fulfil(order, external_order_details={"a": True})
