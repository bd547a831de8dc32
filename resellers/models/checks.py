"""Named CHECKs that say the same on SQLite and PostgreSQL.

SQLite ignores `max_length`, `choices` and the width of an integer column, so a model
states them again as constraints. Every one has the code a refused caller reads.
"""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Lower
from django.db.models.lookups import Exact

from resellers.models import conditions


def in_range(
    name: str, field: str, low: int, high: int, *, code: str = "out_of_range"
) -> models.CheckConstraint:
    """`low <= field <= high`; NULL passes, as in every CHECK."""
    return models.CheckConstraint(
        name=name,
        condition=conditions.between(field, low, high),
        violation_error_code=code,
    )


def one_of(
    name: str, field: str, values: Iterable[str], *, code: str = "invalid_choice"
) -> models.CheckConstraint:
    """The field holds one of the named words."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__in": [str(value) for value in values]}),
        violation_error_code=code,
    )


def length(
    name: str, field: str, low: int, high: int, *, code: str = "invalid_length"
) -> models.CheckConstraint:
    """The text has `low` to `high` characters."""
    return models.CheckConstraint(
        name=name,
        condition=conditions.length(field, low, high),
        violation_error_code=code,
    )


def hex_key(name: str, field: str) -> models.CheckConstraint:
    """64 lower-case characters; that they are hexadecimal is the validator's part."""
    return models.CheckConstraint(
        name=name,
        condition=Q(Exact(Length(field), 64)) & Q(Exact(Lower(field), models.F(field))),
        violation_error_code="invalid_pubkey",
    )
