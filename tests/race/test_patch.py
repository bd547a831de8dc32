"""Two owners change the same terms at once: no change is lost, none is overwritten."""

from functools import partial

import pytest

from marketplace.actions import relationships
from resellers.models.versions import version_of
from tests.factories.marketplace import MemberFactory, RelationshipFactory
from tests.figures import scaled
from tests.race.together import sorted_out, together

pytestmark = pytest.mark.race


@pytest.fixture
def relationship():
    return RelationshipFactory.create()


@pytest.fixture
def owner(relationship):
    return MemberFactory.create(provider=relationship.reseller).user


def test_changes_of_two_fields_both_stand(relationship, owner):
    change = partial(relationships.change_terms, relationship, actor=owner)
    for percent in range(1, 51):
        hours = percent % 40 + 1
        won, refused = sorted_out(
            together(
                [
                    partial(change, commission_percent=percent),
                    partial(change, accept_within_hours=hours),
                ]
            )
        )
        assert (len(won), refused) == (2, [])
        relationship.refresh_from_db()
        assert relationship.commission_percent == percent
        assert relationship.accept_within_hours == hours


def test_of_two_changes_from_one_reading_one_is_refused(relationship, owner):
    for number in range(scaled(200)):
        relationship.refresh_from_db()
        change = partial(
            relationships.change_terms,
            relationship,
            versions=[version_of(relationship)],
            actor=owner,
        )
        percents = [(number * 2) % 50 + 1, (number * 2 + 1) % 50 + 1]
        calls = [partial(change, commission_percent=percent) for percent in percents]
        won, refused = sorted_out(together(calls))
        relationship.refresh_from_db()
        assert (len(won), refused) == (1, ["stale_version"])
        assert relationship.commission_percent == won[0].commission_percent
