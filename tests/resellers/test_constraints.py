"""Every CHECK and unique key of the trunk, attacked past the models' validation."""

import datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, models, transaction
from django.utils import timezone

from resellers.models import (
    AccessKey,
    Account,
    AuditEntry,
    Job,
    LedgerEntry,
    User,
)
from tests.factories.resellers import (
    AT,
    AccessKeyFactory,
    AccountFactory,
    AuditEntryFactory,
    JobFactory,
    LedgerEntryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

FACTORIES: dict[Any, Any] = {
    LedgerEntry: LedgerEntryFactory,
    Account: AccountFactory,
    AuditEntry: AuditEntryFactory,
    AccessKey: AccessKeyFactory,
    Job: JobFactory,
    User: UserFactory,
}
ADJUSTMENT = {"kind": "adjustment", "reason": "goodwill", "memo": "Late by a week"}
REVERSAL = {"kind": "reversal", "amount_minor": -1, "refunded_minor": 0}
AUTHOR, KEY, ROOT = object(), object(), object()

LEDGER: list[Any] = [
    ("entry_currency_iso", {"currency": "usd"}),
    ("entry_currency_iso", {"currency": "US"}),
    ("entry_currency_iso", {"currency": ""}),
    ("entry_amount_range", {"amount_minor": 0}),
    ("entry_amount_range", {"amount_minor": 10**14 + 1}),
    ("entry_amount_range", {**REVERSAL, "amount_minor": -(10**14) - 1}),
    ("entry_kind_sign", {"amount_minor": -1, "status": "approved"}),
    ("entry_kind_sign", {"kind": "gift"}),
    ("entry_kind_sign", {"kind": "payout", "status": "paid"}),
    (
        "entry_kind_sign",
        {"kind": "payout_return", "amount_minor": -1, "status": "paid"},
    ),
    ("entry_component_known", {"component": "tax"}),
    ("entry_status_known", {"status": "lost"}),
    ("entry_hold_has_reason", {"status": "hold"}),
    ("entry_hold_has_reason", {"status": "hold", "hold_for": "mood"}),
    ("entry_hold_has_reason", {"hold_for": "dispute"}),
    ("entry_basis_whole", {"basis": "share"}),
    ("entry_basis_whole", {"basis": "share", "base_minor": 1}),
    ("entry_basis_whole", {"basis": "share", "rate_bp": 1}),
    ("entry_basis_whole", {"base_minor": 1}),
    ("entry_basis_whole", {"rate_bp": 1}),
    ("entry_basis_whole", {"basis": "gift", "base_minor": 1, "rate_bp": 1}),
    ("entry_basis_whole", {"basis": "share", "base_minor": -1, "rate_bp": 1}),
    ("entry_basis_whole", {"basis": "share", "base_minor": 1, "rate_bp": 10_001}),
    ("entry_reversal_has_root", REVERSAL),
    ("entry_reversal_has_root", {**REVERSAL, "reverses": ROOT, "refunded_minor": None}),
    ("entry_reversal_has_root", {**REVERSAL, "reverses": ROOT, "refunded_minor": -1}),
    ("entry_reversal_has_root", {"reverses": ROOT, "amount_minor": 1}),
    ("entry_reversal_has_root", {"refunded_minor": 0}),
    ("entry_stated_has_author", ADJUSTMENT),
    ("entry_stated_has_author", {**ADJUSTMENT, "actor": AUTHOR, "memo": "four"}),
    ("entry_stated_has_author", {**ADJUSTMENT, "actor": AUTHOR, "reason": ""}),
    ("entry_stated_has_author", {**ADJUSTMENT, "actor_key": KEY}),
    ("entry_reason_known", {"reason": "mood"}),
    (
        "entry_payout_is_paid",
        {"kind": "payout", "amount_minor": -1, "status": "approved"},
    ),
    ("entry_payout_is_paid", {"kind": "netting", "status": "pending"}),
    ("entry_negative_never_waits", {**ADJUSTMENT, "actor": AUTHOR, "amount_minor": -1}),
    ("entry_one_actor", {"actor": AUTHOR, "actor_key": KEY}),
    ("entry_lengths", {"key": "short"}),
    ("entry_lengths", {"key": "k" * 256}),
    ("entry_lengths", {"fingerprint": "f"}),
    ("entry_lengths", {"source": ""}),
    ("entry_lengths", {"source_ref": ""}),
]
OTHERS: list[Any] = [
    (Account, "account_kind_known", {"kind": "bank"}),
    (Account, "account_state_known", {"state": "lost"}),
    (Account, "account_cycle_known", {"settlement_cycle": "daily"}),
    (Account, "account_method_fits_kind", {"method": "netting"}),
    (Account, "account_method_fits_kind", {"method": "cash"}),
    (Account, "account_hold_days_range", {"hold_days": 366}),
    (Account, "account_stopped_has_reason", {"state": "held"}),
    (Account, "account_lengths", {"code": ""}),
    (Account, "account_lengths", {"name": ""}),
    (Account, "account_lengths", {"owner_ref": ""}),
    (Account, "account_lengths", {"stripe_account_id": "a" * 65}),
    (AccessKey, "access_key_kind_known", {"principal_kind": "robot"}),
    (AccessKey, "access_key_user_of_kind", {"principal_kind": "user"}),
    (AccessKey, "access_key_user_of_kind", {"user": AUTHOR}),
    (AccessKey, "access_key_two_slots", {"slot": 3}),
    (AccessKey, "access_key_two_slots", {"slot": 0}),
    (AccessKey, "access_key_lengths", {"prefix": "short"}),
    (AccessKey, "access_key_lengths", {"secret_sha256": ""}),
    (AuditEntry, "audit_entry_one_actor", {"actor": AUTHOR, "actor_key": KEY}),
    (AuditEntry, "audit_entry_lengths", {"action": ""}),
    (AuditEntry, "audit_entry_lengths", {"actor_label": ""}),
    (AuditEntry, "audit_entry_lengths", {"reason": "r" * 2001}),
    (Job, "job_state_known", {"state": "lost"}),
    (Job, "job_lengths", {"kind": ""}),
    (Job, "job_lengths", {"note": "n" * 201}),
    (Job, "job_running_has_lease", {"state": "running"}),
    (Job, "job_running_has_lease", {"leased_until": AT}),
    (Job, "job_finished_has_time", {"state": "done"}),
    (Job, "job_finished_has_time", {"state": "given_up"}),
    (User, "user_email_folded", {"email": "Jane@example.com"}),
    (User, "user_email_folded", {"email": "a@b"}),
    (User, "user_pending_email_folded", {"pending_email": "Jane@example.com"}),
    (User, "user_pending_email_folded", {"pending_email": "a@b"}),
]
UNIQUE = [
    (LedgerEntry, "entry_key", ["key"]),
    (Account, "account_code", ["code"]),
    (Account, "account_owner", ["kind", "owner_ref"]),
    (Account, "account_stripe", ["stripe_account_id"]),
    (AccessKey, "access_key_prefix", ["prefix"]),
    (AccessKey, "access_key_slot", ["principal_kind", "principal_ref", "slot"]),
    (Job, "job_key", ["key"]),
    (User, "user_email", ["email"]),
]
GIVEN = {"account_stripe": {"stripe_account_id": "acct_1"}}


def made(value):
    if value is AUTHOR:
        return UserFactory()
    if value is KEY:
        return AccessKeyFactory()
    return LedgerEntryFactory() if value is ROOT else value


def insert(model, facts):
    """Past full_clean and the managers: what a careless INSERT would do."""
    row = FACTORIES[model].build()
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and not field.null:
            setattr(row, field.name, AccountFactory())
    for name, value in facts.items():
        setattr(row, name, made(value))
    row.save(force_insert=True)


@pytest.mark.parametrize(
    ("model", "name", "facts"), [(LedgerEntry, *case) for case in LEDGER] + OTHERS
)
def test_a_check_bites(model, name, facts):
    # PostgreSQL knows the width of a column before it looks at a CHECK.
    with pytest.raises((IntegrityError, DataError)) as refusal, transaction.atomic():
        insert(model, facts)
    if isinstance(refusal.value, IntegrityError):
        text = str(refusal.value)
        assert name in text or "group" in text or "more than its root" in text


@pytest.mark.parametrize(("model", "name", "fields"), UNIQUE)
def test_a_unique_key_bites(model, name, fields):
    row = FACTORIES[model](**GIVEN.get(name, {}))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(model, {field: getattr(row, field) for field in fields})


def test_every_constraint_of_the_trunk_is_attacked():
    attacked = {name for name, _ in LEDGER} | {name for _, name, _ in OTHERS + UNIQUE}
    named = {c.name for model in FACTORIES for c in model._meta.constraints}
    assert attacked == named


@pytest.mark.parametrize("model", FACTORIES)
def test_required_columns_take_no_null(model):
    """A CHECK passes on NULL, hence what a CHECK needs is NOT NULL or says so."""
    for field in model._meta.concrete_fields:
        if field.null or field.primary_key:
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            insert(model, {field.attname: None})


@pytest.mark.parametrize("factory", FACTORIES.values())
def test_the_plainest_row_is_valid(factory):
    row = factory()
    row.full_clean(validate_unique=False, exclude=["before", "after"])


def test_a_revoked_key_frees_its_slot():
    first = AccessKeyFactory(revoked_at=timezone.now())
    second = AccessKeyFactory(principal_ref=first.principal_ref)
    assert (first.slot, second.slot) == (1, 1)
    assert second.expires_at > AT + datetime.timedelta(days=1)
