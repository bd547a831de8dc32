"""Serializer bases: unknown fields are refused, and no value is bent to fit.

`codes` renames a refusal for machines: `codes={"invalid": "commission_not_integer",
"out_of_range": "commission_out_of_range"}`.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn

from django.utils.dateparse import parse_datetime
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from resellers.parsing.values import INT64_MAX, INT64_MIN, has_control_character

SHOWN_NAME_CHARACTERS = 60


class StrictSerializer(serializers.Serializer[Any]):
    """Base of every serializer that reads a request."""

    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, Any] = {}
        if isinstance(data, Mapping):
            known = {field.field_name for field in self._writable_fields}
            errors = {
                _shown(name): [ErrorDetail("This field is not known.", "unknown_field")]
                for name in data
                if name not in known
            }
        try:
            values = super().to_internal_value(data)
        except ValidationError as refused:
            if not isinstance(refused.detail, dict):
                raise
            raise ValidationError({**errors, **refused.detail}) from refused
        if errors:
            raise ValidationError(errors)
        return values


class Coded(serializers.Field[Any, Any, Any, Any]):
    """A field whose refusals can carry the product's own words."""

    codes: Mapping[str, str] = {}

    def refuse(self, key: str, **values: object) -> NoReturn:
        message = str(self.error_messages[key]).format(**values)
        raise ValidationError(message, code=self.codes.get(key, key))

    def fail(self, key: str, **values: object) -> NoReturn:
        self.refuse(key, **values)


class StrictIntegerField(Coded, serializers.IntegerField):
    """A JSON integer within bounds; no boolean, no `10.0`, no text."""

    default_error_messages = {
        "invalid": "Give a whole number.",
        "out_of_range": "Give a whole number from {minimum} to {maximum}.",
    }

    def __init__(
        self,
        *,
        min_value: int = INT64_MIN,
        max_value: int = INT64_MAX,
        codes: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.codes = {"invalid": "not_an_integer", **(codes or {})}
        self.minimum, self.maximum = min_value, max_value
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.refuse("invalid")
        if not self.minimum <= data <= self.maximum:
            self.refuse("out_of_range", minimum=self.minimum, maximum=self.maximum)
        return data


class StrictCharField(Coded, serializers.CharField):
    """A JSON string of bounded length; numbers and booleans are no text."""

    default_error_messages = {
        "not_a_string": "Give a text.",
        "invalid_character": "The text holds a character that cannot be stored.",
        "too_long": "Give at most {max_length} characters.",
    }

    def __init__(
        self,
        *,
        max_length: int,
        multiline: bool = False,
        codes: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.codes = codes or {}
        self.longest, self.multiline = max_length, multiline
        super().__init__(max_length=max_length, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.refuse("not_a_string")
        text = data.strip() if self.trim_whitespace else data
        if has_control_character(text, multiline=self.multiline):
            self.refuse("invalid_character")
        if len(text) > self.longest:
            self.refuse("too_long", max_length=self.longest)
        return text


class StrictBooleanField(Coded, serializers.BooleanField):
    """`true` or `false`; no 1, no text."""

    default_error_messages = {"invalid": "Give true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.refuse("invalid")
        return data


class StrictChoiceField(Coded, serializers.ChoiceField):
    """One of the published words, as a JSON string."""

    def __init__(
        self, choices: Any, *, codes: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        self.codes = codes or {}
        super().__init__(choices, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.refuse("invalid_choice", input=type(data).__name__)
        if data not in self.choice_strings_to_values:
            self.refuse("invalid_choice", input=data[:SHOWN_NAME_CHARACTERS])
        return self.choice_strings_to_values[data]


class StrictDateTimeField(Coded, serializers.DateTimeField):
    """An RFC 3339 time with its zone: a time without one is refused, not guessed."""

    default_error_messages = {
        "invalid": "Give a time such as 2026-03-02T09:00:00Z.",
        "timezone_required": "Give the time with its zone, such as Z or +01:00.",
    }

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.refuse("invalid")
        try:
            moment = parse_datetime(value)
        except ValueError:
            moment = None
        if moment is None:
            self.refuse("invalid")
        if moment.tzinfo is None:
            self.refuse("timezone_required")
        try:
            return self.enforce_timezone(moment)
        except OverflowError:
            self.refuse("invalid")


class JsonObjectField(Coded, serializers.DictField):
    """A JSON object of bounded size, stored as it came."""

    default_error_messages = {
        "not_an_object": "Give a JSON object, not a text or a list.",
        "too_large": "Give at most {max_bytes} bytes of JSON.",
        "number_loses_precision": "A number here cannot be kept exactly.",
    }

    def __init__(
        self, *, max_bytes: int, codes: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        self.codes = codes or {}
        self.max_bytes = max_bytes
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.refuse("not_an_object")
        exact: dict[str, Any] = self._exact(data)
        if len(json.dumps(exact, ensure_ascii=False).encode()) > self.max_bytes:
            self.refuse("too_large", max_bytes=self.max_bytes)
        return exact

    def _exact(self, value: Any) -> Any:
        """Replace decimals by floats where nothing is lost."""
        if isinstance(value, dict):
            return {name: self._exact(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._exact(inner) for inner in value]
        if isinstance(value, int) and not INT64_MIN <= value <= INT64_MAX:
            self.refuse("number_loses_precision")
        if isinstance(value, Decimal):
            nearest = float(value)
            if Decimal(repr(nearest)) != value:
                self.refuse("number_loses_precision")
            return nearest
        return value


def _shown(name: object) -> str:
    """An unknown name as a pointer can carry it: short, `~` and `/` escaped."""
    shown = str(name)[:SHOWN_NAME_CHARACTERS]
    return shown.replace("~", "~0").replace("/", "~1")
