"""Extended values by key and value: one question, one form for each database.

Source: 5-resellers, section 3; document 2, "Querying extended values".
"""

import json
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, JSONField, Lookup


@JSONField.register_lookup
class Holds(Lookup[tuple[str, str | None]]):
    """True when a list of key/value objects has this key, with this value if given.

    `filter(extended_values__holds=("membership_level", "Gold"))`, or `("vip_status",
    None)` for the key alone. PostgreSQL answers from a GIN index of jsonb_path_ops.
    """

    lookup_name = "holds"
    prepare_rhs = False
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        column, params = self.process_lhs(compiler, connection)
        key, value = self.rhs
        wanted = "json_extract(j.value, '$.key') = %s"
        given = [key]
        if value is not None:
            wanted += " AND json_extract(j.value, '$.value') = %s"
            given.append(value)
        sql = f"EXISTS (SELECT 1 FROM json_each({column}) j WHERE {wanted})"  # noqa: S608 -- a column's name
        return sql, [*params, *given]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        column, params = self.process_lhs(compiler, connection)
        key, value = self.rhs
        element = {"key": key} if value is None else {"key": key, "value": value}
        return f"{column} @> %s::jsonb", [*params, json.dumps([element])]
