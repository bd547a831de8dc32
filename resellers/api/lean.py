"""The list of resellers as bytes: one row of tuples, no object and no serializer each.

The hot list only: everything else goes through serializers. `ResellerRowOut` describes
the same JSON, and a test holds the two together, field by field. Times are read as
text, since making a thousand of them costs more than the rest of the rows.
Source: 11-performance, "The lean list".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import orjson
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from resellers.models import Reseller
from resellers.models.keyset import Keyset, KeysetPage
from resellers.totals import brought_by

SHOWN = (
    "id",
    "first_name",
    "last_name",
    "user__email",
    "organization",
    "contact_group__slug",
    "city",
    "state",
    "phone",
    "status",
)
CREATED = len(SHOWN)
Tuple = tuple[Any, ...]


@dataclass(frozen=True)
class LeanPage:
    """A page as JSON, and the pages beside it."""

    body: bytes
    keys: KeysetPage[Tuple]

    @property
    def total(self) -> int | None:
        """How many there are, where the page holds them all: the others are not counted."""
        beside = self.keys.next or self.keys.previous
        return None if beside else len(self.keys.rows)


def lean_page(
    resellers: QuerySet[Reseller] | None,
    keyset: Keyset,
    *,
    currency: str,
    limit: int,
    cursor: str,
) -> LeanPage:
    """Read a page in three queries, totals included; None is everybody.

    Raises BadCursor.
    """
    tuples = EVERYBODY if resellers is None else tuples_of(resellers)
    page = keyset.page(tuples, limit=limit, cursor=cursor, values=keys_of(keyset))
    return LeanPage(orjson.dumps(rows_of(page.rows, currency)), page)


def tuples_of(resellers: QuerySet[Reseller]) -> QuerySet[Reseller, Tuple]:
    """The columns of the list, and when the profile was made, as text."""
    shown = resellers.annotate(created_text=Cast("created_at", TextField()))
    return cast(QuerySet[Reseller, Tuple], shown.values_list(*SHOWN, "created_text"))


EVERYBODY = tuples_of(Reseller.objects.all())


def rows_of(rows: Sequence[Tuple], currency: str) -> list[dict[str, Any]]:
    """The twelve fields of each row; "" is null."""
    brought = brought_by([row[0] for row in rows], currency)
    return [
        {
            "id": pk,
            "firstName": first_name or None,
            "lastName": last_name or None,
            "email": email,
            "organization": organization or None,
            "contactGroup": group,
            "city": city or None,
            "state": state or None,
            "phone": phone or None,
            "totalCustomersReferred": brought[pk][0],
            "totalRevenueGenerated": brought[pk][1],
            "status": status,
        }
        for (
            pk,
            first_name,
            last_name,
            email,
            organization,
            group,
            city,
            state,
            phone,
            status,
            _,
        ) in rows
    ]


def keys_of(keyset: Keyset) -> Callable[[Tuple], list[Any]]:
    """How a row's tuple tells its place in the order."""
    places = [CREATED if n == "created_at" else SHOWN.index(n) for n in keyset.names]

    def keys(row: Tuple) -> list[Any]:
        return [_moment(row[at]) if at == CREATED else row[at] for at in places]

    return keys


def _moment(text: str) -> datetime:
    """A time as the database writes it: with its zone, or without one in UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
