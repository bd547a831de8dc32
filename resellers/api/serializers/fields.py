"""How the mount reads and writes texts, ids, rates, amounts and times.

"" in the database is null in JSON; null or "" on input clears. Source: 5-resellers,
sections 1 and 2; 8-api.
"""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from resellers.commission import BasisPoints
from resellers.contact import read_rate
from resellers.errors import DomainError
from resellers.extended import KEY_LENGTH, VALUE_LENGTH
from resellers.money import LIMIT_MINOR
from resellers.parsing.serializers import (
    Coded,
    StrictCharField,
    StrictChoiceField,
    StrictIntegerField,
    StrictSerializer,
)

UUID_TEXT = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE
)
RATE = {"type": "string", "pattern": r"^\d{1,3}(\.\d{1,2})?$", "example": "15.5"}
EXTENDED_KEY = {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH}
EXTENDED_VALUE = {"type": "string", "maxLength": VALUE_LENGTH}


class AdminBody(StrictSerializer):
    """A body of this mount; `elsewhere` names fields that are refused by their own code."""

    elsewhere: ClassVar[Mapping[str, type[DomainError]]] = {}

    def to_internal_value(self, data: Any) -> Any:
        try:
            return super().to_internal_value(data)
        except ValidationError as refused:
            if isinstance(refused.detail, dict):
                for name in refused.detail.keys() & self.elsewhere.keys():
                    known = self.elsewhere[name]
                    refused.detail[name] = [ErrorDetail(known.sentence, known.code)]
            raise


class TextOut(serializers.CharField):
    """A text; "" is null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(value) or None


class MomentOut(serializers.DateTimeField):
    """A time in UTC, whatever the zone of the pages."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, default_timezone=UTC, **kwargs)


class AmountOut(serializers.IntegerField):
    """Whole minor units of the currency beside it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)


@extend_schema_field({**RATE, "nullable": True})
class RateOut(serializers.Field[Any, Any, str | None, Any]):
    """A percent as a decimal text, "15.5"; null where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: BasisPoints) -> str:
        return value.percent


@extend_schema_field({**RATE, "nullable": True})
class RateField(serializers.Field[Any, Any, str | None, Any]):
    """A percent as a JSON text, read exactly; null says "none of its own"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, **kwargs})

    def to_internal_value(self, data: Any) -> BasisPoints:
        try:
            return read_rate(data)
        except DomainError as refused:
            raise ValidationError(refused.detail, code=refused.code) from refused


class AmountField(StrictIntegerField):
    """Whole minor units, not negative."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=0,
            max_value=LIMIT_MINOR,
            codes={"out_of_range": "amount_out_of_range"},
            **kwargs,
        )


class ClearableField(StrictCharField):
    """A text of a profile: absent keeps, null and "" clear; the action reads it.

    `code` is what the field's own rule says of a text that is far too long.
    """

    def __init__(self, *, max_length: int, code: str = "", **kwargs: Any) -> None:
        super().__init__(
            max_length=max_length,
            required=False,
            allow_null=True,
            allow_blank=True,
            codes={"too_long": code, "invalid_character": code} if code else {},
            **kwargs,
        )

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, "") if data is None else super().validate_empty_values(data)


class ClearableChoiceField(StrictChoiceField):
    """A choice that null and "" put back to its default."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(
            choices, required=False, allow_null=True, allow_blank=True, **kwargs
        )

    def to_internal_value(self, data: Any) -> Any:
        return "" if data == "" else super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.UUID)
class IdField(Coded):
    """The id of something, in the one form it is written in."""

    default_error_messages = {"invalid": "Give an id of 36 characters."}

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or not UUID_TEXT.fullmatch(data):
            self.refuse("invalid")
        return UUID(data)

    def to_representation(self, value: Any) -> str:
        return str(value)


class ExtendedValueOut(serializers.Serializer[Any]):
    """One extended value: a key, and a text."""

    key = serializers.CharField(max_length=KEY_LENGTH)
    value = serializers.CharField(
        max_length=VALUE_LENGTH, allow_blank=True, trim_whitespace=False
    )


@extend_schema_field({"nullable": True})
class AsItCame(serializers.Field[Any, Any, Any, Any]):
    """Any JSON value: its rules are asked once, by the action."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, **kwargs})

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(
    {
        "type": "array",
        "nullable": True,
        "items": {
            "type": "object",
            "required": ["key", "value"],
            "properties": {"key": EXTENDED_KEY, "value": EXTENDED_VALUE},
            "additionalProperties": False,
        },
    }
)
class ExtendedValuesField(AsItCame):
    """All extended values, in their order; null is the empty list."""


@extend_schema_field(
    {"type": "object", "additionalProperties": {**EXTENDED_VALUE, "nullable": True}}
)
class ExtendedPatchField(AsItCame):
    """Extended values to merge: a text sets, null deletes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=False, **kwargs)
