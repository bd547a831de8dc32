"""Vendor SQL of the marketplace: searching words, one meaning in two forms."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Lookup


class HasWords(Lookup[list[str]]):
    """True when each given word begins a word of the text.

    Both sides are folded (`marketplace.catalogue.words`): letters and digits only. Used
    as an expression, `HasWords(F("search_text"), words)`; PostgreSQL answers from the
    index `offering_search`, whose expression stands here once more, letter by letter.
    """

    lookup_name = "has_words"
    prepare_rhs = False
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        text, params = self.process_lhs(compiler, connection)
        sql = " AND ".join(f"INSTR(' ' || {text}, %s) > 0" for _ in self.rhs)
        found = [(*params, f" {word}") for word in self.rhs]
        return f"({sql})", [param for each in found for param in each]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        text, params = self.process_lhs(compiler, connection)
        query = " & ".join(f"'{word}':*" for word in self.rhs)
        sql = (
            f"array_to_tsvector(array_remove(string_to_array({text}, ' '), ''))"
            " @@ %s::tsquery"
        )
        return sql, [*params, query]
