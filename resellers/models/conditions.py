"""Conditions of constraints that several models share."""

from typing import Any

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from resellers.money import LIMIT_MINOR

__all__ = ["LIMIT_MINOR", "between", "length", "one_of"]


def one_of(field: str, choices: type[models.TextChoices]) -> models.Q:
    return models.Q(**{f"{field}__in": choices.values})


def between(field: str, low: int, high: int) -> models.Q:
    return models.Q(**{f"{field}__gte": low, f"{field}__lte": high})


def length(field: str, low: int, high: int) -> models.Q:
    """Text lengths as a CHECK: SQLite does not look at max_length."""
    size: Any = Length(field)
    return models.Q(GreaterThanOrEqual(size, low)) & models.Q(
        LessThanOrEqual(size, high)
    )
