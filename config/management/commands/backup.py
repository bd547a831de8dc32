"""A consistent copy under load: `python manage.py backup PATH`."""

import argparse
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = "Copy the database to PATH, mode 0600: SQLite file or pg_dump -Fc archive."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="must not exist yet")

    def handle(self, **options: Any) -> None:
        path: Path = options["path"]
        if path.exists():
            raise CommandError(f"{path} exists already.")
        draft = path.with_name(f"{path.name}.part")
        try:
            os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            copy = copy_sqlite if connection.vendor == "sqlite" else dump_postgres
            copy(draft)
            draft.rename(path)
        except OSError as failure:
            raise CommandError(f"Cannot write {path}: {failure.strerror}") from failure
        finally:
            draft.unlink(missing_ok=True)


def copy_sqlite(target: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)


def dump_postgres(target: Path) -> None:
    """pg_dump with the connection's own facts, the password not on the command line."""
    program = shutil.which("pg_dump")
    if program is None:
        raise CommandError("pg_dump is not on the path.")
    facts = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGDATABASE": "NAME"}
    given = {name: str(facts[key]) for name, key in names.items() if facts[key]}
    if facts["PASSWORD"]:
        given["PGPASSWORD"] = facts["PASSWORD"]
    if sslmode := facts["OPTIONS"].get("sslmode"):
        given["PGSSLMODE"] = sslmode
    done = subprocess.run(  # noqa: S603 -- found on the path, no input of people
        [program, "--format=custom", f"--file={target}"],
        env={**os.environ, **given},
        check=False,
    )
    if done.returncode:
        raise CommandError("pg_dump failed.")
