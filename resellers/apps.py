from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import DatabaseError
from django.db.models.signals import post_migrate

MISSING_GUARDS = "consign.E003"


class ResellersConfig(AppConfig):
    name = "resellers"
    verbose_name = "Resellers"

    def ready(self) -> None:
        post_migrate.connect(install_guards, sender=self)
        checks.register(check_guards, "consign", deploy=True)


def install_guards(*, using: str, **_: Any) -> None:
    """After every migrate: SQLite loses triggers when a table is rebuilt."""
    from resellers import pg  # noqa: PLC0415 -- needs the applications to be loaded

    pg.install_guards(using)


def check_guards(**_: Any) -> list[checks.CheckMessage]:
    """consign.E003: every guard of the append-only tables stands as generated.

    A check of deployments, since migrate would stop at it and is what repairs it.
    """
    from resellers import pg  # noqa: PLC0415 -- needs the applications to be loaded

    try:
        missing = pg.missing_guards()
    except DatabaseError:
        return []  # no database to look at: /readyz and migrate tell of that
    return [
        checks.Error(
            f"The guard {name} is missing or changed: ledger and audit can be edited.",
            hint="Run `manage.py migrate`, which installs it again.",
            id=MISSING_GUARDS,
        )
        for name in missing
    ]
