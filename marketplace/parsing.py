"""Filter values with a pattern: a public key, a country, a currency."""

import re
from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from resellers.parsing.forms import LineField

PUBKEY: dict[str, Any] = {
    "accepts": re.compile(r"[0-9a-f]{64}", re.ASCII).fullmatch,
    "case": str.lower,
    "code": "invalid_pubkey",
    "sentence": "Use the 64 hexadecimal characters of a provider's public key.",
    "max_length": 64,
}


class PatternField(LineField):
    """One line that matches a pattern, in one case; a select offers what is there."""

    widget = forms.Select

    def __init__(
        self,
        *,
        accepts: Callable[[str], object],
        case: Callable[[str], str],
        code: str,
        sentence: str,
        **kwargs: Any,
    ) -> None:
        self.accepts, self.case = accepts, case
        self.refusal = ValidationError(sentence, code=code)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = self.case(super().to_python(value))
        if text and not self.accepts(text):
            raise self.refusal
        return text


class PatternFilter(django_filters.Filter):
    field_class = PatternField
