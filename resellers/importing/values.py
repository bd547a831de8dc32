"""What cells say where it is more than a text."""

import json
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from resellers.errors import Invalid
from resellers.errors.profiles import ExtendedValueNotText
from resellers.extended import FIELD, Values, read_values
from resellers.importing.headers import Given, text_of

NO_MOMENT = "Give a time such as 2026-05-31T09:00:00Z or 2026-05-31 09:00 (UTC)."


def json_values(text: str) -> Values:
    """Extended values as JSON; "" is none. Raises the refusals of section 3."""
    if not text.strip():
        return []
    try:
        raw = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise ExtendedValueNotText(
            'Give JSON such as [{"key": "vip_status", "value": "yes"}].', field=FIELD
        ) from None
    return read_values(raw)


def moment_of(value: Given, field: str) -> datetime | None:
    """A time in UTC; one without a zone is UTC. Raises Invalid."""
    if value is None or isinstance(value, datetime):
        return value and value.replace(tzinfo=UTC)
    text = text_of(value).strip()
    try:
        moment = parse_datetime(text)
        if moment is None and (day := parse_date(text)):
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        if moment is None:
            raise ValueError(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Invalid(NO_MOMENT, field=field) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands there twice")
    return found
