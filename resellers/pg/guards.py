"""Guards of append-only tables: triggers, generated from the models.

A model that may only grow says so with `append_only = AppendOnly(…)`. From that and
its columns the guards are generated for SQLite and PostgreSQL; both refuse with an
IntegrityError (SQLSTATE 23001). SQLite needs `PRAGMA recursive_triggers=ON`, or
INSERT OR REPLACE deletes past them, and it loses triggers whenever a migration
rebuilds a table: `install_guards` therefore runs after every migrate.
Source: 6-ledger, section 10; 9-quality, section 9.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

ROW_GUARD = 1 + 2 + 4 + 8 + 16  # pg_trigger.tgtype: row, before, insert/delete/update
TRUNCATE_GUARD = 2 + 32  # before, truncate


@dataclass(frozen=True)
class Group:
    """Rows that follow a root never take it below zero or above itself."""

    root: str
    amount: str
    same: tuple[str, ...]
    root_is: tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class AppendOnly:
    """What may still change in a row after its insert; by default nothing.

    `moves` maps each value of `state` to those it may be reached from; `never_new`
    are values no row starts with; `while_in` names the states a column may change in;
    `sealed_by` is a column that closes the row: once it is set nothing changes;
    `integers` are columns that SQLite must not store as anything else.
    """

    mutable: frozenset[str] = frozenset()
    state: str = ""
    moves: Mapping[Any, frozenset[Any]] = field(default_factory=dict)
    never_new: frozenset[str] = frozenset()
    while_in: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    sealed_by: str = ""
    integers: tuple[str, ...] = ()
    group: Group | None = None

    @property
    def final(self) -> list[str]:
        """States that no row leaves."""
        left = {str(old) for reached in self.moves.values() for old in reached}
        return sorted(str(state) for state in self.moves if str(state) not in left)


@dataclass(frozen=True)
class Refusal:
    """A condition on OLD and NEW under which the database refuses."""

    name: str
    event: str
    condition: str
    message: str


def append_only_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if hasattr(model, "append_only")]


def install_guards(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create the guards of every append-only table that exists, anew."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = _tables(connection, cursor)
        for model in append_only_models():
            _drop(connection, cursor, model, exists=model._meta.db_table in tables)
            if model._meta.db_table in tables:
                for statement in _create(connection, model):
                    cursor.execute(statement)


def drop_guards(using: str = DEFAULT_DB_ALIAS) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = _tables(connection, cursor)
        for model in append_only_models():
            _drop(connection, cursor, model, exists=model._meta.db_table in tables)


@contextmanager
def guards_lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Without guards for a moment: only for the flush between tests."""
    drop_guards(using)
    try:
        yield
    finally:
        install_guards(using)


def missing_guards(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of guards that are absent, switched off or not as generated.

    On SQLite `recursive_triggers` is one of them. Tables that are not there yet have
    nothing to guard.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = _tables(connection, cursor)
        guarded = [m for m in append_only_models() if m._meta.db_table in tables]
        if connection.vendor == "postgresql":
            return _missing_postgres(cursor, guarded, connection)
        return _missing_sqlite(cursor, guarded, connection)


def _tables(connection: BaseDatabaseWrapper, cursor: CursorWrapper) -> set[str]:
    return {
        table.name for table in connection.introspection.get_table_list(cursor=cursor)
    }


def _quoted(values: Sequence[Any]) -> str:
    return ", ".join("'" + str(value).replace("'", "''") + "'" for value in values)


def _refusals(model: type[models.Model], differs: str) -> list[Refusal]:
    """The refusals both databases share; `differs` is their null-safe "is not"."""
    rule: AppendOnly = model.append_only  # type: ignore[attr-defined]  # see caller
    table = model._meta.db_table
    columns = [str(each.column) for each in model._meta.concrete_fields]
    fixed = [column for column in columns if column not in rule.mutable]
    changed = " OR ".join(_changed(column, differs) for column in fixed)
    refusals = [Refusal("final", "UPDATE", changed, f"{table}: a final column")]
    if rule.state:
        refusals += _state_refusals(rule, table, differs)
    if rule.sealed_by:
        touched = " OR ".join(_changed(each, differs) for each in sorted(rule.mutable))
        sealed = f'OLD."{rule.sealed_by}" IS NOT NULL AND ({touched})'
        refusals.append(Refusal("sealed", "UPDATE", sealed, f"{table}: a sealed row"))
    if rule.group:
        refusals.append(_group_refusal(rule.group, table))
    return refusals


def _changed(column: str, differs: str) -> str:
    return f'OLD."{column}" {differs} NEW."{column}"'


def _state_refusals(rule: AppendOnly, table: str, differs: str) -> list[Refusal]:
    old, new = f'OLD."{rule.state}"', f'NEW."{rule.state}"'
    legal = " OR ".join(
        f"({new} = '{to}' AND {old} IN ({_quoted(sorted(map(str, reached)))}))"
        for to, reached in sorted(rule.moves.items(), key=str)
        if reached
    )
    moved = _changed(rule.state, differs)
    settled = " OR ".join(_changed(each, differs) for each in sorted(rule.mutable))
    refusals = [
        Refusal("moves", "UPDATE", f"{moved} AND NOT ({legal})", f"{table}: the move"),
        Refusal(
            "settled",
            "UPDATE",
            f"{old} IN ({_quoted(rule.final)}) AND ({settled})",
            f"{table}: a settled row",
        ),
    ]
    for column, states in rule.while_in.items():
        allowed = _quoted(sorted(map(str, states)))
        condition = f"{_changed(column, differs)} AND {old} NOT IN ({allowed})"
        refusals.append(
            Refusal(f"fixed_{column}", "UPDATE", condition, f"{table}: {column}")
        )
    if rule.never_new:
        born = _quoted(sorted(map(str, rule.never_new)))
        refusals.append(
            Refusal("new", "INSERT", f"{new} IN ({born})", f"{table}: a new row")
        )
    return refusals


def _group_refusal(group: Group, table: str) -> Refusal:
    root, amount = f'NEW."{group.root}"', group.amount
    same = " AND ".join(f'root."{each}" = NEW."{each}"' for each in group.same)
    column, kinds = group.root_is
    condition = (
        f"{root} IS NOT NULL AND NOT EXISTS ("  # noqa: S608 -- names of the model
        f'SELECT 1 FROM "{table}" root WHERE root."id" = {root} AND {same}'
        f' AND root."{column}" IN ({_quoted(kinds)}) AND root."{amount}" > 0'
        f' AND root."{amount}" + NEW."{amount}" + COALESCE((SELECT'
        f' SUM(follower."{amount}") FROM "{table}" follower'
        f' WHERE follower."{group.root}" = root."id"), 0)'
        f' BETWEEN 0 AND root."{amount}")'
    )
    return Refusal("group", "INSERT", condition, f"{table}: more than its root")


def _create(connection: BaseDatabaseWrapper, model: type[models.Model]) -> list[str]:
    if connection.vendor == "postgresql":
        return _create_postgres(model)
    return list(_create_sqlite(model).values())


def _create_sqlite(model: type[models.Model]) -> dict[str, str]:
    rule: AppendOnly = model.append_only  # type: ignore[attr-defined]  # see caller
    table = model._meta.db_table
    refusals = [
        Refusal("kept", "DELETE", "1", f"{table}: a row is kept"),
        *_refusals(model, "IS NOT"),
    ]
    if rule.integers:
        crooked = " OR ".join(
            f"typeof(NEW.\"{column}\") NOT IN ('integer', 'null')"
            for column in rule.integers
        )
        refusals.append(
            Refusal("integers", "INSERT", crooked, f"{table}: not a whole number")
        )
    return {
        f"{table}_guard_{each.name}": (
            f'CREATE TRIGGER "{table}_guard_{each.name}" BEFORE {each.event}'
            f' ON "{table}" WHEN {each.condition}'
            f" BEGIN SELECT RAISE(ABORT, '{each.message} is refused'); END"
        )
        for each in refusals
    }


def _postgres_body(model: type[models.Model]) -> str:
    rule: AppendOnly = model.append_only  # type: ignore[attr-defined]  # see caller
    table = model._meta.db_table
    lines = [
        "BEGIN",
        "IF TG_OP IN ('DELETE', 'TRUNCATE') THEN",
        _raise(f"{table}: a row is kept"),
        "END IF;",
    ]
    if rule.group:
        lines += [
            f"IF TG_OP = 'INSERT' AND NEW.\"{rule.group.root}\" IS NOT NULL THEN",
            f'PERFORM 1 FROM "{table}" WHERE "id" = NEW."{rule.group.root}"'
            " FOR NO KEY UPDATE;",
            "END IF;",
        ]
    for each in _refusals(model, "IS DISTINCT FROM"):
        lines += [
            f"IF TG_OP = '{each.event}' THEN IF {each.condition} THEN",
            _raise(each.message),
            "END IF; END IF;",
        ]
    return "\n".join([*lines, "RETURN NEW;", "END"])


def _raise(message: str) -> str:
    return f"RAISE EXCEPTION '{message} is refused' USING ERRCODE = '23001';"


def _create_postgres(model: type[models.Model]) -> list[str]:
    table = model._meta.db_table
    call = f'EXECUTE FUNCTION "{table}_guard"()'
    return [
        f'CREATE OR REPLACE FUNCTION "{table}_guard"() RETURNS trigger'
        f" LANGUAGE plpgsql AS $guard$\n{_postgres_body(model)}\n$guard$",
        f'CREATE TRIGGER "{table}_guard_rows" BEFORE INSERT OR UPDATE OR DELETE'
        f' ON "{table}" FOR EACH ROW {call}',
        f'CREATE TRIGGER "{table}_guard_truncate" BEFORE TRUNCATE'
        f' ON "{table}" FOR EACH STATEMENT {call}',
    ]


def _drop(
    connection: BaseDatabaseWrapper,
    cursor: CursorWrapper,
    model: type[models.Model],
    *,
    exists: bool,
) -> None:
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        if exists:
            for part in ("rows", "truncate"):
                cursor.execute(
                    f'DROP TRIGGER IF EXISTS "{table}_guard_{part}" ON "{table}"'
                )
        cursor.execute(f'DROP FUNCTION IF EXISTS "{table}_guard"()')
        return
    cursor.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        [table],
    )
    for (name,) in cursor.fetchall():
        if name.startswith(f"{table}_guard_"):
            cursor.execute(f'DROP TRIGGER "{name}"')


def _missing_sqlite(
    cursor: CursorWrapper,
    guarded: list[type[models.Model]],
    connection: BaseDatabaseWrapper,
) -> list[str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    there = dict(cursor.fetchall())
    missing = [
        name
        for model in guarded
        for name, sql in _create_sqlite(model).items()
        if there.get(name) != sql
    ]
    cursor.execute("PRAGMA recursive_triggers")
    if cursor.fetchone()[0] != 1:
        missing.append("recursive_triggers")
    return missing


def _missing_postgres(
    cursor: CursorWrapper,
    guarded: list[type[models.Model]],
    connection: BaseDatabaseWrapper,
) -> list[str]:
    cursor.execute(
        "SELECT t.tgname, t.tgtype, p.prosrc FROM pg_trigger t"
        " JOIN pg_proc p ON p.oid = t.tgfoid"
        " JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
        " AND pg_table_is_visible(c.oid)"
    )
    there = {name: (kind, body.strip()) for name, kind, body in cursor.fetchall()}
    missing = []
    for model in guarded:
        table, body = model._meta.db_table, _postgres_body(model)
        for part, kind in (("rows", ROW_GUARD), ("truncate", TRUNCATE_GUARD)):
            if there.get(f"{table}_guard_{part}") != (kind, body):
                missing.append(f"{table}_guard_{part}")
    return missing
