"""What was posted or recorded cannot be changed, on either database, by any way in."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from resellers import pg
from resellers.models import AuditEntry, LedgerEntry
from resellers.models.ledger_entry import MOVES, EntryStatus
from tests.factories.resellers import (
    AccountFactory,
    AuditEntryFactory,
    LedgerEntryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LEDGER, AUDIT = LedgerEntry._meta.db_table, AuditEntry._meta.db_table
MUTABLE = {"status", "status_at", "hold_for", "available_at"}
FINAL = [f.attname for f in LedgerEntry._meta.concrete_fields if f.name not in MUTABLE]
OTHER = {
    "id": lambda: 10**9,
    "account_id": lambda: AccountFactory().pk,
    "actor_id": lambda: UserFactory().pk,
    "amount_minor": lambda: 999,
    "kind": lambda: "restore",
    "component": lambda: "base",
    "occurred_at": timezone.now,
    "posted_at": timezone.now,
    "base_minor": lambda: 5,
    "rate_bp": lambda: 5,
    "refunded_minor": lambda: 5,
    "reason": lambda: "other",
    "basis": lambda: "share",
    "correction_group": lambda: "0" * 32,
    "currency": lambda: "EUR",
}


def refused(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def entry_in(status):
    hold_for = "finance" if status == "hold" else ""
    return LedgerEntryFactory(status=status, hold_for=hold_for)


@pytest.fixture
def reversed_entry():
    entry = LedgerEntryFactory()
    LedgerEntry.objects.filter(pk=entry.pk).update(status="reversed")
    return entry


def test_every_guard_stands():
    assert pg.missing_guards() == []


@pytest.mark.parametrize(
    "column", [c for c in FINAL if c not in {"reverses_id", "actor_key_id"}]
)
def test_a_posted_column_is_final(column):
    entry = LedgerEntryFactory()
    value = OTHER.get(column, lambda: "x" * 9)()
    refused(lambda: LedgerEntry.objects.filter(pk=entry.pk).update(**{column: value}))


def test_an_update_that_changes_nothing_passes():
    entry = LedgerEntryFactory()
    assert LedgerEntry.objects.filter(pk=entry.pk).update(memo="") == 1


@pytest.mark.parametrize("to", EntryStatus.values)
@pytest.mark.parametrize("old", EntryStatus.values)
def test_every_pair_of_statuses(old, to):
    """Exactly the moves of MOVES pass."""
    start = "approved" if old == "reversed" else old
    entry = entry_in(start)
    rows = LedgerEntry.objects.filter(pk=entry.pk)
    if old == "reversed":
        rows.update(status="reversed")

    def move():
        rows.update(status=to, hold_for="finance" if to == "hold" else "")

    if old == to or EntryStatus(old) in MOVES[EntryStatus(to)]:
        move()
        assert rows.get().status == to
    else:
        refused(move)


@pytest.mark.parametrize("status", ["approved", "paid"])
def test_the_date_is_fixed_once_the_money_is_free(status):
    entry = entry_in(status)
    rows = LedgerEntry.objects.filter(pk=entry.pk)
    refused(lambda: rows.update(available_at=timezone.now()))


def test_nothing_changes_in_a_settled_row(reversed_entry):
    rows = LedgerEntry.objects.filter(pk=reversed_entry.pk)
    refused(lambda: rows.update(status_at=timezone.now()))


def test_a_row_is_never_born_reversed():
    refused(lambda: entry_in("reversed"))


@pytest.mark.parametrize("model", [LedgerEntry, AuditEntry])
def test_delete_is_refused_by_orm_and_sql(model):
    row = LedgerEntryFactory() if model is LedgerEntry else AuditEntryFactory()
    with pytest.raises(TypeError):
        row.delete()
    table = model._meta.db_table
    refused(lambda: execute(f'DELETE FROM "{table}" WHERE id = %s', row.pk))  # noqa: S608 -- the model's table
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("table", [LEDGER, AUDIT])
def test_truncate_is_refused(table):
    LedgerEntryFactory()
    AuditEntryFactory()
    connection.check_constraints()
    verb = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
    refused(lambda: execute(f'{verb} "{table}"'))


def test_an_audit_entry_never_changes():
    entry = AuditEntryFactory()
    rows = AuditEntry.objects.filter(pk=entry.pk)
    for column in ("action", "reason", "before", "after", "at"):
        value = timezone.now() if column == "at" else "changed"
        refused(lambda c=column, v=value: rows.update(**{c: v}))
    entry.reason = "changed"
    refused(entry.save)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own way past")
@pytest.mark.parametrize("factory", [LedgerEntryFactory, AuditEntryFactory])
def test_insert_or_replace_is_refused(factory):
    row = factory()
    table = row._meta.db_table
    columns = [field.column for field in row._meta.concrete_fields]
    refused(
        lambda: execute(
            f'INSERT OR REPLACE INTO "{table}" ({", ".join(columns)})'  # noqa: S608 -- the model's table
            f' SELECT {", ".join(columns)} FROM "{table}" WHERE id = %s',
            row.pk,
        )
    )
    refused(lambda: execute(f'UPDATE OR REPLACE "{table}" SET id = id + 1'))  # noqa: S608 -- the model's table


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has types")
@pytest.mark.parametrize("amount", [10.5, "12x", 2**63])
def test_sqlite_stores_whole_numbers_only(amount):
    entry = LedgerEntryFactory()
    columns = [f.column for f in entry._meta.concrete_fields if f.name != "id"]
    values = ["?" if c == "amount_minor" else c for c in columns]
    values = ["%s" if v == "?" else v for v in values]
    values = ["'mkt:new:1:commission'" if v == "key" else v for v in values]
    with pytest.raises((IntegrityError, OverflowError)), transaction.atomic():
        execute(
            f'INSERT INTO "{LEDGER}" ({", ".join(columns)})'  # noqa: S608 -- the model's table
            f' SELECT {", ".join(values)} FROM "{LEDGER}" WHERE id = %s',
            amount,
            entry.pk,
        )


def follower(root, amount, **facts):
    kind = "reversal" if amount < 0 else "restore"
    return LedgerEntryFactory(
        **{
            "account": root.account,
            "kind": kind,
            "amount_minor": amount,
            "reverses": root,
            "refunded_minor": 0,
            **facts,
        }
    )


def test_a_group_stays_between_zero_and_its_root():
    root = LedgerEntryFactory()
    follower(root, -600)
    refused(lambda: follower(root, -401))
    follower(root, -400)
    refused(lambda: follower(root, 1001))
    follower(root, 1000)
    refused(lambda: follower(root, 1))


def test_a_group_has_one_account_currency_and_component():
    root = LedgerEntryFactory()
    refused(lambda: follower(root, -1, account=AccountFactory()))
    refused(lambda: follower(root, -1, currency="EUR"))
    refused(lambda: follower(root, -1, component="base"))


def test_only_money_that_was_earned_is_a_root():
    root = LedgerEntryFactory()
    reversal = follower(root, -600)
    refused(lambda: follower(reversal, -1))
    payout = LedgerEntryFactory(kind="payout", amount_minor=-400, status="paid")
    refused(lambda: follower(payout, 1))


def test_a_missing_or_weakened_guard_is_noticed():
    LedgerEntryFactory()
    name = (
        f"{LEDGER}_guard_rows"
        if connection.vendor == "postgresql"
        else f"{LEDGER}_guard_kept"
    )
    place = f' ON "{LEDGER}"' if connection.vendor == "postgresql" else ""
    execute(f'DROP TRIGGER "{name}"{place}')
    assert pg.missing_guards() == [name]
    pg.install_guards()
    assert pg.missing_guards() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="functions can change")
def test_an_emptied_function_is_noticed():
    execute(
        f'CREATE OR REPLACE FUNCTION "{AUDIT}_guard"() RETURNS trigger'
        " LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
    )
    assert set(pg.missing_guards()) == {
        f"{AUDIT}_guard_rows",
        f"{AUDIT}_guard_truncate",
    }


def test_without_the_guard_the_damage_is_done():
    """Negative control: it is the guard that refuses, nothing else."""
    entry = LedgerEntryFactory()
    with pg.guards_lifted():
        assert LedgerEntry.objects.filter(pk=entry.pk).update(amount_minor=1) == 1
