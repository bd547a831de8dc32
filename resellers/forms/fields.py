"""Fields that staff type in: a rate, an amount's currency, a moment, a reseller."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_datetime

from resellers.commission import BasisPoints
from resellers.contact import read_rate
from resellers.errors import DomainError
from resellers.folding import query_digits, words
from resellers.models import Reseller

RATE_HELP = "Percent with at most two decimals, such as 15.5"
MOMENT_HELP = "UTC, such as 2026-05-31 09:00"
RESELLER_HELP = "Code, e-mail address, or any part of the name that only they have"
CANDIDATES = 8
NAME_LENGTH = 100


def refused(refusal: DomainError) -> ValidationError:
    """The refusal as a form shows it."""
    return ValidationError(refusal.detail, code=refusal.code)


class RateField(forms.CharField):
    """Percent as a decimal text; "" is None. A percent sign behind it is read over."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", RATE_HELP)
        super().__init__(max_length=20, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        return {**attrs, "inputmode": "decimal", "autocomplete": "off", "size": 8}

    def clean(self, value: Any) -> BasisPoints | None:
        text = super().clean(value).removesuffix("%").strip()
        if not text:
            return None
        try:
            return read_rate(text)
        except DomainError as refusal:
            raise refused(refusal) from None


class MomentField(forms.Field):
    """A moment in UTC, typed or picked; a day alone is its first moment."""

    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
    )

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", MOMENT_HELP)
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(UTC).replace(tzinfo=None)
        return value

    def to_python(self, value: Any) -> datetime | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return read_moment(text)
        except (ValueError, OverflowError):
            raise ValidationError(
                "Give a moment such as 2026-05-31 09:00.", code="invalid_time"
            ) from None


def read_moment(text: str) -> datetime:
    """A day or a time in UTC, if no zone stands in it. Raises ValueError."""
    moment = parse_datetime(text)
    if moment is None:
        day = parse_date(text)
        if day is None:
            raise ValueError(text)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


class ResellerField(forms.CharField):
    """One reseller by code, e-mail address, or words that nobody else's name has."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", RESELLER_HELP)
        super().__init__(max_length=NAME_LENGTH, **options)

    def clean(self, value: Any) -> Reseller | None:
        text = super().clean(value)
        return find_reseller(text) if text else None


def find_reseller(text: str) -> Reseller:
    """The one whom the text names. Raises ValidationError with those it may mean."""
    rows = Reseller.objects.select_related("user")
    exact = rows.filter(code=text.upper()) | rows.filter(user__email=text.lower())
    found = list(exact[:1])
    if not found:
        meant = rows.found_by(words(text), query_digits(text))
        found = list(meant.order_by("last_name", "first_name", "id")[: CANDIDATES + 1])
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValidationError("No reseller is found by this.", code="unknown_reseller")
    names = ", ".join(f"{row} ({row.code})" for row in found[:CANDIDATES])
    more = " and more" if len(found) > CANDIDATES else ""
    raise ValidationError(
        f"Several match: {names}{more}. Give the code of one.",
        code="ambiguous_reseller",
    )
