"""Two people make or change a profile at the same moment."""

from functools import partial

import pytest

from resellers.actions import profiles, statuses
from resellers.models import Account, AuditEntry, Job, Reseller, User
from resellers.models.versions import version_of
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import UserFactory
from tests.race.pairs import meet
from tests.race.together import sorted_out, together

pytestmark = pytest.mark.race


def test_one_person_gets_one_profile():
    person = UserFactory.create()
    calls = [
        partial(profiles.create_reseller, user=person, actor=None) for _ in range(8)
    ]
    won, refused = sorted_out(together(calls))
    assert (len(won), refused) == (1, ["reseller_exists"] * 7)
    assert (Reseller.objects.count(), Account.objects.count()) == (1, 1)


def test_one_new_address_makes_one_person():
    calls = [
        partial(profiles.create_reseller, email="avery@example.com", actor=None)
        for _ in range(8)
    ]
    won, refused = sorted_out(together(calls))
    assert (len(won), refused) == (1, ["reseller_exists"] * 7)
    assert (User.objects.count(), Account.objects.count()) == (1, 1)


def test_an_applicant_meets_staff():
    person = UserFactory.create()
    calls = [
        partial(profiles.apply_for_profile, person),
        partial(profiles.create_reseller, email=person.email, actor=None),
    ]
    won, refused = sorted_out(together(calls))
    assert (len(won), refused) == (1, ["reseller_exists"])


def test_of_two_changes_from_one_reading_one_is_refused():
    row = ResellerFactory.create()
    seen = version_of(Reseller.objects.get())
    calls = [
        partial(profiles.change_reseller, row, city=city, versions=[seen], actor=None)
        for city in ("Exampleton", "Otherton")
    ]
    won, refused = sorted_out(together(calls))
    assert (len(won), refused) == (1, ["stale_version"])
    assert Reseller.objects.get().city == won[0].city


def test_changes_of_other_fields_both_stay():
    row = ResellerFactory.create()
    change = partial(profiles.change_reseller, row, actor=None)
    outcome, met = meet(
        partial(change, city="Exampleton"),
        partial(change, fax="727-555-0142"),
        at=(profiles, "read_columns"),
        when="before",
    )
    assert not isinstance(outcome, Exception)
    assert not isinstance(met.outcome, Exception)
    found = Reseller.objects.get()
    assert (found.city, found.fax) == ("Exampleton", "727-555-0142")
    assert found.search_digits == "7275550142"


def test_one_suspension_holds_and_mails_once():
    row = ResellerFactory.create()
    calls = [
        partial(
            statuses.change_status,
            row,
            status="suspended",
            reason="asked by phone",
            actor=None,
        )
        for _ in range(6)
    ]
    won, refused = sorted_out(together(calls))
    assert (len(won), refused) == (6, [])
    moved = AuditEntry.objects.filter(action="reseller.status_changed")
    assert (moved.count(), Job.objects.count()) == (1, 1)
    row.account.refresh_from_db()
    assert row.account.state == "held"


def test_of_two_moves_one_finds_the_other_done():
    row = ResellerFactory.create(status="applicant")
    calls = [
        partial(statuses.change_status, row, status=to, reason="as agreed", actor=None)
        for to in ("active", "inactive")
    ]
    won, refused = sorted_out(together(calls))
    assert (len(won), refused) == (2, [])
    trail = AuditEntry.objects.filter(action="reseller.status_changed").order_by("id")
    first, second = [(entry.before, entry.after) for entry in trail]
    assert first[0] == {"status": "applicant"}
    assert first[1] == second[0]
    assert second[1] == {"status": Reseller.objects.get().status}
