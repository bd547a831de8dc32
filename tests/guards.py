"""Append-only tables refuse the flush between transactional tests: let it pass."""

from typing import Any

from django.db import connections
from django.test import TransactionTestCase

from resellers import pg


def let_tests_flush() -> None:
    """Lift the guards around the flush, and only there; called once by conftest."""
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

    hooks._fixture_teardown = teardown  # noqa: SLF001 -- see above
