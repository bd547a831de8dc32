"""What only PostgreSQL has: indexes into texts and JSON, periods that never overlap.

SQLite answers the same questions by looking at the rows; the action refuses
overlapping periods on both.
"""

from typing import Any

from django.db import migrations

STATEMENTS = [
    ("CREATE EXTENSION IF NOT EXISTS pg_trgm", ""),
    ("CREATE EXTENSION IF NOT EXISTS btree_gist", ""),
    (
        "CREATE INDEX reseller_extended_values ON resellers"
        " USING gin (extended_values jsonb_path_ops)",
        "DROP INDEX IF EXISTS reseller_extended_values",
    ),
    (
        "CREATE INDEX reseller_search_text ON resellers"
        " USING gin (search_text gin_trgm_ops)",
        "DROP INDEX IF EXISTS reseller_search_text",
    ),
    (
        "CREATE INDEX reseller_search_digits ON resellers"
        " USING gin (search_digits gin_trgm_ops)",
        "DROP INDEX IF EXISTS reseller_search_digits",
    ),
    (
        "ALTER TABLE resellers_referral ADD CONSTRAINT referral_periods"
        " EXCLUDE USING gist (customer_ref WITH =,"
        " tstzrange(referred_at, ended_at) WITH &&)",
        "ALTER TABLE resellers_referral DROP CONSTRAINT IF EXISTS referral_periods",
    ),
]


def build(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        for forwards, _ in STATEMENTS:
            editor.execute(forwards)


def take_down(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        for _, backwards in reversed(STATEMENTS):
            if backwards:
                editor.execute(backwards)


class Migration(migrations.Migration):
    dependencies = [("resellers", "0002_profiles")]

    operations = [migrations.RunPython(build, take_down, elidable=False)]
