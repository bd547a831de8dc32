"""A thousand ids as one value: `IN` with a parameter each costs more than the answer."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Lookup


class Among(Lookup[list[UUID]]):
    """True when a column is one of these ids: `filter(Among("reseller", ids))`."""

    lookup_name = "among"
    prepare_rhs = False
    output_field = BooleanField()

    def __init__(self, lhs: Any, rhs: Iterable[UUID]) -> None:
        super().__init__(F(lhs) if isinstance(lhs, str) else lhs, list(rhs))

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        column, params = self.process_lhs(compiler, connection)
        ids = json.dumps([pk.hex for pk in self.rhs])
        sql = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 -- a column's name
        return sql, [*params, ids]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        column, params = self.process_lhs(compiler, connection)
        ids = f"{{{','.join([pk.hex for pk in self.rhs])}}}"
        return f"{column} = ANY(%s::uuid[])", [*params, ids]
