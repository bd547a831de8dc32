"""What the lists of sales and rates can be asked. Source: 5-resellers, section 8."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from resellers.filters.values import CurrencyFilter, IdFilter, MomentFilter
from resellers.models import Outcome, Rate, RateScope, Sale, SaleKind
from resellers.parsing.filters import CodedChoiceFilter, LineFilter


class SaleFilter(django_filters.FilterSet):
    """`occurredFrom` is included, `occurredTo` is not."""

    resellerId = IdFilter(field_name="referral__reseller")
    customerRef = LineFilter(field_name="customer_ref", max_length=255)
    kind = CodedChoiceFilter(choices=SaleKind.choices)
    outcome = CodedChoiceFilter(choices=Outcome.choices)
    currency = CurrencyFilter(field_name="currency")
    occurredFrom = MomentFilter(field_name="occurred_at", lookup_expr="gte")
    occurredTo = MomentFilter(field_name="occurred_at", lookup_expr="lt")

    class Meta:
        model = Sale
        fields: list[str] = []


class RateFilter(django_filters.FilterSet):
    """The history of a reseller or of a referral; of neither: the programme's."""

    resellerId = IdFilter(field_name="reseller")
    referralId = IdFilter(field_name="referral")

    class Meta:
        model = Rate
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().filter_queryset(queryset)
        if any(self.form.cleaned_data.values()):
            return found
        return found.filter(scope=RateScope.PROGRAMME)
