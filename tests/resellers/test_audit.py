"""One entry per change, in its transaction, with personal data masked."""

import uuid

import pytest
from django.db import transaction

from resellers import audit
from resellers.models import AuditEntry
from resellers.money import Money
from tests.factories.resellers import AccessKeyFactory, AccountFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_whole_entry():
    actor = UserFactory(email="jane.doe@example.com")
    account = AccountFactory()
    token = audit.request_id.set("req-7")
    entry = audit.record(
        actor,
        "account.held",
        account,
        before={"state": "open"},
        after={"state": "held", "limit": Money(5, "USD")},
        reason="Papers by jane@example.com",
        on_behalf="PR-1",
    )
    audit.request_id.reset(token)
    entry.refresh_from_db()
    assert (entry.actor, entry.actor_key) == (actor, None)
    assert entry.actor_label == "user:j…@example.com"
    assert (entry.object_type, entry.object_ref) == (
        "resellers.account",
        str(account.pk),
    )
    assert entry.before == {"state": "open"}
    assert entry.after == {
        "state": "held",
        "limit": {"amount_minor": 5, "currency": "USD"},
    }
    assert (entry.reason, entry.on_behalf, entry.request_id) == (
        "Papers by j…@example.com",
        "PR-1",
        "req-7",
    )


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("email", "jane@example.com", "j…@example.com"),
        ("customer_email", "jane@example.com", "j…@example.com"),
        ("email", "no address", "…"),
        ("email", "", ""),
        ("phone", "+1 (727) 555-0142", "••••42"),
        ("mobile_phone", "7275550142", "••••42"),
        ("fax", "727 555 0143", "••••43"),
        ("tax_id", "12-3456789", "••••6789"),
        ("tax_id", "1234", "••••"),
        ("extended_values.mobile", "727-555-0142", "…42"),
        ("extended_values.friend", "ask jane@example.com", "ask j…@example.com"),
        ("extended_values.event_date", "2024-06-15", "2024-06-15"),
        ("notes", "Call +1 727 555 0142", "Call …42"),
        ("extended_values.vip_status", "yes", "yes"),
        ("password", "secret", "…"),
        ("name", "Jane", "Jane"),
        ("state", None, None),
        ("count", 3, 3),
        ("people", [{"email": "jane@example.com"}], [{"email": "j…@example.com"}]),
    ],
)
def test_values_are_masked_by_the_name_of_their_field(field, value, kept):
    assert audit.mask("", {field: value}) == {field: kept}


def test_keys_and_the_system_are_actors():
    key, account = AccessKeyFactory(prefix="abcd1234"), AccountFactory()
    by_key = audit.record(key, "account.held", account)
    by_clock = audit.record(None, "account.held", account)
    assert by_key.actor_key == key
    assert by_key.actor_label == f"provider:{key.principal_ref} key:abcd1234"
    assert by_clock.actor_label == "system"
    object_type, object_ref = audit.identity(account)
    assert list(audit.entries(object_type, object_ref)) == [by_key, by_clock]


def test_entries_of_a_batch_carry_its_number():
    account, number = AccountFactory(), uuid.uuid4()
    with audit.in_batch(number):
        inside = audit.record(None, "account.held", account)
    outside = audit.record(None, "account.held", account)
    assert (inside.batch_id, outside.batch_id) == (number, None)


def test_a_machine_has_its_own_word():
    account = AccountFactory()
    with audit.as_machine("stripe"):
        assert audit.record(None, "account.held", account).actor_label == "stripe"
    assert audit.record(None, "account.held", account).actor_label == "system"


def test_the_entry_goes_with_its_transaction():
    account = AccountFactory()
    with transaction.atomic():
        audit.record(None, "account.held", account)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()
