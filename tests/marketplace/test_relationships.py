"""Becoming a reseller, changing terms, suspending and resuming."""

import pytest

from marketplace import errors
from marketplace.actions import orders, relationships
from marketplace.models import ResellerRelationship
from marketplace.offers import OfferBook
from resellers import audit, clock
from resellers.errors import NotFound
from resellers.models import Job
from tests.factories.marketplace import (
    ExternalProviderFactory,
    MemberFactory,
    ProviderFactory,
    RelationshipFactory,
    paid_order,
)

pytestmark = pytest.mark.django_db


def entries(relationship):
    ref = str(relationship.pk)
    return list(audit.entries("marketplace.resellerrelationship", ref))


def price_jobs():
    return Job.objects.filter(kind="list_prices").count()


def sellers_of(offering):
    book = OfferBook([offering], clock.now())
    return [offer.seller for offer in book.offers(offering)]


def test_become_reseller_offers_at_once(seller, supplier, offering, owner):
    made = relationships.become_reseller(
        seller, external_provider=supplier, commission_percent=0, actor=owner
    )

    assert sellers_of(offering) == [seller]
    assert (made.status, made.suspended_by, made.updated_at) == ("active", "", None)
    (entry,) = entries(made)
    assert (entry.action, entry.actor, entry.before) == (
        "relationship.created",
        owner,
        None,
    )
    assert entry.after == {
        "status": "active",
        "commission_percent": 0,
        "accept_within_hours": 12,
        "fulfil_within_hours": 48,
    }
    assert price_jobs() == 1


@pytest.mark.parametrize("status", ["active", "suspended"])
def test_a_pair_exists_once(status, relationship, owner):
    if status == "suspended":
        relationships.suspend_relationship(relationship, actor=owner)

    with pytest.raises(errors.RelationshipExists) as refused:
        relationships.become_reseller(
            relationship.reseller,
            external_provider=relationship.external_provider,
            actor=owner,
        )
    assert refused.value.extra == {"relationship": status}
    assert ResellerRelationship.objects.count() == 1


def test_only_external_providers_are_resold(seller, owner):
    with pytest.raises(NotFound):
        relationships.become_reseller(
            seller, external_provider=ProviderFactory.create(), actor=owner
        )


def test_only_onboarded_providers_resell(supplier, owner):
    with pytest.raises(errors.NotResellable):
        relationships.become_reseller(
            ExternalProviderFactory.create(), external_provider=supplier, actor=owner
        )


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"commission_percent": -1}, errors.CommissionOutOfRange),
        ({"commission_percent": 51}, errors.CommissionOutOfRange),
        ({"commission_percent": True}, errors.CommissionNotInteger),
        ({"commission_percent": 10.0}, errors.CommissionNotInteger),
        ({"commission_percent": "10"}, errors.CommissionNotInteger),
        ({"accept_within_hours": 0}, errors.HoursOutOfRange),
        ({"accept_within_hours": 73}, errors.HoursOutOfRange),
        ({"fulfil_within_hours": 337}, errors.HoursOutOfRange),
        (
            {"accept_within_hours": 24, "fulfil_within_hours": 23},
            errors.HoursOutOfRange,
        ),
    ],
)
def test_terms_out_of_range_are_refused(facts, error, seller, supplier, owner):
    with pytest.raises(error):
        relationships.become_reseller(
            seller, external_provider=supplier, actor=owner, **facts
        )
    standing = RelationshipFactory.create(reseller=seller)
    with pytest.raises(error):
        relationships.change_terms(standing, actor=owner, **facts)
    assert ResellerRelationship.objects.count() == 1
    assert entries(standing) == []


def test_change_terms_keeps_what_is_absent(relationship, owner):
    changed = relationships.change_terms(
        relationship, commission_percent=15, actor=owner
    )

    assert (
        changed.commission_percent,
        changed.accept_within_hours,
        changed.fulfil_within_hours,
        changed.status,
    ) == (15, 12, 48, "active")
    assert changed.updated_at is not None
    (entry,) = entries(relationship)
    assert (entry.action, entry.before, entry.after) == (
        "relationship.changed",
        {"commission_percent": 10},
        {"commission_percent": 15},
    )
    assert price_jobs() == 1


def test_hours_alone_move_no_price(relationship, owner):
    relationships.change_terms(relationship, accept_within_hours=24, actor=owner)

    assert price_jobs() == 0


def test_equal_terms_change_nothing(relationship, owner):
    same = relationships.change_terms(
        relationship, commission_percent=10, status="active", actor=owner
    )

    assert (same.updated_at, entries(relationship), price_jobs()) == (None, [], 0)


def test_no_terms_are_refused(relationship, owner):
    with pytest.raises(errors.NothingToChange):
        relationships.change_terms(relationship, actor=owner)


def test_an_unknown_status_is_refused(relationship, owner):
    with pytest.raises(errors.InvalidStatus):
        relationships.change_terms(relationship, status="paused", actor=owner)


def test_a_suspended_sellers_offers_are_gone(relationship, offering, owner):
    stopped = relationships.suspend_relationship(
        relationship, reason="On holiday", actor=owner
    )

    assert sellers_of(offering) == []
    assert (stopped.suspended_by, stopped.suspended_reason) == (
        "reseller",
        "On holiday",
    )
    (entry,) = entries(relationship)
    assert (entry.action, entry.reason) == ("relationship.suspended", "On holiday")

    resumed = relationships.resume_relationship(relationship, actor=owner)

    assert sellers_of(offering) == [relationship.reseller]
    assert (resumed.suspended_by, resumed.suspended_reason) == ("", "")
    assert price_jobs() == 2


def test_suspending_twice_is_once(relationship, owner):
    for reason in ("On holiday", "Still away"):
        stopped = relationships.suspend_relationship(
            relationship, reason=reason, actor=owner
        )

    assert stopped.suspended_reason == "On holiday"
    assert len(entries(relationship)) == 1


def test_only_staff_resume_what_staff_suspended(relationship, owner, staff):
    relationships.suspend_relationship(relationship, reason="Late", actor=staff)

    with pytest.raises(errors.SuspendedByStaff):
        relationships.resume_relationship(relationship, actor=owner)
    with pytest.raises(errors.SuspendedByStaff):
        relationships.change_terms(relationship, status="active", actor=owner)
    resumed = relationships.resume_relationship(relationship, actor=staff)

    assert resumed.status == "active"


def test_staff_take_over_a_suspension_and_the_seller_does_not(
    relationship, owner, staff
):
    relationships.suspend_relationship(relationship, actor=owner)
    relationships.suspend_relationship(relationship, reason="Late", actor=staff)

    stopped = relationships.suspend_relationship(relationship, actor=owner)

    assert (stopped.suspended_by, stopped.suspended_reason) == ("staff", "Late")


def test_a_staff_person_who_is_a_member_acts_as_the_seller(relationship, staff):
    MemberFactory.create(provider=relationship.reseller, user=staff)

    stopped = relationships.suspend_relationship(relationship, actor=staff)

    assert stopped.suspended_by == "reseller"


def test_open_orders_run_on_at_frozen_terms(relationship, owner):
    order = paid_order(relationship)
    relationships.change_terms(relationship, commission_percent=50, actor=owner)
    relationships.suspend_relationship(relationship, actor=owner)

    done = orders.fulfil_order(order, external_order_id="SUP-1", actor=owner)

    assert (done.commission_percent, done.commission_e9s) == (10, 580_000_000)


def test_staff_suspend_and_resume_a_whole_provider(seller, owner, staff):
    own, other = (RelationshipFactory.create(reseller=seller) for _ in range(2))
    relationships.suspend_relationship(own, actor=owner)

    relationships.suspend_provider(seller, reason="Under review", actor=staff)
    assert [r.suspended_by for r in ResellerRelationship.objects.all()] == [
        "staff",
        "staff",
    ]
    assert relationships.resume_provider(seller, actor=staff) == 2

    other.refresh_from_db()
    assert other.status == "active"
