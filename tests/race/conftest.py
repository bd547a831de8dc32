"""Races are run where they can be lost: on PostgreSQL, each thread a connection."""

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def on_postgres(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite runs one writer after the other")
