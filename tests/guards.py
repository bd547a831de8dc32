"""The flush between transactional tests: append-only tables refuse it, and it takes
with it the rows that migrations planted."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import connections
from django.test import TransactionTestCase

from resellers import pg


def let_tests_flush() -> None:
    """Lift the guards around the flush and plant anew; called once by conftest."""
    hooks: Any = TransactionTestCase
    flush = hooks._fixture_teardown  # noqa: SLF001 -- there is no public hook

    def teardown(case: Any) -> None:
        for alias in case._databases_names(include_mirrors=False):  # noqa: SLF001
            pg.drop_guards(alias)
        try:
            flush(case)
        finally:
            for alias in case._databases_names(include_mirrors=False):  # noqa: SLF001
                if not connections[alias].needs_rollback:
                    pg.install_guards(alias)
                    _plant(alias)

    hooks._fixture_teardown = teardown  # noqa: SLF001 -- see above


def _plant(alias: str) -> None:
    seeds = import_module("resellers.migrations.0004_profile_seeds")
    seeds.plant(apps, SimpleNamespace(connection=connections[alias]))
