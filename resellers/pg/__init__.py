"""Vendor SQL: what SQLite and PostgreSQL say differently, in one place.

Guards of append-only tables (`guards`), the lookup into extended values (`holds`), the
database's clock, claims of rows, locks by name. Source: 9-quality, section 2.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from resellers import clock
from resellers.pg.guards import (
    AppendOnly,
    Group,
    append_only_models,
    drop_guards,
    guards_lifted,
    install_guards,
    missing_guards,
)
from resellers.pg.holds import Holds

__all__ = [
    "AppendOnly",
    "Group",
    "Holds",
    "append_only_models",
    "db_now",
    "drop_guards",
    "durability",
    "guards_lifted",
    "install_guards",
    "lock_names",
    "missing_guards",
    "skip_locked",
    "snapshot",
]

Row = TypeVar("Row", bound=models.Model)

_unlocked: ContextVar[bool] = ContextVar("names_unlocked", default=False)


def db_now(using: str = DEFAULT_DB_ALIAS) -> datetime:
    """The time deadlines and leases compare with: one clock for all processes.

    SQLite has no clock of its own: the process is the database.
    """
    connection = connections[using]
    if clock.is_held() or connection.vendor != "postgresql":
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now.astimezone(UTC)


def skip_locked(rows: models.QuerySet[Row]) -> models.QuerySet[Row]:
    """Rows that no other worker is claiming just now; needs a transaction."""
    if connections[rows.db].vendor == "postgresql":
        return rows.select_for_update(skip_locked=True, no_key=True)
    return rows


@contextmanager
def snapshot(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Everything read inside is of one moment; inside a transaction, of its own."""
    connection = connections[using]
    outermost = not connection.in_atomic_block
    with transaction.atomic(using=using):
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def durability(using: str = DEFAULT_DB_ALIAS) -> dict[str, str]:
    """The database's settings that decide whether a commit is kept."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT name, setting FROM pg_settings WHERE name IN"
                " ('fsync', 'full_page_writes', 'synchronous_commit',"
                " 'default_transaction_isolation')"
            )
            return dict(cursor.fetchall())
        found = {}
        for name in ("journal_mode", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {name}")
            found[name] = str(cursor.fetchone()[0])
        return found


@contextmanager
def names_unlocked() -> Iterator[None]:
    """Lock no names inside: for many facts in one transaction that locks their rows.

    PostgreSQL keeps these locks in a table of some thousands, shared by all.
    """
    token = _unlocked.set(True)
    try:
        yield
    finally:
        _unlocked.reset(token)


def lock_names(names: Iterable[str], using: str = DEFAULT_DB_ALIAS) -> None:
    """Hold these words until the transaction ends: for facts that have no row yet.

    A refund and its sale that arrive at once see each other only so. In order of the
    words, so that two callers never wait for each other. On SQLite the write
    transaction is the lock.
    """
    connection = connections[using]
    if connection.vendor != "postgresql" or _unlocked.get():
        return
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            digest = hashlib.sha256(name.encode()).digest()[:8]
            number = int.from_bytes(digest, "big", signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
