"""Each process asks its database for the limits of its role."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from config import database, values
from config.apps import refuse_old_postgres
from resellers import pg

URL = "postgres://u@h/n?sslmode=require"


@pytest.mark.parametrize(
    ("arguments", "modules", "role"),
    [
        (["manage.py", "worker"], {}, "worker"),
        (["manage.py", "migrate"], {}, "migrate"),
        (["manage.py", "serve"], {}, "migrate"),
        (["manage.py", "runserver"], {}, "web"),
        (["manage.py", "verify_ledger"], {}, "command"),
        (["manage.py"], {}, "command"),
        (["-m", "config.web"], {"config.wsgi": 1}, "web"),
        (["uvicorn"], {"config.asgi": 1}, "web"),
    ],
)
def test_role_follows_from_how_the_process_was_started(arguments, modules, role):
    assert database.process_role(arguments, modules) == role


def options(role, url=URL):
    return database.postgres_settings(values.database(url), role=role, threads=8)


def test_web_answers_within_five_seconds():
    made = options("web")
    assert made["OPTIONS"]["options"].split(" -c ") == [
        "-c lock_timeout=3000",
        "statement_timeout=3500",
        "idle_in_transaction_session_timeout=10000",
    ]
    assert made["OPTIONS"]["connect_timeout"] == 2
    assert made["OPTIONS"]["sslmode"] == "require"
    assert made["OPTIONS"]["pool"] == {
        "min_size": 9,
        "max_size": 9,
        "timeout": 1,
        "reconnect_timeout": 0.5,
        "connection_class": database.PatientConnection,
    }
    assert (made["CONN_MAX_AGE"], made["CONN_HEALTH_CHECKS"]) == (0, True)


def test_commands_take_their_time():
    assert options("command")["OPTIONS"]["options"] == ""
    assert "pool" not in options("command")["OPTIONS"]
    assert options("migrate")["OPTIONS"]["options"] == (
        "-c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000"
    )
    worker = options("worker")["OPTIONS"]
    assert "statement_timeout=30000" in worker["options"]
    assert worker["pool"]["connection_class"] is database.WorkerConnection


def test_behind_pgbouncer_the_role_carries_the_limits():
    made = options("web", f"{URL}&pgbouncer=1")
    assert "options" not in made["OPTIONS"]
    assert made["DISABLE_SERVER_SIDE_CURSORS"] is True


@pytest.mark.django_db
def test_what_is_acknowledged_is_kept():
    found = pg.durability()
    if connection.vendor == "sqlite":
        assert (found["synchronous"], found["foreign_keys"]) == ("2", "1")
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    else:
        assert (found["fsync"], found["full_page_writes"]) == ("on", "on")
        assert found["default_transaction_isolation"] == "read committed"


def test_sqlite_directory_is_made(tmp_path):
    name = str(tmp_path / "deep" / "consign.sqlite3")
    database.sqlite_settings(values.Database(vendor="sqlite", name=name))
    assert Path(name).parent.is_dir()


def test_old_postgres_stops_every_command(capsys):
    old: Any = SimpleNamespace(vendor="postgresql", pg_version=140_011)
    new: Any = SimpleNamespace(vendor="postgresql", pg_version=150_000)
    with pytest.raises(SystemExit) as ended:
        refuse_old_postgres(old)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told == "DATABASE_URL: PostgreSQL must be version 15 or later\n"
    refuse_old_postgres(new)
    refuse_old_postgres(connection)
