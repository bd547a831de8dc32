"""Search and sort by `search_text` on PostgreSQL; SQLite needs nothing for it.

The index finds words of listed offerings (`marketplace.pg.HasWords`); the statistics
tell the planner which words are too common to be worth it. Collation C sorts by code
point as SQLite does, so that both lists have one order.
"""

from typing import Any

from django.db import migrations

COLLATE = """
    ALTER TABLE marketplace_offering
    ALTER COLUMN search_text TYPE text COLLATE {collation}
"""
CREATE_EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
CREATE_INDEX = """
    CREATE INDEX offering_search ON marketplace_offering
    USING gin ((' ' || search_text) gin_trgm_ops)
    WHERE status = 'available' AND visibility = 'public'
"""
CREATE_STATISTICS = """
    CREATE STATISTICS offering_words ON (' ' || search_text) FROM marketplace_offering
"""


def add_search(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(COLLATE.format(collation='"C"'))
        schema_editor.execute(CREATE_EXTENSION)
        schema_editor.execute(CREATE_INDEX)
        schema_editor.execute(CREATE_STATISTICS)


def remove_search(apps: Any, schema_editor: Any) -> None:
    """The extension stays: others may use it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP STATISTICS offering_words")
        schema_editor.execute("DROP INDEX offering_search")
        schema_editor.execute(COLLATE.format(collation='"default"'))


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0001_initial")]

    operations = [migrations.RunPython(add_search, remove_search)]
