from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ResellersConfig(AppConfig):
    name = "resellers"
    verbose_name = "Resellers"

    def ready(self) -> None:
        post_migrate.connect(install_guards, sender=self)


def install_guards(*, using: str, **_: Any) -> None:
    """After every migrate: SQLite loses triggers when a table is rebuilt."""
    from resellers import pg  # noqa: PLC0415 -- needs the applications to be loaded

    pg.install_guards(using)
