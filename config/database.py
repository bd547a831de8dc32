"""How each database is asked to behave. Source: 9-quality, section 2."""

import time
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import psycopg
from psycopg.abc import PQGen

from config import values

RV = TypeVar("RV")

SQLITE_OPTIONS = {
    # Deferred transactions that upgrade to a write fail at once under load.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        # Without recursive triggers INSERT OR REPLACE passes the append-only ones.
        " PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
    ),
}
# Role of the process: (lock, statement) limits in milliseconds, 0 is off.
POSTGRES_LIMITS = {
    "web": (3000, 3500),
    "worker": (30_000, 30_000),
    "migrate": (2000, 0),
    "command": (0, 0),
}


class PatientConnection(psycopg.Connection[Any]):
    """A connection that does not wait for ever for a server that fell silent.

    After `patience_seconds` it closes its socket, and for a second no connection of
    this process tries again, so that a cut COMMIT is answered within five seconds.
    """

    patience_seconds = 3.9
    refused_until = 0.0

    @classmethod
    def connect(cls, *args: Any, **options: Any) -> Self:
        if time.monotonic() < cls.refused_until:
            raise psycopg.OperationalError("the database fell silent a moment ago")
        return super().connect(*args, **options)

    def wait(
        self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None
    ) -> RV:
        limit = min(timeout or self.patience_seconds, self.patience_seconds)
        started = time.monotonic()
        try:
            return super().wait(gen, interval=interval, timeout=limit)
        except psycopg.OperationalError:
            if time.monotonic() - started >= self.patience_seconds:
                self.pgconn.finish()
                type(self).refused_until = time.monotonic() + 1
            raise


class WorkerConnection(PatientConnection):
    patience_seconds = 35.0


def process_role(arguments: Sequence[str], modules: Container[str]) -> str:
    """What this process does, by how it was started: it decides the time limits."""
    if "config.wsgi" in modules or "config.asgi" in modules:
        return "web"
    roles = {
        "runserver": "web",
        "worker": "worker",
        "migrate": "migrate",
        "serve": "migrate",
    }
    command = arguments[1] if len(arguments) > 1 else ""
    return roles.get(command, "command")


def sqlite_settings(database: values.Database) -> dict[str, Any]:
    Path(database.name).parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": database.name,
        "OPTIONS": SQLITE_OPTIONS,
    }


def postgres_settings(
    database: values.Database, *, role: str, threads: int
) -> dict[str, Any]:
    """Connection limits by the process's role; the pool for web and worker.

    Behind PgBouncer the database role carries the limits, since a pooled connection
    must not.
    """
    lock_ms, statement_ms = POSTGRES_LIMITS[role]
    limits = {
        "lock_timeout": lock_ms,
        "statement_timeout": statement_ms,
        "idle_in_transaction_session_timeout": 10_000 if lock_ms else 0,
    }
    options: dict[str, Any] = {**database.options, "connect_timeout": 2}
    if not database.pgbouncer:
        options["options"] = " ".join(f"-c {k}={v}" for k, v in limits.items() if v)
    pools = {"web": (PatientConnection, threads + 1), "worker": (WorkerConnection, 3)}
    if role in pools:
        kind, size = pools[role]
        options["pool"] = {
            "min_size": size,
            "max_size": size,
            "timeout": 1,
            "reconnect_timeout": 0.5,
            "connection_class": kind,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "HOST": database.host,
        "PORT": database.port,
        "USER": database.user,
        "PASSWORD": database.password,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": database.pgbouncer,
        "OPTIONS": options,
    }


def settings_for(
    database: values.Database, *, role: str, threads: int
) -> dict[str, Any]:
    if database.vendor == "sqlite":
        return sqlite_settings(database)
    return postgres_settings(database, role=role, threads=threads)
