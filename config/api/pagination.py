"""Bare arrays, with the way on in headers.

A view names its order: `keyset = Keyset("-created_at", "-id")`, or `get_keyset()`
when the caller chooses it. `counted = True` adds `X-Total-Count` where counting is
cheap. Source: 8-api, "Resources are plain JSON"; RFC 8288.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from resellers.models.keyset import COUNT_CEILING, Keyset, KeysetPage, count_up_to
from resellers.parsing.values import whole_number

LIMIT_DEFAULT, LIMIT_MAX = 50, 200


class KeysetPagination(BasePagination):
    """`?limit=` and `?cursor=`, answered by `Link` and `X-Total-Count`."""

    page: KeysetPage[Any]
    request: Request
    total: int | None = None

    def paginate_queryset(
        self,
        queryset: QuerySet[Any, Any] | Sequence[Any],
        request: Request,
        view: Any = None,
    ) -> list[Any]:
        if not isinstance(queryset, QuerySet):
            raise TypeError("A page is read from a QuerySet, by its keyset.")
        self.request = request
        limit = self.limit_of(request, view)
        if getattr(view, "counted", False):
            counted = count_up_to(queryset)
            self.total = counted if counted <= COUNT_CEILING else None
        self.page = _keyset(view).page(
            queryset, limit=limit, cursor=request.query_params.get("cursor", "")
        )
        return list(self.page.rows)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(data, headers=self.headers_of(self.request, self.page))

    def headers_of(self, request: Request, page: KeysetPage[Any]) -> dict[str, str]:
        """`Link` and `X-Total-Count` of a page, whoever read its rows."""
        headers = {}
        links = [
            f'<{_address(request, cursor)}>; rel="{relation}"'
            for relation, cursor in (("prev", page.previous), ("next", page.next))
            if cursor
        ]
        if links:
            headers["Link"] = ", ".join(links)
        if self.total is not None:
            headers["X-Total-Count"] = str(self.total)
        return headers

    def limit_of(self, request: Request, view: Any) -> int:
        """The rows that are asked for. Raises ValidationError."""
        limit_max = getattr(view, "limit_max", LIMIT_MAX)
        given = request.query_params.get("limit")
        if given is None:
            return LIMIT_DEFAULT
        limit = whole_number(given)
        if limit is None or not 1 <= limit <= limit_max:
            sentence = f"Give a whole number from 1 to {limit_max}."
            raise ValidationError(
                {"limit": [ErrorDetail(sentence, "limit_out_of_range")]}
            )
        return limit

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return schema

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        limit_max = getattr(view, "limit_max", LIMIT_MAX)
        return [
            {
                "name": "limit",
                "in": "query",
                "required": False,
                "description": "How many rows at most.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": limit_max,
                    "default": LIMIT_DEFAULT,
                },
            },
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "Opaque: taken from a `Link` header, not made.",
                "schema": {"type": "string"},
            },
        ]


def _keyset(view: Any) -> Keyset:
    chosen: Keyset = view.get_keyset() if hasattr(view, "get_keyset") else view.keyset
    return chosen


def _address(request: Request, cursor: str) -> str:
    """The address of the page at a cursor, with the rest of the query."""
    query = request.query_params.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
