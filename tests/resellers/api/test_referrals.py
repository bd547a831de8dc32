"""Customers of resellers: attributed, moved, ended, edited."""

from functools import partial

import pytest

from resellers.actions.profiles import create_reseller
from resellers.models import AuditEntry, Referral
from tests.factories.profiles import RateFactory, ReferralFactory, ResellerFactory
from tests.problems import assert_error
from tests.queries import CLOCK_QUERIES, assert_constant

pytestmark = pytest.mark.django_db
NO_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def reseller(clock):
    return create_reseller(email="avery@example.com", actor=None)


@pytest.fixture
def address(reseller):
    return f"/api/admin/resellers/{reseller.pk}/referrals"


@pytest.fixture
def referral(editor, address):
    body = {"customerRef": "C-1001", "customerEmail": "cust@example.com"}
    made = editor.post(address, body)
    assert made.status_code == 201, made.json()
    return made["Location"]


def test_customer_is_attributed_whole(finance, address, reseller):
    body = {
        "customerRef": " C-1001 ",
        "customerEmail": "Cust@Example.com",
        "referredAt": "2026-01-02T10:00:00+01:00",
        "commissionRate": "20",
        "notes": "met at the fair\nin spring",
    }

    response = finance.post(address, body)

    row = Referral.objects.get()
    assert response.status_code == 201
    assert response["Location"] == f"/api/admin/referrals/{row.pk}"
    assert response.json() == {
        "id": str(row.pk),
        "resellerId": str(reseller.pk),
        "customerRef": "C-1001",
        "customerEmail": "cust@example.com",
        "referredAt": "2026-01-02T09:00:00Z",
        "endedAt": None,
        "endReason": None,
        "origin": "api",
        "commissionRate": "20",
        "notes": "met at the fair\nin spring",
        "createdAt": "2026-03-02T09:00:00Z",
    }
    assert finance.get(response["Location"]).json() == response.json()
    assert finance.get(address).json() == [response.json()]


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({}, 400, "required", "customerRef"),
        ({"customerRef": ""}, 400, "blank", "customerRef"),
        ({"customerRef": "x" * 256}, 400, "too_long", "customerRef"),
        ({"customerRef": "a\u200bb"}, 400, "invalid_character", "customerRef"),
        ({"customerRef": "C", "customerEmail": "x"}, 400, "invalid_email", "customerEmail"),
        ({"customerRef": "C", "customerEmail": "AVERY@example.com"}, 400, "self_referral", "customerEmail"),
        ({"customerRef": "C", "referredAt": "2026-03-02"}, 400, "timezone_required", "referredAt"),
        ({"customerRef": "C", "referredAt": "2026-03-02T09:00:00"}, 400, "timezone_required", "referredAt"),
        ({"customerRef": "C", "referredAt": "2026-03-02T09:06:00Z"}, 400, "occurred_ahead", "referredAt"),
        ({"customerRef": "C", "notes": "x" * 2001}, 400, "too_long", "notes"),
        ({"customerRef": "C", "commissionRate": 20}, 400, "rate_not_decimal_string", "commissionRate"),
        ({"customerRef": "C", "origin": "code"}, 400, "unknown_field", "origin"),
    ],
)  # fmt: skip
def test_bad_referrals_are_refused(finance, address, body, status, code, pointer):  # noqa: PLR0917 -- one table
    problem = assert_error(finance.post(address, body), status, code)
    assert [error["pointer"] for error in problem["errors"]] == [f"#/{pointer}"]
    assert not Referral.objects.exists()


def test_a_customer_has_one_reseller_at_a_time(editor, referral, reseller):
    other = create_reseller(email="other@example.com", actor=None)
    address = f"/api/admin/resellers/{other.pk}/referrals"
    taken = editor.post(address, {"customerRef": "C-1001"})
    problem = assert_error(taken, 409, "customer_already_referred")
    assert problem["resellerId"] == str(reseller.pk)
    assert editor.post(address, {"customerRef": "c-1001"}).status_code == 201


def test_only_active_resellers_take_customers(editor):
    applicant = create_reseller(email="b@example.com", status="applicant", actor=None)
    address = f"/api/admin/resellers/{applicant.pk}/referrals"
    refused = editor.post(address, {"customerRef": "C-1"})
    problem = assert_error(refused, 409, "reseller_not_active")
    assert problem["status"] == 409


def test_notes_and_address_are_changed_and_cleared(editor, referral):
    changed = editor.patch(referral, {"notes": "calls on Mondays"})
    assert changed.json()["notes"] == "calls on Mondays"
    assert changed.json()["customerEmail"] == "cust@example.com"
    cleared = editor.patch(referral, {"notes": None, "customerEmail": ""})
    names = ("notes", "customerEmail")
    assert [cleared.json()[name] for name in names] == [None, None]
    assert AuditEntry.objects.filter(action="referral.updated").count() == 2
    for name in ("customerRef", "resellerId", "endedAt", "commissionRate"):
        refused = editor.patch(referral, {name: "x"})
        assert_error(refused, 400, "read_only_field")


def test_change_from_an_old_reading_is_412(editor, referral):
    read = editor.get(referral)["ETag"]
    first = editor.patch(referral, {"notes": "a"}, headers={"If-Match": read})
    second = editor.patch(referral, {"notes": "b"}, headers={"If-Match": read})
    assert first["ETag"] == editor.get(referral)["ETag"]
    assert_error(second, 412, "stale_version")


def test_move_ends_one_referral_and_opens_another(editor, referral, clock):
    other = create_reseller(email="other@example.com", actor=None)
    clock.shift(60)
    body = {"resellerId": str(other.pk), "reason": "moved house"}

    moved = editor.post(f"{referral}/move", body)

    assert moved.status_code == 201
    assert moved["Location"] != referral
    new, old = editor.get(moved["Location"]).json(), editor.get(referral).json()
    assert moved.json() == new
    assert (new["resellerId"], new["customerRef"]) == (str(other.pk), "C-1001")
    assert new["referredAt"] == old["endedAt"] == "2026-03-02T09:01:00Z"
    assert old["endReason"] == "moved"
    assert_error(editor.post(f"{referral}/move", body), 409, "referral_ended")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"resellerId": NO_ID}, "unknown_reference"),
        ({"resellerId": "x"}, "invalid"),
        ({"reason": "hm"}, "reason_required"),
        ({"reason": None}, "reason_required"),
    ],
)
def test_bad_moves_are_refused(editor, referral, facts, code):
    other = create_reseller(email="other@example.com", actor=None)
    body = {"resellerId": str(other.pk), "reason": "moved house", **facts}
    assert_error(editor.post(f"{referral}/move", body), 400, code)
    assert editor.get(referral).json()["endedAt"] is None


def test_moving_to_its_own_reseller_is_refused_at_the_field(editor, referral, reseller):
    body = {"resellerId": str(reseller.pk), "reason": "moved house"}
    problem = assert_error(editor.post(f"{referral}/move", body), 400, "invalid")
    assert problem["errors"][0]["pointer"] == "#/resellerId"


def test_end_says_why(editor, referral):
    body = {"endReason": "customer_left", "reason": "closed the account"}
    ended = editor.post(f"{referral}/end", body)
    assert (ended.status_code, ended.json()["endReason"]) == (200, "customer_left")
    assert ended.json() == editor.get(referral).json()
    assert_error(editor.post(f"{referral}/end", body), 409, "referral_ended")
    for facts in ({"endReason": "moved"}, {"endReason": ""}):
        refused = editor.post(f"{referral}/end", {**body, **facts})
        assert_error(refused, 400, "invalid_choice")


def test_own_rates_are_told_and_the_list_costs_the_same(viewer):
    reseller = ResellerFactory.create()
    address = f"/api/admin/resellers/{reseller.pk}/referrals"

    def refer(number):
        referral = ReferralFactory.create(reseller=reseller)
        RateFactory.create(scope="referral", referral=referral, rate_bp=number * 100)

    assert_constant(
        partial(viewer.get, address), refer, sizes=(1, 3), expected=6 + CLOCK_QUERIES
    )
    rates = [row["commissionRate"] for row in viewer.get(address).json()]
    assert sorted(rates) == ["0", "1", "2"]
