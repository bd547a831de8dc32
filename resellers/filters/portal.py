"""What narrows a reseller's commissions, on the page and in the file alike."""

from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from resellers.errors import DomainError
from resellers.models import EntryStatus, LedgerEntry, Reseller
from resellers.models.ledger_entry import LedgerEntryQuerySet
from resellers.models.sale import SOURCE
from resellers.money import CURRENCIES
from resellers.parsing.filters import CodedChoiceFilter, LineFilter
from resellers.parsing.forms import LineField
from resellers.statements import period_words, span_of
from resellers.workspace import entries_of_customer

STATUS_CHOICES = [
    (EntryStatus.PENDING, "Pending"),
    (EntryStatus.HOLD, "On hold"),
    (EntryStatus.APPROVED, "Available"),
    (EntryStatus.PAID, "Paid"),
    (EntryStatus.REVERSED, "Taken back"),
]
CUSTOMER_LENGTH = 255
PERIOD_LENGTH = 10
ANY_STATUS = ("", "Any state")
ALWAYS = ("", "All time")
ANY_CURRENCY = ("", "Any currency")


class PeriodField(LineField):
    """A year or a month as `2026` or `2026-05`; whether it is one, `span_of` says."""

    widget = forms.Select

    def __init__(self, *, reseller: Reseller | None = None, **options: Any) -> None:
        super().__init__(max_length=PERIOD_LENGTH, **options)
        self.reseller = reseller

    def to_python(self, value: Any) -> Any:
        period = super().to_python(value)
        if not period or self.reseller is None:
            return None
        try:
            return span_of(self.reseller.account, period)
        except DomainError as refusal:
            raise ValidationError(refusal.detail, code=refusal.code) from refusal

    def run_validators(self, value: Any) -> None:
        """The text was looked at before it became a span."""


class PeriodFilter(django_filters.Filter):
    field_class = PeriodField


class EntryFilter(django_filters.FilterSet):
    """Customer, period of posting, state, currency; what is refused narrows nothing."""

    customer = LineFilter(
        label="Customer",
        max_length=CUSTOMER_LENGTH,
        method="of_customer",
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": "Customer’s reference",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )
    period = PeriodFilter(label="Period", method="in_period")
    status = CodedChoiceFilter(
        label="State", choices=STATUS_CHOICES, code="invalid_status"
    )
    currency = CodedChoiceFilter(
        label="Currency",
        choices=[(code, code) for code in CURRENCIES],
        code="unknown_currency",
    )

    class Meta:
        model = LedgerEntry
        fields: list[str] = []

    def __init__(self, *args: Any, reseller: Reseller, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reseller = reseller

    @cached_property
    def form(self) -> forms.Form:
        form: forms.Form = super().form
        field = form.fields["period"]
        assert isinstance(field, PeriodField)  # noqa: S101 -- for the types
        field.reseller = self.reseller
        form.fields["status"].widget.choices = [ANY_STATUS, *STATUS_CHOICES]
        return form

    @property
    def is_narrowed(self) -> bool:
        return any(self.asked(name) for name in self.filters)

    @property
    def entries(self) -> LedgerEntryQuerySet:
        """What the accepted filters leave."""
        return cast(LedgerEntryQuerySet, self.qs)

    def asked(self, name: str) -> str:
        return str((self.data or {}).get(name) or "")

    def offer(self, *, months: Iterable[str], currencies: Iterable[str]) -> None:
        """Fill the selects with what there is, and with what was asked for."""
        fields = self.form.fields
        asked = self.asked("period")
        known = period_choices(months)
        offered = {value for _, group in known for value, _ in group}
        if asked and asked not in offered and "period" not in self.form.errors:
            known.append(("Asked for", [(asked, period_words(asked))]))
        fields["period"].widget.choices = [ALWAYS, *known]
        codes = [(code, code) for code in currencies]
        fields["currency"].widget.choices = [ANY_CURRENCY, *codes]

    def of_customer(
        self, entries: LedgerEntryQuerySet, name: str, value: str
    ) -> LedgerEntryQuerySet:
        sales = entries_of_customer(self.reseller, value)
        return entries.filter(source=SOURCE, source_ref__in=sales)

    def in_period(
        self, entries: LedgerEntryQuerySet, name: str, value: Any
    ) -> LedgerEntryQuerySet:
        start, end = value
        return entries.filter(posted_at__gte=start, posted_at__lt=end)


def period_choices(months: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Years and their months, newest first, as groups of a select."""
    return [
        (
            year,
            [
                (year, f"All of {year}"),
                *((month, period_words(month)) for month in group),
            ],
        )
        for year, group in groupby(months, key=lambda month: month[:4])
    ]
