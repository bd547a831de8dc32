"""The demo's resellers: lived through the actions, proven, loaded once, signed in."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from config import demo, demo_accounts, demo_people, verification
from resellers import keys, ledger, rights
from resellers.demo import people, stories
from resellers.explanations import explain_all
from resellers.models import (
    AuditEntry,
    LedgerEntry,
    Outcome,
    Rate,
    Referral,
    Reseller,
    Sale,
    User,
)
from resellers.models.sale import UNPOSTED_OUTCOMES
from resellers.rates import own_rate
from resellers.totals import by_currency

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
COUNT = 40
LOADERS = [
    "config.demo_accounts.load_people",
    "resellers.demo.loader.load",
    "config.demo_accounts.load_keys",
]


@pytest.fixture(scope="module", autouse=True)
def told(django_db_setup, django_db_blocker):
    """What `--json` writes; loaded once, and gone after the last test of this file."""
    small = override_settings(
        DEMO=True,
        DEMO_RESELLERS=COUNT,
        DEMO_LOADERS=LOADERS,
        ACCESS_KEY_ENVIRONMENT="demo",
    )
    with small, django_db_blocker.unblock(), transaction.atomic():
        yield demo.load(NOW)
        transaction.set_rollback(True)


def of(who):
    return Reseller.objects.get(user__email=f"{who}@demo.example.com")


def person(role):
    return User.objects.get(email=demo_people.BY_ROLE[role].email)


def test_the_books_are_clean():
    """`verify_ledger` and `replay_prices` find every sale as it was answered."""
    found = [*verification.verify_ledger(), *verification.replay_prices(None)]

    assert {each.id: each.keys for each in found if each.keys} == {}
    sales = next(each for each in found if each.id == "V7 sales")
    assert sales.rows == Sale.objects.count() > 150


def test_nothing_happened_later_than_now():
    today = ["demo.loaded", "access_key.issued", "access_key.revoked"]
    assert not Reseller.objects.filter(updated_at__gt=NOW).exists()
    assert not Sale.objects.filter(posted_at__gt=NOW).exists()
    assert not LedgerEntry.objects.filter(status_at__gt=NOW).exists()
    late = AuditEntry.objects.filter(at__gt=NOW).exclude(action__in=today)
    assert list(late) == []
    assert Rate.objects.planned(NOW).count() == 1
    oldest = Reseller.objects.order_by("created_at")[0]
    assert NOW - oldest.created_at > timedelta(days=600)


def test_twice_is_once(told):
    before = (Reseller.objects.count(), Sale.objects.count())

    again = json.loads(json.dumps(demo.load(NOW + timedelta(days=1))))

    assert again == json.loads(json.dumps(told))
    assert (Reseller.objects.count(), Sale.objects.count()) == before
    assert before[0] == COUNT


def test_what_scripts_are_told(told):
    assert told["ids"]["reseller"] == str(of("reseller").pk)
    accounts = {each["role"]: each for each in told["accounts"]}
    for role in ("staff", "finance", "staff_editor", "staff_viewer"):
        key = keys.find(accounts[role]["key"])
        assert key is not None
        assert key.user == person(role)
        assert {"resellers:read", "resellers:write", "sales:write", "finance"} <= set(
            key.scopes
        )


@pytest.mark.parametrize(
    ("role", "held"),
    [
        ("staff_viewer", {rights.VIEW}),
        (
            "staff_editor",
            {rights.VIEW, rights.CHANGE, rights.ADD, rights.IMPORT, rights.EXPORT},
        ),
        ("payout_approver", {rights.VIEW}),
        ("reseller", set()),
        ("applicant", set()),
    ],
)
def test_each_person_may_do_what_the_groups_say(role, held):
    known = {
        right
        for name, right in vars(rights).items()
        if name.isupper() and isinstance(right, str)
    }
    assert {right for right in known if rights.may(person(role), right)} == held
    assert all(rights.may(person("finance"), right) for right in known)
    assert all(rights.may(person("staff"), right) for right in known)


def test_one_click_people_are_in_the_banner():
    banner = {each.role for each in demo_people.PEOPLE if each.in_banner}

    assert {"reseller", "finance"} <= banner
    assert not {"reseller_other", "applicant", "payout_approver"} & banner
    assert set(demo_accounts.GROUPS_OF_ROLE) <= set(demo_people.BY_ROLE)


def test_rosas_story():
    """Suspended and back, two rates, a customer at 20 %, one moved to Otis."""
    rosa = of("reseller")
    moves = AuditEntry.objects.filter(
        object_ref=str(rosa.pk), action="reseller.status_changed"
    )

    assert [entry.after for entry in moves.order_by("id")] == [
        {"status": "suspended"},
        {"status": "active"},
    ]
    assert rosa.status == "active"
    assert [rate.rate_bp for rate in rosa.rates.all()] == [1_550, 1_200]
    assert Rate.objects.get(referral__customer_ref="C-1002").rate_bp == 2_000
    ends = dict(
        rosa.referrals.exclude(ended_at=None).values_list("customer_ref", "end_reason")
    )
    assert ends == {"C-1006": "moved", "C-1008": "customer_left"}
    assert Referral.objects.open().get(customer_ref="C-1006").reseller == of(
        "reseller-other"
    )
    assert [each["currency"] for each in by_currency(rosa)] == ["EUR", "JPY", "USD"]
    outcomes = set(Sale.objects.for_reseller(rosa).values_list("outcome", flat=True))
    assert outcomes == {
        Outcome.EARNED,
        Outcome.HELD,
        Outcome.ZERO,
        Outcome.REVERSED,
        Outcome.RESTORED,
        Outcome.ON_HOLD,
        Outcome.RELEASED,
        Outcome.COUNTED,
    }


def test_rosas_money_waits_and_is_there():
    """Pending, on hold for the open dispute, and available."""
    dollars = next(
        each
        for each in ledger.balances(of("reseller").account)
        if each.balance.currency == "USD"
    )

    assert dollars.pending.amount > 0
    assert dollars.hold.amount == 1_008
    assert dollars.available.amount > 10_000


def test_otis_and_ada():
    otis, ada = of("reseller-other"), of("applicant")

    assert (otis.status, ada.status) == ("active", "applicant")
    assert own_rate(otis, NOW) is None
    assert [rate.rate_bp for rate in otis.rates.all()] == [None, 900]
    assert otis.account.hold_days == 15
    assert "forty families" in ada.notes
    assert not ada.referrals.exists()


def test_staff_have_something_to_do():
    for outcome in UNPOSTED_OUTCOMES:
        assert Sale.objects.unposted().filter(outcome=outcome).count() >= 3
    assert "" not in explain_all(Sale.objects.all()).values()


def test_the_crowd_is_deterministic_and_varied():
    drafts = list(people.crowd(200, NOW, longest_ago=700))

    assert [draft.facts for draft in drafts] == [
        draft.facts for draft in people.crowd(200, NOW, longest_ago=700)
    ]
    for column in ("contact_group", "partner_tier", "payment_terms", "country"):
        assert len({draft.facts[column] for draft in drafts}) >= 3
    lives = {(each.status, *(to for _, to in each.moves)) for each in drafts}
    assert lives == {statuses for _, statuses in people.MOVES}
    assert len({draft.email for draft in drafts}) == 200


def test_addresses_are_nobodys():
    """Only domains kept for examples, and numbers kept for films."""
    for email in User.objects.values_list("email", flat=True):
        assert email.endswith(".example.com")
    phones = Reseller.objects.exclude(phone="").filter(country__in=["US", "CA"])
    assert all("555" in row.phone for row in phones)
    assert phones.count() > 10


def test_the_command_says_the_same(told):
    out = io.StringIO()
    call_command("demo", "--json=-", stdout=out)

    assert json.loads(out.getvalue()) == json.loads(json.dumps(told))
    assert stories.PEOPLE == ("reseller", "reseller-other", "applicant")
