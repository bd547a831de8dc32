"""Profiles are made once for a person, with their code, account and rate."""

import re
from typing import Any

import pytest

from resellers import clock
from resellers.actions import profile_accounts, profiles
from resellers.commission import BasisPoints
from resellers.errors import PermissionRefused
from resellers.errors.profiles import (
    FinanceRequired,
    InvalidEmail,
    ReadOnlyField,
    ResellerExists,
    UserOrEmail,
)
from resellers.models import Account, AuditEntry, Job, Rate, Reseller, User
from resellers.models.rate import BEGINNING
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import AT, AccountFactory, UserFactory
from tests.resellers import people
from tests.resellers.inputs import BAD, GOOD, of

pytestmark = pytest.mark.django_db

EVERYTHING: dict[str, Any] = {
    "contact_group": "event_registrants",
    "first_name": "Avery",
    "last_name": "Quill",
    "title": "Miss",
    "industry": "Event Management",
    "web_site_url": "example.com",
    "address_1": "1 Example Street",
    "address_2": "Suite 2",
    "city": "Exampleton",
    "state": "Florida",
    "zip_code": "33707",
    "country": "United States",
    "phone": "727-555-0142",
    "mobile_phone": "727-555-0143",
    "fax": "727-555-0144",
    "extended_values": [{"key": "VIP_Status", "value": "yes"}],
    "company_name": "Quill Events",
    "company_phone": "ask Robin",
    "company_address": "1 Example Street\nExampleton",
    "tax_id": "12-3456789",
    "partner_tier": "premium",
    "payment_terms": "net45",
    "notes": "Met at the fair",
}
STORED: dict[str, Any] = {
    **EVERYTHING,
    "organization": "Quill Events",
    "web_site_url": "https://example.com",
    "state": "FL",
    "state_name": "Florida",
    "country": "US",
    "extended_values": [{"key": "vip_status", "value": "yes"}],
    "search_text": "avery quill quill events quill events avery@example.com",
    "search_digits": "7275550142 7275550143 7275550144",
    "status": "active",
    "created_at": AT,
    "updated_at": AT,
    "status_changed_at": AT,
}


def made(**facts: Any) -> Reseller:
    return profiles.create_reseller(
        **{"email": "avery@example.com", "actor": None, **facts}
    )


def test_everything_that_is_given_is_stored():
    with clock.at(AT):
        row = made(**EVERYTHING)
    found = Reseller.objects.get()
    shown = {name: getattr(found, name) for name in STORED}
    shown["contact_group"] = shown["contact_group"].slug
    shown["search_text"] = shown["search_text"].removesuffix(f" {row.code.lower()}")
    assert shown == STORED


def test_the_whole_entry_of_a_new_profile():
    actor = people.finance()
    row = made(
        **EVERYTHING, commission_rate=BasisPoints(1_550), reason="Met her", actor=actor
    )
    entry = AuditEntry.objects.get(action="reseller.created")
    assert (entry.actor, entry.object_ref, entry.before) == (actor, str(row.pk), None)
    assert entry.reason == "Met her"
    unlike = {"search_text", "search_digits", "extended_values"}
    times = {"created_at", "updated_at", "status_changed_at"}
    assert entry.after == {
        **{name: STORED[name] for name in STORED if name not in unlike | times},
        "email": "a…@example.com",
        "code": row.code,
        "phone": "••••42",
        "mobile_phone": "••••43",
        "fax": "••••44",
        "company_phone": "••••",
        "tax_id": "••••6789",
        "extended_values.vip_status": "yes",
        "commission_rate": "15.5",
    }


def test_a_new_address_makes_a_user_who_cannot_sign_in_yet():
    row = made(email=" Avery@Example.COM ", first_name="Avery", last_name="Quill")
    user = User.objects.get()
    assert (user.email, user.name) == ("avery@example.com", "Avery Quill")
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert Reseller.objects.get().user == row.user == user


def test_a_known_address_finds_its_user_as_he_is():
    user = UserFactory(email="avery@example.com", name="A. Quill")
    assert made(email="AVERY@example.com", first_name="Avery").user == user
    user.refresh_from_db()
    assert (User.objects.count(), user.name, user.is_active) == (1, "A. Quill", True)


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


def test_a_code_somebody_has_is_drawn_again(monkeypatch):
    taken, other = ResellerFactory(code="RS-AAAAAA"), AccountFactory(code="RS-BBBBBB")
    drawn = iter("AAAAAABBBBBBCCCCCC")
    user = UserFactory()
    monkeypatch.setattr("secrets.choice", lambda _: next(drawn))
    assert made(user=user, email="").code == "RS-CCCCCC"
    assert {taken.code, other.code} < set(
        Account.objects.values_list("code", flat=True)
    )


def test_a_code_taken_meanwhile_is_drawn_again(monkeypatch):
    """Somebody commits the same code between the look and the insert."""
    ResellerFactory(code="RS-AAAAAA")
    drawn = iter(["RS-AAAAAA", "RS-CCCCCC"])
    monkeypatch.setattr(profile_accounts, "new_code", lambda: next(drawn))
    monkeypatch.setattr("resellers.models.Account.full_clean", lambda _: None)
    row = made()
    assert (row.code, row.account.code) == ("RS-CCCCCC", "RS-CCCCCC")
    assert Account.objects.count() == 2


def test_the_longest_names_fit_the_account():
    row = made(first_name="f" * 100, last_name="l" * 100)
    assert row.account.name == row.user.name == "f" * 100 + " " + "l" * 99


def test_a_person_has_one_profile():
    there = made(user=UserFactory(email="avery@example.com"), email="")
    for facts in ({"user": there.user, "email": ""}, {"email": "AVERY@example.com"}):
        with pytest.raises(ResellerExists) as refusal:
            made(**facts)
        assert refusal.value.extra == {"reseller_id": str(there.pk)}
    assert (Reseller.objects.count(), User.objects.count()) == (1, 1)
    assert Account.objects.count() == 1


def test_user_or_email():
    for facts in ({"email": " "}, {"user": UserFactory()}):
        with pytest.raises(UserOrEmail):
            made(**facts)


@pytest.mark.parametrize("good", of(GOOD, "email"), ids=str)
def test_good_addresses(good):
    assert made(email=good.raw).email == good.stored


@pytest.mark.parametrize("bad", of(BAD, "email"), ids=str)
def test_bad_addresses_make_nobody(bad):
    with pytest.raises(UserOrEmail if not bad.raw else InvalidEmail):
        made(email=bad.raw)
    assert (User.objects.count(), Account.objects.count()) == (0, 0)


def test_a_refused_profile_leaves_no_user_behind():
    with pytest.raises(ReadOnlyField) as refused:
        made(stripe_connect_id="acct_1")
    assert refused.value.field == "stripe_connect_id"
    assert not User.objects.exists()


def test_the_rate_holds_from_the_beginning():
    row = made(commission_rate=BasisPoints(1_550))
    rate = Rate.objects.get()
    assert (rate.scope, rate.reseller, rate.rate_bp) == ("reseller", row, 1_550)
    assert rate.valid_from == BEGINNING


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"commission_rate": BasisPoints(0)}, "commission_rate"),
        ({"payment_terms": "net15"}, "payment_terms"),
        ({"tax_id": "12-3456789"}, "tax_id"),
    ],
)
def test_money_is_finances(facts, field):
    with pytest.raises(FinanceRequired) as refused:
        made(**facts, actor=people.editor())
    assert refused.value.field == field
    assert not Reseller.objects.exists()
    made(**facts, actor=people.finance())


def test_editors_make_profiles_at_the_usual_terms():
    row = made(payment_terms="net30", tax_id="", actor=people.editor())
    assert (row.payment_terms, row.account.hold_days) == ("net30", 30)


@pytest.mark.parametrize("who", [people.viewer, people.plain_staff, UserFactory])
def test_others_make_none(who):
    with pytest.raises(PermissionRefused):
        made(actor=who())
    assert not Reseller.objects.exists()


def test_an_invitation_goes_out_when_asked_for():
    made(email="robin@example.com")
    assert not Job.objects.exists()
    row = made(invite=True)
    assert Job.objects.get().key.startswith(f"mail:reseller_invited:{row.pk}:")
