"""The history of a rate as a table: what holds, what is planned, what was."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.safestring import SafeString

from resellers.admin import cells
from resellers.admin.panels import Panel
from resellers.models import Rate
from resellers.models.rate import RateQuerySet
from resellers.templatetags.signs import status_html

HEADINGS = ["Rate", "From", "", "Reason", "By", "Set"]
SHOWN = 50


def history_panel(
    rows: RateQuerySet, now: datetime, *, title: str, empty: str
) -> Panel:
    """The newest rows of one owner, planned ones first."""
    found = list(rows.select_related("created_by").newest_first()[:SHOWN])
    return Panel("rates", title, HEADINGS, lines(found, now), empty)


def lines(newest_first: Sequence[Rate], now: datetime) -> list[tuple[object, ...]]:
    holding = in_force(newest_first, now)
    return [
        (
            cells.rate_row_words(row),
            cells.since_words(row),
            mark(row, holding, now),
            row.reason,
            "system" if row.created_by is None else row.created_by.email,
            cells.moment(row.created_at),
        )
        for row in newest_first
    ]


def in_force(newest_first: Iterable[Rate], now: datetime) -> Rate | None:
    """The row that counts now, of one owner's."""
    return next((row for row in newest_first if row.valid_from <= now), None)


def mark(row: Rate, holding: Rate | None, now: datetime) -> SafeString | str:
    """A sign for what holds and what is planned; nothing for what was."""
    if row.valid_from > now:
        return status_html("info", "Planned")
    return status_html("done", "Now") if row == holding else ""
