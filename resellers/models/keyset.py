"""Lists by keyset: page 1,000 costs what page 1 costs, for pages and API.

The bound is written `(a, id) > (x, y)`, which an index answers by one descent. Where the
directions differ it is `a >= x AND (a > x OR …)`: without its first half the index is
walked from the start, with it only equal values of `a` are.
Source: 8-api, "Resources"; 11-performance.
"""

import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import (
    Expression,
    F,
    Func,
    IntegerField,
    Lookup,
    Model,
    Q,
    QuerySet,
    Value,
)
from django.db.models.lookups import GreaterThan, LessThan

from resellers.errors import DomainError

COUNT_CEILING = 10_000
CURSOR_CHARACTERS = 2_048

Row = TypeVar("Row")

UNPACK: dict[str, Callable[[str], Any]] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "u": UUID,
}


class BadCursor(DomainError):
    """A cursor that this list did not hand out."""

    code = "bad_cursor"
    status = 400
    title = "The cursor does not belong to this list"


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """The rows of a page and the cursors of its neighbours."""

    rows: Sequence[Row]
    next: str | None
    previous: str | None


class Keyset:
    """An ordering by columns that are never null, the last of them unique.

    `Keyset("-created_at", "-id")` reads newest first. The names may be annotations;
    rows may be models or dictionaries (`values()`).
    """

    def __init__(self, *keys: str) -> None:
        self.keys = keys
        self.names = [key.removeprefix("-") for key in keys]
        self.signer = signing.Signer(salt=f"keyset:{','.join(keys)}")

    def page(
        self,
        queryset: QuerySet[Any, Row],
        *,
        limit: int,
        cursor: str | None = None,
        values: Callable[[Row], Sequence[Any]] | None = None,
    ) -> KeysetPage[Row]:
        """Read one page. Raises BadCursor; pages use `page_or_first`.

        `values` finds the keys in rows that do not have them by name (`values_list()`).
        """
        backwards, bound = self._read(cursor)
        keys = self._directed(backwards=backwards)
        if bound is not None:
            queryset = queryset.filter(_beyond(keys, bound))
        found = list(queryset.order_by(*keys)[: limit + 1])
        more, rows = len(found) > limit, found[:limit]
        if backwards:
            rows.reverse()
        has_next = bool(rows) if backwards else more
        has_previous = more if backwards else bool(cursor and rows)
        keys_of = values or self._values
        return KeysetPage(
            rows,
            self._cursor(keys_of(rows[-1]), backwards=False) if has_next else None,
            self._cursor(keys_of(rows[0]), backwards=True) if has_previous else None,
        )

    def page_or_first(
        self, queryset: QuerySet[Any, Row], *, limit: int, cursor: str | None = None
    ) -> KeysetPage[Row]:
        """Read one page; a bad cursor gives page one (4-marketplace, section 9)."""
        try:
            return self.page(queryset, limit=limit, cursor=cursor)
        except BadCursor:
            return self.page(queryset, limit=limit)

    def filtered(
        self, queryset: QuerySet[Any, Row], cursor: str | None
    ) -> QuerySet[Any, Row]:
        """The rows beyond a cursor, in any order: for measuring. Raises BadCursor."""
        backwards, bound = self._read(cursor)
        if bound is None:
            return queryset
        return queryset.filter(_beyond(self._directed(backwards=backwards), bound))

    def _directed(self, *, backwards: bool) -> list[str]:
        return [_turned(key) for key in self.keys] if backwards else list(self.keys)

    def _values(self, row: Row) -> list[Any]:
        return [_value(row, name) for name in self.names]

    def _cursor(self, values: Sequence[Any], *, backwards: bool) -> str:
        packed = [_packed(value) for value in values]
        return self.signer.sign_object([int(backwards), *packed])

    def _read(self, cursor: str | None) -> tuple[bool, list[Any] | None]:
        """The direction and the values of a cursor; no values on page one."""
        if not cursor:
            return False, None
        try:
            if len(cursor) > CURSOR_CHARACTERS:
                raise BadCursor
            backwards, *values = self.signer.unsign_object(cursor)
        except (signing.BadSignature, binascii.Error, ValueError) as exc:
            raise BadCursor from exc
        return bool(backwards), [_unpacked(value) for value in values]


def count_up_to(queryset: QuerySet[Any, Any], ceiling: int = COUNT_CEILING) -> int:
    """Count rows, but no further than one past the ceiling ("10,000+")."""
    return queryset.order_by()[: ceiling + 1].count()


def _beyond(keys: Sequence[str], bound: Sequence[Any]) -> Q | Lookup[Any]:
    """Rows after the bound."""
    names = [key.removeprefix("-") for key in keys]
    descending = [key.startswith("-") for key in keys]
    if len(set(descending)) == 1 and len(keys) > 1:
        beyond = LessThan if descending[0] else GreaterThan
        return beyond(_row(map(F, names)), _row(map(Value, bound)))
    return _beyond_mixed(keys, bound)


def _row(values: Iterable[Expression | F]) -> Func:
    """A row constructor, compared column by column: `(a, id)`."""
    return Func(*values, template="(%(expressions)s)", output_field=IntegerField())


def _beyond_mixed(keys: Sequence[str], bound: Iterable[Any]) -> Q:
    """Rows after the bound: for each key the wide half first, then the exact one."""
    condition: Q | None = None
    for key, value in reversed(list(zip(keys, bound, strict=True))):
        name, after = key.removeprefix("-"), "lt" if key.startswith("-") else "gt"
        strictly = Q(**{f"{name}__{after}": value})
        if condition is None:
            condition = strictly
        else:
            condition = Q(**{f"{name}__{after}e": value}) & (strictly | condition)
    return condition or Q()


def _turned(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def _value(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row[name]
    for part in name.split("__"):
        row = getattr(row, part)
    return row.pk if isinstance(row, Model) else row


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, UUID):
        return {"u": value.hex}
    json.dumps(value)  # a key of another type is a mistake of ours: fail here
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        kind, text = next(iter(value.items()))
        return UNPACK[kind](text)
    return value
