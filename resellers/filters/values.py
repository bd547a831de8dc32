"""Filter values of the trunk's lists: currencies, times, ids and lists of words."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import django_filters
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_datetime

from resellers.money import CURRENCIES
from resellers.parsing.forms import LineField

UUID_TEXT = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE
)
MOMENT_CHARACTERS = 40


class CurrencyField(LineField):
    """An ISO 4217 code in any case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=3, **kwargs)

    def to_python(self, value: Any) -> str:
        code = super().to_python(value).upper()
        if code and code not in CURRENCIES:
            raise ValidationError(
                "Give an ISO 4217 code of three letters, such as USD.",
                code="unknown_currency",
            )
        return code


class CurrencyFilter(django_filters.Filter):
    field_class = CurrencyField


class MomentField(LineField):
    """A day in UTC, or a time with its zone: 2026-03-02, 2026-03-02T09:00:00Z."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOMENT_CHARACTERS, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        moment = _moment(text)
        if moment is None or moment.tzinfo is None:
            raise ValidationError(
                "Give a day or a time with its zone, such as 2026-03-02T09:00:00Z.",
                code="invalid_time",
            )
        return moment

    def run_validators(self, value: Any) -> None:
        """Nothing more: a time has no length."""


class MomentFilter(django_filters.Filter):
    field_class = MomentField


class IdField(LineField):
    """An id of 36 characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=36, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        if not UUID_TEXT.fullmatch(text):
            raise ValidationError("Give an id of 36 characters.", code="invalid")
        return UUID(text)

    def run_validators(self, value: Any) -> None:
        """Nothing more: the pattern bounds the length."""


class IdFilter(django_filters.Filter):
    field_class = IdField


class WordsField(LineField):
    """Words of a list, separated by commas; cleaned to a list without repeats."""

    def __init__(
        self, *, words: Iterable[str], code: str = "invalid_choice", **kwargs: Any
    ) -> None:
        self.words, self.code = list(words), code
        super().__init__(max_length=200, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        given = list(dict.fromkeys(text.split(","))) if text else []
        if set(given) - set(self.words):
            raise ValidationError(
                f"Give one or more of {', '.join(self.words)}, with commas between.",
                code=self.code,
            )
        return given

    def run_validators(self, value: Any) -> None:
        """Nothing more: every word is known."""


class WordsFilter(django_filters.Filter):
    """`words`, and `code` of the refusal, as in `WordsField`."""

    field_class = WordsField


def given_by(data: Mapping[str, Any] | None) -> dict[str, Any]:
    """A query as plain names and values; the guard refuses a name given twice."""
    return dict(data.items()) if data else {}


def _moment(text: str) -> datetime | None:
    try:
        day = parse_date(text)
        if day is not None:
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = parse_datetime(text)
        return moment.astimezone(UTC) if moment and moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None
