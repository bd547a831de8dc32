"""Two people change a provider's members at once."""

from functools import partial

import pytest

from marketplace.actions import onboarding
from marketplace.models import ProviderMember
from tests.factories.marketplace import MemberFactory, ProviderFactory
from tests.factories.resellers import UserFactory
from tests.race.pairs import meet
from tests.race.together import sorted_out, together

pytestmark = pytest.mark.race


def test_one_of_two_owners_stays():
    provider = ProviderFactory.create()
    owners = [MemberFactory.create(provider=provider) for _ in range(2)]

    calls = [partial(onboarding.remove_member, owner, actor=None) for owner in owners]
    won, refused = sorted_out(together(calls))

    assert (len(won), refused) == (1, ["last_owner"])
    assert ProviderMember.objects.filter(provider=provider).count() == 1


def test_a_member_removed_twice_is_missing_the_second_time():
    provider = ProviderFactory.create()
    MemberFactory.create(provider=provider)
    viewer = MemberFactory.create(provider=provider, role="viewer")
    remove = partial(onboarding.remove_member, viewer, actor=None)

    outcome, met = meet(remove, remove, at=(onboarding, "locked_member"), when="before")

    assert met.outcome is None
    assert outcome.code == "not_found"


def test_one_person_joins_one_provider():
    person = UserFactory.create()
    calls = [
        partial(
            onboarding.add_member,
            ProviderFactory.create(),
            user=person,
            role="viewer",
            actor=None,
        )
        for _ in range(8)
    ]

    won, refused = sorted_out(together(calls))

    assert (len(won), refused) == (1, ["already_member"] * 7)
