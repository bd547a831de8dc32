"""Access keys: hashed, scoped, two at a time, gone at once."""

import datetime
import re
from typing import Any

import pytest

from resellers import clock, keys
from resellers.actions import keys as actions
from resellers.errors import (
    Invalid,
    NotFound,
    PermissionRefused,
    TooManyKeys,
    UnknownScope,
)
from resellers.models import AccessKey, AuditEntry
from tests.factories.resellers import AT, StaffFactory, SuperuserFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
REF = "ab" * 32


@pytest.fixture(autouse=True)
def _at_nine(settings):
    settings.ACCESS_KEY_ENVIRONMENT = "live"
    settings.ACCESS_KEY_SCOPES = {"user": ["a:read"], "provider": ["a:read", "a:write"]}
    with clock.at(AT):
        yield


def issue(**facts):
    return actions.issue_key(
        **{"principal_kind": "provider", "principal_ref": REF, "actor": None, **facts}
    )


def test_a_key_is_shown_once_and_kept_as_a_hash():
    key, text = issue(scopes=["a:write", "a:read"])
    assert re.fullmatch(rf"cs_live_{key.prefix}_[0-9a-z]{{40}}", text)
    secret = text.rsplit("_", 1)[1]
    assert secret not in str(AccessKey.objects.values_list().get())
    assert keys.find(text) == key
    assert key.scopes == ["a:read", "a:write"]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_ref) == ("access_key.issued", key.prefix)
    assert secret not in str(entry.after)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: text.upper(),
        lambda text: text + "0",
        lambda text: text.replace("live", "demo"),
        lambda text: "",
        lambda text: text + "\n",
        lambda text: text.replace("_", "-"),
        lambda text: None,
    ],
)
def test_a_wrong_key_is_nobody(wrong):
    _, text = issue()
    assert keys.find(wrong(text)) is None


def test_expired_revoked_and_switched_off_keys_are_nobody():
    _, text = issue(days=1)
    with clock.at(AT + DAY):
        assert keys.find(text) is None
    key, other = issue()
    actions.revoke_key(key, reason="Leaked", actor=None)
    actions.revoke_key(key, actor=None)
    assert keys.find(other) is None
    assert AuditEntry.objects.filter(action="access_key.revoked").count() == 1
    user = StaffFactory()
    _, own = issue(principal_kind="user", user=user, principal_ref="")
    found: Any = keys.find(own)
    assert found.user == user
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert keys.find(own) is None


def test_two_live_keys_for_rotation():
    first, _ = issue()
    issue()
    with pytest.raises(TooManyKeys):
        issue()
    issue(principal_ref="cd" * 32)
    actions.revoke_prefix(first.prefix, actor=None)
    issue()
    with clock.at(AT + 91 * DAY):
        issue()
    with pytest.raises(NotFound):
        actions.revoke_prefix("00000000", actor=None)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"scopes": ["b:read"]}, UnknownScope),
        ({"principal_kind": "robot"}, Invalid),
        ({"principal_ref": ""}, Invalid),
        ({"principal_kind": "user"}, Invalid),
        ({"days": 0}, Invalid),
        ({"days": 731}, Invalid),
    ],
)
def test_bad_facts_are_refused(facts, refusal):
    with pytest.raises(refusal):
        issue(**facts)


def test_nobody_issues_a_key_that_is_more_than_himself():
    staff, other = StaffFactory(), SuperuserFactory()
    with pytest.raises(PermissionRefused):
        issue(principal_kind="user", user=other, principal_ref="", actor=staff)
    issue(principal_kind="user", user=staff, principal_ref="", actor=staff)
    issue(principal_kind="user", user=staff, principal_ref="", actor=other)


def test_the_use_is_noted_once_a_minute(django_assert_num_queries):
    key, _ = issue()
    keys.touch(key)
    key.refresh_from_db()
    assert key.last_used_at == AT
    with django_assert_num_queries(0):
        keys.touch(key)
    with clock.at(AT + datetime.timedelta(minutes=1)):
        keys.touch(key)
    key.refresh_from_db()
    assert key.last_used_at == AT + datetime.timedelta(minutes=1)


def test_a_key_is_a_principal_without_django_rights():
    key, _ = issue(scopes=["a:read"])
    assert (key.is_authenticated, key.is_active, key.is_staff) == (True, True, False)
    assert not key.has_perm("resellers.view_account")
    assert key.has_scope("a:read")
    assert not key.has_scope("a:write")
    assert UserFactory().is_authenticated
