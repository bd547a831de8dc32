"""Search and sort by `search_text` on PostgreSQL; SQLite needs nothing for it.

The index holds the words of listed offerings (`marketplace.pg.HasWords`). Collation C
sorts by code point as SQLite does, so that both lists have one order.
"""

from typing import Any

from django.db import migrations

COLLATE = """
    ALTER TABLE marketplace_offering
    ALTER COLUMN search_text TYPE text COLLATE {collation}
"""
CREATE_INDEX = """
    CREATE INDEX offering_search ON marketplace_offering USING gin (
        array_to_tsvector(array_remove(string_to_array(search_text, ' '), ''))
    ) WHERE status = 'available' AND visibility = 'public'
"""


def add_search(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(COLLATE.format(collation='"C"'))
        schema_editor.execute(CREATE_INDEX)


def remove_search(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX offering_search")
        schema_editor.execute(COLLATE.format(collation='"default"'))


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0001_initial")]

    operations = [migrations.RunPython(add_search, remove_search)]
