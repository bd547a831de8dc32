"""Filters of relationships and of reseller orders. Source: 4-marketplace, section 8."""

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from marketplace.models import (
    OrderState,
    OrderStatus,
    RelationshipStatus,
    ResellerOrder,
    ResellerRelationship,
)
from marketplace.models.order import OrderQuerySet
from marketplace.parsing import PUBKEY, PatternFilter
from resellers import clock
from resellers.parsing.filters import CodedChoiceFilter

TIME_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%z"]


class RelationshipFilter(django_filters.FilterSet):
    status = CodedChoiceFilter(
        choices=RelationshipStatus.choices, code="invalid_status"
    )

    class Meta:
        model = ResellerRelationship
        fields = ["status"]


class MomentField(forms.DateTimeField):
    """A day or a time in UTC, such as 2026-03-02 or 2026-03-02T09:00:00Z."""

    default_error_messages = {"invalid": "Give a day or a time such as 2026-03-02."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=TIME_FORMATS, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except (OverflowError, ValidationError) as refused:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid_time"
            ) from refused


class MomentFilter(django_filters.Filter):
    field_class = MomentField


class OrderFilter(django_filters.FilterSet):
    """`status` is the source document's projection, `state` the exact word."""

    status = CodedChoiceFilter(
        choices=OrderStatus.choices, code="invalid_status", method="with_status"
    )
    state = CodedChoiceFilter(choices=OrderState.choices, code="invalid_status")
    external_provider = PatternFilter(field_name="external_provider__pubkey", **PUBKEY)
    created_from = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_to = MomentFilter(field_name="created_at", lookup_expr="lt")
    overdue = CodedChoiceFilter(
        choices=[("true", "overdue"), ("false", "not overdue")], method="is_overdue"
    )

    class Meta:
        model = ResellerOrder
        fields = ["state"]

    def with_status(
        self, rows: OrderQuerySet, name: str, value: str
    ) -> QuerySet[ResellerOrder]:
        return rows.with_status(value)

    def is_overdue(
        self, rows: OrderQuerySet, name: str, value: str
    ) -> QuerySet[ResellerOrder]:
        late = ResellerOrder.objects.overdue(clock.now())
        if value == "true":
            return rows.filter(pk__in=late.values("pk"))
        return rows.exclude(pk__in=late.values("pk"))
