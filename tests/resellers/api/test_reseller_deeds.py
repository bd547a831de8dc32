"""`…/status`, `/invite`, `/email`, `/reveal-tax-id` and `/audit` of a profile."""

from typing import Any

import pytest

from resellers.actions.profiles import create_reseller
from resellers.models import AccessKey, AuditEntry, Job
from tests.factories.resellers import UserFactory
from tests.problems import assert_error
from tests.queries import assert_constant
from tests.resellers import people
from tests.world import browser

pytestmark = pytest.mark.django_db
TAX_ID = "99-1234567"


@pytest.fixture
def reseller(clock):
    made = create_reseller(
        email="avery@example.com", phone="727-555-0142", tax_id=TAX_ID, actor=None
    )
    clock.shift(60)
    return made


@pytest.fixture
def address(reseller):
    return f"/api/admin/resellers/{reseller.pk}"


def mails(kind):
    return Job.objects.filter(key__startswith=f"mail:{kind}:").count()


# Status


def test_move_answers_the_profile(editor, address, clock):
    body = {"status": "inactive", "reason": "asked by phone"}

    response = editor.post(f"{address}/status", body)

    assert response.status_code == 200
    assert response.json() == editor.get(address).json()
    assert response["ETag"] == editor.get(address)["ETag"]
    assert response.json()["status"] == "inactive"
    assert response.json()["statusChangedAt"] == "2026-03-02T09:01:00Z"


def test_same_status_writes_nothing(editor, address):
    before = AuditEntry.objects.count()
    body = {"status": "active", "reason": "as it was"}
    assert editor.post(f"{address}/status", body).json()["status"] == "active"
    assert AuditEntry.objects.count() == before


def test_other_moves_are_409_with_what_is_allowed(editor, address):
    body = {"status": "applicant", "reason": "back to the start"}
    problem = assert_error(
        editor.post(f"{address}/status", body), 409, "status_move_not_allowed"
    )
    assert problem["status"] == 409
    assert problem["allowed"] == ["inactive", "suspended"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"status": "inactive"}, "reason_required"),
        ({"status": "inactive", "reason": ""}, "reason_required"),
        ({"status": "inactive", "reason": None}, "reason_required"),
        ({"status": "inactive", "reason": "hm"}, "reason_required"),
        ({"status": "inactive", "reason": "x" * 501}, "too_long"),
        ({"status": "gone", "reason": "as agreed"}, "invalid_status"),
        ({"reason": "as agreed"}, "required"),
        ({"status": "inactive", "reason": "as agreed", "x": 1}, "unknown_field"),
    ],
)
def test_bad_moves_are_refused(editor, address, body, code):
    assert_error(editor.post(f"{address}/status", body), 400, code)
    assert editor.get(address).json()["status"] == "active"


# Invitation and address


def test_invitation_goes_out_again_until_it_is_accepted(editor, address, reseller):
    assert editor.post(f"{address}/invite").status_code == 200
    assert editor.post(f"{address}/invite", {}).json()["id"] == str(reseller.pk)
    assert mails("reseller_invited") == 2
    reseller.user.set_password("correct horse battery staple")
    reseller.user.is_active = True
    reseller.user.save()
    assert_error(editor.post(f"{address}/invite"), 409, "already_accepted")
    assert_error(editor.post(f"{address}/invite", {"x": 1}), 400, "unknown_field")


def test_new_address_waits_for_its_link(editor, address, reseller):
    body = {"email": "New@Example.com", "reason": "asked by phone"}

    shown = editor.post(f"{address}/email", body).json()

    assert (shown["email"], shown["pendingEmail"]) == (
        "avery@example.com",
        "new@example.com",
    )
    assert (mails("address_asked"), mails("address_notice")) == (1, 1)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"email": "new@example.com"}, 400, "reason_required"),
        ({"email": "nobody", "reason": "as agreed"}, 400, "invalid_email"),
        ({"email": "", "reason": "as agreed"}, 400, "invalid_email"),
        ({"email": "taken@example.com", "reason": "as agreed"}, 409, "email_taken"),
    ],
)
def test_bad_addresses_are_refused(editor, address, body, status, code):
    UserFactory.create(email="taken@example.com")
    assert_error(editor.post(f"{address}/email", body), status, code)
    assert editor.get(address).json()["pendingEmail"] is None


# Tax id


def test_tax_id_is_revealed_to_finance_and_recorded(finance, address, reseller):
    response = finance.post(f"{address}/reveal-tax-id", {"reason": "for the 1099"})
    assert response.json() == {"taxId": TAX_ID}
    assert response["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(action="reseller.tax_id_revealed")
    assert (entry.reason, entry.object_ref) == ("for the 1099", str(reseller.pk))
    assert TAX_ID not in finance.get(address).text
    assert TAX_ID not in finance.get(f"{address}/audit").text


def test_without_a_reason_nothing_is_revealed(finance, address):
    refused = finance.post(f"{address}/reveal-tax-id", {})
    assert_error(refused, 400, "reason_required")
    assert TAX_ID not in refused.text
    assert not AuditEntry.objects.filter(action__contains="revealed").exists()


def test_a_session_must_be_fresh_and_a_key_is(address, settings):
    """A stale browser is sent to its password; a visitor is asked to sign in."""
    settings.STAFF_TOTP = False
    body: dict[str, Any] = {
        "data": {"reason": "for the 1099"},
        "content_type": "application/json",
    }
    stale = browser(people.finance()).post(f"{address}/reveal-tax-id", **body)
    assert_error(stale, 403, "reauthentication_required")
    visitor = browser(None).post(f"{address}/reveal-tax-id", **body)
    assert_error(visitor, 401, "not_authenticated")
    assert not AuditEntry.objects.filter(action__contains="revealed").exists()


# Trail


def test_trail_is_newest_first_masked_and_names_the_key(editor, address):
    body = {"phone": "727-555-0177", "extendedValuesPatch": {"vip_status": "yes"}}
    changed = editor.patch(address, {**body, "reason": "asked by phone"})

    shown = editor.get(f"{address}/audit").json()

    assert [entry["action"] for entry in shown] == [
        "reseller.updated",
        "reseller.created",
    ]
    assert shown[0] == {
        "at": "2026-03-02T09:01:00Z",
        "actor": f"key:{AccessKey.objects.get().prefix}",
        "action": "reseller.updated",
        "reason": "asked by phone",
        "requestId": changed["X-Request-ID"],
        "batchId": None,
        "changes": {
            "phone": {"before": "••••42", "after": "••••77"},
            "extendedValues.vip_status": {"before": None, "after": "yes"},
        },
    }


def test_trail_names_the_person_of_a_session(api_for, address, settings):
    settings.STAFF_TOTP = False
    person = people.editor(email="staff@example.com")
    client = browser(person)
    client.patch(address, {"city": "Exampleton"}, content_type="application/json")
    (first, *_) = client.get(f"{address}/audit").json()
    assert (first["actor"], first["action"]) == (
        "staff@example.com",
        "reseller.updated",
    )


def test_trail_is_cut_into_pages_at_constant_cost(viewer, address, editor):
    for number in range(3):
        editor.patch(address, {"city": f"City {number}"})
    page = viewer.get(f"{address}/audit?limit=2")
    assert (len(page.json()), "next" in page["Link"]) == (2, True)
    assert_constant(
        lambda: viewer.get(f"{address}/audit"),
        lambda number: editor.patch(address, {"title": f"T {number}"}),
        sizes=(1, 3),
        expected=5,
    )
