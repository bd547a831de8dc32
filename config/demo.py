"""The demo: which database it may live in, who loads it, and the file it tells.

Each room loads its own part through its actions; DEMO_LOADERS names them. Source:
9-quality, section 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from config import demo_people
from resellers import audit
from resellers.models import AuditEntry

Part = Mapping[str, Any]
Loader = Callable[[datetime], Part]
LOADED = "demo.loaded"
SEEDED = {"resellers.contactgroup"}
"""Tables that a migration fills: rows in them are nobody's data."""


@dataclass(frozen=True)
class Demo:
    """What the audit entry is about: the database itself."""

    audit_label: str = "config.demo"
    audit_ref: str = "database"


class ForeignDatabase(Exception):
    """The database holds something that the demo did not make."""


def foreign_rows() -> list[str]:
    """Tables with rows in a database the demo never marked as its own.

    The mark is the first thing the demo writes, into the trail that keeps everything.
    """
    if AuditEntry._meta.db_table not in connection.introspection.table_names():
        return []  # nothing is migrated yet
    if AuditEntry.objects.filter(action=LOADED).exists():
        return []
    rooms = [apps.get_app_config(label) for label in ("resellers", "marketplace")]
    models = [model for room in rooms for model in room.get_models()]
    return [
        str(m._meta.verbose_name_plural)
        for m in models
        if m._meta.label_lower not in SEEDED and QuerySet(model=m).exists()
    ]


def load(now: datetime) -> dict[str, Any]:
    """Load every room's part or nothing; twice is once. Returns what `--json` writes.

    A part holds some of `accounts` (facts by role), `partners`, `ids`, `revoked_key`
    and `expired_key`. Raises ForeignDatabase.
    """
    if names := foreign_rows():
        raise ForeignDatabase(", ".join(names))
    with transaction.atomic():
        return told(load_parts(now))


def load_parts(now: datetime) -> list[Part]:
    if not AuditEntry.objects.filter(action=LOADED).exists():
        audit.record(None, LOADED, Demo())
    return [loader(now) for loader in loaders()]


def loaders() -> list[Loader]:
    return [import_string(dotted) for dotted in settings.DEMO_LOADERS]


def told(parts: list[Part]) -> dict[str, Any]:
    """The parts as one file: who may sign in, with which secrets, and ids to try."""
    facts = [part.get("accounts", {}) for part in parts]
    accounts = [
        account(person)
        | {k: v for each in facts for k, v in each.get(person.role, {}).items()}
        for person in demo_people.PEOPLE
    ]
    file: dict[str, Any] = {
        "base_url": settings.PUBLIC_URL,
        "accounts": accounts,
        "partners": [partner for part in parts for partner in part.get("partners", [])],
        "ids": {},
    }
    for part in parts:
        file["ids"] |= part.get("ids", {})
        file |= {k: part[k] for k in ("revoked_key", "expired_key") if k in part}
    return file


def account(person: demo_people.DemoPerson) -> dict[str, Any]:
    return {
        "role": person.role,
        "email": person.email,
        "password": demo_people.password_for(person.email),
        "totp_secret": demo_people.totp_secret_for(person.email),
    }
