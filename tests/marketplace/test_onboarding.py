"""Providers, their accounts and their members, as staff keep them."""

import pytest
from django.core.exceptions import ValidationError

from marketplace import errors
from marketplace.actions import onboarding
from marketplace.models import ProviderMember
from resellers import audit
from resellers.models import Account
from tests.factories.marketplace import ExternalProviderFactory, MemberFactory
from tests.factories.resellers import UserFactory

pytestmark = pytest.mark.django_db

KEY = "AB" * 32


def entries(provider):
    return list(audit.entries("marketplace.provider", provider.pubkey))


def test_onboarding_opens_the_account(staff):
    made = onboarding.onboard_provider(
        name="Nimbus", pubkey=KEY, support_email="help@example.com", actor=staff
    )

    account = Account.objects.get()
    assert (made.pubkey, made.kind, made.account) == (KEY.lower(), "onboarded", account)
    assert (account.code, account.kind, account.hold_days, account.name) == (
        "PR-abababababab",
        "provider",
        7,
        "Nimbus",
    )
    (entry,) = entries(made)
    assert (entry.action, entry.actor) == ("provider.created", staff)
    assert entry.after["support_email"] == "h…@example.com"


def test_without_a_key_it_gets_a_random_one(staff):
    made = [onboarding.onboard_provider(name="N", actor=staff) for _ in range(2)]

    assert len({provider.pubkey for provider in made}) == 2
    assert all(len(provider.pubkey) == 64 for provider in made)


def test_a_taken_or_crooked_key_is_refused(staff):
    onboarding.onboard_provider(name="First", pubkey=KEY, actor=staff)

    with pytest.raises(errors.PubkeyTaken):
        onboarding.onboard_provider(name="Second", pubkey=KEY.lower(), actor=staff)
    with pytest.raises(errors.InvalidPubkey):
        onboarding.onboard_provider(name="Third", pubkey="xyz", actor=staff)
    assert Account.objects.count() == 1


def test_edit_writes_what_differs(seller, staff):
    changed = onboarding.edit_provider(
        seller, name="Nimbus GmbH", support_hours="9 to 5", actor=staff
    )

    assert changed.earning_account.name == "Nimbus GmbH"
    (entry,) = entries(seller)
    assert (entry.action, entry.after) == (
        "provider.changed",
        {"name": "Nimbus GmbH", "support_hours": "9 to 5"},
    )
    onboarding.edit_provider(changed, name="Nimbus GmbH", actor=staff)
    assert len(entries(seller)) == 1


def test_a_bad_edit_is_refused(seller, staff):
    with pytest.raises(ValidationError):
        onboarding.edit_provider(seller, website_url="javascript:x", actor=staff)
    with pytest.raises(TypeError):
        onboarding.edit_provider(seller, kind="external", actor=staff)


def test_a_person_belongs_to_one_provider(seller, staff):
    person = UserFactory.create()
    added = onboarding.add_member(seller, user=person, role="viewer", actor=staff)

    again = onboarding.add_member(seller, user=person, role="viewer", actor=staff)

    assert added == again
    assert [entry.action for entry in entries(seller)] == ["member.added"]
    with pytest.raises(errors.AlreadyMember):
        onboarding.add_member(seller, user=person, role="owner", actor=staff)


def test_external_providers_have_no_members(staff):
    with pytest.raises(errors.NotOnboarded):
        onboarding.add_member(
            ExternalProviderFactory.create(),
            user=UserFactory.create(),
            role="owner",
            actor=staff,
        )


def test_an_unknown_role_is_refused(seller, staff):
    with pytest.raises(errors.RoleUnknown):
        onboarding.add_member(
            seller, user=UserFactory.create(), role="boss", actor=staff
        )


def test_the_last_owner_stays(seller, staff):
    owner = MemberFactory.create(provider=seller)
    operator = MemberFactory.create(provider=seller, role="operator")

    with pytest.raises(errors.LastOwner):
        onboarding.remove_member(owner, actor=staff)
    with pytest.raises(errors.LastOwner):
        onboarding.change_role(owner, role="viewer", actor=staff)
    onboarding.change_role(operator, role="owner", actor=staff)
    onboarding.remove_member(owner, actor=staff)

    assert ProviderMember.objects.get().role == "owner"
    assert [entry.action for entry in entries(seller)] == [
        "member.changed",
        "member.removed",
    ]
