from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def install_guards(*, using: str, **_: Any) -> None:
    from resellers import pg  # noqa: PLC0415 -- apps are not ready when this loads

    pg.install_guards(using)


class ResellersConfig(AppConfig):
    name = "resellers"
    verbose_name = "Resellers"

    def ready(self) -> None:

        post_migrate.connect(install_guards, sender=self)
