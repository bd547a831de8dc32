"""One deed on many profiles: exactly the chosen ones, each by itself, told as one."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from resellers import clock
from resellers.actions import bulk
from resellers.actions.bulk import Batch, TooManyRows
from resellers.commission import BasisPoints
from resellers.errors import PermissionRefused
from resellers.errors.profiles import ReasonRequired
from resellers.models import AuditEntry, Job, Rate, Reseller, User
from tests.factories.profiles import ContactGroupFactory, RateFactory, ResellerFactory
from tests.factories.resellers import AT
from tests.resellers import people

pytestmark = pytest.mark.django_db

REASON = "Agreed with the board"


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


@pytest.fixture
def editor():
    return people.editor(email="editor@example.com")


def told(batch: Batch) -> dict[uuid.UUID, tuple[str, str]]:
    return {row.reseller_id: (row.outcome, row.why) for row in batch.rows}


def ids(*rows: Reseller) -> list[uuid.UUID]:
    return [row.pk for row in rows]


def entries(batch: Batch, action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(batch_id=batch.id, action=action))


def test_a_batch_touches_exactly_its_rows_and_one_is_refused_among_others(editor):
    active, twin, inactive, bystander = ResellerFactory.create_batch(4)
    Reseller.objects.filter(pk=inactive.pk).update(status="inactive")
    lost = ResellerFactory.create()
    Reseller.objects.filter(pk=lost.pk).update(status="suspended")
    batch = bulk.change_statuses(
        ids(active, lost, inactive, twin, active),
        status="inactive",
        reason=f" {REASON} ",
        actor=editor,
    )
    refusal = "This needs the right resellers.finance_reseller."
    assert told(batch) == {
        active.pk: ("done", ""),
        twin.pk: ("done", ""),
        inactive.pk: ("unchanged", ""),
        lost.pk: ("refused", refusal),
    }
    assert [row.outcome for row in batch.rows] == [
        "refused",
        "done",
        "done",
        "unchanged",
    ]
    assert dict(Reseller.objects.values_list("pk", "status")) == {
        active.pk: "inactive",
        twin.pk: "inactive",
        inactive.pk: "inactive",
        lost.pk: "suspended",
        bystander.pk: "active",
    }
    own = entries(batch, "reseller.status_changed")
    assert {(each.object_ref, each.reason, each.actor) for each in own} == {
        (str(row.pk), REASON, editor) for row in (active, twin)
    }
    assert AuditEntry.objects.count() == len(own) + 1


def test_the_batch_has_an_entry_from_which_it_is_read_again(editor):
    rows = ResellerFactory.create_batch(2)
    nobody = uuid.uuid4()
    batch = bulk.change_tiers(
        [*ids(*rows), nobody], partner_tier="premium", reason=REASON, actor=editor
    )
    (entry,) = entries(batch, "batch.applied")
    assert (entry.object_type, entry.object_ref, entry.reason, entry.after) == (
        "resellers.batch",
        str(batch.id),
        REASON,
        {
            "deed": "tier",
            "value": "premium",
            "done": [str(row.pk) for row in rows],
            "unchanged": [],
            "refused": {str(nobody): "There is no such profile."},
        },
    )
    assert bulk.find_batch(batch.id) == batch
    assert (batch.deed, batch.value, batch.reason, batch.at, batch.by) == (
        "tier",
        "premium",
        REASON,
        AT,
        "editor@example.com",
    )
    assert [batch.count(each) for each in ("done", "unchanged", "refused")] == [2, 0, 1]
    assert bulk.find_batch(uuid.uuid4()) is None


def test_tiers_are_set_and_set_again(editor):
    row = ResellerFactory.create()
    facts: dict[str, Any] = {
        "partner_tier": "enterprise",
        "reason": REASON,
        "actor": editor,
    }
    first = bulk.change_tiers(ids(row), **facts)
    again = bulk.change_tiers(ids(row), **facts)
    assert (told(first), told(again)) == (
        {row.pk: ("done", "")},
        {row.pk: ("unchanged", "")},
    )
    (entry,) = entries(first, "reseller.updated")
    assert (entry.before, entry.after) == (
        {"partner_tier": "standard"},
        {"partner_tier": "enterprise"},
    )
    assert entries(again, "reseller.updated") == []


def test_groups_are_set_and_taken_away(editor):
    group = ContactGroupFactory.create(slug="vips", name="Very important")
    closed = ContactGroupFactory.create(is_active=False)
    row = ResellerFactory.create()

    def put(into):
        return bulk.change_groups(
            ids(row), contact_group=into, reason=REASON, actor=editor
        )

    batch = put(group)
    assert (told(batch), batch.value) == ({row.pk: ("done", "")}, "Very important")
    assert told(put(group)) == {row.pk: ("unchanged", "")}
    assert told(put(closed))[row.pk][0] == "refused"
    assert Reseller.objects.get().contact_group == group
    batch = put(None)
    assert (told(batch), batch.value) == ({row.pk: ("done", "")}, "no group")
    assert Reseller.objects.get().contact_group is None


def test_rates_are_finances():
    finance = people.finance()
    row, other = ResellerFactory.create_batch(2)
    rate = BasisPoints(1550)
    RateFactory.create(scope="reseller", reseller=other, rate_bp=1550)
    with pytest.raises(PermissionRefused):
        bulk.set_rates(
            ids(row), commission_rate=rate, reason=REASON, actor=people.editor()
        )
    assert Rate.objects.filter(reseller=row).count() == 0

    def put(given):
        return bulk.set_rates(
            ids(row, other), commission_rate=given, reason=REASON, actor=finance
        )

    batch = put(rate)
    assert told(batch) == {row.pk: ("done", ""), other.pk: ("unchanged", "")}
    own = Rate.objects.get(reseller=row)
    assert (own.rate_bp, own.valid_from, own.reason) == (1550, AT, REASON)
    assert len(entries(batch, "rate.set")) == 1
    assert (batch.deed, batch.value) == ("rate", "15.5 %")
    with clock.at(AT.replace(hour=10)):
        assert set(told(put(None)).values()) == {("done", "")}
        assert set(told(put(None)).values()) == {("unchanged", "")}


def test_invitations_go_to_whoever_has_no_password(editor):
    waiting = ResellerFactory.create(user__password=None, user__is_active=False)
    there = ResellerFactory.create()
    batch = bulk.invite_all(ids(waiting, there), reason=REASON, actor=editor)
    outcomes = {pk: outcome for pk, (outcome, _) in told(batch).items()}
    assert outcomes == {waiting.pk: "done", there.pk: "refused"}
    assert Job.objects.filter(kind="mail").count() == 1
    assert [each.object_ref for each in entries(batch, "reseller.invited")] == [
        str(waiting.pk)
    ]


def everything(row: Reseller, actor: User, reason: str) -> list[Callable[[], object]]:
    facts: dict[str, Any] = {"reason": reason, "actor": actor}
    return [
        lambda: bulk.change_statuses(ids(row), status="inactive", **facts),
        lambda: bulk.change_tiers(ids(row), partner_tier="premium", **facts),
        lambda: bulk.change_groups(ids(row), contact_group=None, **facts),
        lambda: bulk.set_rates(ids(row), commission_rate=BasisPoints(1), **facts),
        lambda: bulk.invite_all(ids(row), **facts),
    ]


@pytest.mark.parametrize("who", ["viewer", "plain_staff"])
def test_whoever_may_not_change_profiles_is_refused_whole(who):
    row, actor = ResellerFactory.create(), getattr(people, who)()
    for call in everything(row, actor, REASON):
        with pytest.raises(PermissionRefused):
            call()
    assert AuditEntry.objects.count() == 0


def test_a_reason_is_needed():
    row, actor = ResellerFactory.create(), people.finance()
    for call in everything(row, actor, "why"):
        with pytest.raises(ReasonRequired):
            call()
    assert AuditEntry.objects.count() == 0


def test_more_than_a_thousand_are_refused(editor, monkeypatch):
    monkeypatch.setattr(bulk, "LIMIT", 2)
    rows = ResellerFactory.create_batch(3)
    facts: dict[str, Any] = {
        "partner_tier": "premium",
        "reason": REASON,
        "actor": editor,
    }
    with pytest.raises(TooManyRows):
        bulk.change_tiers(ids(*rows), **facts)
    batch = bulk.change_tiers([*ids(*rows[:2]), rows[0].pk], **facts)
    assert batch.count("done") == 2
    assert Reseller.objects.get(pk=rows[2].pk).partner_tier == "standard"
