"""How the marketplace writes amounts and times. Source: 8-api; 4-marketplace, 8."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from resellers.money import Money

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.get_fixed_timezone(0))
MICROSECOND = timedelta(microseconds=1)


def nanoseconds(at: datetime | None) -> int | None:
    """Microseconds since 1970 × 1000: the source document's `*_ns`."""
    return None if at is None else (at - EPOCH) // MICROSECOND * 1000


def amount_text(e9s: int | None, currency: str) -> str | None:
    """An amount in the currency's decimals, "4.59"; None stays None."""
    return None if e9s is None else str(Money.from_e9s(e9s, currency))


@extend_schema_field({"type": "integer", "format": "int64"})
class NanosecondsField(serializers.Field[datetime, Any, int, Any]):
    """A time as an integer of nanoseconds since 1970."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: datetime) -> int:
        return (value - EPOCH) // MICROSECOND * 1000


@extend_schema_field(OpenApiTypes.STR)
class AmountField(serializers.Field[Any, Any, str | None, Any]):
    """The decimal string beside an `*_e9s`: `AmountField(of="base_price_e9s")`."""

    def __init__(self, *, of: str, currency: str = "currency", **kwargs: Any) -> None:
        self.of, self.currency = of, currency
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, value: Any) -> str | None:
        return amount_text(_read(value, self.of), _read(value, self.currency))


class E9sField(serializers.IntegerField):
    """An amount in 10⁻⁹ units of its currency, whole minor units."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)


def _read(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, dict) else getattr(row, name)
