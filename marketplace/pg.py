"""Vendor SQL of the marketplace: searching words, one meaning in two forms."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Lookup


class HasWords(Lookup[list[str]]):
    """True when each given word begins a word of the text.

    Both sides are folded (`marketplace.catalogue.words`): letters and digits only, so
    a pattern needs no escape. Used as an expression, `HasWords(F("search_text"),
    words)`; PostgreSQL answers from the trigram index `offering_search`, whose
    expression stands here once more, letter by letter.
    """

    lookup_name = "has_words"
    prepare_rhs = False
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        return self._each(compiler, connection, "INSTR(' ' || {text}, %s) > 0", "")

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        return self._each(compiler, connection, "(' ' || {text}) LIKE %s", "%")

    def _each(
        self, compiler: Any, connection: BaseDatabaseWrapper, sql: str, around: str
    ) -> Any:
        text, params = self.process_lhs(compiler, connection)
        every = " AND ".join(sql.format(text=text) for _ in self.rhs)
        found = [(*params, f"{around} {word}{around}") for word in self.rhs]
        return f"({every})", [param for each in found for param in each]
