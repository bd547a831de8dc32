"""Two owners read the same terms: the second to change them is told."""

import pytest

from resellers.models.versions import VersionChanged, check_version, version_of
from tests.problems import assert_error
from tests.world import caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(owner):
    return caller(owner)


@pytest.fixture
def address(relationship):
    pubkey = relationship.external_provider.pubkey
    return f"/api/v1/reseller/relationships/{pubkey}"


def put(api, address, percent, **headers):
    body = {"commission_percent": percent}
    return api.put(address, body, format="json", headers=headers)


def test_change_from_an_old_reading_is_412(api, address, relationship):
    read = api.get(address)["ETag"]
    first = put(api, address, 12, **{"If-Match": read})
    second = put(api, address, 13, **{"If-Match": read})
    assert first.status_code == 200
    assert_error(second, 412, "stale_version")
    relationship.refresh_from_db()
    assert relationship.commission_percent == 12
    assert put(api, address, 13, **{"If-Match": first["ETag"]}).status_code == 200


def test_tag_of_the_answer_is_the_tag_of_the_next_reading(api, address):
    assert put(api, address, 12)["ETag"] == api.get(address)["ETag"]


@pytest.mark.parametrize("header", ["*", '"nothing", {tag}'])
def test_any_listed_tag_will_do(api, address, header):
    tag = api.get(address)["ETag"]
    changed = put(api, address, 12, **{"If-Match": header.format(tag=tag)})
    assert changed.status_code == 200


@pytest.mark.parametrize("header", ["W/{tag}", "", "nonsense"])
def test_weak_and_unreadable_tags_match_nothing(api, address, header):
    tag = api.get(address)["ETag"]
    refused = put(api, address, 12, **{"If-Match": header.format(tag=tag)})
    assert_error(refused, 412, "stale_version")


def test_version_is_that_of_every_column(relationship):
    version = version_of(relationship)
    check_version(relationship, None)
    check_version(relationship, [version])
    relationship.fulfil_within_hours += 1
    with pytest.raises(VersionChanged):
        check_version(relationship, [version])
