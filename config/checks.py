"""Own system checks, `consign.E001` and on. Source: 9-quality, sections 1, 2 and 9.

E001 the database keeps what it commits; E002 each API view says who may call it;
E003 the append-only guards stand; E004 DEMO only on a database the demo made.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from config.demo import foreign_rows
from resellers import pg

KEPT = {
    "postgresql": {
        "fsync": {"on"},
        "full_page_writes": {"on"},
        "synchronous_commit": {"on", "local", "remote_write", "remote_apply"},
        "default_transaction_isolation": {"read committed"},
    },
    "sqlite": {
        "journal_mode": {"wal", "memory"},  # memory: the tests' database
        "synchronous": {"2", "3"},
        "foreign_keys": {"1"},
    },
}


@register(Tags.database)
def check_durability(
    databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    if not databases:
        return []
    found = pg.durability()
    return [
        Error(
            f"The database's {name} is {found.get(name)}, not one of:"
            f" {', '.join(sorted(allowed))}.",
            hint="Acknowledged changes could be lost. See docs/operators.md.",
            id="consign.E001",
        )
        for name, allowed in KEPT[connection.vendor].items()
        if found.get(name) not in allowed
    ]


@register(Tags.database, deploy=True)
def check_guards(
    databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Of deployments only: migrate would stop at it, and migrate is what repairs it."""
    if not databases:
        return []
    return [
        Error(
            f"The guard {name} of an append-only table is missing.",
            hint="Run: python manage.py migrate",
            id="consign.E003",
        )
        for name in pg.missing_guards()
    ]


@register(Tags.database)
def check_demo(
    databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    if not databases or not settings.DEMO:
        return []
    return [
        Error(
            f"DEMO is on, and the database holds {name} that the demo did not make.",
            hint="Unset DEMO, or name an empty database in DATABASE_URL.",
            id="consign.E004",
        )
        for name in foreign_rows()
    ]


@register(Tags.security)
def check_permissions(**_options: Any) -> list[CheckMessage]:
    """An API view without permission classes would let everybody in."""
    return [
        Error(f"{name} declares no permission.", id="consign.E002")
        for name, view in api_views(get_resolver().url_patterns)
        if not view.permission_classes
    ]


def api_views(
    patterns: Sequence[URLPattern | URLResolver],
) -> Iterator[tuple[str, Any]]:
    """Name and class of each view that has permission classes to declare."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from api_views(pattern.url_patterns)
            continue
        view = getattr(pattern.callback, "cls", None)
        if view is not None and hasattr(view, "permission_classes"):
            yield f"{view.__module__}.{view.__qualname__}", view
