"""Every pair of statuses, for everybody. The money: `test_suspension`."""

import pytest

from resellers import clock
from resellers.actions import accounts, profiles
from resellers.actions.statuses import change_status
from resellers.errors import PermissionRefused
from resellers.errors.profiles import (
    FinanceRequired,
    InvalidChoice,
    ReasonRequired,
    StatusMoveNotAllowed,
    TextTooLong,
)
from resellers.models import AuditEntry, Job, Reseller, ResellerStatus
from tests.factories.profiles import LONG_AGO, ResellerFactory
from tests.factories.resellers import AT, UserFactory
from tests.resellers import people

pytestmark = pytest.mark.django_db

EVERY = list(ResellerStatus.values)
EDITORS = {
    ("applicant", "active"),
    ("applicant", "inactive"),
    ("active", "inactive"),
    ("active", "suspended"),
    ("inactive", "suspended"),
    ("inactive", "active"),
}
FINANCES = {("suspended", "active"), ("suspended", "inactive")}
MAILED = {
    ("applicant", "active"): "profile_approved",
    ("active", "suspended"): "profile_suspended",
    ("inactive", "suspended"): "profile_suspended",
    ("inactive", "active"): "profile_reactivated",
    ("suspended", "active"): "profile_reactivated",
    ("suspended", "inactive"): "profile_reactivated",
}
REASON = "Asked by phone"


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


def profile(status):
    row = ResellerFactory(status="active")
    if status == "suspended":
        accounts.hold_account(
            row.account, reason="The profile is suspended", actor=None
        )
    Reseller.objects.filter(pk=row.pk).update(status=status)
    row.refresh_from_db()
    return row


def trail_of(row):
    return AuditEntry.objects.filter(object_ref=str(row.pk))


def mails():
    return [key.split(":")[1] for key in Job.objects.values_list("key", flat=True)]


@pytest.mark.parametrize("to", EVERY)
@pytest.mark.parametrize("old", EVERY)
@pytest.mark.parametrize("role", ["editor", "finance"])
def test_every_pair_of_statuses(role, old, to):
    row, actor = profile(old), getattr(people, role)()
    allowed = EDITORS | FINANCES if role == "finance" else EDITORS
    if old == to or (old, to) in allowed:
        moved = change_status(row, status=to, reason=REASON, actor=actor)
        assert (moved.status, Reseller.objects.get().status) == (to, to)
        assert mails() == ([MAILED[old, to]] if (old, to) in MAILED else [])
        assert trail_of(row).count() == (old != to)
        return
    refusal = FinanceRequired if (old, to) in FINANCES else StatusMoveNotAllowed
    with pytest.raises(refusal) as refused:
        change_status(row, status=to, reason=REASON, actor=actor)
    if refusal is StatusMoveNotAllowed:
        every = EDITORS | FINANCES
        assert refused.value.extra == {
            "current_status": old,
            "allowed": [each for each in EVERY if (old, each) in every],
        }
    assert Reseller.objects.get().status == old
    assert (mails(), trail_of(row).count()) == ([], 0)


@pytest.mark.parametrize("to", EVERY)
@pytest.mark.parametrize("old", EVERY)
@pytest.mark.parametrize("who", [people.viewer, people.plain_staff, UserFactory, None])
def test_others_move_nothing(who, old, to):
    row = profile(old)
    actor = who() if who else row.user
    with pytest.raises(PermissionRefused):
        change_status(row, status=to, reason=REASON, actor=actor)
    assert Reseller.objects.get().status == old


def test_the_whole_entry_of_a_move():
    row, actor = profile("active"), people.editor()
    moved = change_status(row, status="inactive", reason=f" {REASON} ", actor=actor)
    assert (moved.status_changed_at, moved.updated_at) == (AT, AT)
    entry = trail_of(row).get()
    assert (entry.action, entry.object_type) == (
        "reseller.status_changed",
        "resellers.reseller",
    )
    assert (entry.actor, entry.reason) == (actor, REASON)
    assert (entry.before, entry.after) == ({"status": "active"}, {"status": "inactive"})


def test_the_same_status_again_writes_nothing():
    row = profile("active")
    same = change_status(row, status="active", reason="", actor=people.editor())
    assert (same.status_changed_at, same.updated_at) == (LONG_AGO, LONG_AGO)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [("", ReasonRequired), ("  four ", ReasonRequired), ("r" * 501, TextTooLong)],
)
def test_a_move_says_why(reason, refusal):
    row = profile("active")
    with pytest.raises(refusal) as refused:
        change_status(row, status="inactive", reason=reason, actor=people.editor())
    assert refused.value.field == "reason"
    for length, to in [(5, "inactive"), (500, "active")]:
        change_status(row, status=to, reason="r" * length, actor=people.editor())


def test_a_word_that_is_no_status():
    with pytest.raises(InvalidChoice) as refused:
        change_status(profile("active"), status="gone", reason=REASON, actor=None)
    assert refused.value.field == "status"


def test_a_stale_object_does_not_decide():
    row = profile("active")
    Reseller.objects.update(status="suspended")
    with pytest.raises(StatusMoveNotAllowed):
        change_status(row, status="applicant", reason=REASON, actor=people.finance())
    with pytest.raises(FinanceRequired):
        change_status(row, status="inactive", reason=REASON, actor=people.editor())


def test_the_mail_names_the_move_and_carries_no_reason():
    row = profile("applicant")
    change_status(row, status="active", reason=REASON, actor=None)
    job = Job.objects.get()
    entry = trail_of(row).get()
    assert (job.kind, job.key) == ("mail", f"mail:profile_approved:{row.pk}:{entry.pk}")
    assert (job.about, job.payload) == (
        f"resellers.reseller:{row.pk}",
        {"reseller": str(row.pk)},
    )


def test_an_imported_profile_may_begin_suspended():
    row = profiles.create_reseller(
        email="avery@example.com", status="suspended", imported=True, actor=None
    )
    assert (row.status, row.account.state) == ("suspended", "held")
    change_status(row, status="active", reason=REASON, actor=None)
    row.account.refresh_from_db()
    assert row.account.state == "open"


@pytest.mark.parametrize("status", ["inactive", "suspended", "gone"])
def test_staff_begin_with_active_or_applicant(status):
    with pytest.raises(InvalidChoice) as refused:
        profiles.create_reseller(email="a@example.com", status=status, actor=None)
    assert refused.value.field == "status"
    assert not Reseller.objects.exists()
