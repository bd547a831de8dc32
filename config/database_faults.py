"""What a database error means, read off SQLite's words or PostgreSQL's SQLSTATE."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.apps import apps
from django.db import IntegrityError
from django.db.models import BaseConstraint, Field, Model, UniqueConstraint

SQLSTATE_KINDS: dict[str, "Kind"] = {
    "23505": "unique",
    "23P01": "unique",
    "23514": "check",
    "23503": "foreign_key",
    "23502": "check",
}
DEADLOCK_STATES = {"40P01", "40001"}
LOCK_TIMEOUT_STATE = "55P03"
STATEMENT_TIMEOUT_STATE = "57014"
READ_ONLY_STATE = "25006"

Kind = Literal["unique", "check", "foreign_key"]


@dataclass(frozen=True)
class Violation:
    """A constraint that refused a write; code and detail are the constraint's own."""

    kind: Kind
    code: str = ""
    detail: str = ""


def sqlstate_of(exc: BaseException) -> str:
    """PostgreSQL's five characters, or nothing (SQLite has none)."""
    return getattr(exc.__cause__, "sqlstate", None) or ""


def is_deadlock(exc: BaseException) -> bool:
    """True when running the transaction again may succeed at once."""
    return sqlstate_of(exc) in DEADLOCK_STATES


def is_lock_timeout(exc: BaseException) -> bool:
    return sqlstate_of(exc) == LOCK_TIMEOUT_STATE


def is_too_slow(exc: BaseException) -> bool:
    return sqlstate_of(exc) == STATEMENT_TIMEOUT_STATE


def is_read_only(exc: BaseException) -> bool:
    return sqlstate_of(exc) == READ_ONLY_STATE


def violation_of(exc: IntegrityError) -> Violation | None:
    """Which constraint refused, or None when a trigger or a bug did."""
    state = sqlstate_of(exc)
    if state in SQLSTATE_KINDS:
        diagnosis = getattr(exc.__cause__, "diag", None)
        name = getattr(diagnosis, "constraint_name", None) or ""
        return _described(SQLSTATE_KINDS[state], constraints_by_name().get(name))
    return _sqlite_violation(str(exc))


def _sqlite_violation(message: str) -> Violation | None:
    if named := re.match(r"CHECK constraint failed: (\w+)", message):
        return _described("check", constraints_by_name().get(named[1]))
    if named := re.match(r"UNIQUE constraint failed: index '(\w+)'", message):
        return _described("unique", constraints_by_name().get(named[1]))
    if listed := re.match(r"UNIQUE constraint failed: (.+)", message):
        columns = frozenset(listed[1].split(", "))
        return _described("unique", constraints_by_columns().get(columns))
    if message.startswith("FOREIGN KEY constraint failed"):
        return Violation("foreign_key")
    if message.startswith("NOT NULL constraint failed"):
        return Violation("check")
    return None


def _described(kind: Kind, constraint: BaseConstraint | None) -> Violation:
    if constraint is None:
        return Violation(kind)
    detail = str(constraint.violation_error_message)
    if detail == str(constraint.default_violation_error_message):
        detail = ""  # it would name the constraint, which tells nobody what to do
    return Violation(kind, constraint.violation_error_code or "", detail)


@cache
def constraints_by_name() -> dict[str, BaseConstraint]:
    return {
        constraint.name: constraint
        for model in apps.get_models()
        for constraint in model._meta.constraints
    }


@cache
def constraints_by_columns() -> dict[frozenset[str], BaseConstraint]:
    """Unique constraints by `table.column`, which is all that SQLite tells."""
    found: dict[frozenset[str], BaseConstraint] = {}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and constraint.fields:
                columns = frozenset(
                    f"{model._meta.db_table}.{_column(model, name)}"
                    for name in constraint.fields
                )
                found.setdefault(columns, constraint)
    return found


def _column(model: type[Model], name: str) -> str:
    field = model._meta.get_field(name)
    return str(field.column) if isinstance(field, Field) else name
