import sys
from typing import Any

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

OLDEST_POSTGRES = 150_000


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Consign"
    default = True

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415 -- registers them

        connection_created.connect(refuse_old_postgres)


class ConsignAdminConfig(admin.AdminConfig):
    default = False
    default_site = "config.admin_site.ConsignAdminSite"


def refuse_old_postgres(connection: BaseDatabaseWrapper, **_facts: Any) -> None:
    """A server below version 15 stops every command, like a bad variable."""
    version = getattr(connection, "pg_version", OLDEST_POSTGRES)
    if connection.vendor == "postgresql" and version < OLDEST_POSTGRES:
        sys.stderr.write("DATABASE_URL: PostgreSQL must be version 15 or later\n")
        sys.exit(2)
