"""The keys of extended values across all profiles: one grouped query.

Source: 5-resellers, section 3 ("Key catalogue").
"""

from django.db import connection

_COUNTED = """
    SELECT {key} AS name, COUNT(*), COUNT(DISTINCT {value}), MIN({value})
    FROM resellers, {elements}
    GROUP BY 1 ORDER BY 1
"""
_POSTGRES = {
    "elements": "jsonb_array_elements(extended_values) AS pair",
    "key": "(pair->>'key') COLLATE \"C\"",
    "value": "(pair->>'value') COLLATE \"C\"",
}
_SQLITE = {
    "elements": "json_each(extended_values) AS pair",
    "key": "json_extract(pair.value, '$.key')",
    "value": "json_extract(pair.value, '$.value')",
}


def count_keys() -> list[tuple[str, int, int, str]]:
    """Each key with its profiles, its distinct values and one of them, by key."""
    parts = _POSTGRES if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(**parts))
        rows: list[tuple[str, int, int, str]] = cursor.fetchall()
    return rows
