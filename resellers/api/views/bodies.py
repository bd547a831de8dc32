"""Bodies read, and the rows that they name."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from rest_framework.request import Request

from resellers.api.refusals import UnknownReference
from resellers.parsing.serializers import StrictSerializer

Row = TypeVar("Row", bound=Model)


def valid(body_class: type[StrictSerializer], request: Request) -> dict[str, Any]:
    """The facts of a body, by the columns' names."""
    body = body_class(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def known(rows: QuerySet[Row], pk: UUID, *, field: str) -> Row:
    """The row with this id. Raises UnknownReference (400) at the field."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise UnknownReference(field=field)
    return found
