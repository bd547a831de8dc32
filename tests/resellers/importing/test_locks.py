"""An import takes no lock by name for each of its rows: PostgreSQL has too few."""

import pytest
from django.db import connection, transaction

from resellers import pg
from resellers.models import Rate
from tests.resellers.importing.desk import bring_in, file_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="locks by name"),
]
ROWS = 40


def locks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        return cursor.fetchone()[0]


def test_names_are_locked_but_where_it_is_said():
    with transaction.atomic():
        with pg.names_unlocked():
            pg.lock_names(["one", "two"])
        assert locks() == 0
        pg.lock_names(["one", "two"])
        assert locks() == 2


@pytest.mark.parametrize("kind", ["resellers", "sales"])
def test_import_locks_no_names(finance, kind):
    """The test's transaction holds what the import's held."""
    heads = {
        "resellers": ("email,commission_rate", "p{n}@example.com,15.5"),
        "sales": (
            "event_key,customer_ref,amount,currency,occurred_at",
            "inv-{n},C-1,65,USD,2026-02-01",
        ),
    }
    head, row = heads[kind]
    held = bring_in(
        file_of(head, *(row.format(n=n) for n in range(ROWS))), finance, kind
    )
    assert held.state == "imported"
    assert Rate.objects.count() == (ROWS if kind == "resellers" else 0)
    assert locks() == 0
