"""Form fields with the strictness of the API's."""

from collections.abc import Mapping
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError

from resellers.parsing.values import (
    INT64_MAX,
    INT64_MIN,
    has_control_character,
    whole_number,
)


class WholeNumberField(forms.IntegerField):
    """Plain digits within bounds; `1e3`, `15,5`, `10.0` and wide digits are refused.

    `codes` renames `invalid` and `out_of_range`.
    """

    default_error_messages = {
        "invalid": "Give a whole number.",
        "out_of_range": "Give a whole number from %(minimum)s to %(maximum)s.",
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
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)
        self.minimum, self.maximum = min_value, max_value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        number = whole_number(str(value).strip())
        if number is None:
            self._refuse("invalid")
        if not self.minimum <= number <= self.maximum:
            self._refuse("out_of_range")
        return number

    def _refuse(self, key: str) -> NoReturn:
        raise ValidationError(
            self.error_messages[key],
            code=self.codes.get(key, key),
            params={"minimum": self.minimum, "maximum": self.maximum},
        )


class LineField(forms.CharField):
    """One line of text of bounded length, without control characters."""

    multiline = False

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if has_control_character(text, multiline=self.multiline):
            raise ValidationError(
                "The text holds a character that cannot be stored.",
                code="invalid_character",
            )
        return str(text)


class TextField(LineField):
    """Several lines of text of bounded length."""

    multiline = True
    widget = forms.Textarea


class CodedChoiceField(forms.ChoiceField):
    """A choice whose refusal carries the product's own code (`invalid_status`)."""

    def __init__(self, *, code: str = "invalid_choice", **kwargs: Any) -> None:
        self.code = code
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        try:
            super().validate(value)
        except ValidationError as refused:
            if refused.code == "invalid_choice":
                refused.code = self.code
            raise
