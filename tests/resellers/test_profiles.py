"""Profiles are made once for a person, with their code, account and rate."""

import re

import pytest

from resellers.actions import profiles
from resellers.commission import BasisPoints
from resellers.errors.profiles import ResellerExists, UserOrEmail
from resellers.models import AuditEntry, Rate, Reseller, User
from resellers.models.rate import BEGINNING
from tests.factories.resellers import UserFactory

pytestmark = pytest.mark.django_db


def made(**facts):
    return profiles.create_reseller(
        **{"email": "avery@example.com", "actor": None, **facts}
    )


def test_a_new_address_makes_a_user_who_cannot_sign_in_yet():
    row = made(email=" Avery@Example.COM ", first_name="Avery", last_name="Quill")
    user = User.objects.get()
    assert (user.email, user.name) == ("avery@example.com", "Avery Quill")
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert Reseller.objects.get().user == row.user == user


def test_the_code_is_also_the_accounts():
    row = made(first_name="Avery", last_name="Quill", payment_terms="net45")
    assert re.fullmatch(r"RS-[0-9A-HJKMNP-TV-Z]{6}", row.code)
    account = row.account
    assert (account.kind, account.owner_ref) == ("reseller", str(row.pk))
    assert (account.code, account.name, account.hold_days) == (
        row.code,
        "Avery Quill",
        45,
    )


def test_a_person_has_one_profile():
    there = made(user=UserFactory(email="avery@example.com"), email="")
    for facts in ({"user": there.user, "email": ""}, {"email": "AVERY@example.com"}):
        with pytest.raises(ResellerExists) as refusal:
            made(**facts)
        assert refusal.value.extra == {"reseller_id": str(there.pk)}
    assert (Reseller.objects.count(), User.objects.count()) == (1, 1)


def test_user_or_email():
    for facts in ({"email": " "}, {"user": UserFactory()}):
        with pytest.raises(UserOrEmail):
            made(**facts)


def test_the_rate_holds_from_the_beginning():
    row = made(commission_rate=BasisPoints(1_550), reason="special partner")
    rate = Rate.objects.get()
    assert (rate.scope, rate.reseller, rate.rate_bp) == ("reseller", row, 1_550)
    assert (rate.valid_from, rate.reason) == (BEGINNING, "special partner")
    entry = AuditEntry.objects.get(action="reseller.created")
    assert entry.after == {
        "email": "a…@example.com",
        "code": row.code,
        "status": "active",
        "commission_rate": "15.5",
    }
