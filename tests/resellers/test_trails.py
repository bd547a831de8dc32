"""One trail tells all that happened to a profile, masked, in the API's words."""

import datetime
import uuid
from typing import Any

import pytest

from resellers import audit, clock, trails
from resellers.actions import profiles
from resellers.actions.statuses import change_status
from resellers.commission import BasisPoints
from resellers.models import AuditEntry
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import AT, AccessKeyFactory
from tests.queries import queries_of
from tests.resellers import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


def test_the_shape_of_the_specification():
    row = ResellerFactory(phone="727-555-0142")
    staff, number = people.editor(email="staff@example.com"), uuid.uuid4()
    token = audit.request_id.set("5c1e")
    with audit.in_batch(number):
        profiles.change_reseller(
            row,
            phone="727-555-0177",
            state="Florida",
            extended_values_patch={"vip_status": "yes"},
            reason="asked by phone",
            actor=staff,
        )
    audit.request_id.reset(token)
    assert trails.trail(row) == [
        {
            "at": AT,
            "actor": "staff@example.com",
            "action": "reseller.updated",
            "reason": "asked by phone",
            "requestId": "5c1e",
            "batchId": str(number),
            "changes": {
                "phone": {"before": "••••42", "after": "••••77"},
                "state": {"before": None, "after": "FL"},
                "stateName": {"before": None, "after": "Florida"},
                "extendedValues.vip_status": {"before": None, "after": "yes"},
            },
        }
    ]


def test_the_words_of_the_actors():
    row, staff = ResellerFactory(), people.finance(email="staff@example.com")
    key = AccessKeyFactory(prefix="abcd1234")
    for actor in (staff, row.user, key, None):
        audit.record(actor, "reseller.updated", row)
    with audit.as_machine("stripe"):
        audit.record(None, "referral.created", row)
    assert [each["actor"] for each in trails.trail(row)] == [
        "stripe",
        "system",
        "key:abcd1234",
        "reseller",
        "staff@example.com",
    ]


def test_personal_data_never_stands_in_the_trail_in_clear():
    secrets: dict[str, Any] = {
        "phone": "727-555-0142",
        "mobile_phone": "727-555-0143",
        "fax": "727-555-0144",
        "company_phone": "727-555-0145",
        "tax_id": "12-3456789",
    }
    row = profiles.create_reseller(
        email="avery@example.com",
        commission_rate=BasisPoints(1_550),
        **secrets,
        actor=None,
    )
    profiles.change_reseller(row, phone=None, fax=None, actor=None)
    written = str(list(AuditEntry.objects.values_list("before", "after")))
    for clear in [*secrets.values(), "avery@example.com"]:
        assert clear not in written
    newest, oldest = trails.trail(row)
    assert newest["changes"] == {
        "phone": {"before": "••••42", "after": None},
        "fax": {"before": "••••44", "after": None},
    }
    assert oldest["changes"]["taxId"] == {"before": None, "after": "••••6789"}
    assert oldest["changes"]["email"] == {"before": None, "after": "a…@example.com"}


def test_a_trail_is_one_profiles_and_newest_first():
    row, other = ResellerFactory(), ResellerFactory()
    for minutes, status in enumerate(["inactive", "active"]):
        with clock.at(AT + datetime.timedelta(minutes=minutes)):
            change_status(row, status=status, reason="asked by phone", actor=None)
    change_status(other, status="inactive", reason="asked by phone", actor=None)
    assert [each["changes"] for each in trails.trail(row)] == [
        {"status": {"before": "inactive", "after": "active"}},
        {"status": {"before": "active", "after": "inactive"}},
    ]


def test_pages_of_the_trail_cost_one_query():
    row, actor = ResellerFactory(), people.editor()
    for _ in range(5):
        audit.record(actor, "reseller.updated", row)
        audit.record(AccessKeyFactory(), "reseller.updated", row)

    def page(cursor=None):
        found = trails.NEWEST_FIRST.page(trails.entries_of(row), limit=4, cursor=cursor)
        return [trails.told(entry, row)["at"] for entry in found.rows], found.next

    rows, following = page()
    assert len(rows) == 4
    assert len(page(following)[0]) == 4
    assert queries_of(page) == 1
